"""A school comes on board in a browser: its zip, what is wrong with it, the columns put right, everybody in, and the
first notice out to the new parents."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.bringing_lists import give, read_so
from tests.browser.stage import Portal, running_portal, wait_until
from tests.browser.window import become, new_page
from tests.browser.writing import fill_invitation
from tests.roster.lists import HEAD, file_of
from tests.schools.roster.makers import as_zip

#: `make test` brings a list in on the way of ``test_first_administrator``.
pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.full]

#: The class stands under a word that nobody knows.
LIST = file_of(head=HEAD.replace(";Klas;", ";Hok;")).decode()
STATE = "RosterUpload.objects.latest('pk').state"
CLASS = "Enrolment.objects.get(pupil__last_name='Vandersmissen', pupil__source_id='101').school_class_id"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A town of its own: its school is replaced."""
    with running_portal(tmp_path_factory.mktemp("onboarding") / "var") as running:
        yield running


def test_from_the_zip_to_the_first_notice(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    become(page, portal, "directie")
    archive = FilePayload(name="export.zip", mimeType="application/zip", buffer=as_zip({"leerlingen.csv": LIST}))
    give(page, portal, archive)
    column = page.locator("tr", has=page.locator("th", has_text=re.compile(r"^\s*Hok\s*$"))).locator("select")
    column.select_option("")
    read_so(page)
    expect(page.locator("#deel .rows > li").first).to_be_visible()
    assert page.locator("#deel .badge-sun, #deel .badge-brick").count(), "children without a class are found"

    page.locator('main a[href$="/kolommen/"]').first.click()
    column.select_option("class.name")
    read_so(page)
    page.goto(re.sub(r"[?#].*", "", page.url) + "?deel=create")
    expect(page.locator("#deel")).to_contain_text("Noor El Amrani")
    page.locator('input[name="leaving_confirmed"]').check(force=True)
    page.locator('form[action$="/binnenhalen/"] button').click()
    wait_until(lambda: portal.ask(STATE) == "APPLIED", seconds=60)
    expect(page.locator("main .notice-banner-success")).to_be_visible(timeout=30_000)  # the page comes anew by itself

    page.locator('main a[href$="/school/berichten/nieuw/"]').click()
    page.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    fill_invitation(page, portal)
    page.locator('select[name="audience"]').select_option(f"class:{portal.ask(CLASS)}")
    page.locator("#notice-form button.button-primary").first.click()
    page.wait_for_url("**/controle/")
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    wait_until(lambda: portal.letterbox.to("tom@thuis.example"), seconds=90)
    page.context.close()
