"""Sessions end when they must: a new password, an assignment that ends, somebody else in the same browser."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parents import access
from schools import clock, sessions
from schools.keeping import carry_out
from schools.models import Assignment, AuditEntry, Session, User
from schools.retention import RULES
from schools.services import staffing
from schools.sessionstore import LAST_USED, stored_key
from schools.tasks import sign_out_who_left
from tests.cast import Cast, staff_browser
from tests.faults.meanwhile import before
from tests.surface.accounts import LOGIN, PASSWORD, is_in, sign_in
from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = pytest.mark.usefixtures("own_cache")


def test_signing_in_changes_the_sessions_key(teacher: Any) -> None:
    client = Client()
    client.get(f"{LOGIN}?taal=fr")
    before = client.session.session_key
    sign_in(client, teacher.email)
    assert is_in(client)
    assert before
    assert client.session.session_key != before
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert not is_in(fixed)


def test_signing_out_ends_the_session(teacher: Any) -> None:
    client = Client()
    sign_in(client, teacher.email)
    stolen = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_in(thief)


def test_a_new_password_ends_the_other_sessions(teacher: Any) -> None:
    client = Client()
    sign_in(client, teacher.email)
    assert client.get(reverse("account_logout")).status_code == 200
    teacher.set_password("Een-heel-ander-wachtwoord-9")
    teacher.save()
    assert client.get(reverse("my_week")).headers["Location"].startswith(LOGIN)


def _staff_pages(rows: Rows, key: str) -> list[str]:
    return [
        reverse(name, args=route.arguments(rows)) + route.query(rows)
        for name, route in STAFF.items()
        if route.method == "get" and key in route.rows
    ]


@pytest.mark.parametrize("key", ["teacher_3b", "joint"])
def test_an_assignment_that_ends_closes_every_page_at_once(rows: Rows, key: str) -> None:
    client = rows.cast.client(key)
    assert client.get(reverse("my_week")).status_code == 200
    Assignment.objects.current().filter(user=rows.cast.staff[key]).update(ends_on=clock.today() - timedelta(days=1))
    assert {client.get(url).status_code for url in _staff_pages(rows, key)} <= {403, 404}


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_session_that_is_ended_while_it_is_used_leads_to_the_sign_in(cast: Cast, is_sent: bool) -> None:
    """Not to a page that blames the address or the form: what was sent may well be saved."""
    head = cast.staff["head"]
    browser = staff_browser(head)
    unused = browser.session
    unused[LAST_USED] = (timezone.now() - 2 * sessions.SEEN_EVERY).isoformat()
    unused.save()
    page, form = reverse("family_list"), reverse("data_check_ask", args=[cast.schools["kersenboom"].pk, "taal"])
    with before("parents_family", lambda: sessions.end_all(head)):
        answer = browser.post(form) if is_sent else browser.get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{LOGIN}?next={'/' if is_sent else page}"


def test_a_deactivated_account_is_out_at_once(rows: Rows) -> None:
    client = rows.cast.client("teacher_3b")
    User.objects.filter(pk=rows.cast.staff["teacher_3b"].pk).update(is_active=False)
    for url in _staff_pages(rows, "teacher_3b"):
        answer = client.get(url)
        assert answer.status_code == 302, url
        assert answer.headers["Location"].startswith(LOGIN)


def test_a_deactivated_account_does_not_come_in(teacher: Any) -> None:
    teacher.is_active = False
    teacher.save()
    client = Client()
    sign_in(client, teacher.email)
    assert client.get(reverse("my_week")).headers["Location"].startswith(LOGIN)


def test_an_unused_guardian_session_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mother = cast.guardian_client("mother")
    assert mother.get("/ouders/").status_code == 200
    later = clock.now() + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    for url in ("/ouders/", reverse("portal_choices"), reverse("portal_child", args=[cast.pupils["simran"].pk])):
        assert mother.get(url).headers["Location"].startswith(reverse("guardian_sign_in"))


def test_a_guardian_session_in_use_ends_after_twelve_hours(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who keeps a parent's phone and looks each hour does not stay in for ever."""
    mother, began = cast.guardian_client("mother"), clock.now()
    for hour in range(1, 12):
        monkeypatch.setattr(clock, "now", lambda hour=hour: began + timedelta(hours=hour))
        assert mother.get("/ouders/").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=12, seconds=1))
    assert mother.get("/ouders/").headers["Location"].startswith(reverse("guardian_sign_in"))


class TestOneBrowser:
    """A shared computer: in a browser there is one person at a time."""

    def test_a_guardian_who_comes_in_sends_staff_out(self, cast: Cast) -> None:
        client = cast.client("teacher_3b")
        before = client.session.session_key
        _enter(client, "karim@elders.example")
        assert not is_in(client)
        assert client.session[access.SESSION_GUARDIAN] == cast.guardians["separated_father"].pk
        assert client.session.session_key != before
        assert client.get(reverse("my_week")).headers["Location"].startswith(LOGIN)

    def test_staff_who_come_in_send_the_guardian_out(self, cast: Cast, teacher: Any) -> None:
        client = cast.guardian_client("separated_father")
        sign_in(client, teacher.email)
        assert is_in(client)
        assert client.get("/ouders/").headers["Location"].startswith(reverse("guardian_sign_in"))

    def test_another_guardian_finds_nothing_of_the_first(self, cast: Cast) -> None:
        client = cast.guardian_client("mother")
        session = client.session
        session["notices_proven"] = [1]
        session.save()
        _enter(client, "karim@elders.example")
        assert "notices_proven" not in client.session


def _enter(client: Client, address: str) -> None:
    """As a guardian, with the code from the mail."""
    client.post(reverse("guardian_sign_in"), {"contact": address})
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    client.post(reverse("guardian_code"), {"code": found[0]})


def test_a_copy_of_the_table_signs_nobody_in(cast: Cast) -> None:
    client = cast.client("teacher_3b")
    kept = list(Session.objects.filter(user=cast.staff["teacher_3b"]).values_list("pk", "session_data"))
    assert kept
    assert str(client.session.session_key) not in str(kept)
    thief = Client()
    thief.cookies["sessionid"] = kept[0][0]
    assert not is_in(thief)


class TestOwnSessions:
    """Where a colleague is signed in, on the own page."""

    FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
    IPHONE = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/17.5 Mobile/15E148 Safari/604.1"
    )
    PAGE, END = reverse("own_account"), reverse("own_session_end")

    def test_each_is_told_by_its_device_and_last_use_and_nothing_more(self, cast: Cast) -> None:
        here = cast.client("teacher_3b", headers={"user-agent": self.FIREFOX}, REMOTE_ADDR="192.0.2.44")
        there = _signed_in(cast, "teacher_3b", self.IPHONE)
        _signed_in(cast, "teacher_1a", self.FIREFOX)
        page = here.get(self.PAGE).content.decode()
        assert "Safari · iPhone" in page
        assert page.count("<span>dit toestel</span>") == 1
        assert page.count('name="session"') == 1, "one line of one's own that can be ended"
        for secret in ("192.0.2.44", str(there.session.session_key), str(here.session.session_key)):
            assert secret not in page
        row = Session.objects.get(pk=stored_key(there.session.session_key))
        assert "192.0.2.44" not in str(row.get_decoded())

    def test_one_is_ended_from_elsewhere(self, cast: Cast) -> None:
        here, there = cast.client("teacher_3b"), cast.client("teacher_3b")
        third = cast.client("teacher_3b")
        mark = next(line.mark for line in own_lines(there) if line.is_this)
        here.post(self.END, {"session": mark})
        assert there.get(self.PAGE).headers["Location"].startswith(LOGIN)
        assert third.get(self.PAGE).status_code == here.get(self.PAGE).status_code == 200

    def test_all_others_are_ended_at_once(self, cast: Cast) -> None:
        here, *others = [cast.client("teacher_3b") for _number in range(3)]
        stranger = cast.client("teacher_1a")
        here.post(self.END)
        assert [client.get(self.PAGE).status_code for client in others] == [302, 302]
        assert here.get(self.PAGE).status_code == stranger.get(self.PAGE).status_code == 200
        assert AuditEntry.objects.filter(verb="signed out elsewhere", detail={"sessions": 2}).count() == 1

    def test_somebody_else_s_and_the_own_key_end_nothing(self, cast: Cast) -> None:
        here, stranger = cast.client("teacher_3b"), cast.client("teacher_1a")
        (line,) = own_lines(stranger)
        for mark in (line.mark, str(stranger.session.session_key), "x" * 20):
            here.post(self.END, {"session": mark})
        assert stranger.get(self.PAGE).status_code == here.get(self.PAGE).status_code == 200

    def test_the_last_use_is_written_each_ten_minutes_and_the_end_does_not_move(self, cast: Cast) -> None:
        client = cast.client("teacher_3b")
        row = Session.objects.get(pk=stored_key(client.session.session_key))
        assert row.last_used_at
        assert row.signed_in_at
        with time_machine.travel(row.last_used_at + timedelta(minutes=9), tick=False):
            client.get(self.PAGE)
        assert Session.objects.get(pk=row.pk).last_used_at == row.last_used_at
        for hour in range(1, 12):
            with time_machine.travel(row.last_used_at + timedelta(hours=hour), tick=False):
                assert client.get(self.PAGE).status_code == 200
        later = Session.objects.get(pk=row.pk)
        assert later.last_used_at == row.last_used_at + timedelta(hours=11)
        assert later.expire_date <= row.signed_in_at + timedelta(hours=12)
        with time_machine.travel(row.signed_in_at + timedelta(hours=12, seconds=1), tick=False):
            assert client.get(self.PAGE).headers["Location"].startswith(LOGIN)

    def test_an_unused_session_ends_after_two_hours(self, cast: Cast, settings: Any) -> None:
        client = cast.client("teacher_3b")
        row = Session.objects.get(pk=stored_key(client.session.session_key))
        assert row.last_used_at
        assert row.signed_in_at
        with time_machine.travel(row.last_used_at + timedelta(minutes=119), tick=False):
            assert client.get(self.PAGE).status_code == 200
        with time_machine.travel(row.last_used_at + timedelta(minutes=119 + 121), tick=False):
            answer = client.get(self.PAGE)
            assert answer.headers["Location"] == f"{LOGIN}?next={self.PAGE}"
        assert not Session.objects.filter(pk=row.pk).exists()
        settings.SESSION_IDLE_MINUTES = 20
        client = cast.client("teacher_3b")
        with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=False):
            assert client.get(self.PAGE).status_code == 302

    def test_one_that_was_used_by_a_clock_that_was_ahead_ends(self, cast: Cast) -> None:
        with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
            client = cast.client("teacher_3b")
            assert client.get(self.PAGE).status_code == 200
        assert client.get(self.PAGE).headers["Location"] == f"{LOGIN}?next={self.PAGE}"

    def test_a_demo_says_them_by_the_day_it_shows(self, cast: Cast, settings: Any) -> None:
        teacher = _signed_in(cast, "teacher_3b", self.FIREFOX)
        assert teacher.get(reverse("own_account")).status_code == 200
        settings.DEMO_TODAY = date(2027, 5, 14)
        (line,) = own_lines(teacher)
        assert line.last_used_at
        assert clock.local_date(line.last_used_at) == settings.DEMO_TODAY

    @pytest.mark.parametrize(("agent", "device"), [("", ""), ("curl/8.1", ""), (FIREFOX, "Firefox · Windows")])
    def test_a_device_says_what_it_is_or_nothing(self, agent: str, device: str) -> None:
        assert sessions.device_of(agent) == device


class TestEndedWithWhatGuards:
    """Whoever had come in by the old password or factor is out, on every device but the one that changed it."""

    def test_a_changed_password_ends_the_rows_too(self, teacher: User) -> None:
        totp.TOTP.activate(teacher, totp.generate_totp_secret())
        here, there = staff_browser(teacher), staff_browser(teacher)
        new = "Een-heel-ander-wachtwoord-9"
        here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert not Session.objects.filter(pk=stored_key(there.session.session_key)).exists()
        assert here.get(reverse("own_account")).status_code == 200
        assert AuditEntry.objects.filter(verb="changed what guards an account", actor=teacher).count() == 1

    def test_new_recovery_codes_end_the_others(self, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
        here, there = cast.client("teacher_3b"), cast.client("teacher_3b")
        session = here.session
        for record in session["account_authentication_methods"]:
            record["reauthenticated"] = True
        session.save()
        with django_capture_on_commit_callbacks(execute=True):
            answer = here.post(reverse("mfa_generate_recovery_codes"))
            assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
        assert not Session.objects.filter(pk=stored_key(there.session.session_key)).exists()
        assert here.get(reverse("own_account")).status_code == 200

    def test_a_factor_taken_away_by_two_ends_all(self, cast: Cast, rows: Rows) -> None:
        there = cast.client("teacher_3b")
        staffing.confirm_factor_reset(reset=rows.factor_reset, by=cast.staff["care"])
        assert not Session.objects.filter(pk=stored_key(there.session.session_key)).exists()

    def test_the_last_post_that_is_ended_ends_them_the_next_to_last_does_not(self, cast: Cast) -> None:
        there, yesterday = cast.client("teacher_3b"), clock.today() - timedelta(days=1)
        Assignment.objects.filter(starts_on__gt=clock.today()).delete()  # that of next school year
        first = Assignment.objects.get(user=cast.staff["teacher_3b"])
        second = Assignment.objects.create(
            user=first.user, role="CARE_COORDINATOR", school=first.school, starts_on=first.starts_on
        )
        staffing.end_post(post=first, last_day=yesterday, by=cast.staff["head"])
        assert Session.objects.filter(pk=stored_key(there.session.session_key)).exists()
        staffing.end_post(post=second, last_day=yesterday, by=cast.staff["head"])
        assert not Session.objects.filter(pk=stored_key(there.session.session_key)).exists()

    def test_who_left_yesterday_is_signed_out_in_the_night(self, cast: Cast) -> None:
        gone, stays, parent = cast.client("teacher_3b"), cast.client("teacher_1a"), cast.guardian_client("mother")
        theirs = Assignment.objects.current().filter(user=cast.staff["teacher_3b"])
        theirs.update(ends_on=clock.today() - timedelta(days=1))
        assert sign_out_who_left() == 1
        kept = set(Session.objects.values_list("pk", flat=True))
        assert stored_key(gone.session.session_key) not in kept
        assert {stored_key(client.session.session_key) for client in (stays, parent)} <= kept

    def test_sessions_that_ended_are_forgotten(self, cast: Cast) -> None:
        client = cast.client("teacher_3b")
        (rule,) = [rule for rule in RULES if rule.key == "sessions"]
        assert carry_out(rule, dry_run=False) == 0
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert carry_out(rule, dry_run=False) == 1
        assert not Session.objects.filter(pk=stored_key(client.session.session_key)).exists()


def own_lines(client: Client) -> list[sessions.OwnSession]:
    lines: list[sessions.OwnSession] = client.get(reverse("own_account")).context["sessions"]
    return lines


def _signed_in(cast: Cast, key: str, agent: str) -> Client:
    """As the browser that says this of itself would after its first page."""
    client = cast.client(key, headers={"user-agent": agent})
    session = client.session
    session.pop("last_used_at")
    session.save()
    client.get(reverse("own_account"))
    return client
