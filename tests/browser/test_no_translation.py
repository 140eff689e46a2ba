"""A notice from an empty sheet, for which there is no translation yet: written by a teacher, read in ar and pa."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import change_view, faults, too_wide, without_scripts
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, Persons, become, new_page
from tests.browser.writing import school_day_ahead

pytestmark = [pytest.mark.browser, pytest.mark.worker]
TITLE, BODY = "Wij zoeken schelpen", "Beste ouder,\nWij knutselen met schelpen. Hebt u schelpen thuis?"
BRING = "Schelpen, en een oude krant."
#: Own words of the page, in the reader's language.
CALL_ME = {"ar": "اتصلوا بي", "pa": "ਮੈਨੂੰ ਫ਼ੋਨ ਕਰੋ"}
OWN_SCRIPT = {"ar": re.compile("[\u0600-\u06ff]{4}"), "pa": re.compile("[\u0a00-\u0a7f]{4}")}
YES = {"ar": "نعم", "pa": "ਹਾਂ"}


@pytest.fixture(scope="module")
def number(portal: Portal, chromium: Browser) -> int:
    """The teacher of 3B writes it on an empty sheet and gives the other languages the Dutch; the notice's number."""
    page = new_page(chromium)
    become(page, portal, "leerkracht")
    _write(page, portal)
    page.wait_for_url("**/controle/")
    for choice in page.locator('form[action$="/talen/"] select').all():
        choice.select_option("DUTCH")
    page.locator('form[action$="/talen/"] button[type=submit]').first.click()
    page.wait_for_url("**/controle/")
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    found = int(page.url.rstrip("/").rsplit("/", 1)[1])
    page.context.close()
    return found


def _write(page: Page, portal: Portal) -> None:
    page.goto(portal.url("/school/berichten/nieuw/"))
    page.locator('.template-card a[href*="blank-sheet"]').click()
    page.locator('input[name="date"]').wait_for()
    assert not faults(page, "nl")
    page.locator('input[name="date"]').fill(school_day_ahead(portal, 14).isoformat())
    page.locator('input[name="time"]').fill("15:30")
    page.locator('input[name="place"]').fill("De knutselklas")
    for answer in ("yes", "no"):
        page.locator(f'input[name="answers"][value="{answer}"]').check(force=True)
    page.locator('select[name="translation_reason"]').select_option("INTEGRATION")
    page.locator("#notice-form button.button-primary").first.click()
    page.wait_for_url("**/woorden/")
    for width in (DESK, PHONE):
        change_view(page, width, "light")
        assert not faults(page, "nl")
    body = page.locator('textarea[name="body"]')
    low = body.bounding_box()
    assert low
    assert low["height"] >= 14 * 16, "room for a text"
    body.fill("\n".join(["Beste ouder,"] * 40))
    high = body.bounding_box()
    assert high
    assert high["height"] > low["height"], "it grows with what is written"
    body.fill(BODY)
    page.locator('input[name="title"]').fill(TITLE)
    page.locator('textarea[name="bring"]').fill(BRING)
    page.locator("#words-form button.button-primary").click()


@pytest.mark.parametrize("language", ["ar", "pa"])
def test_what_is_not_translated_reads_well_all_the_same(
    language: str, number: int, portal: Portal, persons: Persons
) -> None:
    to_readers = f"Delivery.objects.filter(notice={number}, guardian__contact_language={language!r})"
    made = f"{to_readers}.exclude(contact_point__is_shared=True).order_by('pk')"  # a shared phone asks who one is
    window = persons.page("", width=PHONE)
    without_scripts(window)
    token = portal.ask(f"__import__('messaging.tokens', fromlist=['all']).make_token({made}[0])")
    window.goto(portal.url(f"/b/{token}/?taal={language}"))
    main = window.locator("main")
    expect(main.locator("h1")).to_have_text(TITLE)
    expect(main.locator(".notice-banner-attention")).to_be_visible()
    expect(main.locator('button[value="not_understood"]').first).to_contain_text(CALL_ME[language])
    expect(main.locator(".slot-when dd")).to_contain_text(OWN_SCRIPT[language])
    expect(main.locator('.slot-bring dd [lang="nl-BE"]')).to_have_text(BRING)
    expect(main.locator('button[name="answer"]').first).to_contain_text(YES[language])
    expect(main.locator(".language-tag")).to_have_text("Nederlands")
    expect(main.locator(".side-by-side-text")).to_have_attribute("lang", "nl-BE")
    assert _begins_where_the_page_begins(window, "h1", language)
    assert not faults(window, language)
    change_view(window, DESK, "dark")
    assert not too_wide(window)
    window.context.close()


def _begins_where_the_page_begins(window: Page, selector: str, language: str) -> bool:
    """Whether the first line of a heading in another direction stands at the same edge as what stands under it."""
    edge = "right" if language == "ar" else "left"
    ends = window.evaluate(
        """([selector, edge]) => {
            const range = document.createRange();
            const heading = document.querySelector(`main ${selector}`);
            range.selectNodeContents(heading);
            const words = heading.nextElementSibling.querySelector("bdi") ?? heading.nextElementSibling;
            const next = words.getBoundingClientRect();
            return [range.getBoundingClientRect()[edge], next[edge]];
        }""",
        [selector, edge],
    )
    return abs(ends[0] - ends[1]) <= 4
