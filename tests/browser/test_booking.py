"""A mother who reads Punjabi chooses a time for the parents' evening on her phone, with an interpreter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, become, new_page

pytestmark = [pytest.mark.browser, pytest.mark.worker]

#: The times of the round in which Simran of 3B has a place, by their state.
SLOT = "ConferenceRound.objects.latest('held_on').slots.get(pupil__first_name='Simran')"


def test_the_mother_books_in_punjabi_with_an_interpreter_and_the_teacher_sees_it(
    portal: Portal, chromium: Browser
) -> None:
    phone = new_page(chromium, width=PHONE, language="pa")
    become(phone, portal, "moeder")
    phone.goto(portal.url("/ouders/"))
    expect(phone.locator('main a[href*="/ouders/gesprekken/"]').first).to_be_visible()
    phone.goto(portal.url("/ouders/gesprekken/?taal=pa"))
    expect(phone.locator("html")).to_have_attribute("lang", re.compile("^pa"))
    phone.locator("main a.button-primary").click()
    phone.locator("label:has(input[name=hour])").first.click()
    phone.locator("select[name=interpreter]").select_option("pa")
    phone.locator("textarea[name=note]").fill("ਪੜ੍ਹਨਾ")
    phone.locator("main form button.button-primary").click()
    phone.wait_for_url(re.compile(r"/ouders/gesprekken/$"))
    expect(phone.locator("main .notice-banner-success")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("ਪੰਜਾਬੀ")
    assert portal.ask(f"{SLOT}.status") == "BOOKED"
    assert portal.ask(f"{SLOT}.interpreters.get(state='ASKED').language") == "pa"

    desk = new_page(chromium, width=DESK)
    become(desk, portal, "leerkracht")
    desk.goto(portal.url(f"/school/oudercontact/tijd/{portal.ask(f'{SLOT}.hour_id')}/"))
    for words in ("Simran Kaur", "Harpreet Kaur", "ਪੰਜਾਬੀ", "ਪੜ੍ਹਨਾ"):
        expect(desk.locator("main")).to_contain_text(words)
    desk.goto(portal.url("/school/tolken/"))
    expect(desk.locator("main")).to_contain_text("Simran Kaur")

    phone.locator('form[action$="/afzeggen/"] button').click()
    expect(phone.locator("main .notice-banner-success")).to_be_visible()
    assert portal.ask(f"{SLOT}.status") == "OFFERED"
    assert portal.ask(f"{SLOT}.interpreters.exclude(state='CANCELLED').count()") == "0"
    for page in (phone, desk):
        page.context.close()
