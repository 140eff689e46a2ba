"""A round of talks changes in the moment in which a parent chooses a time in it, each with a connection of its own:
what was chosen stays, and who comes second reads why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from parents.models import ConferenceRound, ConferenceSlot, InterpreterRequest, MeetingWay, SlotRule, SlotStatus
from parents.services import conferenceplaces, conferences
from parents.services.booking import Choice, SlotTaken, Wish, book_slot, cancel_booking
from tests.cast import build_cast
from tests.faults.meanwhile import Somebody
from tests.parents.conferences import hours_of, round_of, slot_of

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


class Scene:
    """A round of class 3B, in which Simran's mother chooses the first time."""

    def __init__(self) -> None:
        cast = build_cast()
        self.round = round_of(cast)
        self.slot, self.hour = slot_of(cast, self.round, "simran"), hours_of(self.round)[0]
        self.mother, self.head = cast.guardians["mother"], cast.staff["head"]

    def choose(self) -> None:
        wish = Wish(MeetingWay.SCHOOL, "pa", "Over lezen")
        book_slot(choice=Choice(self.slot, self.hour, 0), wish=wish, guardian=self.mother)

    def give_back(self) -> None:
        assert not cancel_booking(slot=self.slot, by=self.mother)

    def remove(self) -> None:
        conferences.remove_round(conference=self.round, by=self.head)

    def change_rule(self) -> None:
        conferenceplaces.change_rule(conference=self.round, pupil=self.slot.pupil, rule=SlotRule.EACH, by=self.head)

    def move(self) -> None:
        later = self.hour.starts_at + timedelta(hours=3)
        conferences.move_hour(hour=self.hour, starts_at=later, ends_at=later + timedelta(minutes=10), by=self.head)


def meet(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """The second one begins before the first one is saved; what went wrong there."""
    with transaction.atomic():
        first()
        somebody = Somebody(second)
    return somebody.ended()


@pytest.mark.parametrize("what", ["remove", "change_rule", "move"])
def test_what_a_parent_chose_first_stays(what: str) -> None:
    scene = Scene()
    assert [type(error) for error in meet(scene.choose, getattr(scene, what))] == [ValidationError]
    chosen = ConferenceSlot.objects.get(status=SlotStatus.BOOKED)
    assert (chosen.pk, chosen.starts_at) == (scene.slot.pk, scene.hour.starts_at)
    assert InterpreterRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "why"), [("remove", ValidationError), ("change_rule", ValidationError), ("move", SlotTaken)]
)
def test_a_parent_who_comes_second_reads_why_not(what: str, why: type[ValidationError]) -> None:
    """Nobody is written down for another time than the one that was tapped."""
    scene = Scene()
    assert [type(error) for error in meet(getattr(scene, what), scene.choose)] == [why]
    assert not ConferenceSlot.objects.filter(status=SlotStatus.BOOKED).exists()
    assert not InterpreterRequest.objects.exists()


def test_what_is_gone_is_neither_given_back_nor_removed_again() -> None:
    scene = Scene()
    assert meet(scene.remove, scene.give_back) == []
    assert meet(scene.remove, scene.remove) == []
    assert not ConferenceRound.objects.exists()


def test_a_place_is_offered_in_no_round_that_is_being_removed() -> None:
    scene = Scene()
    assert meet(scene.remove, lambda: conferenceplaces.offer_places(conference=scene.round, by=scene.head)) == []
    assert not ConferenceSlot.objects.exists()
