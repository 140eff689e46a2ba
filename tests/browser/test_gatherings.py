"""A head brings parents together and announces it; a mother signs up on her phone by the link; the library counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, become, new_page
from tests.browser.writing import today

pytestmark = [pytest.mark.browser, pytest.mark.worker]

TITLE = "Verhalen van thuis"
MADE = f"Gathering.objects.get(title={TITLE!r})"
MOTHER = "Guardian.objects.get(first_name='Harpreet', last_name='Kaur', source_id='cast:moeder')"
LINK = (
    "__import__('messaging.tokens', fromlist=['x']).make_token("
    f"Delivery.objects.filter(notice__gathering={MADE}, guardian={MOTHER})[0])"
)


def test_from_the_head_s_idea_to_the_library_s_list(portal: Portal, chromium: Browser) -> None:
    desk = new_page(chromium, width=DESK)
    become(desk, portal, "directie")
    desk.goto(portal.url("/school/bijeenkomsten/"))
    desk.locator('main a[href$="/bijeenkomsten/nieuw/"]').first.click()
    desk.locator("label:has(input[name=kind][value=READING])").click()
    day = today(portal) + timedelta(days=12)
    for name, value in (
        ("title", TITLE), ("place", "Bibliotheek De Leidraad"), ("day", day.isoformat()),
        ("starts", "14:00"), ("ends", "15:30"), ("places", "10"),
    ):  # fmt: skip
        desk.locator(f"main input[name={name}]").fill(value)
    desk.locator("select[name=partner]").select_option(label="Bibliotheek De Leidraad")
    desk.locator("main form button.button-primary").click()
    expect(desk.locator("h1")).to_have_text(TITLE)
    desk.locator('form[action$="/aankondigen/"] button').click()
    desk.wait_for_url(re.compile(r"/school/berichten/\d+/bewerken/$"))
    expect(desk.locator("main")).to_contain_text(TITLE)
    desk.locator("#notice-form button.button-primary").click()
    desk.wait_for_url(re.compile(r"/controle/$"))
    desk.locator('form[action$="/verzenden/"] button.button-primary').click()
    desk.wait_for_url(re.compile(r"/school/berichten/\d+/$"))

    phone = new_page(chromium, width=PHONE, language="pa", script=False)
    phone.goto(portal.url(f"/b/{portal.ask(LINK)}/"))
    expect(phone.locator("html")).to_have_attribute("lang", re.compile("^pa"))
    phone.locator('main a.button-primary[href$="/bijeenkomst/"]').click()
    phone.locator("select[name=adults]").select_option("2")
    phone.locator("select[name=interpreter]").select_option("pa")
    phone.locator("main form button.button-primary").click()
    expect(phone.locator("main .notice-banner-success").first).to_be_visible()
    assert portal.ask(f"{MADE}.sign_ups.get().people") == "2"

    library = new_page(chromium, width=PHONE)
    become(library, portal, "partner")
    library.goto(portal.url("/"))
    library.locator("main a", has_text=TITLE).click()
    for words in ("2 mensen komen", "Harpreet", "Punjabi"):
        expect(library.locator("main")).to_contain_text(words)
    expect(library.locator("main")).not_to_contain_text("Kaur")
    for page in (desk, phone, library):
        page.context.close()
