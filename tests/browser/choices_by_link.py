"""The choices of a parent who holds only a notice's link: a code to an own phone, another language, another number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.stage import wait_until

if TYPE_CHECKING:
    from tests.browser.parents_way import Parent


def choices_by_link(parent: Parent) -> Iterator[str]:
    """From the notice's page, where the second fact was said, and back to it."""
    walk, window, main = parent.walk, parent.window, parent.window.locator("main")
    was = parent.portal.ask(f"{walk.guardian}.contact_language")
    main.locator('a[href$="/keuzes/"]').click()
    assert walk.phone[3:] not in main.inner_text().replace(" ", ""), "a number is masked"
    yield "token-ask-code"
    before = len(parent.portal.codes_at(walk.phone))
    main.locator("form button[type=submit]").click()
    expect(window).to_have_url(re.compile("/keuzes/code/"))
    main.locator('input[name="code"]').fill("000000")
    main.locator("form button[type=submit]").click()
    expect(main.locator(".field-wrong .error")).to_be_visible()
    yield "token-code-wrong"
    wait_until(lambda: len(parent.portal.codes_at(walk.phone)) > before)
    main.locator('input[name="code"]').fill(parent.portal.codes_at(walk.phone)[-1])
    main.locator("form button[type=submit]").click()
    expect(window).to_have_url(re.compile("/keuzes/$"))
    yield "token-choices"
    told = len(parent.portal.phones.queries)
    parent.choose_language(walk.other_language)
    wait_until(lambda: len(parent.portal.phones.queries) > told)
    assert parent.portal.phones.queries[-1]["to"] == walk.phone, "the old number hears of it"
    parent.choose_language(was)
    window.goto(f"{window.url}?taal={walk.language}")
    parent.ask_to_change("oma")
    expect(main.locator(".field-wrong .error")).to_be_visible()
    yield "token-choices-wrong"
    parent.ask_to_change("0470 99 99 98")
    expect(main.locator("#messages .notice-banner-success")).to_be_visible()
    assert parent.portal.ask(f"ContactRequest.objects.get(guardian={walk.guardian}, value='+32470999998').state") == (
        "OPEN"
    )
    yield "token-number-asked"
    main.locator(".back-link").click()
    expect(window).to_have_url(re.compile(r"/b/[^/]+/$"))
