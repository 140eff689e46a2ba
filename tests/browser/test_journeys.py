"""A school year of the portal, lived in a real browser on the running portal: every step leads to the next."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.evaluating import open_evaluation
from tests.browser.stage import Portal, wait_until
from tests.browser.window import PHONE, become, new_page

pytestmark = [pytest.mark.browser, pytest.mark.worker]

MOTHER = "harpreet.kaur@brievenbus.example"
FATHER = "youssef.elidrissi@brievenbus.example"
NADIA = "nadia.benali@brievenbus.example"


def link_in(portal: Portal, address: str, notice: int | None = None) -> str:
    """The link in the newest mail to an address, or in the one that brings a notice, once it has arrived."""
    token = r"[^/\s]+"
    if notice:
        delivery = f"Delivery.objects.get(notice={notice}, channel='EMAIL', address={address!r})"
        token = portal.ask(f"__import__('messaging.tokens', fromlist=['all']).make_token({delivery})")

    def links() -> list[str]:
        texts = (mail.get_body(("plain",)).get_content() for mail in portal.letterbox.to(address))  # type: ignore[union-attr]
        return [found.group(0) for text in texts if (found := re.search(rf"https?://\S+/b/{token}/", text))]

    wait_until(links)
    return portal.url(links()[-1])


def test_a_teacher_logs_a_talk_at_the_gate_in_three_taps(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium, width=PHONE)
    become(page, portal, "leerkracht")
    page.goto(portal.url("/school/contactmomenten/nieuw/"))
    page.get_by_role("link", name=re.compile("Simran Kaur")).first.click()
    page.locator('label:has(input[name="kind"][value="GATE_TALK"])').click()
    page.locator('button[name="outcome"][value="REACHED_AGREED"]').first.click()
    page.wait_for_url(re.compile(r"/school/contactmomenten/\d+/"))
    assert page.locator('form[action*="clb-nota"]').count() == 0
    assert page.get_by_text("Simran Kaur").count() >= 1
    page.context.close()


def test_each_parent_gets_the_own_language(portal: Portal, sent: int) -> None:
    for address, language in ((MOTHER, "pa"), (FATHER, "ar"), (NADIA, "nl")):
        wait_until(lambda address=address: portal.letterbox.to(address))  # type: ignore[misc]
        mail = portal.letterbox.to(address)[-1]
        assert mail["Message-ID"]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for child in ("Simran", "Yasmina"):
            assert child not in mail["Subject"]
        html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert f'lang="{"pa-Guru" if language == "pa" else "nl-BE" if language == "nl" else language}"' in html
    assert "youssef" not in str(portal.letterbox.to(NADIA)[-1]).lower()
    assert "nadia" not in str(portal.letterbox.to(FATHER)[-1]).lower()


def test_a_link_scanner_changes_nothing_and_the_mother_answers(portal: Portal, chromium: Browser, sent: int) -> None:
    link = link_in(portal, MOTHER, sent)
    for _time in range(3):
        with urlopen(link) as answer:  # noqa: S310 - loopback
            assert answer.status == 200
    opened = f"Delivery.objects.filter(notice={sent}, opened_at__isnull=False).count()"
    assert portal.ask(opened) == "0"
    page = new_page(chromium, width=PHONE, language="nl-BE", script=False)
    page.goto(link)
    assert page.locator("html").get_attribute("lang") == "pa-Guru"
    assert page.locator("html").get_attribute("dir") == "ltr"
    expect(page.locator("h1")).to_have_count(1)
    page.locator('button[name="answer"][value="yes_interpreter"]').click()
    expect(page.locator('button[name="answer"][aria-pressed="true"]')).to_have_attribute("value", "yes_interpreter")
    assert portal.ask(f"Answer.objects.get(notice={sent}, guardian__first_name='Harpreet').key") == "yes_interpreter"
    page.context.close()


def test_the_father_reads_his_own_from_right_to_left(portal: Portal, chromium: Browser, sent: int) -> None:
    page = new_page(chromium, width=PHONE, script=False)
    page.goto(link_in(portal, FATHER, sent))
    assert (page.locator("html").get_attribute("lang"), page.locator("html").get_attribute("dir")) == ("ar", "rtl")
    text = page.locator("body").inner_text()
    assert "Nadia" not in text
    assert page.locator('[lang^="nl"]').count() >= 1, "the Dutch original stands beside it"
    page.context.close()


def test_the_teacher_sees_the_answer_without_reloading(portal: Portal, chromium: Browser, sent: int) -> None:
    page = new_page(chromium)
    become(page, portal, "leerkracht")
    page.goto(portal.url(f"/school/berichten/{sent}/"))
    page.evaluate("document.body.dataset.stays = 'yes'")
    before = portal.ask(f"Answer.objects.filter(notice={sent}, guardian__first_name='Youssef').count()")
    assert before == "0"
    father = new_page(chromium, width=PHONE, script=False)
    father.goto(link_in(portal, FATHER, sent))
    father.locator('button[name="answer"][value="yes"]').click()
    father.context.close()
    expect(page.locator("main")).to_contain_text("Yasmina", timeout=45_000)
    assert page.evaluate("document.body.dataset.stays") == "yes", "the page updated itself"
    page.context.close()


def test_letters_of_the_class_come_as_one_pdf(portal: Portal, chromium: Browser, sent: int) -> None:
    page = new_page(chromium)
    become(page, portal, "leerkracht")
    page.goto(portal.url(f"/school/berichten/{sent}/"))
    page.locator('form[action$="/brieven/"] button').first.click()
    page.wait_for_load_state()
    link = page.locator('a[href$=".pdf"]').first.get_attribute("href")
    assert link
    answer = page.request.get(portal.url(link))
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")
    page.context.close()


def test_who_was_not_reached_becomes_a_call_and_the_call_a_contact(
    portal: Portal, chromium: Browser, sent: int
) -> None:
    wait_until(lambda: int(portal.ask(f"CallTask.objects.filter(delivery__notice={sent}).count()")) > 0, seconds=60)
    page = new_page(chromium)
    become(page, portal, "gezamenlijke")
    page.goto(portal.url("/school/niet-bereikt/"))
    expect(page.locator("h1")).to_be_visible()
    call = portal.ask(f"CallTask.objects.filter(delivery__notice={sent}).values_list('pk', flat=True).first()")
    before = int(portal.ask("ContactMoment.objects.count()"))
    page.goto(portal.url(f"/school/berichten/{sent}/"))
    form = page.locator(f'form[action$="/school/bellen/{call}/"]').first
    if not form.is_visible():
        page.locator(f'details:has(form[action$="/school/bellen/{call}/"]) summary').first.click()
    form.locator('[name="outcome"][value="REACHED_AGREED"]').first.check(force=True) if form.locator(
        'input[name="outcome"]'
    ).count() else None
    form.locator("button[type=submit], button:not([type])").first.click()
    page.wait_for_load_state()
    assert int(portal.ask("ContactMoment.objects.count()")) == before + 1
    page.context.close()


def sign_in_by_phone(page: Page, portal: Portal, number: str, first_name: str) -> None:
    """The code comes to the family's shared phone; then a second fact, and who of those with that child one is."""
    page.goto(portal.url("/ouders/aanmelden/"))
    phone = f"+32{number.replace(' ', '')[1:]}"
    before = len(portal.codes_at(phone))
    page.locator('input[name="contact"]').fill(number)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/code/"))
    wait_until(lambda: len(portal.codes_at(phone)) > before)
    page.locator('input[name="code"]').fill(portal.codes_at(phone)[-1])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/wie/"))
    expect(page.locator("main")).not_to_contain_text(first_name)
    birthday = portal.ask(
        "Pupil.objects.get(first_name='Simran', last_name='Kaur', enrolments__school_class__name='3B').birth_date"
    )
    page.locator('input[name="day"]').fill(str(int(birthday[8:])))
    page.locator('input[name="month"]').fill(str(int(birthday[5:7])))
    page.locator("main form button[type=submit]").first.click()
    page.get_by_text(first_name, exact=True).click()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/ouders/$"))


def test_the_mother_signs_in_on_the_shared_phone_and_turns_the_page(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium, width=PHONE, script=False)
    sign_in_by_phone(page, portal, "0470 00 00 01", "Harpreet")
    page.locator('main a[href*="/ouders/kinderen/"]').first.click()
    expect(page.locator("h1")).to_be_visible()
    page.goto(portal.url("/ouders/keuzes/"))
    page.locator('select[name$="language"]').select_option("fr")
    page.locator('main form:has(select[name$="language"]) button[type=submit]').click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^fr"))
    assert portal.ask("Guardian.objects.get(first_name='Harpreet', source_id__gt='').contact_language") == "fr"
    page.context.close()


def test_a_clb_note_is_seen_by_its_own_clb_alone(portal: Portal, chromium: Browser) -> None:
    secret = "Alleen voor het VCLB: oma woont nu mee."
    page = new_page(chromium)
    become(page, portal, "gezamenlijke")
    moment = portal.ask(
        "ContactMoment.objects.filter(school__name__contains='Kersenboom', visibility='SCHOOL_TEAM',"
        " pupils__first_name='Simran').order_by('-pk').values_list('pk', flat=True).first()"
    )
    page.goto(portal.url(f"/school/contactmomenten/{moment}/"))
    page.locator('form[action$="/clb-nota/"] label', has_text="VCLB").click()
    page.locator('form[action$="/clb-nota/"] textarea').fill(secret)
    page.locator('form[action$="/clb-nota/"] button[type=submit]').click()
    expect(page.locator("main")).to_contain_text(secret)
    page.context.close()
    for key, sees in (("clb-vclb", True), ("clb-go", False), ("leerkracht", False), ("directie", False)):
        other = new_page(chromium)
        become(other, portal, key)
        other.goto(portal.url(f"/school/contactmomenten/{moment}/"))
        assert (secret in other.content()) is sees, key
        other.context.close()
    sealed = f"CLBNote.objects.filter(contact_moment={moment}).latest('pk').sealed"
    assert portal.ask(f"b'oma woont' in bytes({sealed})") == "False"
    for file in portal.folder.glob("ingroeibloei.sqlite3*"):
        assert b"oma woont nu mee" not in file.read_bytes()


def test_the_evaluation_is_drafted_edited_signed_and_stays(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    become(page, portal, "gezamenlijke")
    address = open_evaluation(page, portal)
    page.goto(address.rstrip("/") + "/hoofdstuk/1/")
    area = page.locator("main form textarea").first
    area.fill(area.input_value() + "\n\nEen zin van Marijke over dit jaar.")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    page.goto(address)
    page.locator('form[action$="/nazien/"] button').first.click()
    expect(page.locator("h1")).to_have_text("Toch vastleggen?")
    page.locator('form[action$="/nazien/"] button').first.click()
    page.wait_for_url(address)
    page.context.close()
    for key in ("directeur-vclb", "directeur-go"):
        director = new_page(chromium)
        become(director, portal, key)
        director.goto(address)
        director.locator('form[action$="/tekenen/"] button').first.click()
        director.wait_for_load_state()
        director.context.close()
    number = address.rstrip("/").rsplit("/", 1)[1]
    assert (
        portal.ask(f"__import__('reports.models', fromlist=['x']).EvaluationReport.objects.get(pk={number}).state")
        == "SIGNED"
    )
    reader = new_page(chromium)
    become(reader, portal, "coordinator")
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text("Een zin van Marijke over dit jaar.")
    first = reader.request.get(address + "rapport.pdf").body()
    portal.ask("ContactMoment.objects.all().update(is_reach=False, is_two_way=False)")
    assert reader.request.get(address + "rapport.pdf").body() == first
    assert first.startswith(b"%PDF")
    reader.context.close()


def test_the_draaiboek_is_open_to_everybody(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    page.goto(portal.url("/draaiboek/"))
    expect(page.locator('main a[href*="/draaiboek/fiches/"]')).to_have_count(12)
    page.locator('main a[href$="/draaiboek/fiches/home-visit/"]').first.click()
    expect(page.locator("h1")).to_be_visible()
    assert page.request.get(portal.url("/draaiboek/boekje.pdf")).body().startswith(b"%PDF")
    page.context.close()
