"""Heads, directors and administrators appoint; an invitation lets in, once; a lost second factor takes two."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from ingroeibloei.logs import redact
from schools import clock
from schools.forms_staffing import AppointForm
from schools.invitations import invitation_of, link_of, token_of
from schools.models import Assignment, AuditEntry, FactorReset, Role, SchoolYear, StaffInvitation, User
from schools.scope import Scope, scope_of
from schools.services import staffing
from schools.staffing import remit_of
from schools.tasks import send_invitations
from tests.cast import Cast, staff_browser
from tests.messaging.sinks import mail_sink

pytestmark = pytest.mark.django_db

NEW = {"full_name": "Noor  Willems", "email": "Noor.Willems@kersenboom.example", "language": "nl"}


def given(cast: Cast, **more: Any) -> dict[str, Any]:
    today = clock.today()
    return {**NEW, "role": "TEACHER", "school_class": cast.classes["3b"].pk, "starts_on": today.isoformat()} | more


def send_all() -> None:
    """What the worker does each minute."""
    send_invitations()


def appointed(cast: Cast, key: str = "head", **more: Any) -> User:
    answer = cast.client(key).post(reverse("staff_new"), given(cast, **more))
    send_all()
    assert answer.status_code == 302, answer.content.decode()
    return User.objects.get(email=str(more.get("email", NEW["email"])).lower())


def link_in(message: Any) -> str:
    found = re.search(r"https?://\S*(/uitnodiging/\S+)", message.body)
    assert found
    return found[1]


class TestComingIn:
    def test_from_the_head_s_form_to_the_first_sign_in(self, cast: Cast) -> None:
        user = appointed(cast)
        assert (user.full_name, user.email) == ("Noor Willems", "noor.willems@kersenboom.example")
        assert scope_of(user).classes == {cast.classes["3b"].pk}
        (message,) = mail.outbox
        assert message.to == [user.email]
        assert "Noor" not in message.subject
        assert "3B" not in f"{message.subject} {message.body}"
        browser, link = Client(), link_in(message)
        assert browser.get(link).status_code == 200
        weak = browser.post(link, {"new_password1": "welkom", "new_password2": "welkom"})
        assert weak.status_code == 422
        words = {"new_password1": "vier-gele-fietsen-7", "new_password2": "vier-gele-fietsen-7"}
        assert browser.post(link, words)["Location"] == reverse("account_login")
        assert browser.get(link).status_code == 410
        answer = browser.post(reverse("account_login"), {"login": user.email, "password": words["new_password1"]})
        assert answer.status_code == 302
        assert browser.get(reverse("my_week"))["Location"] == reverse("mfa_activate_totp")

    def test_opening_the_link_changes_nothing(self, cast: Cast) -> None:
        appointed(cast)
        link = link_in(mail.outbox[0])
        before = (AuditEntry.objects.count(), StaffInvitation.objects.get().used_at)
        for _ in range(3):
            assert Client().get(link).status_code == 200
        assert (AuditEntry.objects.count(), StaffInvitation.objects.get().used_at) == before

    def test_a_new_link_ends_the_older_one_and_revoking_ends_both(self, cast: Cast) -> None:
        user = appointed(cast)
        address, head = reverse("staff_invite", args=[user.pk]), cast.client("head")
        head.post(address)
        send_all()
        first, second = (link_in(message) for message in mail.outbox)
        assert [Client().get(link).status_code for link in (first, second)] == [410, 200]
        head.post(address, {"revoke": "1"})
        assert Client().get(second).status_code == 410

    def test_a_link_that_is_too_old_or_was_guessed_opens_nothing(self, cast: Cast) -> None:
        row = staffing.invite(user=cast.staff["partner"], by=cast.staff["admin"])
        token = token_of(row)
        assert invitation_of(token) == row
        for wrong in (token[:-1], f"{token}0", token.replace("-", "", 1), f"{row.pk}-", "²-1", "9" * 30 + "-a", "-"):
            assert invitation_of(wrong) is None, wrong
        earlier = timedelta(days=14, minutes=1)
        StaffInvitation.objects.update(made_at=F("made_at") - earlier, expires_at=F("expires_at") - earlier)
        assert invitation_of(token) is None
        assert token not in redact(f"GET {link_of(row)} 200")

    def test_two_who_open_it_at_once_choose_one_password(self, cast: Cast) -> None:
        row = staffing.invite(user=cast.staff["partner"], by=cast.staff["admin"])
        assert staffing.accept_invitation(invitation=row, password="vier-gele-fietsen-7")
        assert not staffing.accept_invitation(invitation=row, password="vijf-rode-fietsen-8")
        cast.staff["partner"].refresh_from_db()
        assert cast.staff["partner"].check_password("vier-gele-fietsen-7")

    def test_a_mail_server_that_is_away_is_tried_again_and_the_mail_leaves_once(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        row = staffing.invite(user=cast.staff["partner"], by=cast.staff["admin"])
        with monkeypatch.context() as away:
            away.setattr("django.core.mail.EmailMessage.send", _refuse)
            assert send_invitations() == 0
        row.refresh_from_db()
        assert row.sent_at is None
        assert [send_invitations(), send_invitations()] == [1, 0]
        assert len(mail.outbox) == 1
        assert settings.CELERY_BEAT_SCHEDULE["invite colleagues"]["task"] == send_invitations.name

    def test_an_address_that_is_refused_keeps_nobody_else_from_being_invited(self, cast: Cast, settings: Any) -> None:
        wrong = appointed(cast)
        first, last = (cast.staff[key] for key in ("teacher_1a", "teacher_go"))
        for user in (first, wrong, last):
            staffing.invite(user=user, by=cast.staff["admin"])
        asked: list[str] = []

        def answer(address: str) -> str:
            asked.append(address)
            return "550 5.1.2 No" if address == wrong.email else ""

        with mail_sink(answer_rcpt=answer) as sink:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
            assert [send_invitations(), send_invitations()] == [2, 0]
            assert asked.count(wrong.email) == 1, "not again in the next minute"
            with time_machine.travel(clock.now() + timedelta(minutes=61)):
                assert send_invitations() == 0
        assert asked.count(wrong.email) == 2
        assert {to for to, _content in sink.raw} == {first.email, last.email}
        page = cast.client("head").get(reverse("staff_person", args=[wrong.pk])).content.decode()
        assert "De mailserver weigert dit adres." in page

    def test_who_has_an_account_already_gets_the_post_and_no_invitation(self, cast: Cast) -> None:
        teacher = cast.staff["teacher_1a"]
        appointed(cast, email=teacher.email.upper())
        assert not mail.outbox
        assert scope_of(User.objects.get(pk=teacher.pk)).classes == {cast.classes["1a"].pk, cast.classes["3b"].pk}
        assert User.objects.get(pk=teacher.pk).full_name == teacher.full_name


def _refuse(*_given: object, **_more: object) -> None:
    raise OSError("away")


class TestWhoMayGiveWhat:
    @pytest.mark.parametrize(
        ("key", "roles"),
        [
            ("head", {"TEACHER", "CARE_COORDINATOR", "LIAISON", "OFFICE", "TRANSLATOR"}),
            ("director_vclb", {"CLB"}),
            ("admin", set(Role.values)),
        ],
    )
    def test_each_gives_the_roles_of_the_own_place(self, cast: Cast, key: str, roles: set[str]) -> None:
        assert {role.value for role in remit_of(scope_of(cast.staff[key])).roles} == roles

    def test_a_head_gives_no_class_of_another_school_and_no_other_role(self, cast: Cast) -> None:
        head = cast.client("head")
        for wrong in (
            {"school_class": cast.classes["go2"].pk},
            {"school_class": ""},
            {"role": "HEAD"},
            {"role": "ADMIN"},
            {"role": "CLB", "centre": cast.centres["vclb"].pk},
            {"ends_on": (clock.today() - timedelta(days=1)).isoformat()},
            {"email": "geen adres"},
            {"full_name": " "},
        ):
            answer = head.post(reverse("staff_new"), given(cast, **wrong))
            assert answer.status_code == 422, wrong
        assert not User.objects.filter(email__iexact=NEW["email"]).exists()

    def test_a_role_of_the_whole_school_is_at_the_head_s_own(self, cast: Cast) -> None:
        user = appointed(cast, role="OFFICE", school_class="", school=cast.schools["bloesem"].pk)
        assert [row.school for row in user.assignments.all()] == [cast.schools["kersenboom"]]

    def test_a_part_of_full_time_is_of_the_post(self, cast: Cast) -> None:
        user = appointed(cast, share="60")
        assert user.assignments.get().share == 60
        assert "60 %" in cast.client("head").get(reverse("staff_person", args=[user.pk])).content.decode()
        for wrong in ("0", "101", "x"):
            assert cast.client("head").post(reverse("staff_new"), given(cast, share=wrong)).status_code == 422

    def test_an_administrator_appoints_a_head_and_a_director_with_their_places(self, cast: Cast) -> None:
        admin, none = cast.client("admin"), {"school_class": ""}
        assert admin.post(reverse("staff_new"), given(cast, role="HEAD", **none)).status_code == 422
        assert admin.post(reverse("staff_new"), given(cast, role="CLB_DIRECTOR", **none)).status_code == 422
        assert admin.post(reverse("staff_new"), given(cast, role="JOINT_CLB", **none)).status_code == 422
        school = cast.schools["kersenboom"]
        user = appointed(cast, "admin", role="HEAD", school=school.pk, school_class="")
        assert scope_of(user).schools == {school.pk}

    def test_the_same_post_twice_and_one_s_own_are_refused(self, cast: Cast) -> None:
        head = cast.client("head")
        teacher = given(cast, email=cast.staff["teacher_3b"].email)
        assert "deze opdracht al" in head.post(reverse("staff_new"), teacher).content.decode()
        own = given(cast, email=cast.staff["head"].email, role="LIAISON", school_class="")
        assert head.post(reverse("staff_new"), own).status_code == 422
        for key in ("head", "admin"):
            assert not remit_of(scope_of(cast.staff[key])).people.filter(pk=cast.staff[key].pk).exists(), key

    def test_a_role_is_given_at_the_own_place_and_at_no_other_beside_it(self, cast: Cast) -> None:
        school, centre = cast.schools["kersenboom"], cast.centres["vclb"]
        for key, role, own in (("head", "OFFICE", {"school": school}), ("director_vclb", "CLB", {"centre": centre})):
            remit, nowhere = remit_of(scope_of(cast.staff[key])), {"school": None, "centre": None}
            assert remit.may_give(role, **nowhere | own)
            assert not remit.may_give(role, school=school, centre=centre)
            assert not remit.may_give(role, **nowhere)


class TestStopping:
    def keep(self, cast: Cast, post: Assignment, day: Any, key: str = "head") -> Any:
        data = {"post": post.pk, f"post{post.pk}-ends_on": day.isoformat() if day else ""}
        return cast.client(key).post(reverse("staff_person", args=[post.user_id]), data)

    def test_a_day_that_has_passed_ends_a_post_at_once(self, cast: Cast) -> None:
        post = cast.staff["teacher_3b"].assignments.get()
        browser = cast.client("teacher_3b")
        assert browser.get(reverse("my_week")).status_code == 200
        assert self.keep(cast, post, clock.today() - timedelta(days=40)).status_code == 302
        post.refresh_from_db()
        assert post.ends_on == clock.today() - timedelta(days=1)
        assert browser.get(reverse("my_week")).headers["Location"].startswith(reverse("account_login"))

    def test_a_post_of_today_that_was_a_mistake_opens_nothing_any_more(self, cast: Cast) -> None:
        user = appointed(cast)
        post = user.assignments.get()
        assert self.keep(cast, post, clock.today() - timedelta(days=1)).status_code == 302
        assert not scope_of(User.objects.get(pk=user.pk)).roles

    def test_a_last_day_is_set_and_taken_away_and_leaves_a_line(self, cast: Cast) -> None:
        post = cast.staff["teacher_3b"].assignments.get()
        for day in (clock.today() + timedelta(days=30), None):
            assert self.keep(cast, post, day).status_code == 302
            post.refresh_from_db()
            assert post.ends_on == day
        lines = AuditEntry.objects.filter(verb="set the last day of a post", target_id=post.pk)
        assert [line.actor for line in lines] == [cast.staff["head"]] * 2

    @pytest.mark.parametrize(("in_days", "at_once"), [(-1, True), (0, False), (30, False)])
    def test_that_it_changes_at_once_is_said_only_when_it_does(self, cast: Cast, in_days: int, at_once: bool) -> None:
        post, head = cast.staff["teacher_3b"].assignments.get(), cast.client("head")
        page = reverse("staff_person", args=[post.user_id])
        day = (clock.today() + timedelta(days=in_days)).isoformat()
        said = head.post(page, {"post": post.pk, f"post{post.pk}-ends_on": day}, follow=True).content.decode()
        assert "Bewaard." in said
        assert ("verandert meteen mee" in said) is at_once

    def test_a_post_of_another_place_is_not_there(self, cast: Cast) -> None:
        post = cast.staff["teacher_3b"].assignments.get()
        assert self.keep(cast, post, clock.today(), "head_go").status_code == 404
        assert self.keep(cast, post, clock.today(), "director_vclb").status_code == 404

    def test_the_list_shows_who_works_here_and_apart_who_stopped(self, cast: Cast) -> None:
        head, page = cast.client("head"), reverse("staff_list")
        name = escape(cast.staff["teacher_3b"].full_name)
        assert name in head.get(page).content.decode()
        assert name not in head.get(page, {"toon": "gestopt"}).content.decode()
        self.keep(cast, cast.staff["teacher_3b"].assignments.get(), clock.today() - timedelta(days=1))
        assert name not in head.get(page).content.decode()
        assert name in head.get(page, {"toon": "gestopt"}).content.decode()
        assert name not in cast.client("head_go").get(page, {"toon": "gestopt"}).content.decode()

    def test_an_empty_list_says_why_it_is_empty(self, cast: Cast) -> None:
        """Nobody is asked to appoint a colleague where nobody stopped, or where a name was mistyped."""
        head, page, appoint = cast.client("head_go"), reverse("staff_list"), "Stel een collega aan"
        for asked, words in (({"toon": "gestopt"}, "Nog niemand stopte"), ({"zoek": "Xyzzy"}, "Niets gevonden")):
            found = head.get(page, asked).content.decode()
            assert (words in found, appoint in found) == (True, False)


class TestALostSecondFactor:
    def ask(self, cast: Cast) -> FactorReset:
        cast.client("head").post(reverse("factor_reset_ask", args=[cast.staff["teacher_3b"].pk]))
        return FactorReset.objects.get()

    def decide(self, cast: Cast, key: str, reset: FactorReset, **data: str) -> Any:
        return cast.client(key).post(reverse("factor_reset_decide", args=[reset.pk]), data)

    def test_two_take_it_away_and_an_invitation_leaves(self, cast: Cast) -> None:
        teacher, open_window = cast.staff["teacher_3b"], cast.client("teacher_3b")
        reset = self.ask(cast)
        assert Authenticator.objects.filter(user=teacher).exists()
        assert self.decide(cast, "care", reset).status_code == 302
        send_all()
        assert not Authenticator.objects.filter(user=teacher).exists()
        teacher.refresh_from_db()
        assert not teacher.has_usable_password()
        assert open_window.get(reverse("my_week")).status_code == 302, "sessions end"
        assert [message.to for message in mail.outbox] == [[teacher.email]]
        lines = AuditEntry.objects.filter(target_id=teacher.pk, verb__contains="second factor").order_by("pk")
        assert [line.actor for line in lines] == [cast.staff["head"], cast.staff["care"]]

    def test_one_alone_takes_nothing_away(self, cast: Cast) -> None:
        reset = self.ask(cast)
        self.decide(cast, "head", reset)
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorReset.objects.update(confirmed_by=cast.staff["head"], confirmed_at=clock.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorReset.objects.update(confirmed_by=cast.staff["teacher_3b"], confirmed_at=clock.now())
        assert self.decide(cast, "teacher_3b", reset).status_code == 403
        assert self.decide(cast, "head_go", reset).status_code == 404
        assert self.decide(cast, "clb_vclb", reset).status_code == 404
        assert Authenticator.objects.filter(user=cast.staff["teacher_3b"]).exists()

    def test_who_does_not_trust_it_withdraws_it(self, cast: Cast) -> None:
        reset = self.ask(cast)
        self.decide(cast, "office", reset, withdraw="1")
        self.decide(cast, "care", reset)
        assert Authenticator.objects.filter(user=cast.staff["teacher_3b"]).exists()

    def test_it_waits_a_day_and_no_longer(self, cast: Cast) -> None:
        reset = self.ask(cast)
        FactorReset.objects.update(expires_at=clock.now() - timedelta(seconds=1))
        assert self.decide(cast, "care", reset).status_code == 404
        staffing.ask_factor_reset(user=cast.staff["teacher_3b"], by=cast.staff["head"])
        assert FactorReset.objects.open().count() == 1

    def test_the_second_person_finds_it(self, cast: Cast) -> None:
        self.ask(cast)
        name = escape(cast.staff["teacher_3b"].full_name)
        assert name in cast.client("care").get(reverse("factor_resets")).content.decode()
        assert name not in cast.client("clb_go").get(reverse("factor_resets")).content.decode()
        assert reverse("factor_resets") in cast.client("admin").get(reverse("staff_list")).content.decode()
        office = cast.client("office").get(reverse("pupil_list")).content.decode()
        assert reverse("factor_resets") in office, "who has no week finds it in the rail"

    def test_the_first_reads_who_the_second_can_be(self, cast: Cast) -> None:
        self.ask(cast)
        page = cast.client("head").get(reverse("staff_person", args=[cast.staff["teacher_3b"].pk])).content.decode()
        for key in ("care", "office"):
            assert escape(cast.staff[key].full_name) in page
        assert escape(cast.staff["teacher_1a"].full_name) not in page
        Assignment.objects.filter(user__in=[cast.staff["care"], cast.staff["office"]]).delete()
        page = cast.client("head").get(reverse("staff_person", args=[cast.staff["teacher_3b"].pk])).content.decode()
        assert "vraag het aan een beheerder" in page


def test_old_invitations_and_requests_go(cast: Cast, settings: Any) -> None:
    from ingroeibloei import retention

    old = clock.now() - timedelta(days=settings.ACCESS_LOG_DAYS + 30)
    row = staffing.invite(user=cast.staff["partner"], by=cast.staff["admin"])
    StaffInvitation.objects.filter(pk=row.pk).update(made_at=old, expires_at=old + timedelta(days=14))
    staffing.ask_factor_reset(user=cast.staff["teacher_3b"], by=cast.staff["head"])
    retention.run(dry_run=False)
    assert not StaffInvitation.objects.exists()
    assert FactorReset.objects.count() == 1


def test_the_own_window_is_not_the_new_colleague_s(cast: Cast) -> None:
    """Somebody who is signed in and opens a colleague's link changes that colleague's password, not the own."""
    row = staffing.invite(user=cast.staff["partner"], by=cast.staff["admin"])
    browser = staff_browser(cast.staff["teacher_3b"])
    words = {"new_password1": "vier-gele-fietsen-7", "new_password2": "vier-gele-fietsen-7"}
    browser.post(reverse("staff_invitation", args=[token_of(row)]), words)
    for key, chose in (("teacher_3b", False), ("partner", True)):
        cast.staff[key].refresh_from_db()
        assert cast.staff[key].check_password(words["new_password1"]) == chose


def test_a_post_is_proposed_until_31_august_also_before_a_leap_year_is_laid(settings: Any) -> None:
    SchoolYear.objects.create(starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 30))
    administrator = remit_of(Scope(assignments=(Assignment(role=Role.ADMIN),)))
    for today, until in ((date(2027, 8, 31), date(2027, 8, 31)), (date(2027, 9, 10), date(2028, 8, 31))):
        settings.DEMO_TODAY = today
        assert AppointForm(remit=administrator).initial["ends_on"] == until
