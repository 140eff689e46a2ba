"""The second factor: set up in one visit, asked of every session, and not taken away by whoever finds a screen open."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from ingroeibloei.templatetags.written import daydate
from schools import clock
from schools.middleware import DEMO_SESSION_KEY
from schools.models import User
from tests.cast import staff_browser
from tests.surface.accounts import LOGIN, PASSWORD, is_in, sign_in

pytestmark = pytest.mark.usefixtures("own_cache")

WEEK = reverse("my_week")
SET_UP = reverse("mfa_activate_totp")
SHOW = reverse("mfa_reauthenticate")
SHOW_PASSKEY = reverse("mfa_reauthenticate_webauthn")
CODES = reverse("mfa_view_recovery_codes")
A_QUARTER = 15 * 60


@pytest.fixture
def secret(teacher: User) -> str:
    """The code app of the teacher."""
    made = totp.generate_totp_secret()
    totp.TOTP.activate(teacher, made)
    RecoveryCodes.activate(teacher)
    return made


def code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def set_up_code_app(client: Client) -> Any:
    """Open the set-up page and type the first code."""
    secret = client.get(SET_UP).context["form"].secret
    return client.post(SET_UP, {"code": code(secret)})


def pass_time(client: Client, seconds: float) -> None:
    """As if everything this session proved was proved earlier."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def guarded_pages(user: User) -> list[str]:
    """Every page of allauth that shows or changes what guards an account."""
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Laptop"})
    names = ["deactivate_totp", "add_webauthn", "view_recovery_codes", "download_recovery_codes"]
    pages = [reverse(f"mfa_{name}") for name in [*names, "generate_recovery_codes"]]
    return [*pages, *(reverse(f"mfa_{name}_webauthn", args=[key.pk]) for name in ("remove", "edit"))]


def test_its_pages_speak_as_ours_do(teacher: User) -> None:
    """They are allauth's, whose own translation speaks to engineers."""
    client = Client()
    sign_in(client, teacher.email)
    assert "Je bent aangemeld als" in client.get(SET_UP).content.decode()
    set_up_code_app(client)
    page = client.get(reverse("mfa_index")).content.decode()
    assert [words in page for words in ("Tweede factor", "Code-app", "Passkeys", "Herstelcodes")] == [True] * 4
    assert not re.findall("beveiligingssleutel|twee-factor|middels|ingelogd|geactiveerd", page, re.IGNORECASE)


def test_a_passkey_gets_another_name_goes_and_the_list_says_so(teacher: User) -> None:
    client = Client()
    sign_in(client, teacher.email)
    set_up_code_app(client)
    key = Authenticator.objects.create(
        user=teacher, type="webauthn", data={"name": "Laptop", "credential": {}}, last_used_at=clock.now()
    )
    shown = reverse("mfa_list_webauthn")
    page = " ".join(client.get(shown).content.decode().split())
    assert "Laptop" in page
    assert f"laatst gebruikt {' '.join(daydate(clock.now(), 'year').split())}" in page
    renamed = client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Tablet"}, follow=True)
    assert (renamed.status_code, renamed.redirect_chain) == (200, [(shown, 302)])
    assert "Tablet" in renamed.content.decode()
    left = client.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True)
    assert (left.status_code, left.redirect_chain) == (200, [(shown, 302)])
    assert "Je hebt geen passkey." in left.content.decode()


class TestSettingUp:
    def test_a_new_colleague_comes_in_and_is_asked_nothing_twice(self, teacher: User) -> None:
        client = Client()
        sign_in(client, teacher.email)
        assert client.get(WEEK).headers["Location"] == SET_UP
        assert set_up_code_app(client).headers["Location"] == CODES
        codes = Authenticator.objects.get(user=teacher, type="recovery_codes").wrap().get_unused_codes()
        shown = client.get(CODES)
        assert shown.status_code == 200
        assert codes[0] in shown.content.decode()
        assert client.get(WEEK).status_code == 200

    def test_who_signed_in_long_ago_types_the_password_first(self, teacher: User) -> None:
        client = Client()
        sign_in(client, teacher.email)
        pass_time(client, A_QUARTER)
        asked = client.get(SET_UP)
        assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
        answer = client.post(asked.headers["Location"], {"password": PASSWORD, "next": SET_UP})
        assert answer.headers["Location"] == SET_UP
        assert set_up_code_app(client).headers["Location"] == CODES

    def test_a_wrong_code_sets_up_nothing(self, teacher: User) -> None:
        client = Client()
        sign_in(client, teacher.email)
        client.get(SET_UP)
        client.post(SET_UP, {"code": "abcdef"})
        assert not Authenticator.objects.filter(user=teacher).exists()
        assert client.get(WEEK).headers["Location"] == SET_UP

    def test_a_code_of_the_app_is_taken_once(self, teacher: User, secret: str) -> None:
        typed, colleague, who_looked_on = code(secret), Client(), Client()
        for client in (colleague, who_looked_on):
            sign_in(client, teacher.email)
            client.post(reverse("mfa_authenticate"), {"code": typed})
        assert (is_in(colleague), is_in(who_looked_on)) == (True, False)

    @pytest.mark.parametrize("url", [WEEK, CODES, reverse("mfa_index"), reverse("account_change_password")])
    def test_who_came_in_by_the_password_alone_is_out_when_the_colleague_has_a_factor(
        self, teacher: User, url: str
    ) -> None:
        """Somebody else knew the password, signed in first and waited."""
        thief, colleague = Client(), Client()
        for client in (thief, colleague):
            sign_in(client, teacher.email)
        set_up_code_app(colleague)
        assert thief.get(url).headers["Location"].startswith(LOGIN)
        assert not is_in(thief)
        assert colleague.get(url).status_code == 200


class TestChangingWhatGuardsAnAccount:
    def test_signing_in_a_minute_ago_is_no_proof(self, teacher: User, secret: str) -> None:
        client, pages = staff_browser(teacher, minutes_ago=1), guarded_pages(teacher)
        before = set(Authenticator.objects.values_list("pk", "created_at"))
        for url in pages:
            for answer in (client.get(url), client.post(url, {"name": "x"})):
                assert answer.status_code in {302, 405}, url
                if answer.status_code == 302:
                    assert answer.headers["Location"].startswith(SHOW), url
        assert set(Authenticator.objects.values_list("pk", "created_at")) == before

    def test_the_second_factor_is_one_for_a_quarter_of_an_hour(self, teacher: User, secret: str) -> None:
        client = staff_browser(teacher)
        answer = client.post(SHOW, {"code": code(secret), "next": CODES})
        assert answer.headers["Location"] == CODES
        assert client.get(CODES).status_code == 200
        pass_time(client, A_QUARTER)
        assert client.get(CODES).headers["Location"].startswith(SHOW)
        assert client.get(WEEK).status_code == 200, "the session itself goes on"

    def test_a_recovery_code_is_one_when_the_phone_is_lost(self, teacher: User, secret: str) -> None:
        client = staff_browser(teacher)
        spare = Authenticator.objects.get(user=teacher, type="recovery_codes").wrap().get_unused_codes()[0]
        client.post(SHOW, {"code": spare})
        client.post(reverse("mfa_deactivate_totp"))
        assert not Authenticator.objects.filter(user=teacher).exists()
        assert client.get(WEEK).headers["Location"] == SET_UP

    def test_the_password_is_none_for_who_has_a_second_factor(self, teacher: User, secret: str) -> None:
        client = staff_browser(teacher)
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": CODES})
        assert answer.headers["Location"].startswith(SHOW)
        assert client.get(CODES).headers["Location"].startswith(SHOW)

    def test_who_types_a_password_of_an_older_django_stays_signed_in(self, teacher: User, settings: Any) -> None:
        Authenticator.objects.filter(user=teacher).delete()
        client, before = staff_browser(teacher), teacher.password
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": SET_UP})
        teacher.refresh_from_db()
        assert teacher.password != before, "the hash is a new one"
        assert answer.headers["Location"] == SET_UP
        assert client.get(SET_UP).status_code == 200

    def test_who_has_only_a_passkey_is_led_to_its_page(self, teacher: User) -> None:
        Authenticator.objects.create(user=teacher, type="webauthn", data={"name": "Laptop"})
        client = staff_browser(teacher, minutes_ago=1)
        assert client.get(reverse("mfa_add_webauthn")).headers["Location"].startswith(SHOW_PASSKEY)
        assert client.get(SHOW).headers["Location"].startswith(SHOW_PASSKEY)

    def test_a_new_password_needs_the_present_one(self, teacher: User, secret: str) -> None:
        client, new = staff_browser(teacher), "Een-heel-ander-wachtwoord-9"
        url, words = reverse("account_change_password"), {"password1": new, "password2": new}
        for present in ("", "verkeerd-wachtwoord"):
            assert client.post(url, {**words, "oldpassword": present}).status_code == 200
            teacher.refresh_from_db()
            assert teacher.check_password(PASSWORD)
        client.post(url, {**words, "oldpassword": PASSWORD})
        teacher.refresh_from_db()
        assert teacher.check_password(new)

    def test_a_first_password_needs_the_second_factor(self, teacher: User, secret: str) -> None:
        teacher.set_unusable_password()
        teacher.save()
        client, new = staff_browser(teacher, minutes_ago=1), "Een-heel-ander-wachtwoord-9"
        url, words = reverse("account_set_password"), {"password1": new, "password2": new}
        for answer in (client.get(url), client.post(url, words)):
            assert answer.headers["Location"].startswith(SHOW)
        teacher.refresh_from_db()
        assert not teacher.has_usable_password()

    @pytest.mark.parametrize(
        "name", ["account_email", "account_signup", "account_confirm_email", "mfa_signup_webauthn"]
    )
    def test_addresses_are_changed_by_the_operator_only(self, name: str) -> None:
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_every_staff_page_stands_behind_the_second_factor() -> None:
    """The middleware goes by the address, so no page for staff may stand elsewhere."""

    def walk(resolver: URLResolver, before: str = "/") -> Any:
        for pattern in resolver.url_patterns:
            here = f"{before}{pattern.pattern}"
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, here)
            elif isinstance(pattern, URLPattern):
                yield here, pattern.callback

    of_staff = [here for here, view in walk(get_resolver()) if hasattr(view, "staff_roles")]
    assert len(of_staff) > 20
    assert [here for here in of_staff if not here.startswith("/school/")] == []


def test_the_demos_mark_opens_nothing_outside_a_demo(teacher: User) -> None:
    client = Client()
    sign_in(client, teacher.email)
    session = client.session
    session[DEMO_SESSION_KEY] = True
    session.save()
    answer = client.get(WEEK)
    assert (answer.status_code, answer.headers["Location"]) == (302, SET_UP)


def test_whoever_lost_the_phone_reads_at_the_code_what_to_do(teacher: User, secret: str) -> None:
    client = Client()
    page = client.get(sign_in(client, teacher.email)["Location"]).content.decode()
    assert "Is je telefoon kwijt of nieuw?" in page
    assert "Typ een van je herstelcodes" in page
    assert "Bel je directie" in page


def test_a_browser_that_waited_for_the_code_of_a_factor_taken_away_signs_in_anew(teacher: User, secret: str) -> None:
    """It stood at the code that its owner cannot give; two colleagues took the factor away meanwhile."""
    client = Client()
    assert sign_in(client, teacher.email)["Location"] == reverse("mfa_authenticate")
    assert client.get(LOGIN)["Location"] == reverse("mfa_authenticate"), (
        "a code that is still asked for is gone on with"
    )
    Authenticator.objects.filter(user=teacher).delete()
    teacher.set_password("Hoogstam-in-de-wei-28")
    teacher.save()
    assert client.get(reverse("mfa_authenticate"))["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200, "not from the one page to the other for ever"
    assert not is_in(client)
    sign_in(client, teacher.email, "Hoogstam-in-de-wei-28")
    assert is_in(client)


@pytest.mark.parametrize("page", ["account_set_password", "mfa_add_webauthn", "mfa_activate_totp"])
def test_who_comes_by_a_school_account_alone_proves_it_by_signing_in_anew(teacher: User, page: str) -> None:
    """A screen left open must not give its finder a password or passkey of their own; its owner reads what to do."""
    teacher.set_unusable_password()
    teacher.save()
    left_open = staff_browser(teacher, minutes_ago=16)
    answer = left_open.get(reverse(page))
    assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("account_logout"))
    words = left_open.get(reverse("account_logout")).content.decode()
    assert "Meld je af en weer aan met je schoolaccount; dan heb je er 15 minuten voor." in words
    assert staff_browser(teacher, minutes_ago=1).get(reverse(page)).status_code == 200
