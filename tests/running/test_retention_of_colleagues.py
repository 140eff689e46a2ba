"""A colleague who left: the account closes, then the post goes, and with it the name, unless it stands under an
evaluation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from reports.models import EvaluationReport, FrozenReport, ReportKind, ReportSignature
from schools import audit, clock
from schools.models import Assignment, Role, StaffInvitation, User
from schools.services.staffing import Post, appoint, end_post
from tests.cast import Cast
from tests.running.nights import at, keep, would

pytestmark = pytest.mark.django_db


def test_a_post_goes_two_years_after_it_ended_and_after_the_lines_that_name_it(cast: Cast) -> None:
    post = cast.staff["teacher_3b"].assignments.get()
    ended, words = clock.today() - timedelta(days=732), "posts of colleagues that ended"
    Assignment.objects.filter(pk=post.pk).update(starts_on=ended - timedelta(days=9), ends_on=ended)
    assert words not in would(clock.today() - timedelta(days=1))
    assert would(clock.today())[words] == 1
    with at(ended):
        teacher, school = User.objects.get(pk=cast.staff["teacher_3b"].pk), cast.schools["kersenboom"].pk
        line = audit.record(actor=teacher, verb="read", target=cast.families["kaur"], school_id=school)
    assert line.assignment == post
    assert words not in would(clock.today()), "the log still names it"
    keep(clock.today())
    assert not Assignment.objects.filter(pk=post.pk).exists()
    assert cast.staff["head"].assignments.exists()


def test_the_account_of_a_colleague_without_a_post_closes_and_can_be_opened_again(cast: Cast) -> None:
    teacher, words = cast.staff["teacher_3b"], "accounts of former colleagues"
    assert Authenticator.objects.filter(user=teacher).exists()
    ended = clock.today() - timedelta(days=93)
    Assignment.objects.filter(user=teacher).update(starts_on=ended - timedelta(days=9), ends_on=ended)
    assert words not in would(clock.today() - timedelta(days=1)), "in three months somebody may come back"
    assert keep(clock.today())[words] == 1
    teacher.refresh_from_db()
    assert (teacher.is_active, teacher.has_usable_password(), teacher.full_name) == (False, False, "Lotte Claes")
    assert not Authenticator.objects.filter(user=teacher).exists()
    assert words not in would(clock.today()), "and nobody else's"
    post = Post(role=Role.CARE_COORDINATOR, school=cast.schools["kersenboom"], starts_on=clock.today())
    appoint(email=teacher.email, name="", language="nl", post=post, by=cast.staff["head"])
    teacher.refresh_from_db()
    assert teacher.is_active
    assert StaffInvitation.objects.open().filter(user=teacher).exists()


def test_so_can_it_when_the_last_day_of_a_post_that_ended_is_taken_back(cast: Cast) -> None:
    teacher = cast.staff["teacher_3b"]
    post = teacher.assignments.get()
    ended = clock.today() - timedelta(days=93)
    Assignment.objects.filter(pk=post.pk).update(starts_on=ended - timedelta(days=9), ends_on=ended)
    keep(clock.today())
    teacher.refresh_from_db()
    assert not teacher.is_active
    end_post(post=post, last_day=None, by=cast.staff["head"])
    teacher.refresh_from_db()
    assert teacher.is_active
    assert StaffInvitation.objects.open().filter(user=teacher).exists()


def test_the_name_of_a_colleague_goes_with_the_last_post_unless_it_stands_under_an_evaluation(cast: Cast) -> None:
    teacher, signer, sender = cast.staff["teacher_3b"], cast.staff["head"], cast.staff["joint"]
    words = "names and addresses of former colleagues"
    ended = clock.today() - timedelta(days=732)
    Assignment.objects.filter(user__in=(teacher, signer, sender)).update(
        starts_on=ended - timedelta(days=9), ends_on=ended
    )
    now, mark = clock.now(), "0" * 64
    assert cast.project is not None
    frozen = FrozenReport.objects.create(
        report=EvaluationReport.objects.create(
            project=cast.project, kind=ReportKind.FINAL, version=1, title="Verslag", created_at=now, edited_at=now
        ),
        checksum=mark, content={}, pdf=b"", pdf_checksum=mark, frozen_at=now,
    )  # fmt: skip
    EvaluationReport.objects.update(submitted_by=sender, submitted_at=now, state="SUBMITTED")
    ReportSignature.objects.create(frozen=frozen, centre=cast.centres["vclb"], signed_by=signer, signed_at=now)
    assert words not in keep(clock.today() - timedelta(days=1)), "the account closed, the post still stands"
    assert keep(clock.today())[words] == 1
    teacher.refresh_from_db()
    signer.refresh_from_db()
    assert teacher.full_name == "oud-collega"
    assert "Claes" not in f"{teacher.email}{teacher.full_name}"
    sender.refresh_from_db()
    assert signer.full_name == "Rita Moons"
    assert sender.full_name != "oud-collega"
    assert words not in would(clock.today())
