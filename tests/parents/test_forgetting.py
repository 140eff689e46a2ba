"""Who is forgotten leaves no word behind, whichever rule or request it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from parents.models import (
    Absence,
    CalendarFeed,
    ConferenceChange,
    ConferenceNote,
    ConferenceReminder,
    FollowUp,
    GatheringSignUp,
    GrowthNote,
    Guardian,
    PupilMerge,
    SignInCode,
)
from parents.services.booking import Wish
from parents.services.forgetting import forget_guardians, forget_pupils
from schools import clock
from schools.models import Pupil
from tests import factories as make
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.gatherings import gathering_of, signed
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


def test_what_was_said_around_the_talk_about_a_child_goes_with_the_child(cast: Cast) -> None:
    made, said = round_of(cast), ConferenceNote.objects
    for name, parent, hour in (("yusuf", "separated_father", 0), ("simran", "mother", 1)):
        book(cast, slot_of(cast, made, name), hours_of(made)[hour], parent, Wish("SCHOOL", note="Over lezen"))
    made.slots.update(cancelled_because="Het kind is ziek.")
    forget_pupils([cast.pupils["yusuf"].pk])
    assert said.get().slot.pupil == cast.pupils["simran"]
    assert slot_of(cast, made, "yusuf").cancelled_because == ""
    assert slot_of(cast, made, "simran").cancelled_because == "Het kind is ziek."


def test_nothing_else_tells_of_a_parent_who_is_forgotten(cast: Cast) -> None:
    father, mother, now = cast.guardians["separated_father"], cast.guardians["separated_mother"], clock.now()
    yusuf, school = cast.pupils["yusuf"], cast.schools["kersenboom"]
    Guardian.objects.filter(pk=father.pk).update(household=mother.household)
    double = Guardian.objects.create(first_name="Kareem", last_name="Haddad", merged_into=father)
    slot = slot_of(cast, round_of(cast), "yusuf")
    ConferenceReminder.objects.create(slot=slot, guardian=father, sequence=0)
    ConferenceChange.objects.create(slot=slot, guardian=father, sequence=0, kind="CANCELLED", decided_at=now)
    CalendarFeed.objects.create(guardian=father, digest="f" * 64, made_at=now)
    SignInCode.objects.create(contact_point=father.contact_points.all()[0], digest="x", created_at=now, expires_at=now)
    signed(cast, gathering_of(cast), "separated_father")
    today = clock.today()
    ill = Absence.objects.create(
        pupil=yusuf, school=school, starts_on=today, ends_on=today, reported_at=now, reported_by=father
    )
    family = {"school": school, "family": cast.families["haddad"], "guardian": father, "created_at": now}
    late = FollowUp.objects.create(what="Bel Karim", due_on=today - timedelta(days=1), **family)
    coming = FollowUp.objects.create(what="Bel Karim", due_on=today, **family)

    forget_guardians([father.pk])
    gone: list[Any] = [ConferenceReminder, ConferenceChange, CalendarFeed, SignInCode, GatheringSignUp]
    assert [model.__name__ for model in gone if model.objects.exists()] == []
    for row in (ill, late, coming, double, mother):
        row.refresh_from_db()
    assert ill.reported_by is None
    assert (late.status, coming.status) == ("OPEN", "DROPPED"), "what is late counts"
    assert (double.first_name, double.last_name) == ("", "")
    assert mother.household is not None, "who lives there still does"


def test_nothing_else_tells_of_a_child_who_is_forgotten(db: None) -> None:
    twins, today = Twins(), clock.today()
    twins.join()
    child, writer = twins.kept, make.make_user()
    Absence.objects.create(pupil=child, school=twins.school, starts_on=today, ends_on=today, reported_at=clock.now())
    GrowthNote.objects.create(
        client_id=uuid4(), school=twins.school, pupil=child, phrases=[], sentence="Fijn gewerkt", written_by=writer,
        written_at=clock.now(),
    )  # fmt: skip
    forget_pupils([child.pk])
    assert not Absence.objects.exists()
    assert not GrowthNote.objects.exists()
    assert set(Pupil.objects.filter(pk__in=[child.pk, twins.joined.pk]).values_list("first_name", flat=True)) == {""}


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
