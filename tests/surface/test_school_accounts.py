"""Signing in with a school account, tried with a real issuer: who comes in, after which proof, and how it fails."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from ingroeibloei.schoolaccounts import school_accounts
from schools.models import AuditEntry, User
from schools.services import staffing
from tests.cast import Cast, staff_browser
from tests.surface.accounts import LOGIN, is_in, sign_in
from tests.surface.issuer import Issuer, running
from tests.surface.rows import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_cache")]

SET_OUT = reverse("school_account_login", args=["kersenboom"])
LINK = reverse("school_account_link", args=["kersenboom"])
UNLINK = reverse("school_account_unlink", args=["kersenboom"])
ACCOUNT, WEEK = reverse("own_account"), reverse("my_week")
CODE_PAGE = reverse("mfa_authenticate")


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running() as one:
        yield one


@pytest.fixture(scope="module")
def other_issuer() -> Iterator[Issuer]:
    """Its tokens have expired when it gives them."""
    with running("--token-max-age", "-120") as one:
        yield one


@pytest.fixture
def trust(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Trust an issuer, with more words of its entry, as the file of the operator says it."""

    def carry_out(issuer: Issuer, **more: Any) -> None:
        entry = {"id": "kersenboom", "name": "De Kersenboom", "issuer": issuer.address, "client_id": "portaal"}
        path = tmp_path / "school_accounts.json"
        path.write_text(json.dumps([{**entry, "client_secret": "geheim", **more}]))
        monkeypatch.setenv("SCHOOL_ACCOUNTS", str(path))
        settings.SOCIALACCOUNT_PROVIDERS = {"school_account": {"APPS": school_accounts(production=False)}}

    return carry_out


@pytest.fixture
def griet(teacher: User, issuer: Issuer, trust: Any, settings: Any) -> tuple[User, str]:
    """A teacher with a password and a code app, and an account at the trusted issuer; the app's secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(teacher, secret)
    issuer.person("griet", email=teacher.email, email_verified=True, name="Griet")
    trust(issuer)
    return teacher, secret


def show_code(client: Client, secret: str) -> Any:
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    return client.post(CODE_PAGE, {"code": code})


def come_back(client: Client, issuer: Issuer, subject: str, start: str = SET_OUT, **more: Any) -> Any:
    """All the way to the issuer and back."""
    sent = client.post(start)
    assert sent.status_code == 302, sent.content.decode()[:400]
    return client.get(issuer.sign_in(subject, sent.headers["Location"], **more), follow=False)


def said(client: Client, answer: Any) -> str:
    """The page to which an answer leads."""
    return client.get(answer.headers["Location"], follow=True).content.decode()


def bound(client: Client, issuer: Issuer, griet: tuple[User, str], subject: str = "griet") -> None:
    """The first time: the school account, then the proof."""
    come_back(client, issuer, subject)
    sign_in(client, griet[0].email)
    show_code(client, griet[1])


class TestComingIn:
    def test_the_first_time_it_is_bound_after_password_and_second_factor(
        self, griet: tuple[User, str], issuer: Issuer
    ) -> None:
        client = Client()
        first = come_back(client, issuer, "griet")
        assert first.headers["Location"] == LOGIN
        assert not is_in(client)
        assert not SocialAccount.objects.exists()
        sign_in(client, griet[0].email)
        assert not SocialAccount.objects.exists(), "a password alone is no proof"
        assert "De Kersenboom" in said(client, show_code(client, griet[1]))
        row = SocialAccount.objects.get()
        assert (row.user, row.provider, row.extra_data) == (griet[0], "kersenboom", {})
        assert "griet" not in row.uid
        assert not SocialToken.objects.exists()
        assert AuditEntry.objects.filter(verb="linked a school account", actor=griet[0]).count() == 1

    def test_from_then_on_it_stands_for_the_password_and_our_second_factor_is_asked(
        self, griet: tuple[User, str], issuer: Issuer
    ) -> None:
        bound(Client(), issuer, griet)
        client = Client()
        answer = come_back(client, issuer, "griet")
        assert answer.headers["Location"].startswith(CODE_PAGE)
        assert not is_in(client)
        totp_row = Authenticator.objects.get(user=griet[0], type="totp")
        totp_row.delete()
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(griet[0], secret)  # a code counts once
        show_code(client, secret)
        assert client.get(WEEK).status_code == 200

    def test_without_a_second_factor_it_is_set_up_first(self, griet: tuple[User, str], issuer: Issuer) -> None:
        bound(Client(), issuer, griet)
        Authenticator.objects.filter(user=griet[0]).delete()
        client = Client()
        come_back(client, issuer, "griet")
        assert client.get(WEEK).headers["Location"] == reverse("mfa_activate_totp")

    @pytest.mark.parametrize(
        ("claims", "comes_in", "is_fresh"),
        [
            ({"amr": ["pwd", "mfa"], "auth_time": "now"}, True, True),
            ({"amr": ["pwd", "mfa"], "auth_time": 1}, True, False),
            ({"amr": ["mfa"], "auth_time": "gisteren"}, True, False),
            ({"acr": "https://refeds.org/profile/mfa"}, True, True),
            ({"amr": ["pwd"]}, False, False),
            ({"amr": "mfa"}, False, False),
            ({"acr": "urn:pwd"}, False, False),
            ({}, False, False),
        ],
    )
    def test_the_issuer_s_second_factor_counts_only_when_the_institution_says_so(
        self,
        griet: tuple[User, str],
        issuer: Issuer,
        trust: Any,
        claims: dict[str, Any],
        comes_in: bool,
        is_fresh: bool,
    ) -> None:
        bound(Client(), issuer, griet)
        if claims.get("auth_time") == "now":
            claims = {**claims, "auth_time": int(time.time())}
        issuer.person("griet", email=griet[0].email, email_verified=True, **claims)
        untrusted = Client()
        come_back(untrusted, issuer, "griet")
        assert not is_in(untrusted)
        trust(issuer, trusted_amr=["mfa"], trusted_acr=["https://refeds.org/profile/mfa"])
        client = Client()
        come_back(client, issuer, "griet")
        assert is_in(client) == comes_in
        if comes_in:
            assert client.get(WEEK).status_code == 200
            asked = client.post(reverse("own_session_end")).status_code
            assert asked == 302
            assert (client.post(UNLINK).status_code == 302) == is_fresh, "what needs a fresh proof asks ours"

    def test_the_sign_in_page_has_its_button_and_may_lead_there(self, griet: tuple[User, str], issuer: Issuer) -> None:
        answer = Client().get(f"{LOGIN}?next={WEEK}")
        page = answer.content.decode()
        assert "De Kersenboom" in page
        assert SET_OUT in page
        assert f"form-action 'self' {issuer.address};" in f"{answer.headers['Content-Security-Policy']};"

    def test_it_leads_on_to_the_page_that_was_wanted_and_nowhere_else(
        self, griet: tuple[User, str], issuer: Issuer, trust: Any
    ) -> None:
        bound(Client(), issuer, griet)
        trust(issuer, trusted_amr=["mfa"])
        issuer.person("griet", email=griet[0].email, email_verified=True, amr=["mfa"])
        for wanted, reached in ((ACCOUNT, ACCOUNT), ("https://elders.example/", reverse("home"))):
            client = Client()
            sent = client.post(SET_OUT, {"next": wanted})
            answer = client.get(issuer.sign_in("griet", sent.headers["Location"]))
            assert answer.headers["Location"] == reached

    def test_without_the_setting_there_is_no_such_way(self, db: None) -> None:
        assert "schoolaccount" not in Client().get(LOGIN).content.decode()
        for url in (SET_OUT, reverse("school_account_callback", args=["kersenboom"])):
            assert Client().post(url).status_code in {404, 405}
        assert Client().get(reverse("school_account_callback", args=["kersenboom"])).status_code == 404


class TestAttacks:
    @pytest.mark.parametrize("verified", [False, None, "true"])
    def test_an_address_that_nobody_verified_opens_nothing(
        self, griet: tuple[User, str], issuer: Issuer, verified: object
    ) -> None:
        more = {} if verified is None else {"email_verified": verified}
        issuer.person("dief", email=griet[0].email, **more)
        client = Client()
        assert "bevestigt niet dat je e-mailadres klopt" in said(client, come_back(client, issuer, "dief"))
        sign_in(client, griet[0].email)
        show_code(client, griet[1])
        assert not SocialAccount.objects.exists()

    def test_an_issuer_that_does_not_say_counts_for_its_own_domain(
        self, griet: tuple[User, str], issuer: Issuer, trust: Any
    ) -> None:
        trust(issuer, domains=[griet[0].email.split("@")[1]])
        issuer.person("zwijgt", email=griet[0].email)
        bound(Client(), issuer, griet, "zwijgt")
        assert SocialAccount.objects.count() == 1

    def test_a_stranger_hears_the_same_as_a_colleague_and_comes_no_further(
        self, griet: tuple[User, str], issuer: Issuer
    ) -> None:
        issuer.person("vreemd", email="niemand@elders.example", email_verified=True)
        known, unknown = Client(), Client()
        answers = [come_back(known, issuer, "griet"), come_back(unknown, issuer, "vreemd")]
        assert {answer.headers["Location"] for answer in answers} == {LOGIN}
        words = [said(client, answer) for client, answer in zip((known, unknown), answers, strict=True)]
        assert all("Meld je één keer aan" in page for page in words)
        assert User.objects.filter(email="niemand@elders.example").count() == 0
        sign_in(unknown, griet[0].email)
        show_code(unknown, griet[1])
        assert not SocialAccount.objects.exists(), "another address than the account's is not bound"

    def test_another_person_with_the_same_address_does_not_come_in(
        self, griet: tuple[User, str], issuer: Issuer
    ) -> None:
        """The school gave the address to the next colleague."""
        bound(Client(), issuer, griet)
        issuer.person("opvolger", email=griet[0].email, email_verified=True)
        client = Client()
        assert come_back(client, issuer, "opvolger").headers["Location"] == LOGIN
        assert not is_in(client)
        owner = Client()
        come_back(owner, issuer, "opvolger")
        sign_in(owner, griet[0].email)
        Authenticator.objects.filter(user=griet[0], type="totp").delete()
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(griet[0], secret)
        assert "Maak dat eerst los" in said(owner, show_code(owner, secret))
        assert SocialAccount.objects.count() == 1

    def test_the_same_subject_of_another_issuer_is_somebody_else(
        self, griet: tuple[User, str], issuer: Issuer, trust: Any
    ) -> None:
        bound(Client(), issuer, griet)
        with running() as elsewhere:
            elsewhere.person("griet", email=griet[0].email, email_verified=True)
            trust(elsewhere)
            client = Client()
            assert come_back(client, elsewhere, "griet").headers["Location"] == LOGIN
            assert not is_in(client)

    def test_an_issuer_that_calls_itself_otherwise_is_not_followed(
        self, griet: tuple[User, str], issuer: Issuer, settings: Any
    ) -> None:
        (app,) = settings.SOCIALACCOUNT_PROVIDERS["school_account"]["APPS"]
        app["settings"]["issuer"] = "https://login.kersenboom.example"
        client = Client()
        answer = client.post(SET_OUT)
        assert answer.headers["Location"] == LOGIN
        assert "niet te vertrouwen" in said(client, answer)

    def test_a_key_of_another_issuer_signs_nothing(
        self, griet: tuple[User, str], issuer: Issuer, settings: Any
    ) -> None:
        bound(Client(), issuer, griet)
        with running() as elsewhere:
            (app,) = settings.SOCIALACCOUNT_PROVIDERS["school_account"]["APPS"]
            app["settings"]["openid_configuration_overrides"] = {"jwks_uri": f"{elsewhere.address}/jwks"}
            self._refused(issuer, "griet")

    def test_an_answer_is_taken_once_and_by_the_browser_that_asked(
        self, griet: tuple[User, str], issuer: Issuer
    ) -> None:
        bound(Client(), issuer, griet)
        client = Client()
        back = issuer.sign_in("griet", client.post(SET_OUT).headers["Location"])
        thief = Client()
        assert "te oud of werd al gebruikt" in said(thief, thief.get(back))
        assert client.get(back).headers["Location"].startswith(CODE_PAGE)
        again = client.get(back)
        assert again.headers["Location"] == LOGIN
        assert not is_in(client)
        assert not is_in(thief)

    def test_a_token_without_the_nonce_of_this_sign_in_is_refused(
        self, griet: tuple[User, str], issuer: Issuer
    ) -> None:
        bound(Client(), issuer, griet)
        self._refused(issuer, "griet", without="nonce")

    def test_what_the_issuer_gives_opens_nothing_without_what_stayed_here(self, griet: tuple[User, str]) -> None:
        sent = dict(parse_qsl(urlsplit(Client().post(SET_OUT).headers["Location"]).query))
        assert sent["code_challenge_method"] == "S256"
        assert len(sent["code_challenge"]) >= 43
        assert sent["state"]
        assert sent["nonce"]

    def test_a_token_that_expired_is_refused(self, griet: tuple[User, str], other_issuer: Issuer, trust: Any) -> None:
        trust(other_issuer)
        other_issuer.person("griet", email=griet[0].email, email_verified=True)
        self._refused(other_issuer, "griet")

    def test_who_stops_at_the_issuer_may_begin_again(self, griet: tuple[User, str], issuer: Issuer) -> None:
        client = Client()
        sent = client.post(SET_OUT).headers["Location"]
        denied = requests.post(sent, data={"action": "deny"}, allow_redirects=False, timeout=10)
        back = denied.headers["Location"].removeprefix("http://testserver")
        if "state=" not in back:
            back += "&state=" + sent.split("state=")[1].split("&")[0]
        assert "gestopt" in said(client, client.get(back))

    def test_an_issuer_that_is_away_leaves_the_password(self, griet: tuple[User, str], trust: Any) -> None:
        trust(Issuer("http://127.0.0.1:9"))
        client = Client()
        answer = client.post(SET_OUT)
        assert answer.headers["Location"] == LOGIN
        assert "antwoordt nu niet" in said(client, answer)

    def test_nothing_of_a_person_is_logged(
        self, griet: tuple[User, str], issuer: Issuer, caplog: pytest.LogCaptureFixture
    ) -> None:
        self._refused(issuer, "griet", without="nonce")
        assert "kersenboom" in caplog.text
        assert griet[0].email not in caplog.text

    @staticmethod
    def _refused(issuer: Issuer, subject: str, **more: str) -> None:
        client = Client()
        answer = come_back(client, issuer, subject, **more)
        assert answer.headers["Location"] == LOGIN
        assert "niet te vertrouwen" in said(client, answer)
        assert not is_in(client)
        assert "school_account_waiting" not in client.session


class TestLinkingAndUnlinking:
    def test_on_the_own_page_by_who_showed_the_second_factor(self, griet: tuple[User, str], issuer: Issuer) -> None:
        issuer.person("ander-adres", email="griet@elders.example", email_verified=True)
        assert staff_browser(griet[0], minutes_ago=60).post(LINK).status_code == 422
        client, elsewhere = staff_browser(griet[0]), staff_browser(griet[0])
        assert come_back(client, issuer, "ander-adres", LINK).headers["Location"] == ACCOUNT
        assert UNLINK in client.get(ACCOUNT).content.decode()
        assert not is_in_still(elsewhere), "what guards the account changed"
        assert staff_browser(griet[0], minutes_ago=60).post(UNLINK).status_code == 422
        client.post(UNLINK)
        assert not SocialAccount.objects.exists()
        stranger = Client()
        come_back(stranger, issuer, "ander-adres")
        assert not is_in(stranger)

    def test_one_that_is_another_s_is_not_taken_over(self, griet: tuple[User, str], issuer: Issuer, cast: Cast) -> None:
        bound(Client(), issuer, griet)
        client = cast.client("teacher_1a")
        assert "van iemand anders" in said(client, come_back(client, issuer, "griet", LINK))
        assert SocialAccount.objects.get().user == griet[0]

    def test_the_only_way_in_is_not_let_go(self, griet: tuple[User, str], issuer: Issuer) -> None:
        bound(Client(), issuer, griet)
        griet[0].set_unusable_password()
        griet[0].save()
        client = staff_browser(griet[0])
        assert escape("Het is je enige weg naar binnen") in said(client, client.post(UNLINK))
        assert SocialAccount.objects.count() == 1

    def test_it_goes_with_a_second_factor_that_two_take_away(
        self, griet: tuple[User, str], issuer: Issuer, cast: Cast, rows: Rows
    ) -> None:
        bound(Client(), issuer, griet)
        staffing.confirm_factor_reset(reset=rows.factor_reset, by=cast.staff["care"])
        assert not SocialAccount.objects.exists()

    def test_a_closed_account_stays_closed(self, griet: tuple[User, str], issuer: Issuer) -> None:
        bound(Client(), issuer, griet)
        User.objects.filter(pk=griet[0].pk).update(is_active=False)
        client = Client()
        come_back(client, issuer, "griet")
        show_code(client, griet[1])
        assert not is_in(client)


def is_in_still(client: Client) -> bool:
    return bool(client.get(ACCOUNT).status_code == 200)
