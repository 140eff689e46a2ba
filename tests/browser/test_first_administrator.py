"""From an empty installation to the first notice in a parent's mailbox, in production's settings behind nginx: done in
a browser by whoever runs the server, who becomes the first administrator, and the head whom he invites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser import front
from tests.browser.bringing_lists import give, read_so
from tests.browser.front import Certificate
from tests.browser.stage import Portal, running_portal, wait_until
from tests.browser.test_signing_in import set_up_code_app
from tests.browser.window import new_page
from tests.browser.writing import fill_invitation
from tests.roster.lists import file_of

pytestmark = [pytest.mark.browser, pytest.mark.worker]

ADMINISTRATOR, HEAD = "ivo@stad.example", "rita@kersenboom.example"
PASSWORD = "vier-gele-fietsen-7"
PARENT = "tom@thuis.example"


def nothing(folder: Path, _environment: dict[str, str]) -> None:
    """The portal begins empty."""
    folder.mkdir(parents=True)


@pytest.fixture(scope="module")
def portal(certificate: Certificate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    before, front.chosen = front.chosen, certificate
    try:
        with running_portal(tmp_path_factory.mktemp("empty") / "var", nothing) as running:
            yield running
    finally:
        front.chosen = before


def takes_the_portal(browser: Browser, portal: Portal) -> Page:
    """Who runs the server begins with the code that stands in a file there, and gets a password and a second factor."""
    page = new_page(browser)
    page.goto(portal.url("/"))
    page.locator('main a[href$="/beginnen/"]').click()
    page.locator('input[name="code"]').fill((portal.folder / "begin_code.txt").read_text().strip().lower())
    page.locator('input[name="full_name"]').fill("Ivo Beheer")
    page.locator('input[name="email"]').fill(ADMINISTRATOR)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/uitnodiging/**")
    first_sign_in(page, ADMINISTRATOR)
    assert not (portal.folder / "begin_code.txt").exists()
    return page


def comes_in(browser: Browser, portal: Portal, address: str) -> Page:
    """From the link in the invitation's mail to the first page."""
    wait_until(lambda: portal.letterbox.to(address), seconds=120)
    body = portal.letterbox.to(address)[-1].get_content()
    link = re.search(r"https://\S+/uitnodiging/\S+", body)
    assert link, body
    page = new_page(browser)
    page.goto(link[0])
    first_sign_in(page, address)
    return page


def first_sign_in(page: Page, address: str) -> None:
    """Choose a password, sign in with it, set up a second factor."""
    page.locator('input[name="new_password1"]').fill(PASSWORD)
    page.locator('input[name="new_password2"]').fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/accounts/aanmelden/")
    page.locator('input[name="login"]').fill(address)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("main form:has(input[name=password]) button[type=submit]").first.click()
    set_up_code_app(page)


def step(page: Page, slug: str, fields: dict[str, str] | None = None, chosen: dict[str, str] | None = None) -> None:
    """Fill in the step at which the portal is, and go on to the next one."""
    page.wait_for_url(f"**/school/beginnen/{slug}/")
    for name, value in (fields or {}).items():
        page.locator(f'[name="{name}"]').fill(value)
    for name, label in (chosen or {}).items():
        page.locator(f'select[name="{name}"]').select_option(label=label)
    page.locator("main form.form button.button-primary").click()


def test_from_an_empty_installation_to_the_first_notice(portal: Portal, chromium: Browser) -> None:
    admin = takes_the_portal(chromium, portal)
    names = {cookie["name"]: cookie for cookie in admin.context.cookies()}
    assert {"__Host-session", "__Host-csrf"} <= set(names)
    assert all(cookie["secure"] and cookie["path"] == "/" for cookie in names.values())
    network = portal.ask("__import__('schools.models', fromlist=['x']).Network.VGO.label")
    year = portal.ask("SchoolYear.objects.running()")
    first, last = (portal.ask(f"SchoolYear.objects.running().{day}.isoformat()") for day in ("starts_on", "ends_on"))
    admin.goto(portal.url("/school/beginnen/"))
    admin.locator('main a[href$="/school/beginnen/centra/"].button').click()
    step(admin, "centra", {"name": "VCLB Haspengouw"}, {"network": network})
    school = {
        "name": "VBS De Kersenboom",
        "institution_number": "999101",
        "street": "Kerselarenlaan 1",
        "postcode": "3800",
        "city": "Sint-Truiden",
        "phone": "011 00 11 22",
        "email": "info@kersenboom.example",
    }
    step(admin, "scholen", school, {"network": network, "clb": "VCLB Haspengouw"})
    project = {"name": "In groei en bloei", "starts_on": first, "ends_on": last, "report_due_on": last}
    step(admin, "project", project, {"year": year})
    step(admin, "vakanties")
    step(admin, "talen")
    step(admin, "mail")
    wait_until(lambda: portal.letterbox.to(ADMINISTRATOR))
    step(admin, "sms", {"number": "0470 00 00 01"})
    wait_until(lambda: portal.phones.queries)
    step(admin, "directies", {"full_name": "Rita Moons", "email": HEAD})
    admin.wait_for_url("**/school/beginnen/")
    admin.locator("main form.post-button button").click()
    admin.wait_for_url("**/school/beheer/**")
    assert admin.goto(portal.url("/school/beginnen/")).status == 404  # type: ignore[union-attr]
    admin.context.close()

    page = comes_in(chromium, portal, HEAD)
    give(page, portal, FilePayload(name="leerlingen.csv", mimeType="text/csv", buffer=file_of()))
    read_so(page)
    page.locator('form[action$="/binnenhalen/"] button').click()
    wait_until(lambda: portal.ask("RosterUpload.objects.latest('pk').state") == "APPLIED", seconds=60)
    page.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    fill_invitation(page, portal)
    room = portal.ask("Enrolment.objects.get(pupil__source_id='101').school_class_id")
    page.locator(f'input[name="audience"][value="class:{room}"]').check(force=True)
    page.locator("#notice-form button.button-primary").first.click()
    page.wait_for_url("**/controle/")
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    answer = page.request.get(page.url)
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page.context.close()

    wait_until(lambda: portal.letterbox.to(PARENT), seconds=120)
    words = portal.letterbox.to(PARENT)[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.search(r"https://\S+/b/\S+?/", words)
    assert link, words
    parent = new_page(chromium, width=360, script=False)
    parent.goto(link[0])
    expect(parent.locator("h1")).to_be_visible()
    parent.locator('button[name="answer"][value="yes"]').click()
    expect(parent.locator('button[name="answer"][aria-pressed="true"]')).to_have_attribute("value", "yes")
    parent.context.close()
