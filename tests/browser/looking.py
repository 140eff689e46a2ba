"""What must be true of whatever stands before a reader: measured in the page itself, with or without its scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import CDPSession, Page

from tests.browser.window import HEIGHTS

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},  # the sheets of style are for a rule that is none of these
}
#: The width at which text beside a page would be cut off, in the page's own measure.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What stands out of its own box, and so over its neighbour, though the page as a whole is no wider than the screen.
#: A hand's breadth (the edge that a finger may touch) is let be, as is what a box hides, scrolls or places by itself.
STICKING_OUT = """() => {
  const boxes = "dd, .panel, .task-card, .field", found = new Set();
  for (const element of document.querySelectorAll(boxes.split(", ").map(box => box + " *").join(", "))) {
    const box = element.parentElement.closest(boxes), own = element.getBoundingClientRect();
    if (!own.width || !own.height || element.closest("svg *, .visually-hidden")) continue;
    let isHeld = false;
    for (let around = element; around !== box; around = around.parentElement) {
      const style = getComputedStyle(around);
      const holds = around !== element && style.overflowX !== "visible";
      isHeld = isHeld || holds || ["absolute", "fixed"].includes(style.position);
    }
    const around = box.getBoundingClientRect();
    if (isHeld || getComputedStyle(box).overflowX !== "visible") continue;
    const pixels = Math.round(Math.max(own.right - around.right, around.left - own.left));
    if (pixels > 14) found.add(`${element.tagName.toLowerCase()}.${element.classList} ${pixels} px out of its box`);
  }
  return [...found].slice(0, 3);
}"""
OUTLINE = """() => ({
    title: document.title.trim().replace(/\\s+/g, " "),
    headings: [...document.querySelectorAll("h1")].map(h => h.textContent.trim().replace(/\\s+/g, " ")),
    mains: document.querySelectorAll("main").length,
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
})"""
#: How a page says in which language it is.
HTML_LANGUAGES = {"nl": "nl-BE", "fr": "fr-BE", "ar": "ar", "pa": "pa-Guru"}
RIGHT_TO_LEFT = {"ar"}
_SCRIPTLESS: dict[Page, CDPSession] = {}


def change_view(window: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    """The same page on another screen, without loading it again."""
    window.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    window.emulate_media(color_scheme=scheme)


def faults(window: Page, language: str, *, colours: bool = True) -> list[str]:
    """What is wrong with the page in the window for a reader of ``language``.

    ``colours``: whether they are looked at too. It takes longer than all the rest, and they are the same in every
    language and on every screen: once in light and once in dark is enough for a page.
    """
    with _scripts(window):
        found = faults_of_frame(window, language)
        if not window.evaluate("'axe' in window"):
            window.evaluate(AXE_SCRIPT)
        rules = RULES if colours else RULES | {"rules": {"color-contrast": {"enabled": False}}}
        violations = window.evaluate("options => axe.run(options).then(found => found.violations)", rules)
    return found + _complaints(violations)


def faults_of_frame(window: Page, language: str) -> list[str]:
    """What ``faults`` finds without axe: title, heading, language, and what is wider than its place."""
    return [*_outline(window.evaluate(OUTLINE), language), *too_wide(window)]


def too_wide(window: Page) -> list[str]:
    pixels = window.evaluate(OVERFLOW)
    return [*([f"{pixels} px too wide"] if pixels > 0 else []), *window.evaluate(STICKING_OUT)]


def without_scripts(window: Page) -> None:
    """As ``java_script_enabled=False``, by the same command, but so that ``faults`` may still measure."""
    _SCRIPTLESS[window] = window.context.new_cdp_session(window)
    _SCRIPTLESS[window].send("Emulation.setScriptExecutionDisabled", {"value": True})


@contextmanager
def _scripts(window: Page) -> Iterator[None]:
    """For whoever measures, not for the page: what was loaded without scripts stays without its own."""
    session = _SCRIPTLESS.get(window)
    if session:
        session.send("Emulation.setScriptExecutionDisabled", {"value": False})
    yield
    if session:
        session.send("Emulation.setScriptExecutionDisabled", {"value": True})


def _outline(page: dict[str, Any], language: str) -> Iterator[str]:
    if len(page["headings"]) != 1 or not page["headings"][0]:
        yield f"headings {page['headings']}"
    elif not page["title"].startswith(page["headings"][0]):
        yield f"the title {page['title']!r} does not begin with {page['headings'][0]!r}"
    if page["mains"] != 1:
        yield f"{page['mains']} main"
    expected = (HTML_LANGUAGES[language], "rtl" if language in RIGHT_TO_LEFT else "ltr")
    if (page["lang"], page["dir"]) != expected:
        yield f"lang {page['lang']} and dir {page['dir']}, not {expected}"


def _complaints(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:160]} {' '.join(node['failureSummary'].split())[:240]}"
        for violation in violations
        for node in violation["nodes"][:3]
    ]
