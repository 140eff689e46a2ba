"""Led to a place further down a page, one reads there what just happened."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, become, new_page

pytestmark = pytest.mark.browser

NEWEST = "Notice.objects.filter(author__full_name='Lotte Claes', status='PUBLISHED').latest('published_at').pk"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_happened_is_read_above_the_place_one_is_led_to(portal: Portal, chromium: Browser, width: int) -> None:
    page = new_page(chromium, width=width)
    become(page, portal, "leerkracht")
    notice = portal.ask(NEWEST)
    page.goto(portal.url(f"/school/berichten/{notice}/"))
    page.locator("#niet-bereikt button[value='opnieuw']").click()
    page.wait_for_url("**/#niet-bereikt")
    said = page.locator("#messages > *").first.bounding_box()
    heading = page.locator("#niet-bereikt h2").first.bounding_box()
    assert said
    assert heading
    assert page.evaluate("scrollY") > said["height"]
    assert 0 <= said["y"] <= heading["y"] - said["height"], "both are on the screen, and neither covers the other"
    page.context.close()
