from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.stage import Portal, running_portal
from tests.browser.window import COMPLAINTS, Persons, launch


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The running portal with its demo world; one for the whole session."""
    with running_portal(tmp_path_factory.mktemp("portal") / "var") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def persons(portal: Portal, chromium: Browser) -> Persons:
    return Persons(chromium, portal)


@pytest.fixture(autouse=True)
def no_complaints() -> Iterator[None]:
    """No page that a test opens may complain: no error in the console, nothing that fails to load."""
    COMPLAINTS.seen.clear()
    yield
    assert not COMPLAINTS.seen
