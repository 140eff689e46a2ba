"""A teacher lets a file go with a notice; a parent opens it by the link, on a phone, with or without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import faults
from tests.browser.stage import Portal
from tests.browser.window import DESK, PHONE, become, new_page
from tests.browser.writing import fill_invitation
from tests.messaging.leaflets import pdf, picture

pytestmark = [pytest.mark.browser, pytest.mark.worker]
#: A father who reads Arabic, a mother who reads Dutch. Not the class: other tests follow a notice to all of it.
CHILDREN = ("Yasmina", "Jef")
COMPOSE = "/school/berichten/nieuw/parent-meeting-invitation/"


def add(page: Page, title: str, name: str, content: bytes, kind: str) -> None:
    page.locator('input[name="title"]').fill(title)
    page.locator('input[name="file"]').set_input_files({"name": name, "mimeType": kind, "buffer": content})
    page.locator('form[enctype] button[type="submit"]').click()
    expect(page.locator(".attachment-rows")).to_contain_text(title)


def write_with_files(portal: Portal, chromium: Browser) -> int:
    """Compose, add a PDF and a picture, check, send; the notice's number."""
    page = new_page(chromium, width=DESK)
    become(page, portal, "leerkracht")
    page.goto(portal.url(COMPOSE))
    fill_invitation(page, portal)
    page.locator("#pupils-field summary").click()
    for child in CHILDREN:
        page.locator("#pupils-field label", has_text=re.compile(rf"^\s*{child}\b")).click()
    page.locator('button[name="files"]').click()
    page.wait_for_url("**/bijlagen/")
    add(page, "Zo verloopt de avond", "Rapport van Els.pdf", pdf(), "application/pdf")
    add(page, "De weg naar de school", "weg.png", picture("PNG", (300, 200)), "image/png")
    assert faults(page, "nl") == []
    page.locator('a.button-primary[href$="/controle/"]').click()
    page.wait_for_url("**/controle/")
    expect(page.locator(".check-send .attachment-rows li")).to_have_count(2)
    assert faults(page, "nl") == []
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    expect(page.locator("#bijlagen li")).to_have_count(2)
    number = int(page.url.rstrip("/").rsplit("/", 1)[1])
    page.context.close()
    return number


def link_for(portal: Portal, number: int, language: str) -> str:
    found = portal.ask(
        "__import__('messaging.tokens', fromlist=['x']).notice_url("
        f"Delivery.objects.filter(notice={number}, language='{language}', contact_point__is_shared=False).first())"
    )
    return portal.url(found)


def test_a_file_goes_with_a_notice_and_a_parent_opens_it_on_a_phone(portal: Portal, chromium: Browser) -> None:
    number = write_with_files(portal, chromium)
    for language, script in (("ar", True), ("nl", False)):
        page = new_page(chromium, width=PHONE, script=script)
        page.goto(link_for(portal, number, language))
        doors = page.locator("#bijlagen a")
        expect(doors).to_have_count(2)
        assert faults(page, language) == [] if script else True
        with page.expect_download() as saved:
            doors.first.click()
        assert re.fullmatch(r"bijlage-\d+\.pdf", saved.value.suggested_filename)
        assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")
        doors.last.click()
        page.wait_for_url("**/bijlage/*/")
        assert page.locator("img").count() == 1
        page.context.close()
