from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import front
from tests.browser.front import Certificate
from tests.browser.stage import Portal, running_portal
from tests.browser.window import COMPLAINTS, Persons, become, launch, new_page
from tests.browser.writing import fill_invitation


@pytest.fixture(scope="session", autouse=True)
def certificate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certificate]:
    """Of the portals behind nginx; with the option ``--behind-nginx`` all are."""
    made = front.make_certificate(tmp_path_factory.mktemp("certificate"))
    front.chosen = made if request.config.getoption("--behind-nginx") else None
    with front.trusted(made):
        yield made


@pytest.fixture(scope="session")
def portal(certificate: Certificate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The running portal with its demo world; one for the whole session."""
    with running_portal(tmp_path_factory.mktemp("portal") / "var") as running:
        yield running


@pytest.fixture(scope="session")
def chromium(certificate: Certificate) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright, pin=certificate.pin)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def persons(portal: Portal, chromium: Browser) -> Persons:
    return Persons(chromium, portal)


@pytest.fixture(scope="session")
def sent(portal: Portal, chromium: Browser) -> int:
    """The teacher of 3B writes the invitation to the oudercontact, checks it and sends it; the notice's number."""
    page = new_page(chromium)
    become(page, portal, "leerkracht")
    page.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    fill_invitation(page, portal)
    page.locator("#notice-form button.button-primary").first.click()
    page.wait_for_url("**/controle/")
    expect(page.locator("h1")).to_be_visible()
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    number = int(page.url.rstrip("/").rsplit("/", 1)[1])
    page.context.close()
    return number


@pytest.fixture(autouse=True)
def no_complaints() -> Iterator[None]:
    """No page that a test opens may complain: no error in the console, nothing that fails to load."""
    COMPLAINTS.seen.clear()
    yield
    assert not COMPLAINTS.seen
