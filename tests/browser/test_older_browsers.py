"""A tablet that gets no new versions, as a school's iPads of 2014 to 2016 with iPadOS 15: forms leave all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import Portal
from tests.browser.window import DESK, become, new_page
from tests.browser.writing import school_day_ahead

pytestmark = pytest.mark.browser

#: What came with version 16 and our scripts count on.
OLDER = "delete AbortSignal.timeout; delete HTMLFormElement.prototype.requestSubmit;"


@pytest.fixture
def tablet(portal: Portal, chromium: Browser) -> Iterator[Page]:
    page = new_page(chromium, width=DESK)
    page.add_init_script(OLDER)
    become(page, portal, "gezamenlijke")
    yield page
    page.context.close()


def test_a_note_leaves_once_its_writer_was_found_signed_in(portal: Portal, tablet: Page) -> None:
    words = "Op een oude tablet genoteerd."
    tablet.goto(portal.url("/school/dagboek/"))
    tablet.locator("#note textarea").fill(words)
    tablet.locator("#note button.button-primary").click()
    expect(tablet.locator("main")).to_contain_text("De notitie staat in het dagboek.")
    expect(tablet.locator("main")).to_contain_text(words)


def test_a_draft_is_kept_and_looked_at_with_one_press(portal: Portal, tablet: Page) -> None:
    become(tablet, portal, "leerkracht")
    tablet.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    tablet.locator('input[name="date"]').fill(school_day_ahead(portal, 14).isoformat())
    tablet.locator('input[name="time"]').fill("16:00")
    tablet.locator('input[name="place"]').fill("Lokaal 7")
    tablet.locator('form[data-autosave] button[name="words"]').click()
    tablet.wait_for_url(re.compile(r"/school/berichten/\d+/woorden/"))
    expect(tablet.locator("main form textarea").first).to_be_visible()


def test_signing_out_takes_one_press(portal: Portal, tablet: Page) -> None:
    tablet.locator('form[action$="/afmelden/"] button').first.dispatch_event("click")
    tablet.wait_for_url(lambda url: "/school/" not in url)
