"""Who is forgotten leaves no word behind, whichever rule or request it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parents.models import Absence, ConferenceNote, FollowUp, PupilMerge
from parents.services.booking import Wish
from parents.services.forgetting import forget_guardians, forget_pupils
from schools import clock
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.twins import Twins

pytestmark = pytest.mark.django_db


def test_what_was_to_do_for_a_parent_and_what_the_parent_wanted_to_say_go(cast: Cast) -> None:
    made, father = round_of(cast), cast.guardians["separated_father"]
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father", Wish("SCHOOL", note="Over lezen"))
    task = FollowUp.objects.create(
        school=cast.schools["kersenboom"], family=cast.families["haddad"], guardian=father,
        what="Vraag Karim om een ander nummer.", due_on=clock.today(), created_at=clock.now(),
    )  # fmt: skip
    forget_guardians([father.pk])
    task.refresh_from_db()
    assert task.what == "–"
    assert not ConferenceNote.objects.exists()
    assert cast.follow_up is not None
    cast.follow_up.refresh_from_db()
    assert cast.follow_up.what == "Bring the library card", "of another family"


def test_what_two_rows_of_a_child_said_before_they_were_joined_goes(db: None) -> None:
    twins, today = Twins(), clock.today()
    for row in (twins.kept, twins.joined):
        Absence.objects.create(
            pupil=row, school=twins.school, starts_on=today, ends_on=today + timedelta(days=1), reported_at=clock.now()
        )
    twins.join()
    assert PupilMerge.objects.get().aside, "one of the two reports among them"
    forget_pupils([twins.kept.pk])
    assert PupilMerge.objects.get().aside == []
