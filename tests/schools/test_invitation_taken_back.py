"""With the last post goes the link of an invitation: an address that was typed wrong is somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from schools import clock
from schools.invitations import invitation_of, token_of
from schools.models import Assignment, Role, StaffInvitation
from schools.services import staffing
from schools.tasks import send_invitations
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def appointed(cast: Cast) -> Assignment:
    school = cast.schools["kersenboom"]
    post = staffing.Post(role=Role.OFFICE, starts_on=clock.today(), school=school)
    return staffing.appoint(
        email="noor@vreemde.example", name="Noor Willems", language="nl", post=post, by=cast.staff["head"]
    )


def taken_back(cast: Cast, row: Assignment) -> None:
    typed = {"post": row.pk, f"post{row.pk}-ends_on": (clock.today() - timedelta(days=1)).isoformat()}
    answer = cast.client("head").post(reverse("staff_person", args=[row.user_id]), typed)
    assert answer.status_code == 302


def test_the_link_of_a_post_that_was_taken_back_opens_nothing_any_more(cast: Cast) -> None:
    row = appointed(cast)
    send_invitations()
    invitation = StaffInvitation.objects.get()
    taken_back(cast, row)
    assert invitation_of(token_of(invitation)) is None
    assert cast.client("head").get(reverse("staff_invitation", args=[token_of(invitation)])).status_code == 410


def test_what_has_not_left_yet_does_not_leave_any_more(cast: Cast) -> None:
    taken_back(cast, appointed(cast))
    assert not send_invitations()
    assert not mail.outbox


def test_with_another_post_the_link_stays_and_who_goes_on_after_all_gets_a_new_one(cast: Cast) -> None:
    row = appointed(cast)
    second = Assignment.objects.create(
        user=row.user, role=Role.LIAISON, school=row.school, starts_on=clock.today() + timedelta(days=7)
    )
    by = cast.staff["head"]
    staffing.end_post(post=row, last_day=clock.today() - timedelta(days=1), by=by)
    assert StaffInvitation.objects.open().count() == 1
    staffing.end_post(post=second, last_day=clock.today() - timedelta(days=1), by=by)
    assert not StaffInvitation.objects.open().exists()
    for _twice in range(2):
        staffing.end_post(post=row, last_day=None, by=by)
    assert StaffInvitation.objects.open().count() == 1
    assert StaffInvitation.objects.count() == 2
