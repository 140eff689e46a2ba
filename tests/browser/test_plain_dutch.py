"""Plain Dutch in a real browser: hints follow what one types, one tap puts words in, another takes them out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import faults
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, become, new_page

pytestmark = pytest.mark.browser
COMPOSE = "/school/berichten/nieuw/coffee-morning/"
TYPED, PLAINER = "Praten m.b.t. het huiswerk", "Praten over het huiswerk"


@pytest.fixture(params=[DESK, PHONE])
def page(request: pytest.FixtureRequest, portal: Portal, chromium: Browser) -> Iterator[Page]:
    page = new_page(chromium, width=request.param)
    become(page, portal, "leerkracht")
    page.goto(portal.url(COMPOSE))
    yield page
    page.context.close()


def offer(page: Page, words: str) -> str:
    return f'[data-plain-panel] button[name="put_in"]:has-text("{words}")'


def test_words_are_put_in_and_taken_out_by_hand(page: Page) -> None:
    activity, status = page.locator('input[name="activity"]'), page.locator("[data-plain-status]")
    quiet = status.inner_text()
    activity.fill(TYPED)
    page.locator(offer(page, "over")).click()
    expect(activity).to_have_value(PLAINER)
    expect(status).to_have_text(quiet)
    undo = page.locator("[data-plain-undo] button")
    expect(undo).to_be_focused()
    undo.click()
    expect(activity).to_have_value(TYPED)
    expect(undo).to_be_hidden()
    expect(page.locator(offer(page, "over"))).to_be_visible()


def test_by_keyboard_and_from_the_hint_to_its_words(page: Page) -> None:
    activity = page.locator('input[name="activity"]')
    activity.fill(TYPED)
    shown = page.locator("[data-plain-show]")
    shown.focus()
    page.keyboard.press("Enter")
    expect(activity).to_be_focused()
    marked = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert activity.evaluate(marked) == "m.b.t."
    page.locator(offer(page, "over")).focus()
    page.keyboard.press("Enter")
    expect(activity).to_have_value(PLAINER)
    page.keyboard.press("Enter")  # Undo has the focus
    expect(activity).to_have_value(TYPED)


def test_the_line_that_is_read_aloud_changes_only_with_what_it_says(page: Page) -> None:
    activity, status = page.locator('input[name="activity"]'), page.locator("[data-plain-status]")
    activity.fill(TYPED)
    expect(page.locator(offer(page, "over"))).to_be_visible()
    status.evaluate(
        "line => { line.said = 0; new MutationObserver(() => { line.said += 1 }).observe(line, {childList: true}) }"
    )
    with page.expect_response(lambda response: response.request.headers.get("x-plain") == "1"):
        activity.fill(f"{TYPED} thuis")
    expect(page.locator(".plain-score")).to_be_visible()
    assert status.evaluate("line => line.said") == 0


def test_nothing_typed_is_in_an_address(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.on("request", lambda request: asked.append(request.url) if "hx-request" in request.headers else None)
    page.locator('input[name="activity"]').fill(TYPED)
    expect(page.locator(offer(page, "over"))).to_be_visible()
    assert asked
    assert not [address for address in asked if "?" in address]


def test_it_can_be_used_by_everybody_and_fits(page: Page) -> None:
    page.locator('input[name="activity"]').fill(f"{TYPED} met de zorgcoördinator en de verkeersveiligheidsdag")
    expect(page.locator("[data-plain-show]")).to_have_count(3)
    assert faults(page, "nl") == []


def test_without_script_buttons_do_the_same(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium, width=PHONE, script=False)
    become(page, portal, "leerkracht")
    page.goto(portal.url(COMPOSE))
    page.locator('input[name="activity"]').fill(TYPED)
    page.locator('button[name="plain"]').click()
    page.locator(offer(page, "over")).click()
    assert page.locator('input[name="activity"]').input_value() == PLAINER
    page.locator(offer(page, "m.b.t.")).first.click()
    assert page.locator('input[name="activity"]').input_value() == TYPED
    assert re.search(r"/nieuw/coffee-morning/$", page.url)
    page.context.close()


def test_the_dutch_of_a_ready_text_gets_hints_as_soon_as_it_opens(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    become(page, portal, "gezamenlijke")
    number = portal.ask("NoticeTemplate.objects.get(slug='school-closed').pk")
    page.goto(portal.url(f"/school/teksten/sjabloon/{number}/nl/"))
    body = page.locator('textarea[name="body"]')
    before = body.input_value()
    page.locator(offer(page, "dag zonder les")).first.click()
    expect(body).to_have_value(before.replace("pedagogische studiedag", "dag zonder les"))
    page.locator("[data-plain-undo] button").click()
    expect(body).to_have_value(before)
    page.context.close()
