"""Staff sign in with a password and a second factor: a code of an app, or a passkey of the device itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser import front
from tests.browser.stage import Portal
from tests.browser.window import Persons, new_page

pytestmark = pytest.mark.browser

STEP_SECONDS = 30
#: In a demo, and in production.
SESSION_COOKIES = ("sessionid", "__Host-session")


def six_digits(secret: str, step: int) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))


def step_now() -> int:
    """The step of now, or the next where too little of it is left to type its code and send it."""
    left = STEP_SECONDS - time.time() % STEP_SECONDS
    if left < 8:
        time.sleep(left)
    return int(time.time()) // STEP_SECONDS


def give_password(page: Page, portal: Portal, key: str) -> None:
    account = portal.accounts[key]
    page.goto(portal.url("/accounts/aanmelden/"))
    page.locator('input[name="login"]').fill(account["email"])
    page.locator('input[name="password"]').fill(account["password"])
    page.locator("main form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "aanmelden" not in url)


@pytest.fixture(autouse=True)
def others_sign_in_anew(portal: Portal) -> Iterator[None]:
    """Whoever gets another factor is signed out everywhere, also where other tests would go on. Outside a demo other
    tests gave these colleagues one already (``tests.browser.entering``)."""
    if front.chosen:
        emails = [portal.accounts[key]["email"] for key in ("leerkracht-1a", "gezamenlijke", "directie-go")]
        factors = "__import__('allauth.mfa.models', fromlist=['x']).Authenticator.objects"
        portal.ask(f"{factors}.filter(user__email__in={emails!r}).delete()")
    yield
    Persons.state.cache_clear()


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


def with_a_passkey(page: Page, portal: Portal, account: str) -> tuple[CDPSession, str]:
    """Signed in, with a passkey on a device that this browser pretends to have: the device, and its number."""
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
    give_password(page, portal, account)
    page.goto(portal.url("/accounts/2fa/webauthn/add/"))
    page.locator('input[name="name"]').fill("Laptop van de school")
    passwordless = page.locator('input[name="passwordless"]')
    if passwordless.count():
        passwordless.check()
    page.locator('main form:has(input[name="name"]) button').first.click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    return device, key


def an_hour_passes(page: Page, portal: Portal) -> None:
    """As if everything this browser proved was proved an hour ago."""
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] in SESSION_COOKIES)
    kept = f"__import__('schools.sessionstore', fromlist=['x']).SessionStore({key!r})"
    older = "[dict(one, at=one['at'] - 3600) for one in kept['account_authentication_methods']]"
    told = portal.ask(
        f"[(kept.update({{'account_authentication_methods': {older}}}), kept.save()) for kept in [{kept}]]"
    )
    assert told == "[(None, None)]"


def test_a_note_that_was_typed_is_kept_after_a_passkey_confirmed_who_it_is(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    with_a_passkey(page, portal, "gezamenlijke")
    moment = portal.ask("ContactMoment.objects.filter(clb_notes__isnull=False).latest('pk').pk")
    page.goto(portal.url(f"/school/contactmomenten/{moment}/"))
    page.locator('#clb textarea[name="text"]').fill("Dit mag niet verloren gaan.")
    choice = page.locator('#clb select[name="centre"]')
    if choice.count():
        choice.select_option(index=1)
    an_hour_passes(page, portal)
    page.locator("#clb form button[type=submit]").click()
    page.locator("#confirm_passkey").click()
    page.wait_for_url(re.compile(f"/school/contactmomenten/{moment}/$"))
    expect(page.locator("#clb")).to_contain_text("Dit mag niet verloren gaan.")
    page.context.close()


def test_a_head_adds_a_passkey_and_signs_in_with_it(portal: Portal, chromium: Browser) -> None:
    page = new_page(chromium)
    device, key = with_a_passkey(page, portal, "directie-go")
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
