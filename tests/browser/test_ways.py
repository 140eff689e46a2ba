"""The pages inside a way: every stop of it is for everybody, and a parent needs no scripts from beginning to end."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser import staff_way
from tests.browser.looking import change_view, faults, without_scripts
from tests.browser.parents_way import WALKS, Parent, Walk
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, Persons

pytestmark = [pytest.mark.browser, pytest.mark.worker]

#: In turn, each stop in one of them: over the languages and stops each meets each.
VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (PHONE, "light"),
    (DESK, "dark"),
    (PHONE, "dark"),
    (DESK, "light"),
)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.language)
def test_a_parent_goes_the_whole_way_without_scripts(walk: Walk, portal: Portal, persons: Persons) -> None:
    window, found = persons.page("", width=PHONE), []
    without_scripts(window)
    assert not window.evaluate("matchMedia('(scripting: enabled)').matches")
    for number, stop in enumerate(Parent(portal, window, walk).whole_way(), WALKS.index(walk)):
        width, scheme = VIEWS[number % len(VIEWS)]
        change_view(window, width, scheme)
        found += [f"{stop} {walk.language} {width} {scheme}: {fault}" for fault in faults(window, walk.language)]
    window.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("way", staff_way.WAYS, ids=lambda way: way.__name__)
def test_every_stop_of_the_staff_is_for_everybody(way: staff_way.Way, portal: Portal, persons: Persons) -> None:
    windows: dict[str, Page] = {}

    def open_as(key: str) -> Page:
        windows[key] = persons.page(key)
        return windows[key]

    found = []
    for stop, window in way(portal, open_as):
        for width, scheme in VIEWS[:2]:
            change_view(window, width, scheme)
            found += [f"{stop} {width} {scheme}: {fault}" for fault in faults(window, "nl")]
    for window in windows.values():
        window.context.close()
    assert not found, "\n".join(found)
