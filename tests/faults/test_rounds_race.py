"""A round of talks is removed, a rule changed, a time moved, while a parent chooses."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from parents.models import ConferenceRound, ConferenceSlot, InterpreterRequest, MeetingWay, SlotRule
from parents.services import conferences
from parents.services.booking import Choice, Wish, book_slot, cancel_booking
from tests.cast import Cast, build_cast
from tests.faults.test_lists_at_once import beside
from tests.parents.conferences import AT_SCHOOL, book, hours_of, round_of, slot_of

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
_MOMENT = 0.5


class Scene:
    def __init__(self) -> None:
        self.cast = build_cast()
        self.round = round_of(self.cast)
        self.slot = slot_of(self.cast, self.round, "simran")
        self.hour = hours_of(self.round)[0]
        self.mother, self.head = self.cast.guardians["mother"], self.cast.staff["head"]
        self.wrong: list[BaseException] = []

    def choose(self) -> None:
        book_slot(choice=Choice(self.slot, self.hour, 0), wish=Wish(MeetingWay.SCHOOL, "pa", "Over lezen"), guardian=self.mother)


def test_a_round_is_removed_while_a_parent_chooses() -> None:
    scene = Scene()
    with transaction.atomic():
        scene.choose()
        thread = beside(lambda: conferences.remove_round(conference=scene.round, by=scene.head), scene.wrong)
        thread.join(timeout=_MOMENT)
    thread.join(timeout=30)
    print(scene.wrong, ConferenceRound.objects.count(), ConferenceSlot.objects.filter(status="BOOKED").count())
    assert [type(error) for error in scene.wrong] == [ValidationError]
    assert ConferenceSlot.objects.filter(status="BOOKED").count() == 1
    assert InterpreterRequest.objects.count() == 1


def test_a_parent_chooses_while_the_round_is_removed() -> None:
    scene = Scene()
    with transaction.atomic():
        conferences.remove_round(conference=scene.round, by=scene.head)
        thread = beside(scene.choose, scene.wrong)
        thread.join(timeout=_MOMENT)
    thread.join(timeout=30)
    print(scene.wrong)
    assert [isinstance(error, ValidationError) for error in scene.wrong] == [True]


def test_a_parent_chooses_while_the_rule_changes() -> None:
    scene = Scene()
    with transaction.atomic():
        conferences.change_rule(conference=scene.round, pupil=scene.slot.pupil, rule=SlotRule.EACH, by=scene.head)
        thread = beside(scene.choose, scene.wrong)
        thread.join(timeout=_MOMENT)
    thread.join(timeout=30)
    print(scene.wrong)
    assert [isinstance(error, ValidationError) for error in scene.wrong] == [True]


def test_a_parent_gives_back_while_the_round_goes() -> None:
    scene = Scene()
    with transaction.atomic():
        conferences.remove_round(conference=scene.round, by=scene.head)
        thread = beside(lambda: cancel_booking(slot=scene.slot, by=scene.mother), scene.wrong)
        thread.join(timeout=_MOMENT)
    thread.join(timeout=30)
    print(scene.wrong)
    assert scene.wrong == [] or isinstance(scene.wrong[0], ValidationError)


def test_a_time_is_moved_while_a_parent_chooses_it() -> None:
    scene = Scene()
    later = scene.hour.starts_at + timedelta(hours=3)
    with transaction.atomic():
        conferences.move_hour(hour=scene.hour, starts_at=later, ends_at=later + timedelta(minutes=10), by=scene.head)
        thread = beside(scene.choose, scene.wrong)
        thread.join(timeout=_MOMENT)
    thread.join(timeout=30)
    print(scene.wrong)
    assert [isinstance(error, ValidationError) for error in scene.wrong] == [True]
