"""What a parent wished for a talk, interpreter and what it is to be about, outlives what others do with the hour."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.bookings import as_bookings
from parents.models import ConferenceNote, ConferenceRound, ConferenceSlot, InterpreterRequest, MeetingWay
from parents.services.booking import Wish, cancel_booking
from tests.cast import Cast
from tests.parents.conferences import AT_SCHOOL, book, hours_of, round_of, slot_of, with_brother

WISHED = Wish(MeetingWay.SCHOOL, "pa", "ਪੜ੍ਹਨਾ")


@pytest.fixture
def made(cast: Cast) -> ConferenceRound:
    return round_of(cast)


@pytest.fixture
def slot(cast: Cast, made: ConferenceRound) -> ConferenceSlot:
    return slot_of(cast, made, "simran")


def test_a_colleague_who_writes_down_another_hour_drops_no_wish(
    cast: Cast, made: ConferenceRound, slot: ConferenceSlot
) -> None:
    """The form does not show that an interpreter was asked; "no interpreter" is where it begins."""
    first, second, *_rest = hours_of(made)
    book(cast, slot, first, "mother", WISHED)
    cancel_booking(slot=slot, by=cast.staff["head"], because="De juf is ziek.")
    book(cast, slot, second, "mother", Wish(MeetingWay.PHONE), by=cast.staff["office"])
    asked = InterpreterRequest.objects.get()
    assert (asked.state, asked.needed_at, asked.mode) == ("ASKED", second.starts_at, "PHONE")
    slot.refresh_from_db()
    booking = as_bookings([slot], cast.guardians["mother"])[0]
    assert (booking.interpreter, booking.note) == ("pa", WISHED.note)


def test_a_parent_who_says_no_drops_it(cast: Cast, made: ConferenceRound, slot: ConferenceSlot) -> None:
    book(cast, slot, hours_of(made)[0], "mother", WISHED)
    book(cast, slot, hours_of(made)[1], "mother", AT_SCHOOL)
    assert InterpreterRequest.objects.get().state == "CANCELLED"
    assert not ConferenceNote.objects.exists()


@pytest.mark.parametrize(("language", "number"), [("pa", 1), ("fr", 2)])
def test_what_a_paper_asked_for_a_parent_without_a_name_is_not_asked_twice(
    cast: Cast, made: ConferenceRound, slot: ConferenceSlot, language: str, number: int
) -> None:
    """She reads nothing of it on her page, and asks."""
    book(cast, slot, hours_of(made)[0], None, Wish(MeetingWay.SCHOOL, "pa"), by=cast.staff["office"])
    book(cast, slot, hours_of(made)[1], "mother", Wish(MeetingWay.SCHOOL, language))
    coming = InterpreterRequest.objects.filter(state="ASKED", needed_at=hours_of(made)[1].starts_at)
    assert coming.count() == number
    assert coming.get(guardian=cast.guardians["mother"]).language == language


@pytest.mark.parametrize(("language", "number"), [("pa", 1), ("fr", 2)])
def test_nor_what_a_parent_asked_when_a_paper_says_so_without_a_name(
    cast: Cast, made: ConferenceRound, slot: ConferenceSlot, language: str, number: int
) -> None:
    """The school cancelled, and the strip for another hour came back without a name."""
    book(cast, slot, hours_of(made)[0], "mother", WISHED)
    cancel_booking(slot=slot, by=cast.staff["head"], because="De juf is ziek.")
    book(cast, slot, hours_of(made)[1], None, Wish(MeetingWay.SCHOOL, language), by=cast.staff["office"])
    coming = InterpreterRequest.objects.filter(state="ASKED", needed_at=hours_of(made)[1].starts_at)
    assert coming.count() == number
    assert coming.get(guardian=cast.guardians["mother"]).language == "pa"


def test_the_page_for_several_children_begins_with_what_was_wished(cast: Cast) -> None:
    """The teachers are ill, and the mother chooses anew for both."""
    with_brother(cast)
    both = round_of(cast, "3b", "1a")
    for pupil, room, wish in (("bram", "3B", Wish(MeetingWay.SCHOOL, "fr", "Lire")), ("emma", "1A", AT_SCHOOL)):
        slot = slot_of(cast, both, pupil)
        book(cast, slot, hours_of(both, room)[0], "dutch_mother", wish)
        cancel_booking(slot=slot, by=cast.staff["head"], because="Ziek.")
    form = cast.guardian_client("dutch_mother").get(reverse("portal_booking_together", args=[both.pk])).context["form"]
    assert (form["interpreter"].value(), form["note"].value()) == ("fr", "Lire")
