"""The whole of June in a real browser: the portal drafts the evaluation, the worker writes it, two directors sign it,
the portal hands it in, and its files prove themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import front
from tests.browser.stage import Portal, running_portal, wait_until
from tests.browser.test_signing_in import an_hour_passes, give_password, set_up_code_app, six_digits, step_now
from tests.browser.window import become, new_page

pytestmark = [pytest.mark.browser, pytest.mark.worker]

FILES = ("rapport.pdf", "rapport.docx", "rapport.xlsx")


@pytest.fixture(scope="module")
def june(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal of the demo's city in the middle of June, with a world that was laid in May: outside a demo nobody can
    say which day it is."""
    today = date.today()
    day = date(today.year + (today.month >= 9), 6, 18)
    before, front.chosen = front.chosen, None
    try:
        with running_portal(tmp_path_factory.mktemp("june") / "var", DEMO_TODAY=day.isoformat()) as running:
            yield running
    finally:
        front.chosen = before


def reports(portal: Portal) -> str:
    return portal.ask("list(EvaluationReport.objects.values_list('pk', 'kind', 'state', 'edited_by'))")


def test_from_the_first_draft_to_the_city_and_to_next_year(june: Portal, chromium: Browser, tmp_path: Path) -> None:
    task = "__import__('reports.tasks', fromlist=['x']).draft_evaluation"
    june.ask(f"{task}.delay()")  # as beat asks for it at half past five, of the real worker
    wait_until(lambda: "FINAL" in reports(june), 90)
    (number,) = re.findall(r"\((\d+), 'FINAL', 'DRAFT', None\)", reports(june))
    page = new_page(chromium)
    page.set_default_timeout(60_000)  # every figure of a year is counted
    become(page, june, "gezamenlijke")
    page.goto(june.url("/school/week/"))
    page.get_by_role("link", name="De evaluatie openen").click()
    page.wait_for_url(re.compile(rf"/school/evaluatie/{number}/$"))
    report = page.url

    write_with_a_figure(page, report)
    director = new_page(chromium)
    used = sign_in_with_a_second_factor(director, june, "directeur-vclb")
    comment(director, report)
    answer_and_freeze(page, report)
    sign(director, june, report, *used)
    other = new_page(chromium)
    used = sign_in_with_a_second_factor(other, june, "directeur-go")
    sign(other, june, report, *used)
    assert f"({number}, 'FINAL', 'SIGNED'" in reports(june)

    fix = "from reports.evaluation.deadline import fix_due; print('fixed:', fix_due())"
    first_of_july = june.environment["DEMO_TODAY"].replace("-06-18", "-07-01")
    done = june.manage("shell", "--no-imports", "-c", fix, DEMO_TODAY=first_of_july)
    assert "fixed: 1" in done.stdout, done.stderr[-2000:]
    page.goto(report)
    expect(page.locator("main")).to_contain_text("niemand past het nog aan")
    expect(page.get_by_role("link", name=re.compile("Bewerk"))).to_have_count(0)
    page.locator(f'form[action$="/evaluatie/{number}/indienen/"] button').click()
    expect(page.locator("main")).to_contain_text("diende het verslag in op")
    files_prove_themselves(page, june, report, tmp_path)

    page.locator(f'form[action$="/evaluatie/{number}/aanvraag/"] button').click()
    page.wait_for_url(lambda url: not url.endswith(f"/evaluatie/{number}/"))
    expect(page.locator("#report")).to_contain_text("Taalstimulering")
    for one in (page, director, other):
        one.context.close()


def write_with_a_figure(page: Page, report: str) -> None:
    """A sentence with a figure from the picker; the report shows its value."""
    page.goto(f"{report}hoofdstuk/5/")
    field = page.locator("#chapter-form textarea")
    field.fill("Marijke schrijft: we bereikten  van de gezinnen.\n\n{{ T1 }}")
    field.evaluate("field => field.setSelectionRange(31, 31)")
    page.locator("#chapter-form details").first.locator("summary").click()
    page.locator('select[name="figure"]').select_option("{{ I01 }}")
    page.locator('button[name="insert"]').click()
    expect(field).to_have_value(re.compile(r"we bereikten \{\{ I01 \}\} van de gezinnen"))
    page.locator('button[name="save"]').click()
    page.wait_for_url(re.compile("#hoofdstuk-5$"))
    expect(page.locator("#hoofdstuk-5")).to_contain_text(re.compile(r"we bereikten \d+(,\d)?\s%"))


def sign_in_with_a_second_factor(page: Page, portal: Portal, key: str) -> tuple[str, int]:
    """With the password, and a code app that is set up now."""
    page.set_default_timeout(60_000)
    give_password(page, portal, key)
    page.goto(portal.url("/school/evaluatie/"))
    return set_up_code_app(page)


def comment(director: Page, report: str) -> None:
    director.goto(f"{report}hoofdstuk/5/opmerkingen/")
    director.locator("main textarea").last.fill("Zeg er ook bij voor wie de drempel nog hoog is.")
    director.locator("main form:has(textarea) button").last.click()
    expect(director.locator("main")).to_contain_text("voor wie de drempel nog hoog is")


def answer_and_freeze(page: Page, report: str) -> None:
    """The worker settles the comment and freezes, though points are open."""
    page.goto(f"{report}hoofdstuk/5/opmerkingen/")
    page.locator('button[name="resolved"][value="1"]').click()
    expect(page.locator('button[name="resolved"][value="0"]')).to_be_visible()
    page.goto(report)
    page.locator('form[action$="/nazien/"] button').click()
    expect(page.locator("h1")).to_have_text("Toch vastleggen?")
    page.locator("main form button").click()
    expect(page.locator(".checksum")).to_be_visible()


def sign(director: Page, portal: Portal, report: str, secret: str, used: int) -> None:
    """A proof of an hour ago is not enough: the portal asks for a code of now, then takes the signature."""
    director.goto(report)
    an_hour_passes(director, portal)
    director.locator('form[action$="/tekenen/"] button').click()
    code = director.locator('input[name="proof-code"]')
    expect(code).to_be_visible()
    wait_until(lambda: step_now() > used)  # a code works once
    code.fill(six_digits(secret, step_now()))
    director.locator('form:has(input[name="proof-code"]) button[type=submit]').first.click()
    director.wait_for_url(re.compile(r"/school/evaluatie/\d+/$"))
    expect(director.locator('form[action$="/tekenen/"]')).to_have_count(0)


def files_prove_themselves(page: Page, portal: Portal, report: str, folder: Path) -> None:
    for name in FILES:
        link = page.locator(f'main a[href$="{name.partition(".")[2]}"]').first.get_attribute("href")
        assert link
        answer = page.request.get(portal.url(link))
        assert answer.status == 200
        file = folder / name
        file.write_bytes(answer.body())
        assert portal.manage("verify_report", str(file)).returncode == 0, name
    changed = folder / "changed.pdf"
    changed.write_bytes((folder / "rapport.pdf").read_bytes().replace(b"/Title", b"/Titel", 1))
    assert portal.manage("verify_report", str(changed)).returncode == 1
    summary = page.request.get(f"{report}samenvatting/fr/")
    assert summary.status == 200
