"""The joint worker writes a chapter in a real browser: a figure comes where she writes, and what she typed is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.evaluating import open_evaluation
from tests.browser.stage import Portal
from tests.browser.window import COMPLAINTS, become, new_page

pytestmark = pytest.mark.browser
LINE = "[data-autosave-line]"


@pytest.fixture
def page(portal: Portal, chromium: Browser) -> Iterator[Page]:
    page = new_page(chromium)
    page.set_default_timeout(60_000)  # every figure of a year is counted
    become(page, portal, "gezamenlijke")
    page.goto(f"{open_evaluation(page, portal)}hoofdstuk/5/")
    yield page
    page.context.close()


def test_a_figure_comes_where_one_writes_and_the_text_is_kept(portal: Portal, page: Page) -> None:
    field = page.locator("#chapter-form textarea")
    field.fill("Het bereik is  dit jaar.")
    field.evaluate("field => field.setSelectionRange(14, 14)")
    page.locator("#chapter-form details").first.locator("summary").click()
    page.locator('select[name="figure"]').select_option("{{ I01 }}")
    page.locator('button[name="insert"]').click()
    expect(field).to_have_value("Het bereik is {{ I01 }} dit jaar.")
    expect(page.locator(LINE)).to_have_text(re.compile(r"\d{1,2}\.\d\d"), timeout=20_000)
    page.reload()
    expect(page.locator("#chapter-form textarea")).to_have_value("Het bereik is {{ I01 }} dit jaar.")
    page.locator('button[name="save"]').click()
    page.wait_for_url(re.compile("#hoofdstuk-5$"))
    kept = "__import__('reports.models', fromlist=['x']).ChapterDraft.objects.filter(text__contains='Het bereik is')"
    assert portal.ask(f"{kept}.count()") == "0"
    assert not COMPLAINTS.seen


def test_a_server_that_starts_anew_is_asked_again(page: Page) -> None:
    refused: list[str] = []

    def once(route: Route) -> None:
        if route.request.method == "POST" and not refused:
            refused.append(route.request.url)
            route.fulfill(status=502, content_type="text/html", body="<h1>502</h1>")
        else:
            route.continue_()

    page.route("**/hoofdstuk/5/", once)
    page.locator("#chapter-form textarea").fill("Geschreven terwijl de server herstart.")
    lost = page.locator("#chapter-form").get_attribute("data-lost") or ""
    expect(page.locator(LINE)).to_have_text(lost, timeout=20_000)
    expect(page.locator(LINE)).to_have_text(re.compile(r"\d{1,2}\.\d\d"), timeout=20_000)
    COMPLAINTS.seen.clear()  # the browser says that there was a 502


def test_a_place_to_look_at_is_shown_in_the_field(page: Page) -> None:
    field = page.locator("#chapter-form textarea")
    field.fill("Eerst dit. We bereikten {{ I01 }}, dus 1 % meer.")
    page.locator('button[name="preview"]').click()
    page.locator("[data-place]").first.click()
    chosen = page.evaluate(
        "() => { const f = document.querySelector('#chapter-form textarea');"
        " return f.value.slice(f.selectionStart, f.selectionEnd); }"
    )
    assert chosen == "1 %"


def test_who_was_signed_out_signs_in_beside_it_and_loses_no_word(portal: Portal, page: Page) -> None:
    field, words = page.locator("#chapter-form textarea"), "Een lange tekst die niemand wil verliezen."
    page.context.clear_cookies(name="sessionid")
    field.fill(words)
    page.locator('button[name="save"]').click()
    signed_out = page.locator("#chapter-form").get_attribute("data-signed-out") or ""
    expect(page.locator(LINE)).to_have_text(signed_out, timeout=20_000)
    expect(field).to_have_value(words)
    other = page.context.new_page()
    become(other, portal, "gezamenlijke")
    other.close()
    page.locator('button[name="save"]').click()
    page.wait_for_url(re.compile("#hoofdstuk-5$"))
    expect(page.locator("main")).to_contain_text(words)
    COMPLAINTS.seen.clear()  # the token of before was refused on purpose


def test_a_note_of_the_diary_outlives_the_session_too(portal: Portal, page: Page) -> None:
    words = "Een moeder uit het tweede leerjaar zei dat de brief nu te begrijpen is."
    page.goto(portal.url("/school/dagboek/"))
    page.locator("#note textarea").fill(words)
    page.context.clear_cookies(name="sessionid")
    page.locator("#note button.button-primary").click()
    expect(page.locator("#note .error")).to_be_visible()
    expect(page.locator("#note textarea")).to_have_value(words)
    other = page.context.new_page()
    become(other, portal, "gezamenlijke")
    other.close()
    page.locator("#note button.button-primary").click()
    expect(page.locator("main")).to_contain_text("De notitie staat in het dagboek.")
    expect(page.locator("#note textarea")).to_have_value("")
    expect(page.locator("main")).to_contain_text(words)
    COMPLAINTS.seen.clear()


def test_a_note_of_the_diary_outlives_a_portal_that_is_away(portal: Portal, page: Page) -> None:
    """The page of the machine in between, or of the browser, took its place."""
    words = "Wie de brief hoorde voorlezen, belde terug."
    page.goto(portal.url("/school/dagboek/"))
    page.locator("#note textarea").fill(words)
    save, said = page.locator("#note button.button-primary"), page.locator("#note .error")
    page.route("**/*", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    save.click()
    expect(said).to_contain_text("Geen verbinding")
    expect(page.locator("#note textarea")).to_have_value(words)
    page.unroute_all()
    page.context.set_offline(True)
    save.click()
    expect(said).to_contain_text("Geen verbinding")
    expect(page.locator("#note textarea")).to_have_value(words)
    page.context.set_offline(False)
    save.click()
    expect(page.locator("main")).to_contain_text("De notitie staat in het dagboek.")
    expect(page.locator("main")).to_contain_text(words)
    COMPLAINTS.seen.clear()  # the browser says that there was a 502, and no network
