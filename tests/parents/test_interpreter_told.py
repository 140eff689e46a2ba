"""What a parent and the teacher read of an interpreter, and what becomes of a wish when the agency cancels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from parents.bookings import as_bookings
from parents.models import ConferenceRound, ConferenceSlot, ContactMoment, InterpreterRequest
from reports.week import week_of
from schools import clock
from tests.cast import Cast
from tests.parents.conferences import hours_of, slot_of
from tests.parents.frame import text_of
from tests.parents.test_attendance import held_yesterday, send
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


class TestTheTalkThatWasWrittenDown:
    """Its contact says what the request says: figures count from there who needed an interpreter and had none (I17)."""

    @pytest.fixture
    def held(self, cast: Cast) -> InterpreterRequest:
        """Simran's mother came; nobody said yet what became of the interpreter."""
        made = held_yesterday(cast)
        send(cast, slot_of(cast, made, "simran"))
        return InterpreterRequest.objects.get()

    def told(self) -> tuple[str, str, str]:
        moment = ConferenceSlot.objects.get(pupil__first_name="Simran").contact_moment
        assert moment is not None
        return moment.interpreter_need, moment.interpreter_mode, moment.language_used

    def test_says_no_more_that_one_was_needed_where_none_was(self, cast: Cast, held: InterpreterRequest) -> None:
        assert self.told() == ("YES", "", "")
        arrange(cast, held, state="CANCELLED")
        assert self.told() == ("NO", "", "")
        arrange(cast, held, state="DID_NOT_COME")
        assert self.told() == ("YES", "NONE", "")

    def test_nor_that_one_came(self, cast: Cast, held: InterpreterRequest) -> None:
        arrange(cast, held, state="CAME")
        assert self.told() == ("YES", "ON_SITE", "pa")
        arrange(cast, held, state="CANCELLED")
        assert self.told() == ("NO", "", "")

    def test_what_somebody_wrote_there_stays(self, cast: Cast, held: InterpreterRequest) -> None:
        ContactMoment.objects.update(interpreter_mode="ADULT_ACQUAINTANCE")
        arrange(cast, held, state="CANCELLED")
        assert self.told() == ("YES", "ADULT_ACQUAINTANCE", "")
