"""A teacher writes in a real browser: the draft saves itself, survives a lost network, and a sent notice is undone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import Portal, wait_until
from tests.browser.window import COMPLAINTS, DESK, PHONE, become, new_page
from tests.browser.writing import school_day_ahead

pytestmark = [pytest.mark.browser, pytest.mark.worker]
COMPOSE = "/school/berichten/nieuw/parent-meeting-invitation/"
EDIT = re.compile(r"/school/berichten/\d+/bewerken/$")
DETAIL = re.compile(r"/school/berichten/\d+/$")
LINE = "[data-autosave-line]"


@pytest.fixture
def page(portal: Portal, chromium: Browser) -> Iterator[Page]:
    page = new_page(chromium)
    become(page, portal, "leerkracht")
    yield page
    page.context.close()


def begin(page: Page, portal: Portal, place: str) -> None:
    page.goto(portal.url(COMPOSE))
    page.locator('input[name="date"]').fill(school_day_ahead(portal, 14).isoformat())
    page.locator('input[name="time"]').fill("16:00")
    page.locator('input[name="place"]').fill(place)


def number_of(page: Page) -> int:
    found = re.search(r"/berichten/(\d+)/", page.url)
    assert found
    return int(found[1])


def stored_place(portal: Portal, number: int) -> str:
    return portal.ask(f"Notice.objects.get(pk={number}).values['place']")


def test_a_draft_saves_itself_and_is_there_after_a_reload(portal: Portal, page: Page) -> None:
    begin(page, portal, "Lokaal 1")
    expect(page.locator(LINE)).to_have_text(re.compile(r"\d{1,2}\.\d\d"), timeout=20_000)
    page.wait_for_url(EDIT)
    number = number_of(page)
    assert stored_place(portal, number) == "Lokaal 1"
    page.reload()
    assert page.locator('input[name="place"]').input_value() == "Lokaal 1"
    page.locator('input[name="place"]').fill("Lokaal 2")
    wait_until(lambda: stored_place(portal, number) == "Lokaal 2")


def test_leaving_the_page_saves_what_was_just_typed(portal: Portal, page: Page) -> None:
    begin(page, portal, "Lokaal 3")
    page.wait_for_url(EDIT, timeout=20_000)
    number = number_of(page)
    page.locator('input[name="place"]').fill("Lokaal 4")
    page.goto(portal.url("/school/berichten/"))
    wait_until(lambda: stored_place(portal, number) == "Lokaal 4")


def test_a_lost_network_is_said_and_made_good(portal: Portal, page: Page) -> None:
    begin(page, portal, "Lokaal 5")
    page.wait_for_url(EDIT, timeout=20_000)
    number = number_of(page)
    page.context.set_offline(True)
    page.locator('input[name="place"]').fill("Lokaal 6")
    lost = page.locator("form[data-autosave]").get_attribute("data-lost") or ""
    expect(page.locator(LINE)).to_have_text(lost, timeout=20_000)
    assert page.locator('input[name="place"]').input_value() == "Lokaal 6"
    page.context.set_offline(False)
    wait_until(lambda: stored_place(portal, number) == "Lokaal 6")
    expect(page.locator(LINE)).not_to_have_text(lost)
    COMPLAINTS.seen.clear()  # the network was taken away on purpose


def test_two_windows_and_the_second_one_is_told(portal: Portal, page: Page) -> None:
    begin(page, portal, "Lokaal 7")
    page.wait_for_url(EDIT, timeout=20_000)
    number = number_of(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator('input[name="place"]').fill("Lokaal 8")
    wait_until(lambda: stored_place(portal, number) == "Lokaal 8")
    page.locator('input[name="place"]').fill("Lokaal 9")
    expect(page.locator(f"{LINE}[data-tone=wrong]")).to_be_visible(timeout=20_000)
    assert stored_place(portal, number) == "Lokaal 8"
    page.locator("#notice-form button.button-primary").first.click()
    expect(page.locator(".notice-banner-attention")).to_be_visible()
    assert page.locator('input[name="place"]').input_value() == "Lokaal 9"


@pytest.mark.parametrize(("width", "script"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_a_notice_is_undone_before_anything_left(portal: Portal, chromium: Browser, width: int, script: bool) -> None:
    page = new_page(chromium, width=width, script=script)
    become(page, portal, "leerkracht")
    begin(page, portal, "Lokaal 10")
    page.locator("#notice-form button.button-primary").first.click()
    page.wait_for_url("**/controle/")
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(DETAIL)
    number = number_of(page)
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text(re.compile(r"\d+ s"))
    toast.locator("button").click()
    page.wait_for_url(EDIT)
    assert page.locator('input[name="place"]').input_value() == "Lokaal 10"
    assert portal.ask(f"sorted(set(Delivery.objects.filter(notice={number}).values_list('status', flat=True)))") == (
        "['CANCELLED']"
    )
    page.context.close()


def test_why_it_cannot_wait_is_asked_of_urgent_notices_only(portal: Portal, page: Page) -> None:
    page.goto(portal.url(COMPOSE))
    reason = page.locator('input[name="urgent_reason"]')
    expect(reason).to_be_hidden()
    page.locator('label:has(input[name="kind"][value="DRINGEND"])').click()
    expect(reason).to_be_visible()


def test_the_own_class_is_chosen_and_the_rest_is_folded(portal: Portal, page: Page) -> None:
    page.goto(portal.url("/school/berichten/nieuw/"))
    page.locator('a[href*="coffee-morning"]').click()
    expect(page.locator('input[name="audience"]:checked')).to_have_count(1)
    for name in ("languages", "send_at", "answers"):
        expect(page.locator(f'[name="{name}"]').first).to_be_hidden()
