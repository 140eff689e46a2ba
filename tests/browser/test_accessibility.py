"""Every page, as its reader has it before them: on a phone and a desk, in light and dark, in three scripts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Page as Window

from tests.browser.looking import change_view, faults, faults_of_frame
from tests.browser.pages import PAGES, Page, addresses
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, Persons

pytestmark = pytest.mark.browser

LANGUAGES = ("nl", "ar", "pa")
#: Wire weight of a parents' page: what a phone on 3G loads (look.md).
WEIGHT_LIMIT, SCRIPT_LIMIT = 60_000, 20_000
View = tuple[str, int, Literal["light", "dark"]]
#: Language, width and colours in pairs: a page is seen in each language, on each screen and in each colours, and over
#: the pages, which take these in turn, each meets each.
PARENTS_VIEWS: tuple[tuple[View, ...], ...] = (
    (("nl", PHONE, "dark"), ("ar", PHONE, "light"), ("pa", DESK, "light")),
    (("nl", DESK, "dark"), ("ar", PHONE, "dark"), ("pa", PHONE, "light")),
    (("nl", PHONE, "light"), ("ar", DESK, "dark"), ("pa", PHONE, "dark")),
    (("nl", DESK, "light"), ("ar", DESK, "light"), ("pa", PHONE, "dark")),
)
#: Both screens, the first of which is looked at whole; of the second one how wide it is and what it says of itself.
STAFF_VIEWS: tuple[tuple[View, ...], ...] = (
    (("nl", PHONE, "light"), ("nl", DESK, "dark")),
    (("nl", DESK, "dark"), ("nl", PHONE, "light")),
    (("nl", PHONE, "dark"), ("nl", DESK, "light")),
    (("nl", DESK, "light"), ("nl", PHONE, "dark")),
)


@pytest.fixture(scope="session")
def paths(portal: Portal) -> dict[str, str]:
    return addresses(portal)


class Windows:
    """One window for each reader, kept open. A stranger's chosen language must not turn the other public pages."""

    def __init__(self, persons: Persons) -> None:
        self.persons = persons
        self.open: dict[tuple[str, bool], Window] = {}

    def of(self, page: Page) -> Window:
        key = (page.person, page.is_for_parents)
        if key not in self.open:
            self.open[key] = self.persons.page(page.person)
        return self.open[key]


@pytest.fixture(scope="module")
def windows(persons: Persons) -> Iterator[Windows]:
    windows = Windows(persons)
    yield windows
    for window in windows.open.values():
        window.context.close()


def views_of(page: Page) -> tuple[View, ...]:
    views = PARENTS_VIEWS if page.is_for_parents else STAFF_VIEWS
    return views[PAGES.index(page) % len(views)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_of_every_page_are_for_everybody(portal: Portal, persons: Persons, language: str) -> None:
    """The gallery, in all combinations (rulings 17); colours once in each, as they know no language and no screen."""
    found, window = [], persons.page("")
    window.goto(portal.url(f"/galerij/?taal={language}"))
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width, scheme in product((PHONE, DESK), schemes):
        change_view(window, width, scheme)
        looked = faults(window, language, colours=(language, width) == ("nl", PHONE))
        # A banner of the demo stands there as a part and above the page.
        wrong = [fault for fault in looked if not fault.startswith("landmark-unique")]
        found += [f"{language} {width} {scheme}: {fault}" for fault in wrong]
    window.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.full)], ids=["", "whole"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_for_everybody(page: Page, whole: bool, paths: dict[str, str], windows: Windows) -> None:
    """Its colours are looked at in light or in dark, by turns over the pages: its parts were seen in both."""
    found, window, shown = [], windows.of(page), ""
    for number, (language, width, scheme) in enumerate(views_of(page)):
        change_view(window, width, scheme)
        path = paths[page.name]
        if page.is_for_parents:
            path += f"{'&' if '?' in path else '?'}taal={language}"
        if path != shown:
            window.goto(windows.persons.portal.url(path))
            shown = path
        colours = whole or number == 0
        if colours or page.is_for_parents:
            seen = faults(window, page.language or language, colours=colours)
        else:
            seen = faults_of_frame(window, page.language or language)
        found += [f"{page.name} {language} {width} {scheme}: {fault}" for fault in seen]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_light_and_fetches_no_sound_unasked(portal: Portal, persons: Persons, language: str) -> None:
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
    assert sum(weight for key, weight in weights.items() if kinds[key] == "Script") <= SCRIPT_LIMIT
    assert window.locator("audio").count()
    assert "Media" not in kinds.values()
    window.context.close()
