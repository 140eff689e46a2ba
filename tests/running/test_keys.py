"""A key is replaced and what was promised goes on; what hangs on an older one is counted, and sealed anew."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from ingroeibloei.operating import placed
from ingroeibloei.operating.findings import Finding
from messaging.models import Channel, Delivery
from messaging.tokens import (
    delivery_named,
    delivery_of,
    delivery_of_short_code,
    is_receipt_signature,
    mail_signature,
    make_token,
    receipt_signature,
    short_code,
)
from parents.sealing import make_key
from parents.services import read_clb_note, write_clb_note
from schools import devices
from schools.invitations import invitation_of, token_of
from schools.models import User
from schools.services import staffing
from tests.cast import Cast, staff_browser
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

LOST = "de sleutel waarmee het portaal codes bewaart, is er niet meer"
NEW = "a-new-key-of-the-portal-0123456789abcdef"


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("keys", *options, stdout=out)
    return out.getvalue()


def doctor() -> dict[str, Finding]:
    return {finding.code: finding for finding in placed.look()}


def replace_secret_key(settings: Any, *, keep: bool = True) -> None:
    earlier = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [earlier] if keep else []


def code_of(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def secret(cast: Cast) -> str:
    """Of the teacher's code app."""
    teacher = cast.staff["teacher_3b"]
    Authenticator.objects.filter(user=teacher).delete()
    made = totp.generate_totp_secret()
    totp.TOTP.activate(teacher, made)
    RecoveryCodes.activate(teacher)
    return made


class TestSecondFactors:
    def test_a_copy_of_the_database_signs_nobody_in(self, cast: Cast, secret: str) -> None:
        kept = str(list(Authenticator.objects.filter(user=cast.staff["teacher_3b"]).values_list("data", flat=True)))
        assert secret not in kept
        seed = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
        assert seed not in kept

    def test_they_go_on_under_a_new_key_and_are_sealed_by_it(self, cast: Cast, secret: str, settings: Any) -> None:
        replace_secret_key(settings)
        row = Authenticator.objects.get(user=cast.staff["teacher_3b"], type="totp")
        assert totp.TOTP(row).validate_code(code_of(secret))
        assert "need an earlier one; run --reseal" in said()
        told = said("--reseal")
        assert "no second factor needs an earlier one" in told
        settings.SECRET_KEY_FALLBACKS = []
        row.refresh_from_db()
        assert totp.decrypt(row.data["secret"]) == secret
        assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
        assert "Sealed anew: 0 second factors" in said("--reseal")

    def test_without_the_earlier_key_they_are_lost_and_that_is_said(
        self, cast: Cast, secret: str, settings: Any
    ) -> None:
        replace_secret_key(settings, keep=False)
        row = Authenticator.objects.get(user=cast.staff["teacher_3b"], type="totp")
        with pytest.raises(InvalidToken):
            totp.decrypt(row.data["secret"])
        number = Authenticator.objects.exclude(type="webauthn").count()
        assert f"No key that is here opens {number} second factors" in said("--reseal")
        assert f"Geen sleutel van hier opent {number} tweede factoren" in doctor()["second factors"].words

    def test_the_doctor_says_nothing_of_what_opens(self, cast: Cast, secret: str, settings: Any) -> None:
        replace_secret_key(settings)
        assert "second factors" not in doctor()

    def test_who_types_a_code_reads_why_it_does_not_help(self, cast: Cast, secret: str, settings: Any) -> None:
        teacher = cast.staff["teacher_3b"]
        teacher.set_password("een-goed-wachtwoord-7")
        teacher.save()
        replace_secret_key(settings, keep=False)
        client, code = Client(), code_of(secret)
        client.post(reverse("account_login"), {"login": teacher.email, "password": "een-goed-wachtwoord-7"})
        page = client.post(reverse("mfa_authenticate"), {"code": code})
        assert LOST in text_of(page)
        again = staff_browser(teacher, minutes_ago=600)
        assert LOST in text_of(again.post(reverse("mfa_reauthenticate"), {"code": code}))

    @pytest.mark.parametrize("new", ["codes", "app"])
    def test_what_was_made_anew_opens_beside_what_is_lost(
        self, cast: Cast, secret: str, settings: Any, new: str
    ) -> None:
        teacher = cast.staff["teacher_3b"]
        teacher.set_password("een-goed-wachtwoord-7")
        teacher.save()
        replace_secret_key(settings, keep=False)
        Authenticator.objects.filter(user=teacher, type="recovery_codes" if new == "codes" else "totp").delete()
        if new == "codes":
            code, second = RecoveryCodes.activate(teacher).get_unused_codes()[:2]
        else:
            totp.TOTP.activate(teacher, made := totp.generate_totp_secret())
            code, second = code_of(made), ""
        client = Client()
        client.post(reverse("account_login"), {"login": teacher.email, "password": "een-goed-wachtwoord-7"})
        assert LOST in text_of(client.post(reverse("mfa_authenticate"), {"code": "00000000"}))
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
        assert client.session[SESSION_KEY] == str(teacher.pk)
        if second:
            again = staff_browser(teacher, minutes_ago=600)
            assert again.post(reverse("mfa_reauthenticate"), {"code": second}).status_code == 302
            assert LOST in text_of(again.post(reverse("mfa_reauthenticate"), {"code": second})), "used once"

    def test_who_came_in_with_a_passkey_makes_new_recovery_codes(self, cast: Cast, secret: str, settings: Any) -> None:
        replace_secret_key(settings, keep=False)
        client = staff_browser(cast.staff["teacher_3b"])
        session = client.session
        proved = {"method": "mfa", "type": "webauthn", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [proved]
        session.save()
        new = reverse("mfa_generate_recovery_codes")
        for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
            assert client.get(reverse(name)).headers["Location"] == new
        assert client.get(new).status_code == 200
        assert client.post(new).status_code == 302
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


class TestSessionsAndLinksOfColleagues:
    def test_a_session_goes_on_as_long_as_the_earlier_key_is_kept(self, cast: Cast, settings: Any) -> None:
        client = cast.client("teacher_3b")
        replace_secret_key(settings)
        assert client.get(reverse("own_account")).status_code == 200
        settings.SECRET_KEY_FALLBACKS = []
        other = Client()
        other.cookies = client.cookies
        assert SESSION_KEY in other.session, "it was written anew by the new key"

    def test_one_that_is_unknown_to_the_new_key_ends(self, cast: Cast, settings: Any) -> None:
        client = cast.client("teacher_3b")
        replace_secret_key(settings, keep=False)
        assert client.get(reverse("own_account")).status_code == 302

    @pytest.mark.parametrize("keep", [True, False])
    def test_an_invitation_s_link(self, cast: Cast, settings: Any, keep: bool) -> None:
        user = User.objects.create_user("noor@kersenboom.example", None, full_name="Noor Willems")
        token = token_of(staffing.invite(user=user, by=cast.staff["head"]))
        replace_secret_key(settings, keep=keep)
        assert (invitation_of(token) is not None) == keep

    @pytest.mark.parametrize("keep", [True, False])
    def test_a_known_device(self, cast: Cast, settings: Any, rf: Any, keep: bool) -> None:
        client = cast.client("teacher_3b")
        client.get(reverse("own_account"))
        replace_secret_key(settings, keep=keep)
        request = rf.get("/")
        request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
        assert bool(devices.device_for(request, cast.staff["teacher_3b"].email)) == keep


class TestLinksOfNotices:
    @pytest.fixture
    def delivery(self, cast: Cast) -> Delivery:
        return delivery_to(sent(cast), cast, "mother")

    @pytest.mark.parametrize("keep", [True, False])
    def test_every_kind_opens_while_the_earlier_key_is_kept(
        self, delivery: Delivery, settings: Any, keep: bool
    ) -> None:
        Delivery.objects.filter(pk=delivery.pk).update(channel=Channel.LETTER, contact_point=None)
        letter = Delivery.objects.get(pk=delivery.pk)
        token, code = make_token(letter), short_code(letter)
        receipt, name = receipt_signature(letter.pk), f"<d{letter.pk}.1.{mail_signature(letter.pk, 1)}@x>"
        earlier = settings.NOTICE_LINK_KEY
        settings.NOTICE_LINK_KEY, settings.NOTICE_LINK_KEY_FALLBACKS = NEW, [earlier] if keep else []
        opened = [delivery_of(token), delivery_of_short_code(code), delivery_named(name)]
        assert [found is not None for found in opened] == [keep] * 3
        assert is_receipt_signature(letter.pk, receipt) == keep
        assert delivery_of(make_token(letter)) == letter, "new links are signed by the new key"
        assert delivery_of_short_code(short_code(letter)) == letter
        assert f"{int(keep)} earlier keys open what they signed" in said()

    def test_a_revoked_link_stays_revoked_under_every_key(self, delivery: Delivery, settings: Any) -> None:
        token = make_token(delivery)
        settings.NOTICE_LINK_KEY, settings.NOTICE_LINK_KEY_FALLBACKS = NEW, [settings.NOTICE_LINK_KEY]
        Delivery.objects.filter(pk=delivery.pk).update(token_version=delivery.token_version + 1)
        assert delivery_of(token) is None


class TestNotesOfACentre:
    def test_they_are_sealed_by_the_next_key_and_the_first_may_go(self, cast: Cast, clb_keys: Any) -> None:
        centre, writer = cast.centres["vclb"], cast.staff["clb_vclb"]
        make_key(centre)
        note = write_clb_note(contact_moment=cast.moments["gate"], centre=centre, text="Eerste.", author=writer)
        make_key(centre)
        later = write_clb_note(contact_moment=cast.moments["gate"], centre=centre, text="Tweede.", author=writer)
        assert f"CLB notes: 1 of {centre.name} need an earlier key" in said()
        told = said("--reseal")
        assert "1 CLB notes" in told
        assert "need an earlier key of that centre" not in told
        (clb_keys / f"{centre.key_name}.1.key").unlink()
        for row, text in ((note, "Eerste."), (later, "Tweede.")):
            row.refresh_from_db()
            assert read_clb_note(note=row, reader=writer) == text

    def test_one_whose_key_is_gone_is_left_as_it_is(self, cast: Cast, clb_keys: Any) -> None:
        centre, writer = cast.centres["vclb"], cast.staff["clb_vclb"]
        make_key(centre)
        note = write_clb_note(contact_moment=cast.moments["gate"], centre=centre, text="Eerste.", author=writer)
        make_key(centre)
        (clb_keys / f"{centre.key_name}.1.key").unlink()
        assert "0 second factors and 1 CLB notes" in said("--reseal")
        before = bytes(note.sealed)
        note.refresh_from_db()
        assert (bytes(note.sealed), note.key_number) == (before, 1)


def test_the_ledger_s_key_is_told_of_before_it_is_too_late(settings: Any, db: None) -> None:
    settings.ERASURE_KEY = settings.SECRET_KEY
    assert "Give it that value in the environment before SECRET_KEY changes" in said()
    settings.ERASURE_KEY = NEW
    assert "Keep it for ever" in said()


def test_a_new_key_is_long_and_another_each_time(db: None) -> None:
    first, second = said("--new").strip(), said("--new").strip()
    assert len(first) >= 64
    assert first != second
