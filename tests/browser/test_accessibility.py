"""Every page, as its reader has it before them: on a phone and a desk, in light and dark, in three scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PAGES, Page, addresses
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, Persons

pytestmark = pytest.mark.browser

AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
LANGUAGES = ("nl", "ar", "pa")
#: The width at which text beside a page would be cut off, in the page's own measure.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Wire weight of a parents' page: what a phone on 3G loads (look.md).
WEIGHT_LIMIT = 60_000


@pytest.fixture(scope="session")
def paths(portal: Portal) -> dict[str, str]:
    return addresses(portal)


def views(page: Page) -> list[tuple[str, int, str]]:
    """Language, width and colours in pairs, so that each meets each."""
    if not page.is_for_parents:
        return [("nl", PHONE, "light"), ("nl", DESK, "dark")]
    return [("nl", PHONE, "dark"), ("ar", PHONE, "light"), ("pa", DESK, "light"), ("ar", DESK, "dark")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_for_everybody(page: Page, paths: dict[str, str], persons: Persons) -> None:
    found = []
    for language, width, scheme in views(page):
        window = persons.page(page.person, width=width, scheme=scheme, language=language)
        path = paths[page.name]
        if page.is_for_parents:
            path += f"{'&' if '?' in path else '?'}taal={language}"
        window.goto(persons.portal.url(path))
        where = f"{page.name} {language} {width} {scheme}"
        found += [f"{where}: {line}" for line in complaints(AXE.run(window, options=RULES).response["violations"])]
        if window.locator("h1").count() != 1:
            found.append(f"{where}: {window.locator('h1').count()} h1")
        if window.evaluate(OVERFLOW) > 0:
            found.append(f"{where}: {window.evaluate(OVERFLOW)} px too wide")
        window.context.close()
    assert not found, "\n".join(found)


def complaints(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:240]}"
        for violation in violations
        for node in violation["nodes"][:3]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_light_and_needs_no_script(portal: Portal, persons: Persons, language: str) -> None:
    link = next(notice["url"] for notice in portal.notices if notice["language"] == language)
    window = persons.page("", width=PHONE, language=language)
    weights: dict[str, int] = {}
    network = window.context.new_cdp_session(window)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    network.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    network.on(
        "Network.loadingFinished", lambda event: weights.update({event["requestId"]: event["encodedDataLength"]})
    )
    window.goto(portal.url(link), wait_until="networkidle")
    assert weights
    assert sum(weights.values()) <= WEIGHT_LIMIT, {kinds[key]: weight for key, weight in weights.items()}
    assert "Script" not in kinds.values()
    window.context.close()
