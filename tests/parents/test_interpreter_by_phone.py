"""The agency has nobody who comes along, but somebody who helps by phone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents import interpreters
from parents.models import ConferenceRound, InterpreterRequest
from parents.services.booking import Wish, cancel_booking
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, slot_of
from tests.parents.test_interpreters import arrange, home_visit, with_interpreter

pytestmark = pytest.mark.django_db
BY_PHONE = {"state": "BOOKED", "agency": "Tolkenpunt", "mode": "PHONE"}


def standing(row: InterpreterRequest) -> tuple[str, str, str]:
    row.refresh_from_db()
    return row.state, row.mode, row.agency


def test_it_is_the_same_request(cast: Cast) -> None:
    row = home_visit(cast)
    assert arrange(cast, row, **BY_PHONE).status_code == 302
    assert standing(row) == ("BOOKED", "PHONE", "Tolkenpunt")
    assert interpreters.place_of(row, row.school) == "per telefoon"
    assert not row.is_at_home
    arrange(cast, row, state="BOOKED", agency="Tolkenpunt", cost="30")
    assert standing(row)[1] == "PHONE", "what is not said stays"
    assert arrange(cast, row, state="BOOKED", agency="Tolkenpunt", mode="CHILD").status_code == 422


def test_a_second_press_is_not_told_that_nothing_was_saved(cast: Cast) -> None:
    row = home_visit(cast)
    row.refresh_from_db()
    said = BY_PHONE | {"cost": "30,50", "seen": row.version}
    assert [arrange(cast, row, **said).status_code for _press in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="arranged", target_id=row.pk).count() == 1
    assert arrange(cast, row, **said | {"cost": "31"}).status_code == 422


def test_what_is_written_down_of_the_talk_says_so(cast: Cast) -> None:
    row = with_interpreter(cast)
    arrange(cast, row, **BY_PHONE)
    InterpreterRequest.objects.update(needed_at=clock.now().replace(year=2020))
    arrange(cast, row, **BY_PHONE | {"state": "CAME"})
    assert standing(row)[:2] == ("CAME", "PHONE")


def test_another_hour_of_the_talk_leaves_how_and_another_way_does_not(cast: Cast) -> None:
    row = with_interpreter(cast)
    arrange(cast, row, **BY_PHONE)
    slot = slot_of(cast, ConferenceRound.objects.get(), "simran")
    first, second = hours_of(slot.round)[0], hours_of(slot.round)[2]
    book(cast, slot, first, "mother", Wish("SCHOOL", "pa", "ਹੋਰ"))
    assert standing(row) == ("BOOKED", "PHONE", "Tolkenpunt"), "only a word to the teacher was added"
    book(cast, slot, second, "mother", Wish("SCHOOL", "pa"))
    assert standing(row) == ("ASKED", "PHONE", "Tolkenpunt")
    book(cast, slot, second, "mother", Wish("VIDEO", "pa"))
    assert standing(row)[1] == "VIDEO"
    book(cast, slot, second, "mother", Wish("SCHOOL", "pa"))
    assert standing(row)[1] == "ON_SITE"


def test_the_other_parent_changes_nothing_of_it(cast: Cast) -> None:
    row = with_interpreter(cast)
    arrange(cast, row, **BY_PHONE)
    slot = slot_of(cast, ConferenceRound.objects.get(), "simran")
    book(cast, slot, hours_of(slot.round)[0], "grandfather", Wish("SCHOOL"))
    assert standing(row) == ("BOOKED", "PHONE", "Tolkenpunt")


def test_a_time_that_was_given_back_and_chosen_anew_is_at_school(cast: Cast) -> None:
    row = with_interpreter(cast)
    arrange(cast, row, **BY_PHONE)
    slot = slot_of(cast, ConferenceRound.objects.get(), "simran")
    cancel_booking(slot=slot, by=cast.staff["head"])
    book(cast, slot, hours_of(slot.round)[2], "mother", Wish("SCHOOL", "pa"))
    assert standing(row) == ("ASKED", "ON_SITE", "Tolkenpunt")


@pytest.mark.parametrize(("way", "is_asked"), [("SCHOOL", True), ("PHONE", False)])
def test_where_the_talk_itself_is_by_phone_nothing_is_asked(cast: Cast, way: str, is_asked: bool) -> None:
    row = with_interpreter(cast)
    slot = slot_of(cast, ConferenceRound.objects.get(), "simran")
    book(cast, slot, hours_of(slot.round)[0], "mother", Wish(way, "pa"))
    page = cast.client("office").get(reverse("interpreter_detail", args=[row.pk]))
    assert ("mode" in page.context["form"].fields) is is_asked
