"""Staff sign in with a password and a second factor: a code of an app, or a passkey of the device itself."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import Portal
from tests.browser.window import new_page

pytestmark = pytest.mark.browser

STEP_SECONDS = 30


def six_digits(secret: str, step: int) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))


def step_now() -> int:
    return int(time.time()) // STEP_SECONDS


def give_password(page: Page, portal: Portal, key: str) -> None:
    account = portal.accounts[key]
    page.goto(portal.url("/accounts/aanmelden/"))
    page.locator('input[name="login"]').fill(account["email"])
    page.locator('input[name="password"]').fill(account["password"])
    page.locator("main form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "aanmelden" not in url)


def sign_out(page: Page, portal: Portal) -> None:
    page.goto(portal.url("/accounts/afmelden/"))
    page.locator('main form[action$="/afmelden/"] button').click()
    page.wait_for_url(lambda url: "afmelden" not in url)


def set_up_code_app(page: Page) -> tuple[str, int]:
    """Type the app's first code; the secret and the time step in which that code was used."""
    expect(page).to_have_url(re.compile("2fa/totp/activate"))
    secret, step = page.locator("main code").inner_text(), step_now()
    page.locator('input[name="code"]').fill(six_digits(secret, step))
    page.locator('main form:has(input[name="code"]) button[type=submit]').click()
    page.wait_for_url(re.compile("2fa/recovery-codes"))
    return secret, step


def test_a_teacher_sets_up_a_code_app_and_signs_in_with_it(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    give_password(page, portal, "leerkracht-1a")
    page.goto(portal.url("/school/week/"))
    secret, used = set_up_code_app(page)
    page.goto(portal.url("/school/week/"))
    expect(page).to_have_url(re.compile("/school/week/"))
    sign_out(page, portal)
    give_password(page, portal, "leerkracht-1a")
    expect(page).to_have_url(re.compile("2fa/authenticate"))
    page.goto(portal.url("/school/week/"))
    assert "/school/week/" not in page.url.split("?")[0], "the password alone must not open the week"
    page.goto(portal.url("/accounts/2fa/authenticate/"))
    while step_now() == used:  # a code works once
        time.sleep(0.2)
    page.locator('input[name="code"]').fill(six_digits(secret, step_now()))
    page.locator('main form:has(input[name="code"]) button[type=submit]').first.click()
    page.wait_for_url(re.compile("/school/week/"))
    page.context.close()


def test_a_head_adds_a_passkey_and_signs_in_with_it(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    give_password(page, portal, "directie-go")
    page.goto(portal.url("/accounts/2fa/webauthn/add/"))
    page.locator('input[name="name"]').fill("Laptop van de school")
    passwordless = page.locator('input[name="passwordless"]')
    if passwordless.count():
        passwordless.check()
    page.locator('main form:has(input[name="name"]) button').first.click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    page.goto(portal.url("/school/week/"))
    expect(page).to_have_url(re.compile("/school/week/"))
    sign_out(page, portal)
    give_password(page, portal, "directie-go")
    expect(page).to_have_url(re.compile("2fa/authenticate"))
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(re.compile("/school/week/"))
    sign_out(page, portal)
    page.goto(portal.url("/accounts/aanmelden/"))
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile("/school/week/"))
    page.context.close()
