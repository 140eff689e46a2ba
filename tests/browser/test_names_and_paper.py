"""Names as long as a line and without a space, what goes onto paper, and colours that the reader chose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.browser.looking import too_wide
from tests.browser.pages import PAGES, addresses
from tests.browser.stage import Portal
from tests.browser.window import Persons

pytestmark = pytest.mark.browser

LONG = "Brzęczyszczykiewiczowskałękołodzkagrzegorzewskachrząszczyżewoszycka"
#: Each name of a page, not its numbers, addresses and languages, becomes that long one.
RENAME = """name => {
  for (const bdi of document.querySelectorAll("main bdi:not([dir=ltr], [lang], .numeric, .nowrap *, .stat *)"))
    bdi.textContent = name;
}"""
#: The name that sticks out, with what holds it.
STICKS_OUT = """() => [...document.querySelectorAll("main bdi")]
  .filter(bdi => bdi.getBoundingClientRect().right > innerWidth + 1)
  .map(bdi => bdi.parentElement.outerHTML.slice(0, 160))"""
#: Labels of a row that stand on more than one line beside short values: a letter or two on each says nothing.
BROKEN_LABELS = """() => [...document.querySelectorAll(".table td[data-label]")].filter(cell => {
  const line = parseFloat(getComputedStyle(cell).lineHeight);
  const text = [...cell.childNodes].map(node => node.textContent.trim()).join(" ").trim();
  return text && text.length + cell.dataset.label.length < 28 && cell.getBoundingClientRect().height > 2.6 * line;
}).map(cell => cell.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def paths(portal: Portal) -> dict[str, str]:
    return addresses(portal)


@pytest.fixture
def teacher(persons: Persons) -> Iterator[Window]:
    window = persons.page("leerkracht")
    yield window
    window.context.close()


@pytest.mark.parametrize("person", ["leerkracht", "directie", "moeder"])
def test_a_long_name_makes_no_page_wider_than_a_phone(
    portal: Portal, paths: dict[str, str], persons: Persons, person: str
) -> None:
    window = persons.page(person)
    window.set_viewport_size({"width": 360, "height": 740})
    found = []
    for page in PAGES:
        if page.person == person:
            window.goto(portal.url(paths[page.name]))
            window.evaluate(RENAME, LONG)
            found += [f"{page.name}: {fault} {window.evaluate(STICKS_OUT)[:2]}" for fault in too_wide(window)]
    window.context.close()
    assert not found, "\n".join(found)


def test_a_row_of_a_table_keeps_its_labels_whole_on_a_phone(
    portal: Portal, paths: dict[str, str], teacher: Window
) -> None:
    teacher.set_viewport_size({"width": 360, "height": 740})
    teacher.goto(portal.url(paths["class-list"]))
    assert not teacher.evaluate(BROKEN_LABELS)


def test_a_sheet_for_parents_is_printed_alone(portal: Portal, paths: dict[str, str], teacher: Window) -> None:
    teacher.goto(portal.url(paths["measurement-sheet"]))
    expect(teacher.locator("h1")).to_be_visible()
    teacher.emulate_media(media="print")
    expect(teacher.locator("h1")).to_be_hidden()
    expect(teacher.locator(".sheet")).to_be_visible()


def test_with_colours_of_ones_own_one_sees_where_one_is(
    portal: Portal, paths: dict[str, str], teacher: Window
) -> None:
    teacher.emulate_media(forced_colors="active")
    teacher.goto(portal.url(paths["notice-answers"]))
    colours = [
        teacher.locator(f".tabs a{which}").first.evaluate("link => getComputedStyle(link).borderBottomColor")
        for which in ("[aria-current]", ":not([aria-current])")
    ]
    assert colours[0] != colours[1]
