"""Names as long as a line and without a space, what goes onto paper, and colours that the reader chose."""

from __future__ import annotations

import re
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
#: Words of ten letters or fewer that stand on two lines in the row of a table.
BROKEN = """() => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.querySelector(".table tbody"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (texts.currentNode.parentElement.closest("[dir=ltr]")) continue; // an address may be longer than the card
    for (const word of texts.currentNode.data.matchAll(/[\\p{L}\\p{M}]{2,10}(?![\\p{L}\\p{M}])/gu)) {
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (range.getClientRects().length > 1) found.push(word[0]);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def paths(portal: Portal) -> dict[str, str]:
    return addresses(portal)


@pytest.fixture
def teacher(persons: Persons) -> Iterator[Window]:
    window = persons.page("leerkracht")
    yield window
    window.context.close()


@pytest.mark.parametrize("person", ["leerkracht", pytest.param("directie", marks=pytest.mark.full), "moeder"])
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


def test_a_row_of_a_table_keeps_its_words_whole_on_a_phone(
    portal: Portal, paths: dict[str, str], teacher: Window
) -> None:
    teacher.set_viewport_size({"width": 360, "height": 740})
    teacher.goto(portal.url(paths["class-list"]))
    assert not teacher.evaluate(BROKEN)


def test_a_mail_is_as_wide_as_the_phone(portal: Portal, teacher: Window) -> None:
    made = "__import__('messaging.rendering', fromlist=['preview_mail']).preview_mail"
    teacher.set_viewport_size({"width": 320, "height": 640})
    html = portal.ask(f"{made}(Notice.objects.latest('pk'), 'pa').html")
    teacher.set_content(re.sub(r' src="cid:[^"]+"', "", html))
    assert not too_wide(teacher)


def test_a_sheet_for_parents_is_printed_alone(portal: Portal, paths: dict[str, str], teacher: Window) -> None:
    teacher.goto(portal.url(paths["measurement-sheet"]))
    expect(teacher.locator("h1")).to_be_visible()
    teacher.emulate_media(media="print")
    expect(teacher.locator("h1")).to_be_hidden()
    expect(teacher.locator(".sheet")).to_be_visible()


def test_on_paper_too_a_list_says_which_of_its_pages_it_is(portal: Portal, persons: Persons) -> None:
    """Who calls from paper would take the first page for everybody."""
    window = persons.page("gezamenlijke")
    window.goto(portal.url("/school/gezinnen/"))
    window.emulate_media(media="print")
    expect(window.locator(".pagination")).to_contain_text("Pagina 1 van")
    expect(window.locator(".pagination > .muted")).to_be_visible()
    expect(window.locator(".pagination > a")).to_be_hidden()
    window.context.close()


def test_on_paper_a_card_that_is_only_filled_in_does_not_stand_empty(portal: Portal, persons: Persons) -> None:
    window = persons.page("directie")
    window.goto(portal.url("/school/datalekken/"))
    window.locator("main tr", has_text="nog ").locator("a").first.click()
    to_do = window.locator(".panel", has=window.get_by_role("heading", name="Te doen"))
    expect(to_do).to_be_visible()
    window.emulate_media(media="print")
    expect(window.locator(".panel", has_text="Wat bekend is")).to_be_visible()
    expect(to_do).to_be_hidden()
    window.context.close()


def test_nor_does_a_card_that_is_only_pressed(portal: Portal, paths: dict[str, str], persons: Persons) -> None:
    window = persons.page("directie")
    window.goto(portal.url(paths["measurement-running"]))
    ways = window.locator(".panel", has=window.get_by_role("heading", name="Aan de poort en op papier"))
    expect(ways).to_be_visible()
    window.emulate_media(media="print")
    expect(window.locator("h1")).to_be_visible()
    expect(ways).to_be_hidden()
    window.context.close()


def test_with_colours_of_ones_own_one_sees_where_one_is(portal: Portal, paths: dict[str, str], teacher: Window) -> None:
    teacher.emulate_media(forced_colors="active")
    teacher.goto(portal.url(paths["notice-answers"]))
    colours = [
        teacher.locator(f".tabs a{which}").first.evaluate("link => getComputedStyle(link).borderBottomColor")
        for which in ("[aria-current]", ":not([aria-current])")
    ]
    assert colours[0] != colours[1]
