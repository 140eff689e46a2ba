"""Who went to another school, colleague or child, leaves behind what is the first one's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from messaging.content import load_templates
from messaging.models import Notice, Thread
from messaging.services import ask_question
from parents.models import Absence, ContactMoment, FollowUp, GatheringSignUp, GrowthNote
from schools import clock
from schools.models import Assignment, Enrolment, Pupil, Role, User
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft, sent
from tests.parents.gatherings import gathering_of, signed

pytestmark = pytest.mark.django_db


def test_own_notices_talks_and_tasks_stay_at_the_school(cast: Cast) -> None:
    teacher, today = cast.staff["teacher_3b"], clock.today()
    sent(cast)
    draft(cast)
    FollowUp.objects.update(owner=teacher)
    GrowthNote.objects.create(
        client_id=uuid4(), school=cast.schools["kersenboom"], pupil=cast.pupils["simran"], phrases=[],
        written_by=teacher, written_at=clock.now(),
    )  # fmt: skip

    def own() -> dict[str, int]:
        user = User.objects.get(pk=teacher.pk)
        doors: dict[str, Any] = {
            "notices": Notice.objects.visible_to(user),
            "drafts": Notice.objects.editable_by(user),
            "talks": ContactMoment.objects.visible_to(user).filter(recorded_by=user),
            "tasks": FollowUp.objects.visible_to(user),
            "growth": GrowthNote.objects.editable_by(user),
        }
        return {name: rows.count() for name, rows in doors.items()}

    assert own() == {"notices": 2, "drafts": 1, "talks": 1, "tasks": 1, "growth": 1}
    Assignment.objects.filter(user=teacher).update(ends_on=today - timedelta(days=1))
    elsewhere = {"school": cast.schools["bloesem"], "school_class": cast.classes["go2"]}
    Assignment.objects.create(user=teacher, role=Role.TEACHER, starts_on=today, **elsewhere)
    assert own() == {"notices": 0, "drafts": 0, "talks": 0, "tasks": 0, "growth": 0}


def test_the_new_teacher_of_a_child_meets_nothing_of_its_first_school(cast: Cast) -> None:
    load_templates()
    simran, today, now = cast.pupils["simran"], clock.today(), clock.now()
    of_child = {"school": cast.schools["kersenboom"], "pupil": simran}
    ask_question(guardian=cast.guardians["mother"], pupil=simran, notice=None, text="Wanneer?", language="nl")
    Absence.objects.create(starts_on=today, ends_on=today, reported_at=now, **of_child)
    writer = cast.staff["teacher_3b"]
    GrowthNote.objects.create(client_id=uuid4(), phrases=[], written_by=writer, written_at=now, **of_child)
    Enrolment.objects.filter(pupil=simran).update(ends_on=today - timedelta(days=1))
    elsewhere = {"school": cast.schools["bloesem"], "school_class": cast.classes["go2"]}
    Enrolment.objects.create(pupil=simran, starts_on=today, **elsewhere)
    teacher = User.objects.get(pk=cast.staff["teacher_go"].pk)
    assert Pupil.objects.visible_to(teacher).filter(pk=simran.pk).exists()
    models: list[Any] = [Thread, FollowUp, Absence, GrowthNote, ContactMoment]
    assert [model.__name__ for model in models if not model.objects.exists()] == []
    assert [model.__name__ for model in models if model.objects.visible_to(teacher).exists()] == []


def test_a_school_learns_of_no_evening_at_that_of_a_sibling(cast: Cast) -> None:
    signed(cast, gathering_of(cast, school="bloesem", by="head_go"), "mother")
    assert GatheringSignUp.objects.visible_to(cast.staff["teacher_go"]).exists()
    assert not GatheringSignUp.objects.visible_to(cast.staff["teacher_3b"]).exists()
