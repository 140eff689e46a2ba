"""A family of a Tuesday in November in a browser: typed by the head, looked at, brought in, and its first notice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import Portal, running_portal, wait_until
from tests.browser.window import become, new_page
from tests.browser.writing import fill_invitation, today

#: Its parts are tried in ``tests/roster``; `make test` goes the way of ``test_first_administrator``.
pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.full]

CLASS = "SchoolClass.objects.get(name='3X').pk"
MAIL = "laila@thuis.example"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("newcomer") / "var") as running:
        yield running


def fill_child(page: Page, portal: Portal) -> None:
    for name, text in {
        "first_name": "Amira",
        "last_name": "Nazari",
        "birth_date": "2019-05-06",
        "starts_on": today(portal).isoformat(),
        "new_class": "3X",
        "adult1_first_name": "Laila",
        "adult1_last_name": "Nazari",
        "adult1_email": MAIL,
    }.items():
        page.locator(f'input[name="{name}"]').fill(text)
    page.locator('select[name="new_level"]').select_option("L3")
    page.locator('select[name="adult1_authority"]').select_option("JOINT")
    page.locator('select[name="adult1_language"]').select_option("prs")


def test_from_the_form_to_the_first_notice(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    become(page, portal, "directie")
    page.goto(portal.url("/school/kinderen/"))
    page.locator('main a[href*="/school/kinderen/nieuw/"]').first.click()
    fill_child(page, portal)
    page.locator('main button[value="look"]').click()
    expect(page.locator("main")).to_contain_text("Een nieuw kind.")
    page.locator('main button[value="go"]').click()
    page.wait_for_url(re.compile(r"/school/kinderen/\d+/$"))
    expect(page.locator("main")).to_contain_text("Laila Nazari")

    page.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    fill_invitation(page, portal)
    page.locator('select[name="audience"]').select_option(f"class:{portal.ask(CLASS)}")
    page.locator("#notice-form button.button-primary").first.click()
    page.wait_for_url("**/controle/")
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    wait_until(lambda: portal.letterbox.to(MAIL), seconds=90)
    page.context.close()
