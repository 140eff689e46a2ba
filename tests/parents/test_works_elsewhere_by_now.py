"""A colleague who went to another school leaves behind what is the first one's, also what the colleague wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from messaging.models import Notice
from parents.models import ContactMoment, FollowUp
from schools import clock
from schools.models import Assignment, Role, User
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft, sent

pytestmark = pytest.mark.django_db


def test_own_notices_talks_and_tasks_stay_at_the_school(cast: Cast) -> None:
    teacher, today = cast.staff["teacher_3b"], clock.today()
    sent(cast)
    draft(cast)
    FollowUp.objects.update(owner=teacher)

    def own() -> dict[str, int]:
        user = User.objects.get(pk=teacher.pk)
        doors: dict[str, Any] = {
            "notices": Notice.objects.visible_to(user),
            "drafts": Notice.objects.editable_by(user),
            "talks": ContactMoment.objects.visible_to(user).filter(recorded_by=user),
            "tasks": FollowUp.objects.visible_to(user),
        }
        return {name: rows.count() for name, rows in doors.items()}

    assert own() == {"notices": 2, "drafts": 1, "talks": 1, "tasks": 1}
    Assignment.objects.filter(user=teacher).update(ends_on=today - timedelta(days=1))
    elsewhere = {"school": cast.schools["bloesem"], "school_class": cast.classes["go2"]}
    Assignment.objects.create(user=teacher, role=Role.TEACHER, starts_on=today, **elsewhere)
    assert own() == {"notices": 0, "drafts": 0, "talks": 0, "tasks": 0}
