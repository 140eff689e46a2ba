"""A head brings a list in: the file, its columns, what would change. It is not applied: the town is everybody's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.stage import Portal
from tests.roster.lists import HEAD, ROWS, file_of

#: A last column that nobody can guess; a phone number that is none.
LIST = FilePayload(
    name="leerlingen.csv",
    mimeType="text/csv",
    buffer=file_of(
        *(f"{row};oma" for row in ROWS), "104;Mila;Maes;03/06/2020;1A;Godelieve;Maes;geen;;;oma", head=f"{HEAD};Ophaler"
    ),
)


def give(page: Page, portal: Portal, file: FilePayload) -> None:
    """Choose the file and look at its columns."""
    page.goto(portal.url("/school/lijsten/"))
    page.locator("main input[type=file]").set_input_files(file)
    page.locator("main form button.button-primary").click()
    page.wait_for_url(re.compile(r"/school/lijsten/\d+/"))


def read_so(page: Page) -> None:
    """The columns are right; wait until the preview stands there."""
    page.locator("main form[method=post] button.button-primary").click()
    page.wait_for_url(re.compile(r"/school/lijsten/\d+/$"))
    expect(page.locator("#deel")).to_be_visible(timeout=60_000)


def head_brings_a_list(portal: Portal, open_as: Callable[[str], Page]) -> Iterator[tuple[str, Page]]:
    page = open_as("directie")
    give(page, portal, LIST)
    yield "list-columns", page
    read_so(page)
    upload = re.sub(r"[?#].*", "", page.url)
    yield "list-findings", page
    for part in ("create", "end", "change"):
        page.goto(f"{upload}?deel={part}")
        yield f"list-{part}", page
    page.goto(portal.url("/school/lijsten/"))
    yield "list-history", page
