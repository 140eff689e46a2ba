"""Staff inside their work: the pages that only a step leads to. Each way stops where there is something to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from tests.browser.bringing_lists import head_brings_a_list
from tests.browser.evaluating import open_evaluation
from tests.browser.stage import Portal
from tests.browser.writing import fill_invitation

#: A name for what stands in the window.
Stops = Iterator[tuple[str, Page]]
Way = Callable[[Portal, Callable[[str], Page]], Stops]
#: Of 3B: one family is called, one gets letters, the others an e-mail or a text message. None of the journeys' own.
TO_FEW = ("Liban", "Danylo", "Malalai", "Emre")

CHAPTER = "## Wat we zagen\n\n- Ouders kwamen **met een tolk**.\n\n> Ik begreep alles."


def teacher_writes(portal: Portal, open_as: Callable[[str], Page]) -> Stops:
    """A notice to the whole class that stays a draft, and one to four children that leaves."""
    page = open_as("leerkracht")
    page.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    page.locator("#notice-form button.button-primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "compose-wrong", page
    fill_invitation(page, portal)
    page.locator("#notice-form button.button-primary").click()
    page.wait_for_url("**/controle/")
    check = page.url
    for language, way in (("nl", "pagina"), ("ar", "pagina"), ("pa", "mail"), ("pa", "sms"), ("ar", "brief")):
        page.goto(f"{check}?tekst={language}&weg={way}")
        yield f"check-{way}-{language}", page
    page.goto(check.replace("/controle/", "/bewerken/"))
    yield "notice-edit", page
    page.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    fill_invitation(page, portal)
    page.locator("#pupils-field summary").click()
    for child in TO_FEW:
        page.locator("#pupils-field label", has_text=re.compile(rf"^\s*{child}\b")).click()
    yield "compose-some-children", page
    page.locator("#notice-form button.button-primary").click()
    page.wait_for_url("**/controle/")
    expect(page.locator("main h2").first).to_contain_text(str(len(TO_FEW)))
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    yield from _letters_and_calls(portal, page)


def _letters_and_calls(portal: Portal, page: Page) -> Stops:
    """On the page of a notice that just left: a call, and a letter from the printer to the strip that comes back."""
    notice = page.url
    expect(page.locator("#bellen form")).to_have_count(1)
    yield "notice-sent", page
    page.locator('#bellen button[value="NOT_REACHED"]').click()
    expect(page.locator("#messages .notice-banner")).to_be_visible()
    expect(page.locator("#bellen form")).to_have_count(1)
    yield "call-unanswered", page
    page.goto(portal.url("/school/bellen/"))
    yield "call-list", page
    page.goto(notice)
    page.locator("#bellen input[name=note]").fill("Moeder komt, met een tolk.")
    page.locator('#bellen button[value="REACHED_AGREED"]').click()
    expect(page.locator("#bellen form")).to_have_count(0)
    yield "call-done", page
    page.goto(portal.url("/school/brieven/"))
    yield "letters-waiting", page
    page.goto(notice)
    page.locator('#brieven form[action$="/brieven/"] button').click()
    page.wait_for_url(re.compile(r"/school/brieven/\d+/"))
    expect(page.locator('main a[href$=".pdf"]')).to_be_visible(timeout=30_000)
    yield "letters-made", page
    page.locator('main button[name="how"][value="child"]').click()
    expect(page.locator('main button[name="how"]')).to_have_count(0)
    yield "letters-given", page
    page.locator('main a[href*="/strookjes/"]').first.click()
    expect(page.locator("main fieldset.strip")).to_have_count(1)
    page.locator("main fieldset.strip label").first.click()
    expect(page.locator("main fieldset.strip .strip-state .text-leaf")).to_be_visible()
    yield "strips", page


def teacher_speaks(portal: Portal, open_as: Callable[[str], Page]) -> Stops:
    """A question answered, a talk logged, a follow-up done."""
    page = open_as("leerkracht")
    thread = portal.ask("Thread.objects.visible_to(User.objects.get(full_name='Lotte Claes')).waiting().first().pk")
    page.goto(portal.url(f"/school/vragen/{thread}/"))
    page.locator("main #id_text").fill("Woensdag om 15.30 uur. Tot dan!")
    page.locator("main form:has(#id_text) button[type=submit]").last.click()
    expect(page.locator("#messages .notice-banner-success")).to_be_visible()
    assert portal.ask(f"Thread.objects.get(pk={thread}).first_reply_at is not None") == "True"
    yield "thread-answered", page
    page.goto(portal.url("/school/contactmomenten/nieuw/"))
    page.get_by_role("link", name=re.compile("Emre")).first.click()
    page.locator('label:has(input[name="kind"][value="PHONE"])').click()  # a talk at the gate another test logged
    page.locator('button[name="outcome"][value="REACHED_AGREED"]').first.click()
    page.wait_for_url(re.compile(r"/school/contactmomenten/\d+/"))
    yield "contact-logged", page


def evaluation(portal: Portal, open_as: Callable[[str], Page]) -> Stops:
    """From a first draft over two signatures to the city."""
    page = open_as("gezamenlijke")
    page.set_default_timeout(60_000)  # every figure of a year is counted
    report = open_evaluation(page, portal)
    yield "report-draft", page
    page.goto(f"{report}?cijfers=nu")
    yield "report-figures-again", page
    page.goto(f"{report}hoofdstuk/0/")
    yield "chapter-identification", page
    page.goto(f"{report}hoofdstuk/2/")
    page.locator("main form textarea").fill(CHAPTER)
    page.locator('main form button[name="preview"]').click()
    expect(page.locator(".report-text strong")).to_be_visible()
    yield "chapter-preview", page
    page.locator('main form button[name="save"]').click()
    page.wait_for_url(re.compile("#hoofdstuk-2$"))
    other = open_as("gezamenlijke")
    for window in (page, other):
        window.goto(f"{report}hoofdstuk/2/")
    page.locator("main form textarea").fill(CHAPTER.replace("alles", "veel"))
    page.locator('main form button[name="save"]').click()
    page.wait_for_url(re.compile("#hoofdstuk-2$"))
    other.locator("main form textarea").fill(CHAPTER.replace("alles", "bijna alles"))
    other.locator('main form button[name="save"]').click()
    expect(other.locator("#theirs-title")).to_be_visible()
    yield "chapter-beside", other
    other.context.close()
    page.goto(f"{report}hoofdstuk/2/versies/")
    yield "chapter-versions", page
    page.goto(f"{report}samenvatting/nl/")
    yield "report-summary", page
    page.goto(f"{report}hoofdstuk/2/opmerkingen/")
    yield "chapter-comments", page
    page.goto(report)
    page.locator('form[action$="/nazien/"] button').click()
    expect(page.locator("h1")).to_have_text("Toch vastleggen?")
    yield "report-open-points", page
    page.locator("main form button").click()
    expect(page.locator(".checksum")).to_be_visible()
    yield "report-frozen", page
    page.goto(f"{report}hoofdstuk/2/")
    yield "chapter-of-frozen-report", page
    for key in ("directeur-vclb", "directeur-go"):
        director = open_as(key)
        director.goto(report)
        if key == "directeur-vclb":
            yield "report-to-sign", director
        director.locator('form[action$="/tekenen/"] button').click()
        expect(director.locator('form[action$="/tekenen/"]')).to_have_count(0)
    page.goto(report)
    yield "report-signed", page
    page.locator('form[action$="/indienen/"] button').click()
    expect(page.locator('form[action$="/indienen/"]')).to_have_count(0)
    yield "report-submitted", page
    page.locator('form[action$="/aanvraag/"] button').click()
    page.wait_for_url(lambda url: url != report)
    yield "application-draft", page
    page.goto(f"{page.url}doelen-en-begroting/")
    yield "application-wishes", page
    page.goto(report)
    city = open_as("coordinator")
    city.goto(report)
    expect(city.locator("main")).to_contain_text("Ouders kwamen met een tolk.")
    yield "report-of-the-city", city


WAYS: tuple[Way, ...] = (teacher_writes, teacher_speaks, head_brings_a_list, evaluation)
