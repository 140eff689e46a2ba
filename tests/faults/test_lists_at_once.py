"""A school's list is brought in while somebody else brings the same in: nothing stands twice, and who comes second
looks again at what would change now."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from parents.models import Family, Guardian
from parents.roster.carrying import carry_on
from parents.services.reachability import note_new_contact
from parents.signin import Reachable
from schools.models import Enrolment, Pupil, RosterUpload, School, SchoolClass, SchoolYear, UploadState, User
from schools.roster.uploads import ask_to_apply
from schools.services.classes import keep_class
from tests import factories as make
from tests.faults.meanwhile import Somebody, before
from tests.roster.conftest import office_of
from tests.roster.lists import HEAD, ROWS, file_of
from tests.roster.uploading import bring

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

WITHOUT_NUMBERS = file_of(*(row.partition(";")[2] for row in ROWS), head=HEAD.partition(";")[2])
ONE_MORE = b"Mila;Maes;03/06/2020;1A;Godelieve;Maes;0470 55 66 77;;nl\r\n"


@pytest.fixture(autouse=True)
def own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def school() -> School:
    make.make_school_year()
    return make.make_school()


@pytest.fixture
def office(school: School) -> User:
    return office_of(school)


def asked_to_apply(school: School, by: User, content: bytes) -> RosterUpload:
    upload = bring(school, by, content)
    carry_on()
    upload.refresh_from_db()
    ask_to_apply(upload=upload, by=by, plan_key=upload.plan_key)
    return upload


def states(*uploads: RosterUpload) -> list[tuple[str, str]]:
    for upload in uploads:
        upload.refresh_from_db()
    return sorted((upload.state, upload.problem) for upload in uploads)


def in_two_workers() -> None:
    """Both look at the school before one of them has written anything."""
    together = threading.Barrier(2)

    def work() -> None:
        with before('"schools_school"', lambda: together.wait(timeout=60)):
            carry_on()

    both = [Somebody(work) for _one in range(2)]
    assert [somebody.ended() for somebody in both] == [[], []]


def test_of_two_lists_with_the_same_new_child_one_brings_it_in(school: School, office: User) -> None:
    asked_to_apply(school, office, WITHOUT_NUMBERS)
    carry_on()
    bring_twice = [bring(school, office, WITHOUT_NUMBERS + ONE_MORE) for _one in range(2)]
    carry_on()
    for upload in bring_twice:
        upload.refresh_from_db()
        ask_to_apply(upload=upload, by=office, plan_key=upload.plan_key)
    in_two_workers()
    assert states(*bring_twice) == [(UploadState.APPLIED, ""), (UploadState.READY, "plan_changed")]
    assert [model._default_manager.count() for model in (Pupil, Enrolment, Guardian, Family)] == [4] * 4


def test_nobody_takes_up_what_a_process_is_just_beginning_to_bring_in(school: School, office: User) -> None:
    """Two who took it from each other would soon be too many attempts."""
    upload, carried = asked_to_apply(school, office, file_of()), list[int]()

    def try_too() -> None:
        assert Somebody(lambda: carried.append(carry_on())).ended() == []

    with before('AS "a" FROM "schools_rosterupload"', try_too):
        carry_on()
    assert carried == [0]
    assert states(upload) == [(UploadState.APPLIED, "")]


def test_a_number_that_somebody_notes_meanwhile_is_there_once(school: School, office: User) -> None:
    asked_to_apply(school, office, file_of())
    carry_on()
    mother, number = Guardian.objects.get(first_name="Samira"), Reachable("PHONE", "+32473112233")
    upload = asked_to_apply(school, office, file_of(*ROWS[:2], ROWS[2].replace(";;samira", ";0473 11 22 33;samira")))

    def note_it() -> None:
        by_hand = Somebody(lambda: note_new_contact(guardian=mother, contact=number, by=office, school=school))
        assert by_hand.ended() == []

    with before('UPDATE "parents_guardian"', note_it):
        carry_on()
    assert states(upload) == [(UploadState.READY, "plan_changed")]
    assert mother.point_uses.filter(contact_point__value=number.value).count() == 1


@pytest.mark.parametrize("attempts", [0, 2])
def test_a_class_that_somebody_makes_meanwhile_is_looked_at_again(school: School, office: User, attempts: int) -> None:
    """Not: the list was not saved, for no reason that anybody could mend; nor: it took the process down too often."""
    upload, year = asked_to_apply(school, office, file_of()), SchoolYear.objects.running()
    assert year is not None
    RosterUpload.objects.filter(pk=upload.pk).update(attempts=attempts)

    def make_it() -> None:
        by_hand = Somebody(lambda: keep_class(school=school, year=year, name="3B", level="L3", by=office))
        assert by_hand.ended() == []

    with before('INSERT INTO "schools_schoolclass"', make_it):
        carry_on()
    assert states(upload) == [(UploadState.READY, "plan_changed")]
    assert SchoolClass.objects.count() == 1
    ask_to_apply(upload=upload, by=office, plan_key=upload.plan_key)
    carry_on()
    assert states(upload) == [(UploadState.APPLIED, "")]
    assert SchoolClass.objects.filter(name="3B").count() == 1
