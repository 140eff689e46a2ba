"""The page of a reader who needs it large, calm or without a script: 400 % zoom is a screen of 320 pixels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page as Window

from tests.browser.looking import faults, too_wide, without_scripts
from tests.browser.pages import PAGES, Page, addresses
from tests.browser.stage import Portal
from tests.browser.window import Persons

pytestmark = pytest.mark.browser

#: 1280 pixels at 400 %.
ZOOMED = {"width": 320, "height": 640}
#: The widest words and the other direction are in these two; a full run tries each page in each.
LANGUAGES = ("pa", "ar", "nl")
STAFF_PAGES = (
    "week",
    "families",
    "family",
    "contact-new",
    "notices",
    "notice-compose",
    "notice",
    "calls",
    "thread",
    "texts",
    "text",
    "text-in-arabic",
    "not-reached",
    "figures",
)
#: Words that lie outside the box which hides what is outside; what only a screen reader hears is none.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter(element => {
  const style = getComputedStyle(element);
  if (!/hidden|clip/.test(style.overflowX) || style.clipPath !== "none" || !element.textContent.trim()) return false;
  if (element.clientWidth < 2 || element.closest(".visually-hidden, .skip-link, svg, textarea, select")) return false;
  return element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== "ellipsis";
}).map(element => element.outerHTML.slice(0, 120))"""
#: What a thumb must hit: buttons, fields and numbers to call of a parent's page that are lower than 44 pixels.
SMALL = """() => [...document.querySelectorAll(
    "main button, main .button, main select, main summary, main input, main a.phone")]
  .filter(element => !["hidden", "radio", "checkbox"].includes(element.type))
  .map(element => [element, element.getBoundingClientRect()])
  .filter(([element, box]) => box.width && box.height && (box.height < 43.5 || box.width < 43.5))
  .map(([element, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 120)}`)"""
#: Words and numbers of ten signs or fewer that stand on two lines where one taps, or in the boxes that are given: a
#: letter or two on each says nothing.
BROKEN = """boxes => {
  const found = [], range = document.createRange();
  for (const box of document.querySelectorAll(boxes ||
    "main :is(.button, .back-link, .answer, .choice-text, .picture-link-words, .panel-title), .parent-nav a")) {
    const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (node.parentElement.closest(".visually-hidden")) continue;
      for (const word of node.data.matchAll(/[\\p{L}\\p{M}\\d]{2,}/gu)) {
        if (word[0].length > 10) continue;
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const tops = [...range.getClientRects()].filter(part => part.width > 1).map(part => part.top);
        if (Math.max(...tops) - Math.min(...tops) > 8) found.push(`${word[0]} is broken in ${box.className}`);
      }
    }
  }
  return [...new Set(found)];
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  const lasts = (times) => times.split(",").some(time => parseFloat(time) > 0.01);
  return (style.animationName !== "none" && lasts(style.animationDuration))
    || lasts(style.transitionDuration) || style.scrollBehavior === "smooth";
}).map(element => element.outerHTML.slice(0, 100))"""
#: Entries of the bar below whose word is cut, or lies outside its own place.
CUT = """() => [...document.querySelectorAll(".rail-list > li > :is(a, details) span:not(.count)")].filter(word => {
  const own = word.closest("li").getBoundingClientRect(), box = word.getBoundingClientRect();
  const isOutside = box.left < own.left || box.right > own.right + 1 || own.right > innerWidth + 1;
  return own.width && (word.scrollWidth > word.clientWidth + 1 || isOutside);
}).map(word => word.textContent)"""
#: What was chosen in a list and needs more room than the box has, where the box does not grow with it.
CUT_CHOICES = """() => {
  const ruler = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll("main select")].filter(list => {
    const style = getComputedStyle(list), edges = [style.paddingInlineStart, style.paddingInlineEnd];
    const room = edges.reduce((left, edge) => left - parseFloat(edge), list.clientWidth);
    ruler.font = style.font;
    const grows = style.appearance === "base-select" && style.whiteSpace === "normal";
    return room > 0 && !grows && ruler.measureText(list.selectedOptions[0]?.text ?? "").width > room;
  }).map(list => list.name);
}"""
#: How large letters of a drawing stand on the screen.
DRAWN = "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"
FOR_PARENTS = [page for page in PAGES if page.is_for_parents]


@pytest.fixture(scope="module")
def paths(portal: Portal) -> dict[str, str]:
    return addresses(portal)


@pytest.fixture
def window(persons: Persons, request: pytest.FixtureRequest) -> Iterator[Window]:
    page: Page = request.node.callspec.params["page"]
    window = persons.page(page.person)
    window.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    yield window
    window.context.close()


def in_language(portal: Portal, path: str, language: str) -> str:
    return portal.url(f"{path}{'&' if '?' in path else '?'}taal={language}")


def in_turn(pages: list[Page]) -> list[object]:
    """Each page with a language; with the others in a full run only."""
    turns: list[object] = []
    for number, page in enumerate(pages):
        for place, language in enumerate(LANGUAGES):
            marks = () if place == number % 2 else pytest.mark.full
            turns.append(pytest.param(page, language, marks=marks, id=f"{page.name}-{language}"))
    return turns


@pytest.mark.parametrize(("page", "language"), in_turn(FOR_PARENTS))
def test_a_parents_page_at_400_percent(
    portal: Portal, paths: dict[str, str], window: Window, page: Page, language: str
) -> None:
    window.goto(in_language(portal, paths[page.name], language))
    assert not [*too_wide(window), *window.evaluate(CLIPPED), *window.evaluate(SMALL), *window.evaluate(MOVING)]


@pytest.mark.parametrize("page", FOR_PARENTS, ids=lambda page: page.name)
def test_a_parents_page_with_letters_twice_as_large(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    for language in LANGUAGES:
        window.goto(in_language(portal, paths[page.name], language))
        window.evaluate("document.documentElement.style.fontSize = '200%'")
        found = [*too_wide(window), *window.evaluate(BROKEN)]
        assert not found, f"{language}: {found}"


@pytest.mark.parametrize("page", [page for page in PAGES if page.name in STAFF_PAGES], ids=lambda page: page.name)
def test_a_staff_page_at_400_percent(portal: Portal, paths: dict[str, str], window: Window, page: Page) -> None:
    window.goto(portal.url(paths[page.name]))
    found = [*too_wide(window), *window.evaluate(CLIPPED), *window.evaluate(MOVING)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name in ("sign-up", "choose-time", "adult-new", "scan")],
    ids=lambda page: page.name,
)
def test_what_was_chosen_in_a_list_is_read_whole(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    """Where one taps; with a mouse and keys a list stays that of the system, whose arrows choose."""
    window.context.new_cdp_session(window).send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    window.goto(in_language(portal, paths[page.name], "nl"))
    window.evaluate("document.querySelectorAll('main details').forEach(details => { details.open = true; })")
    assert window.locator("main select").count()
    assert not window.evaluate(CUT_CHOICES)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name == "contact-new"], ids=lambda page: page.name)
def test_the_kind_of_a_talk_keeps_its_word_whole(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    """On a small phone the marked "Telefoongesprek" stood there with its last letter on a line of its own."""
    window.set_viewport_size({"width": 360, "height": 740})
    window.goto(portal.url(paths[page.name]))
    assert window.locator(".tiles .choice-text").count() > 4
    assert not window.evaluate(BROKEN.replace("length > 10", "length > 15"))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name in ("notice", "notice-check")], ids=lambda page: page.name
)
def test_names_and_counts_of_a_notice_stay_whole_with_letters_twice_as_large(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    """The names of the steps stood there letter under letter beside their numbers, and 33 as 3 and 3."""
    window.set_viewport_size({"width": 360, "height": 740})
    window.goto(portal.url(paths[page.name]))
    window.evaluate("document.documentElement.style.fontSize = '200%'")
    assert window.locator("main :is(.level-name, .count)").count() > 2
    assert not window.evaluate(BROKEN, "main :is(.level-name, .count)")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name in ("notice", "week")], ids=lambda page: page.name
)
def test_what_one_presses_stays_whole_for_whoever_set_letters_twice_as_large(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    """In the settings of the browser: half as many of them fit beside each other, and style sheets know it."""
    window.set_viewport_size({"width": 180, "height": 370})
    window.goto(portal.url(paths[page.name]))
    assert window.locator("main .button").count() > 2
    assert not window.evaluate(BROKEN, "main .button")


@pytest.mark.parametrize("page", [page for page in PAGES if page.name == "notice"], ids=lambda page: page.name)
def test_how_far_it_came_is_seen_in_colours_of_one_s_own(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    window.emulate_media(forced_colors="active")
    window.goto(portal.url(paths[page.name]))
    edges = window.locator("main progress").evaluate_all(
        "bars => bars.map(bar => [getComputedStyle(bar).borderTopWidth, getComputedStyle(bar).borderTopColor])"
    )
    assert len(edges) > 3
    ground = window.evaluate("getComputedStyle(document.body).backgroundColor")
    assert all(width == "1px" and colour != ground for width, colour in edges)


@pytest.mark.parametrize("person", ["leerkracht", "directie", "gezamenlijke", "coordinator"])
def test_every_page_of_the_rail_with_letters_twice_as_large(portal: Portal, persons: Persons, person: str) -> None:
    window = persons.page(person)
    window.set_viewport_size({"width": 360, "height": 740})
    window.goto(portal.url("/"))
    paths = window.locator("nav.rail .rail-list > li > a").evaluate_all("links => links.map(link => link.href)")
    assert len(paths) > 4
    window.evaluate("document.documentElement.style.fontSize = '200%'")
    found = window.evaluate(CUT)
    for path in paths:
        window.goto(path)
        window.evaluate("document.documentElement.style.fontSize = '200%'")
        found += [f"{path}: {fault}" for fault in too_wide(window)]
    window.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", FOR_PARENTS, ids=lambda page: page.name)
def test_a_parents_page_without_script(portal: Portal, paths: dict[str, str], window: Window, page: Page) -> None:
    without_scripts(window)
    window.goto(in_language(portal, paths[page.name], "ar"))
    assert not faults(window, "ar")
    assert window.locator("main h1").is_visible()


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name == "figures-of-class"], ids=lambda page: page.name
)
def test_the_letters_of_a_chart_can_be_read_on_a_phone(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    """There a chart is moved under the thumb: it need not be shrunk as well."""
    window.set_viewport_size({"width": 360, "height": 740})
    window.goto(portal.url(paths[page.name]))
    sizes = window.locator(".chart-window svg text").evaluate_all(DRAWN)
    assert len(sizes) > 20
    assert min(sizes) >= 10


@pytest.mark.parametrize("page", [page for page in PAGES if page.name == "staff-sign-in"], ids=lambda page: page.name)
def test_name_and_language_share_a_line_of_a_phone(
    portal: Portal, paths: dict[str, str], window: Window, page: Page
) -> None:
    """The language stood alone below the name, on a sixth of the screen."""
    for width in (360, 390):
        window.set_viewport_size({"width": width, "height": 740})
        window.goto(portal.url(paths[page.name]))
        tops = window.locator(".public-top > *").evaluate_all("parts => parts.map(part => part.getClientRects()[0])")
        assert len(tops) == 2
        assert tops[1]["top"] < tops[0]["bottom"]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name == "hours"], ids=lambda page: page.name)
def test_a_table_that_goes_on_says_so(portal: Portal, paths: dict[str, str], window: Window, page: Page) -> None:
    """The last column of the hours lay outside its card, with nothing that told of it."""
    for width, fits in ((1024, True), (660, False)):
        window.set_viewport_size({"width": width, "height": 768})
        window.goto(portal.url(paths[page.name]))
        wide = window.locator(".table-wrap").evaluate_all(
            "wraps => wraps.filter(wrap => wrap.scrollWidth > wrap.clientWidth).map(wrap => getComputedStyle(wrap))"
            ".map(style => style.backgroundAttachment)"
        )
        assert bool(wide) is not fits
        assert all("local" in attachment for attachment in wide)
