"""A child changes class while a round of talks goes on: the teacher who has it now receives its parents, and who has a
time with the earlier one keeps it until somebody cancels it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from messaging.services import tell_talk_changes
from parents.conferencelists import without_time
from parents.models import ConferenceRound, ConferenceSlot, SlotStatus
from parents.services.booking import cancel_booking
from schools import clock
from schools.models import AuditEntry, Enrolment, SchoolClass
from schools.services.enrolling import change_class
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of

pytestmark = pytest.mark.django_db


def moves(cast: Cast, first_day: date | None = None, pupil: str = "yusuf", room: str = "1a") -> None:
    change_class(
        pupil=cast.pupils[pupil],
        to=cast.classes[room],
        first_day=first_day or clock.today(),
        by=cast.staff["office"],
    )


def of_class(cast: Cast, made: ConferenceRound, room: str) -> set[str]:
    return {slot.pupil.first_name for slot in without_time(made, cast.classes[room].pk)}


def test_its_place_without_a_time_goes_along(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    moves(cast)
    tell_talk_changes()
    assert "Yusuf" in of_class(cast, made, "1a")
    assert "Yusuf" not in of_class(cast, made, "3b")
    slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made, "1A")[0], "separated_father")
    assert slot.hour is not None
    assert slot.hour.host.school_class == cast.classes["1a"]
    entry = AuditEntry.objects.get(verb="let a place follow the class")
    assert (entry.actor, entry.target_id, entry.school_id) == (None, slot.pk, cast.schools["kersenboom"].pk)


def test_a_class_chosen_by_mistake_leaves_no_trace_in_the_years_of_the_child(cast: Cast) -> None:
    places = Enrolment.objects.filter(pupil=cast.pupils["yusuf"])
    was = list(places.values_list("pk", "school_class", "starts_on", "ends_on"))
    moves(cast)
    moves(cast, room="3b")
    assert list(places.values_list("pk", "school_class", "starts_on", "ends_on")) == was
    moves(cast)
    room = cast.classes["1a"]
    cast.classes["1b"] = SchoolClass.objects.create(school=room.school, year=room.year, name="1B", level=room.level)
    moves(cast, room="1b")
    assert places.count() == 2, "another class than before is another place"


def test_no_class_is_chosen_before_somebody_chose_one(cast: Cast) -> None:
    office, page = cast.client("office"), reverse("pupil_detail", args=[cast.pupils["yusuf"].pk])
    answer = office.post(page, {"form": "move", "move-school_class": "", "move-first_day": clock.today().isoformat()})
    assert answer.status_code == 422
    assert 'option value="" selected' in office.get(page).content.decode()
    assert Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).count() == 1


def test_the_class_on_the_day_of_the_round_counts(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    moves(cast, made.held_on + timedelta(days=1))
    tell_talk_changes()
    assert "Yusuf" in of_class(cast, made, "3b")
    with time_machine.travel(clock.now() + timedelta(days=11)):  # one catches up
        tell_talk_changes()
        assert "Yusuf" in of_class(cast, made, "1a")


def test_before_the_day_of_the_change_the_place_is_there_already(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    moves(cast, made.held_on - timedelta(days=2))
    tell_talk_changes()
    assert "Yusuf" in of_class(cast, made, "1a")


def test_where_the_new_teacher_does_not_receive_it_stays(cast: Cast) -> None:
    made = round_of(cast, "3b")
    moves(cast)
    tell_talk_changes()
    assert "Yusuf" in of_class(cast, made, "3b")
    assert not AuditEntry.objects.filter(verb="let a place follow the class").exists()


def test_a_chosen_time_stands_and_the_teacher_reads_it(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    assert slot.hour is not None
    teacher, pages = (
        cast.client("teacher_3b"),
        (reverse("conference_host", args=[slot.hour.host_id]), reverse("conference_hour", args=[slot.hour_id])),
    )
    for page in pages:
        assert "nu in " not in teacher.get(page).content.decode()
    moves(cast)
    assert tell_talk_changes() == 0
    slot.refresh_from_db()
    assert (slot.status, slot.school_class) == (SlotStatus.BOOKED, cast.classes["3b"])
    assert "nu in 1A" in teacher.get(pages[0]).content.decode()
    assert "nu in klas 1A" in teacher.get(pages[1]).content.decode()


def test_once_it_is_cancelled_another_time_is_with_the_new_teacher(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    moves(cast)
    tell_talk_changes()
    cancel_booking(slot=slot, by=cast.staff["teacher_3b"])
    tell_talk_changes()
    assert ConferenceSlot.objects.get(pk=slot.pk).school_class == cast.classes["1a"]


def test_another_school_is_not_named(cast: Cast) -> None:
    """Only a class of the own school stands beside the child."""
    made = round_of(cast, "3b", "1a")
    slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    assert slot.hour is not None
    cast.pupils["yusuf"].enrolments.filter(school=cast.schools["kersenboom"]).update(ends_on=clock.today())
    other = cast.classes["go2"]
    cast.pupils["yusuf"].enrolments.create(
        school=other.school, school_class=other, starts_on=clock.today() + timedelta(days=1)
    )
    page = cast.client("teacher_3b").get(reverse("conference_host", args=[slot.hour.host_id])).content.decode()
    assert "nu in " not in page
