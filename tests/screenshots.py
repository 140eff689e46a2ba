"""``make screenshots``: the four small pictures of the README, those of the help, and every page to look at under
``var/screenshots``.

A parents' page is drawn in every language; ``sheet-NAME.png`` shows them side by side as on a phone.
``python -m tests.screenshots week ways`` takes those of some pages only; ``ways`` are the pages inside a flow, ``help``
the pictures of the help, ``readme`` those of the README.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page as Window
from playwright.sync_api import sync_playwright

from ingroeibloei.help.topics import PICTURES as OF_HELP
from ingroeibloei.help.topics import topics
from schools.languages import INTERFACE_CODES
from tests.browser import staff_way
from tests.browser.looking import change_view
from tests.browser.pages import PAGES, Page, addresses
from tests.browser.parents_way import WALKS, Parent
from tests.browser.stage import Portal, running_portal
from tests.browser.window import DESK, PHONE, Persons, launch

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
EVERYTHING = ROOT / "var" / "screenshots"
HELP = ROOT / "ingroeibloei" / "static" / OF_HELP
#: Pixels of a picture of the help, and of the screen it is taken from: beside the rail.
HELP_SIZE, HELP_SCREEN = (760, 480), 1000
#: On a desk these stand for the others: every script and direction is seen on the phone.
ON_A_DESK = ("nl", "ar", "pa")
#: Pixels of a phone's page that a sheet shows.
SHEET_HEIGHT = 2200
#: Picture of the README: page, width and height in pixels.
README = {
    "notice-pa": ("notice-by-link", PHONE, 720),
    "week": ("week", DESK, 800),
    "figures": ("figures", DESK, 800),
    "method": ("method", DESK, 800),
}
COLOURS = 256


def main(names: list[str]) -> None:
    """Take all pictures, or those of the pages named on the command line."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with running_portal(Path(folder) / "var") as portal:
            persons, paths = Persons(browser, portal), addresses(portal)
            if not names or "readme" in names:
                _readme(persons, paths)
            if not names or "help" in names:
                _help(persons, paths)
            if not names:
                shutil.rmtree(EVERYTHING, ignore_errors=True)
            EVERYTHING.mkdir(parents=True, exist_ok=True)
            for page in PAGES:
                if not names or page.name in names:
                    _everything(portal, persons, page, paths[page.name])
            if not names or "ways" in names:
                _ways(portal, persons)
        browser.close()


def _readme(persons: Persons, paths: dict[str, str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    by_name = {page.name: page for page in PAGES}
    for picture, (name, width, height) in README.items():
        window = persons.page(by_name[name].person)
        window.set_viewport_size({"width": width, "height": height})
        window.goto(persons.portal.url(paths[name]), wait_until="networkidle")
        shot = Image.open(io.BytesIO(window.screenshot()))
        shot.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            PICTURES / f"{picture}.png", optimize=True
        )
        window.context.close()


def _help(persons: Persons, paths: dict[str, str]) -> None:
    """A piece of each page that the help shows, from its title down: what stands above it on every page, the banner of
    a data breach, has no part in it."""
    HELP.mkdir(parents=True, exist_ok=True)
    by_name = {page.name: page for page in PAGES}
    shown = {step.picture for topic in topics().values() for step in topic.steps if step.picture}
    for old in HELP.glob("*.webp"):
        if old.stem not in shown:
            old.unlink()
    for name in sorted(shown):
        window = persons.page(by_name[name].person)
        window.set_viewport_size({"width": HELP_SCREEN, "height": 1400})
        window.goto(persons.portal.url(paths[name]), wait_until="networkidle")
        window.evaluate("for (const above of document.querySelectorAll('.banner-above')) above.remove()")
        corner = window.locator("main .page-head").first.bounding_box()
        assert corner is not None
        width, height = HELP_SIZE
        left, top = HELP_SCREEN - width, max(0, round(corner["y"]) - 12)
        shot = Image.open(io.BytesIO(window.screenshot(full_page=True))).crop((left, top, left + width, top + height))
        shot.convert("RGB").save(HELP / f"{name}.webp", quality=70, method=6)
        window.context.close()


def _everything(portal: Portal, persons: Persons, page: Page, path: str) -> None:
    languages = INTERFACE_CODES if page.is_for_parents else ("nl",)
    for language in languages:
        for width in (PHONE, DESK) if language in ON_A_DESK else (PHONE,):
            window = persons.page(page.person, width=width, language=language)
            chosen = f"{path}{'&' if '?' in path else '?'}taal={language}" if page.is_for_parents else path
            window.goto(portal.url(chosen), wait_until="networkidle")
            window.screenshot(path=EVERYTHING / f"{page.name}-{language}-{width}.png", full_page=True)
            window.context.close()
    if len(languages) > 1:
        _sheet(page.name, languages)


def _sheet(name: str, languages: Sequence[str]) -> None:
    """The phone's pages of all languages side by side, in two rows."""
    pages = [Image.open(EVERYTHING / f"{name}-{language}-{PHONE}.png").convert("RGB") for language in languages]
    height = min(SHEET_HEIGHT, max(page.height for page in pages))
    in_a_row = -(-len(pages) // 2)
    sheet = Image.new("RGB", (in_a_row * PHONE, 2 * height), "grey")
    for at, page in enumerate(pages):
        row, column = divmod(at, in_a_row)
        sheet.paste(page.crop((0, 0, PHONE, min(height, page.height))), (column * PHONE, row * height))
    sheet.save(EVERYTHING / f"sheet-{name}.png")


def _ways(portal: Portal, persons: Persons) -> None:
    """Last: they change what other pages show."""
    for walk in WALKS:
        window = persons.page("", width=PHONE)
        for stop in Parent(portal, window, walk).whole_way():
            _in_both_views(window, f"way-{stop}-{walk.language}")
        window.context.close()
    for way in staff_way.WAYS:
        for stop, window in way(portal, persons.page):
            _in_both_views(window, f"way-{stop}-nl")


def _in_both_views(window: Window, name: str) -> None:
    change_view(window, DESK, "dark")
    window.screenshot(path=EVERYTHING / f"{name}-{DESK}-dark.png", full_page=True)
    change_view(window, PHONE, "light")
    window.screenshot(path=EVERYTHING / f"{name}-{PHONE}.png", full_page=True)


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main(sys.argv[1:])
