"""A reader without a mouse: the Tab key, Enter, the space bar and the arrows, and what must be true at every stop."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

#: More stops than any page has: whoever needs more is in a trap.
STOPS = 400
#: Where the focus is: its number among everything that can hold it, whether its mark is seen and where it lies.
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, audio, [tabindex]")];
  const marked = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  let holder = at;
  while (holder && !marked(holder) && holder !== document.body) holder = holder.parentElement;
  const box = at.getBoundingClientRect();
  const shown = (holder && holder !== document.body ? holder : at).getBoundingClientRect();
  const middle = [box.x + box.width / 2, box.y + Math.min(box.height / 2, innerHeight / 2)];
  const top = document.elementFromPoint(...middle);
  return {
    number: stops.indexOf(at),
    html: at.outerHTML.slice(0, 140),
    group: at.type === "radio" ? at.name : "",
    isMarked: Boolean(holder && holder !== document.body && marked(holder)),
    isSeen: shown.bottom > 0 && shown.top < innerHeight && shown.right > 0 && shown.left < innerWidth,
    isCovered: Boolean(top) && !at.contains(top) && !top.contains(at)
      && ![...(at.labels || [])].some(label => label.contains(top)),
  };
}"""


def tab(page: Page, *, back: bool = False) -> dict[str, Any] | None:
    """One stop further. Each stop shows where it is: a mark, on the screen, under nothing else."""
    page.keyboard.press("Shift+Tab" if back else "Tab")
    stop: dict[str, Any] | None = page.evaluate(FOCUS)
    if stop:
        assert stop["isMarked"], f"no visible focus: {stop['html']}"
        assert stop["isSeen"], f"the focus is off the screen: {stop['html']}"
        assert not stop["isCovered"], f"the focus is under something: {stop['html']}"
    return stop


def walk(page: Page) -> list[int]:
    """Through the whole page, from its beginning to its end; the numbers of the stops in the order of the keys."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    seen: list[int] = []
    for _stop in range(STOPS):
        stop = tab(page)
        if stop is None or (seen[1:] and stop["number"] == seen[0]):
            return seen
        assert stop["number"] >= 0, f"a stop that is no link, button, field or named region: {stop['html']}"
        if stop["number"] not in seen[-1:]:  # a day has three parts
            seen.append(stop["number"])
    raise AssertionError(f"a trap: {seen[-6:]}")


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the focus is on the target."""
    for _stop in range(STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        tab(page)
    raise AssertionError("the keys do not come there")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    reach(page, target)
    page.keyboard.press(key)


def type_into(page: Page, target: Locator, text: str) -> None:
    reach(page, target)
    page.keyboard.type(text)


def choose(page: Page, name: str, value: str) -> None:
    """Tab to a group of choices or a list, then the arrows to one of them."""
    for _stop in range(STOPS):
        if page.evaluate("document.activeElement.name || ''").endswith(name):
            break
        tab(page)
    for key in ("ArrowDown", "ArrowUp"):
        for _step in range(40):
            if page.evaluate("document.activeElement.value") == value:
                page.keyboard.press("Space" if page.evaluate("document.activeElement.type") == "radio" else "Tab")
                return
            page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be made {value} by the keys")


def skip(page: Page) -> None:
    """The first stop of a page leads past its frame, straight into what it is about."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    tab(page)
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")
    tab(page)
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
