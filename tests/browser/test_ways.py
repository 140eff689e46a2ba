"""The pages inside a way: every stop of it is for everybody, and a parent needs no scripts from beginning to end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser import staff_way
from tests.browser.looking import change_view, faults, too_wide, without_scripts
from tests.browser.parents_way import WALKS, Parent, Walk
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, Persons

pytestmark = [pytest.mark.browser, pytest.mark.worker]

#: In turn, each stop in one of them, and its width in the other too: over languages and stops each meets each.
VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (PHONE, "light"),
    (DESK, "dark"),
    (PHONE, "dark"),
    (DESK, "light"),
)


def wrong_on_the_way(stops: Iterable[tuple[str, Page]], language: str, first: int) -> list[str]:
    found = []
    for number, (stop, window) in enumerate(stops, first):
        width, scheme = VIEWS[number % len(VIEWS)]
        other, _scheme = VIEWS[(number + 1) % len(VIEWS)]
        window.wait_for_load_state()  # what the walk waited for may be seen before the page is whole
        change_view(window, other, scheme)
        found += [f"{stop} {language} {other}: {fault}" for fault in too_wide(window)]
        change_view(window, width, scheme)
        # Colours at every other stop, as with the pages (test_accessibility.py).
        seen = faults(window, language, colours=number % 2 == 0)
        found += [f"{stop} {language} {width} {scheme}: {fault}" for fault in seen]
    return found


@pytest.mark.parametrize(
    "walk",
    [pytest.param(walk, id=walk.language, marks=() if walk.language == "ar" else pytest.mark.full) for walk in WALKS],
)
def test_a_parent_goes_the_whole_way_without_scripts(walk: Walk, portal: Portal, persons: Persons) -> None:
    window = persons.page("", width=PHONE)
    without_scripts(window)
    assert not window.evaluate("matchMedia('(scripting: enabled)').matches")
    stops = ((stop, window) for stop in Parent(portal, window, walk).whole_way())
    found = wrong_on_the_way(stops, walk.language, WALKS.index(walk))
    window.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, id=way.__name__, marks=pytest.mark.full if way is staff_way.evaluation else ())
        for way in staff_way.WAYS
    ],
)
def test_every_stop_of_the_staff_is_for_everybody(way: staff_way.Way, portal: Portal, persons: Persons) -> None:
    windows: list[Page] = []

    def open_as(key: str) -> Page:
        windows.append(persons.page(key))
        return windows[-1]

    found = wrong_on_the_way(way(portal, open_as), "nl", 0)
    for window in windows:
        window.context.close()
    assert not found, "\n".join(found)
