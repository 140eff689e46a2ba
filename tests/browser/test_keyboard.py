"""With the keyboard alone: a teacher logs a talk and sends a notice, a parent reads, answers and chooses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import choose, press, skip, tab, type_into, walk
from tests.browser.pages import PAGES, addresses
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, Persons

pytestmark = pytest.mark.browser

MOTHER = "Guardian.objects.get(first_name='Harpreet', contact_points__value='harpreet.kaur@brievenbus.example')"
#: Pages through which the keys walk from end to end, each on the screen on which it is used most.
WALKED = {
    "week": DESK,
    "contact-new": PHONE,
    "notice-compose": DESK,
    "text-in-punjabi": DESK,
    "portal": PHONE,
    "choices": PHONE,
    "notice-by-link": PHONE,
    "welcome": PHONE,
    "parent-sign-in": PHONE,
}


@pytest.mark.parametrize("name", WALKED)
def test_the_keys_go_through_a_page_in_its_order_and_out_again(portal: Portal, persons: Persons, name: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    window = persons.page(page.person, width=WALKED[name])
    window.goto(portal.url(addresses(portal)[name]))
    stops = walk(window)
    assert len(stops) > 3
    assert stops == sorted(set(stops)), "the order of the keys is the order of the page"
    window.context.close()


@pytest.mark.parametrize(("person", "path"), [("leerkracht", "/school/week/"), ("moeder", "/ouders/")])
def test_the_first_stop_skips_the_frame(portal: Portal, persons: Persons, person: str, path: str) -> None:
    window = persons.page(person)
    window.goto(portal.url(path))
    skip(window)
    window.context.close()


def test_a_teacher_logs_a_talk(portal: Portal, persons: Persons) -> None:
    window = persons.page("leerkracht")
    window.goto(portal.url("/school/week/"))
    press(window, window.locator("a.button-log"))
    window.wait_for_url("**/school/contactmomenten/nieuw/**")
    press(window, window.locator("main").get_by_role("link", name=re.compile("Malalai")).first)
    window.wait_for_url("**pupil=**")
    choose(window, "kind", "PHONE")
    expect(window.locator('input[name="kind"][value="PHONE"]')).to_be_checked()
    press(window, window.locator('button[name="outcome"][value="REACHED_AGREED"]').first)
    window.wait_for_url(re.compile(r"/school/contactmomenten/\d+/"))
    expect(window.locator("#messages .notice-banner-success")).to_be_visible()
    window.context.close()


def test_a_teacher_sends_a_notice(portal: Portal, persons: Persons) -> None:
    window = persons.page("leerkracht")
    window.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    send = window.locator("#notice-form button.button-primary")
    press(window, send)
    expect(window.get_by_role("alert")).to_be_visible()
    assert window.evaluate("document.activeElement.getAttribute('role')") == "alert", "the errors have the focus"
    tab(window)
    window.keyboard.press("Enter")
    wrong = window.evaluate("document.activeElement.closest('.field') !== null || location.hash")
    assert wrong, "an error leads to its field"
    # Day and month are the same number: whatever order the browser asks them in.
    type_into(window, window.locator('input[name="date"]'), "06062027")
    type_into(window, window.locator('input[name="time"]'), "1030A")
    type_into(window, window.locator('input[name="place"]'), "Lokaal 3B")
    press(window, send)
    window.wait_for_url(re.compile(r"/controle/"))
    press(window, window.locator('form[action$="/verzenden/"] button'))
    window.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    number = window.url.rstrip("/").rsplit("/", 1)[1]
    assert portal.ask(f"Notice.objects.get(pk={number}).values['date']") == "2027-06-06"
    window.context.close()


@pytest.mark.parametrize("language", ["pa", "ar"])
def test_a_parent_reads_and_answers(portal: Portal, persons: Persons, language: str) -> None:
    window = persons.page("", width=PHONE)
    window.goto(portal.url(portal.notice_with_answers(language=language)))
    skip(window)
    answers = window.locator('main button[name="answer"]')
    press(window, answers.nth(1))
    expect(window.locator('main button[name="answer"][aria-pressed="true"]')).to_have_count(1)
    question = window.locator("main details:has(textarea[name=text]) > summary")
    press(window, question)
    type_into(window, window.locator("main textarea[name=text]"), "Hoe laat?")
    press(window, window.locator("main form:has(textarea[name=text]) button[type=submit]"))
    expect(window.locator("#messages .notice-banner-success")).to_be_visible()
    window.context.close()


def test_a_parent_chooses_language_and_way(portal: Portal, persons: Persons) -> None:
    window = persons.page("moeder", width=PHONE)
    window.goto(portal.url("/ouders/keuzes/"))
    form = window.locator('form:has(input[name="form"][value="language"])')
    for code, lang in (("tr", "tr"), ("pa", "pa-Guru")):
        choose(window, "language", code)
        press(window, form.locator("button[type=submit]"))
        expect(window.locator("html")).to_have_attribute("lang", lang)
        expect(window.locator("#messages .notice-banner-success")).to_be_visible()
    for way in ("SMS", "EMAIL"):
        choose(window, "preferred_channel", way)
        form = window.locator('form:has(input[name$="preferred_channel"])')
        press(window, form.locator("button[type=submit]"))
        expect(window.locator("#messages .notice-banner-success")).to_be_visible()
        assert portal.ask(f"{MOTHER}.preferred_channel") == way
    window.context.close()


def test_a_wrong_form_of_a_parent_takes_the_focus_to_what_is_wrong(portal: Portal, persons: Persons) -> None:
    window = persons.page("", width=PHONE, script=False)
    window.goto(portal.url("/ouders/aanmelden/?taal=ar"))
    field = window.locator("main input[name=contact]")
    field.fill("oma")
    window.locator("main form button[type=submit]").click()
    alert = window.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    described = str(field.get_attribute("aria-describedby")).split()
    assert described
    for name in described:
        expect(window.locator(f"#{name}")).to_be_visible()
    alert.get_by_role("link").press("Enter")
    expect(field).to_be_focused()
    window.context.close()
