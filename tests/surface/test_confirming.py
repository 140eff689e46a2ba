"""It is still you: names that leave, signatures and CLB notes ask for a proof of the last minutes."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import get_resolver, reverse

from parents.models import CLBNote
from parents.sealing import make_key
from parents.services import write_clb_note
from schools.models import AuditEntry, FactorReset, Session, User
from schools.sessionstore import stored_key
from tests.cast import Cast
from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_cache")]

FILES = {
    "breach_csv", "class_list_file", "clb_file_csv", "clb_pupil_csv", "clb_pupil_pdf",
    "interpreter_sheet_csv", "notice_export", "data_request_export",
    "letter_batch_pdf",
}  # fmt: skip
FORMS = {
    "clb_note_new", "factor_reset_ask", "factor_reset_decide", "report_sign", "school_account_link",
    "school_account_unlink",
}  # fmt: skip
SHOW = reverse("mfa_reauthenticate")
SECRET = "Vertrouwelijk: de vader weet hier niets van.\nTweede regel <b>"


def with_code_app(user: User) -> str:
    """The secret of a new code app; recovery codes too."""
    Authenticator.objects.filter(user=user).delete()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def hidden_fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_these_and_no_others_ask() -> None:
    asking = {
        key for key, *_rest in get_resolver().reverse_dict.items() if getattr(key, "asks_proof", False)
    }  # views themselves are keys beside names
    assert {view.__name__ for view in asking} == FILES | FORMS


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_with_names_asks_first_and_leads_back_to_its_page(rows: Rows, name: str) -> None:
    route, entries = STAFF[name], AuditEntry.objects.count()
    address = reverse(name, args=route.arguments(rows)) + route.query(rows)
    key = "joint" if "joint" in route.rows else min(route.rows)
    stale = rows.cast.client(key, minutes_ago=16)
    page = "/school/gezinnen/?q=a&blad=2"
    asked = stale.get(address, headers={"referer": f"http://testserver{page}"})
    assert asked.headers["Location"] == f"{SHOW}?next=%2Fschool%2Fgezinnen%2F%3Fq%3Da%26blad%3D2"
    for elsewhere in ("https://elders.example/school/x/", "//elders.example/school/", ""):
        asked = stale.get(address, headers={"referer": elsewhere})
        assert asked.headers["Location"].startswith(f"{SHOW}?next=%2Fschool%2F")
        assert "elders" not in asked.headers["Location"]
    assert AuditEntry.objects.count() == entries, "nothing was read yet"
    fresh = rows.cast.client(key, minutes_ago=14).get(address)
    assert SHOW not in fresh.headers.get("Location", "")


def test_the_time_is_the_institution_s(rows: Rows, settings: Any) -> None:
    address = reverse("class_list_file", args=STAFF["class_list_file"].arguments(rows))
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
    assert rows.cast.client("teacher_3b", minutes_ago=6).get(address).status_code == 302
    assert rows.cast.client("teacher_3b", minutes_ago=4).get(address).status_code == 200


def test_a_proof_of_an_hour_that_has_not_come_is_none(rows: Rows) -> None:
    """A clock was ahead that is set right since."""
    address = reverse("class_list_file", args=STAFF["class_list_file"].arguments(rows))
    assert rows.cast.client("teacher_3b", minutes_ago=-60).get(address).status_code == 302


def test_who_may_not_come_in_is_asked_nothing(rows: Rows) -> None:
    address = reverse("class_list_file", args=STAFF["class_list_file"].arguments(rows))
    assert rows.cast.client("translator", minutes_ago=60).get(address).status_code == 403


class TestSealedNotes:
    """The CLB's own layer of a talk."""

    @pytest.fixture
    def address(self, cast: Cast, clb_keys: Any) -> str:
        make_key(cast.centres["vclb"])
        write_clb_note(
            contact_moment=cast.moments["gate"], centre=cast.centres["vclb"], text=SECRET, author=cast.staff["clb_vclb"]
        )
        return reverse("contact_detail", args=[cast.moments["gate"].pk])

    def test_they_stay_closed_on_a_page_that_was_left(self, cast: Cast, address: str) -> None:
        stale = cast.client("clb_vclb", minutes_ago=60).get(address)
        page = stale.content.decode()
        assert stale.status_code == 200
        assert "de vader weet" not in page
        assert f"{SHOW}?next=" in page
        assert not AuditEntry.objects.filter(target_kind="parents.clbnote", verb="read").exists()
        assert "de vader weet" in cast.client("clb_vclb").get(address).content.decode()

    def test_a_note_that_was_typed_is_not_lost(self, cast: Cast, address: str) -> None:
        user = cast.staff["clb_vclb"]
        secret = with_code_app(user)
        client = cast.client("clb_vclb", minutes_ago=60)
        url = reverse("clb_note_new", args=[cast.moments["gate"].pk])
        typed = {"text": SECRET.replace("weet", "hoort"), "centre": str(cast.centres["vclb"].pk)}
        asked = client.post(url, typed)
        assert asked.status_code == 422
        kept = hidden_fields(asked.content.decode())
        assert kept == typed
        session = Session.objects.get(pk=stored_key(client.session.session_key))
        assert "hoort" not in str(session.get_decoded()), "not in the database in the clear"
        wrong = client.post(url, {**kept, "proof-code": "000000"})
        assert hidden_fields(wrong.content.decode()) == typed
        assert CLBNote.objects.count() == 1
        done = client.post(url, {**kept, "proof-code": code_of(secret)})
        assert done.status_code == 302
        assert CLBNote.objects.count() == 2
        assert "de vader hoort" in client.get(address).content.decode(), "the proof holds for what comes next"

    def test_a_recovery_code_proves_it_too(self, cast: Cast, address: str) -> None:
        user = cast.staff["clb_vclb"]
        with_code_app(user)
        spare = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
        client = cast.client("clb_vclb", minutes_ago=60)
        url = reverse("clb_note_new", args=[cast.moments["gate"].pk])
        body = {"text": "Kort.", "centre": str(cast.centres["vclb"].pk), "proof-code": spare}
        assert client.post(url, body).status_code == 302
        assert CLBNote.objects.count() == 2


def test_who_has_a_passkey_shows_that(cast: Cast) -> None:
    user = cast.staff["head"]
    Authenticator.objects.filter(user=user).delete()
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Laptop", "credential": {}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("schools.confirming.passkeys.begin_authentication", lambda _user: {"publicKey": {}})
        address = reverse("factor_reset_ask", args=[cast.staff["teacher_3b"].pk])
        asked = cast.client("head", minutes_ago=60).post(address)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert 'id="confirm_passkey"' in page
    assert "proof-code" not in page


def test_another_s_second_factor_is_not_asked_away_at_a_screen_that_was_left(cast: Cast) -> None:
    colleague = cast.staff["teacher_1a"]
    address = reverse("factor_reset_ask", args=[colleague.pk])
    assert cast.client("head", minutes_ago=60).post(address).status_code == 422
    assert not FactorReset.objects.filter(user=colleague).exists()
    assert cast.client("head").post(address).status_code == 302
    assert FactorReset.objects.filter(user=colleague).count() == 1


def test_the_proof_is_of_the_own_account(cast: Cast) -> None:
    with_code_app(cast.staff["head"])
    others = with_code_app(cast.staff["care"])
    colleague = cast.staff["teacher_1a"]
    client: Client = cast.client("head", minutes_ago=60)
    address = reverse("factor_reset_ask", args=[colleague.pk])
    assert client.post(address, {"proof-code": code_of(others)}).status_code == 422
    assert not FactorReset.objects.filter(user=colleague).exists()
