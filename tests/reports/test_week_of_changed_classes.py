"""What was promised for a child goes along into its new class, and no line of the week leads to a closed page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from messaging.services import erase_guardian
from parents.models import FollowUp, FollowUpKind, FollowUpStatus
from parents.services import complete_follow_up
from reports.week import week_of
from schools import clock
from schools.models import Assignment, Role, User
from schools.services.enrolling import change_class, let_leave
from tests.cast import Cast

pytestmark = pytest.mark.django_db
CLOSED = "Niet meer in je klas, of niet meer op school."


@pytest.fixture
def promise(cast: Cast) -> FollowUp:
    """What the teacher of 3B promised to Simran's mother, for today."""
    row = cast.follow_up
    assert row is not None
    row.owner, row.due_on = cast.staff["teacher_3b"], clock.today()
    row.save()
    return row


def moves(cast: Cast) -> None:
    change_class(pupil=cast.pupils["simran"], to=cast.classes["1a"], first_day=clock.today(), by=cast.staff["office"])


def tasks_of(cast: Cast, key: str) -> list[int]:
    return [task.pk for task in week_of(User.objects.get(pk=cast.staff[key].pk)).tasks]


def page_of(cast: Cast, key: str) -> str:
    return cast.client(key).get(reverse("my_week")).content.decode()


def test_the_new_teacher_sees_what_the_earlier_one_promised(cast: Cast, promise: FollowUp) -> None:
    assert (tasks_of(cast, "teacher_3b"), tasks_of(cast, "teacher_1a")) == ([promise.pk], [])
    moves(cast)
    assert (tasks_of(cast, "teacher_3b"), tasks_of(cast, "teacher_1a")) == ([promise.pk], [promise.pk])
    assert tasks_of(cast, "care") == [], "whoever reads the whole school is not handed what a class has"
    complete_follow_up(follow_up=promise, by=cast.staff["teacher_1a"])
    assert (tasks_of(cast, "teacher_3b"), tasks_of(cast, "teacher_1a")) == ([], [])


@pytest.mark.parametrize("left", [True, False])
def test_a_line_about_a_family_that_one_may_not_open_is_no_link(cast: Cast, promise: FollowUp, left: bool) -> None:
    family = reverse("family_detail", args=[promise.family_id])
    assert family in page_of(cast, "teacher_3b")
    assert CLOSED not in page_of(cast, "teacher_3b")
    if left:
        yesterday = clock.today() - timedelta(days=1)
        let_leave(pupil=cast.pupils["simran"], school=promise.school, last_day=yesterday, by=cast.staff["office"])
    else:
        moves(cast)
    page, browser = page_of(cast, "teacher_3b"), cast.client("teacher_3b")
    assert browser.get(family).status_code == 404
    assert family not in page
    assert CLOSED in page
    assert promise.what in page
    assert browser.post(reverse("follow_up_done", args=[promise.pk])).status_code == 302
    promise.refresh_from_db()
    assert promise.done_on == clock.today()


def test_a_call_about_a_family_that_one_may_not_open_is_no_link_either(cast: Cast, promise: FollowUp) -> None:
    promise.kind = FollowUpKind.CALL
    promise.save()
    family, calls = reverse("family_detail", args=[promise.family_id]), reverse("call_list")
    assert family in cast.client("teacher_3b").get(calls).content.decode()
    moves(cast)
    page = cast.client("teacher_3b").get(calls).content.decode()
    assert promise.what in page
    assert family not in page
    assert family in cast.client("teacher_1a").get(calls).content.decode()


def test_of_who_was_erased_nothing_is_left_to_do(cast: Cast, promise: FollowUp, settings: Any, tmp_path: Any) -> None:
    """What was late already stays late in figures, and asks nobody any more."""
    settings.ERASED_FILE = tmp_path / "erased.txt"
    FollowUp.objects.update(guardian=cast.guardians["mother"], due_on=clock.today() - timedelta(days=1))
    assert tasks_of(cast, "teacher_3b") == [promise.pk]
    cast.guardians["mother"].guardianships.update(ends_on=clock.today() - timedelta(days=2))
    erase_guardian(guardian=cast.guardians["mother"], by=None)
    assert tasks_of(cast, "teacher_3b") == []
    assert FollowUp.objects.get().status == FollowUpStatus.OPEN


def test_the_task_of_who_sees_the_child_still_stays_theirs_alone(cast: Cast, promise: FollowUp) -> None:
    for key in ("care", "office", "joint", "clb_vclb"):
        promise.owner = cast.staff[key]
        promise.save()
        assert tasks_of(cast, "teacher_3b") == [], key
    Assignment.objects.filter(user=cast.staff["care"]).update(role=Role.TRANSLATOR, languages=["pa"])
    promise.owner = cast.staff["care"]
    promise.save()
    assert tasks_of(cast, "teacher_3b") == [promise.pk]
