"""A school of another city takes the draaiboek over, in a real browser: from the package that one portal gives to the
card that is in use in the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import Portal
from tests.browser.window import become, new_page
from tests.running.second_portal import OWN
from tests.running.test_second_portal import City

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def test_a_school_of_another_city_takes_the_draaiboek_over(portal: Portal, chromium: Browser, tmp_path: Path) -> None:
    step = "from tests.running import second_portal as s; s.write_a_card_and_a_template()"
    for words in (("shell", "--no-imports", "-c", step), ("freeze_playbook",)):
        done = portal.manage(*words)
        assert done.returncode == 0, done.stderr[-2000:]
    page = new_page(chromium)
    become(page, portal, "gezamenlijke")
    page.goto(portal.url("/school/draaiboek/"))
    link = page.locator('main a[href$=".zip"]').first.get_attribute("href")
    assert link
    package = tmp_path / "draaiboek.zip"
    package.write_bytes(page.request.get(portal.url(link)).body())
    page.context.close()

    (tmp_path / "second").mkdir()
    second = City(tmp_path / "second", INGROEIBLOEI_ENV="test", QUIET_HOURS="")
    second.manage("migrate", "-v0")
    second.manage("setup", "--email", "it@overstad.example", "--name", "Nele Baas")
    second.act("lay_a_town")
    with second.running() as address:
        worker = signed_in(chromium, second, address, "JOINT_CLB")
        worker.goto(f"{address}/school/draaiboek/")
        worker.locator('main input[type="file"]').set_input_files(package)
        worker.locator('main form:has(input[type="file"]) button').click()
        worker.wait_for_url(re.compile(r"/school/draaiboek/pakket/\d+/"))
        expect(worker.locator("main")).to_contain_text("Boekenmarkt")
        for box in worker.locator('main input[type="checkbox"]').all():
            box.check(force=True)
        worker.locator('main input[name="others"][value="take"]').check(force=True)  # cards that carry files there
        worker.locator("main form button.button-primary").click()
        expect(worker.locator("#messages .notice-banner-success")).to_be_visible()
        head = signed_in(chromium, second, address, "HEAD", "Kersenboom")
        head.goto(f"{address}/school/fiches/fiche/{OWN}/")
        choose_in_use(head)
        expect(head.locator("main")).to_contain_text("in gebruik")
        for one in (worker, head):
            one.context.close()


def choose_in_use(head: Page) -> None:
    form = head.locator('form:has([name="use-status"])')
    if not form.is_visible():
        head.locator('details:has([name="use-status"]) summary').first.click()
    form.locator('select[name="use-status"]').select_option("IN_USE")
    form.locator("button").last.click()


def signed_in(chromium: Browser, city: City, address: str, role: str, place: str = "") -> Page:
    """A window in which somebody of that city is signed in, with the second factor."""
    page = new_page(chromium)
    said = city.act("say_session", role, place)
    (session,) = re.findall(r"session=(\w+)", said)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    return page
