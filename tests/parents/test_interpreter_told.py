"""What a parent and the teacher read of an interpreter, and what becomes of a wish when the agency cancels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from parents.bookings import as_bookings
from parents.models import ConferenceRound, InterpreterRequest
from reports.week import week_of
from schools import clock
from tests.cast import Cast
from tests.parents.conferences import hours_of, slot_of
from tests.parents.frame import text_of
from tests.parents.test_interpreters import arrange, in_english, with_interpreter


@pytest.fixture
def asked(cast: Cast) -> InterpreterRequest:
    return with_interpreter(cast)


def read_by_the_mother(cast: Cast) -> str:
    return text_of(cast.guardian_client("mother").get(reverse("portal_bookings"), {"taal": "nl"}))


def test_a_parent_reads_with_an_interpreter_once_one_is_booked(cast: Cast, asked: InterpreterRequest) -> None:
    page = read_by_the_mother(cast)
    assert "U vroeg een tolk" in page
    assert "Met een tolk" not in page
    arrange(cast, asked, state="BOOKED", agency="Tolkenpunt")
    page = read_by_the_mother(cast)
    assert "Met een tolk" in page
    assert "U vroeg een tolk" not in page


def test_the_teacher_reads_whether_one_is_booked(cast: Cast, asked: InterpreterRequest) -> None:
    made = ConferenceRound.objects.get()
    hour = hours_of(made)[0]
    pages = [reverse("conference_host", args=[hour.host_id]), reverse("conference_hour", args=[hour.pk])]
    teacher = in_english(cast, "teacher_3b")
    for state, agency, words in (("ASKED", "", "asked"), ("BOOKED", "Tolkenpunt", "booked")):
        arrange(cast, asked, state=state, agency=agency)
        for page in pages:
            assert f"</bdi> · {words}" in text_of(teacher.get(page))


def test_when_the_agency_cancels_the_wish_stands_and_somebody_is_sought(cast: Cast, asked: InterpreterRequest) -> None:
    """The page says how to note it; nothing says that the agency confirmed."""
    arrange(cast, asked, state="BOOKED", agency="Tolkenpunt")
    office = in_english(cast, "office")
    page = text_of(office.get(reverse("interpreter_detail", args=[asked.pk])))
    assert "Does the agency cancel, or find nobody?" in page
    assert "not needed" in page
    asked.refresh_from_db()
    form: dict[str, Any] = {
        "state": "ASKED",
        "agency": "Tolkenpunt",
        "asked_on": asked.asked_agency_on,
        "confirmed_on": asked.confirmed_on,
    }
    assert arrange(cast, asked, **form).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.confirmed_on) == ("ASKED", None)
    assert [line.request for line in week_of(cast.staff["care"]).interpreters] == [asked]
    slot = slot_of(cast, ConferenceRound.objects.get(), "simran")
    booking = as_bookings([slot], cast.guardians["mother"])[0]
    assert (booking.interpreter, booking.has_interpreter) == ("pa", False)
    InterpreterRequest.objects.update(needed_at=clock.now() - timedelta(hours=1))
    assert "find nobody" not in text_of(office.get(reverse("interpreter_detail", args=[asked.pk]))), "it is over"
