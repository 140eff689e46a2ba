"""Interpreters: who sees what is to be booked, how far it is with the agency, and what the agency never learns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from messaging.services import remind_of_meetings
from parents import interpreters
from parents.models import ConferenceRound, InterpreterRequest
from parents.services.booking import Wish, cancel_booking
from parents.services.interpreters import NewTalk, ask_interpreter
from reports.week import INTERPRETERS_SHOWN, week_of
from schools import clock
from schools.days import full_day
from schools.models import Assignment, AuditEntry, Enrolment, Role
from tests.cast import Cast, make_account
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.frame import text_of

LIST = reverse("interpreter_list")
SHEET = reverse("interpreter_sheet")
#: A Monday in a school year without holidays near it.
MONDAY = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def _dutch_again() -> Iterator[None]:
    """A page in English leaves its language to what runs after it."""
    yield
    translation.deactivate()


def with_interpreter(cast: Cast) -> InterpreterRequest:
    """Simran's mother has the first time of a round, with an interpreter."""
    made = round_of(cast)
    book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother", Wish("SCHOOL", "pa", "ਪੜ੍ਹਨਾ"))
    return InterpreterRequest.objects.get()


def home_visit(
    cast: Cast, *, days: int = 3, by: str = "care", language: str = "ar", hour: int = 14
) -> InterpreterRequest:
    at = datetime.combine(clock.today() + timedelta(days=days), time(hour), tzinfo=clock.BRUSSELS)
    talk = NewTalk("HOME_VISIT", language, at, 45, "ON_SITE", cast.guardians["separated_father"])
    return ask_interpreter(pupil=cast.pupils["yusuf"], talk=talk, by=cast.staff["care"])


def line(row: InterpreterRequest) -> str:
    """What the page of the sheet sends back of a line."""
    return f"{row.pk}-{InterpreterRequest.objects.get(pk=row.pk).line_key}"


def in_english(cast: Cast, key: str) -> Client:
    cast.staff[key].language = "en"
    cast.staff[key].save(update_fields=["language"])
    return cast.client(key)


def arrange(cast: Cast, row: InterpreterRequest, who: str = "office", **facts: Any) -> Any:
    """As the page is sent that was opened just before, or was ``seen`` earlier."""
    seen = InterpreterRequest.objects.get(pk=row.pk).version
    return cast.client(who).post(reverse("interpreter_detail", args=[row.pk]), {"seen": seen} | facts)


def test_the_own_school_sees_all_a_teacher_the_own_class_and_others_nothing(cast: Cast) -> None:
    rows = {with_interpreter(cast).pk, home_visit(cast).pk}
    seen = {
        key: set(InterpreterRequest.objects.visible_to(cast.staff[key]).values_list("pk", flat=True))
        for key in cast.staff
    }
    assert {key for key, found in seen.items() if found == rows} == {"teacher_3b", "head", "care", "office"}
    assert not any(found for key, found in seen.items() if key not in ("teacher_3b", "head", "care", "office"))


def test_what_is_to_be_booked_comes_first_and_by_day(cast: Cast) -> None:
    asked, visit = with_interpreter(cast), home_visit(cast, days=2)
    arrange(cast, visit, state="BOOKED", agency="Tolkenpunt")
    answer = cast.client("office").get(LIST)
    assert [(part.rank, part.days[0][1][0].request) for part in answer.context["parts"]] == [
        (interpreters.TO_BOOK, asked),
        (interpreters.BOOKED, visit),
    ]
    page = text_of(answer)
    for words in ("Simran Kaur", "Oudercontact lente", "ਪੰਜਾਬੀ", "Tolkenpunt"):
        assert words in page
    assert AuditEntry.objects.filter(verb="listed", actor=cast.staff["office"]).exists()


@pytest.mark.parametrize(
    ("today", "days", "words"),
    [
        (0, 0, "Today, and nobody is booked."),
        (0, 1, "In 1 school day, and nobody is booked."),
        (0, 6, "In 4 school days, and nobody is booked."),
        (0, 7, ""),
        (4, 1, "Before the next school day, and nobody is booked."),
        (4, 3, "In 1 school day, and nobody is booked."),
    ],
)
def test_time_that_runs_short_is_a_sentence(cast: Cast, settings: Any, today: int, days: int, words: str) -> None:
    """Counted in school days: on Monday, and on the Friday after it."""
    settings.DEMO_TODAY = MONDAY + timedelta(days=today)
    home_visit(cast, days=days, hour=23)
    page = text_of(in_english(cast, "care").get(LIST))
    assert (words in page) if words else ("nobody is booked" not in page)


def test_once_somebody_is_booked_nothing_warns(cast: Cast) -> None:
    row = home_visit(cast, days=1)
    assert [line.request for line in week_of(cast.staff["care"]).interpreters] == [row]
    arrange(cast, row, state="BOOKED", agency="Tolkenpunt")
    assert week_of(cast.staff["care"]).interpreters == []
    assert not interpreters.lines_of(InterpreterRequest.objects.all())[0].warns


def test_my_week_says_what_is_to_be_booked_and_no_more_than_a_few(cast: Cast) -> None:
    for hour in range(9, 9 + INTERPRETERS_SHOWN + 2):
        home_visit(cast, days=2, hour=hour)
    assert len(week_of(cast.staff["care"]).interpreters) == INTERPRETERS_SHOWN
    assert week_of(cast.staff["teacher_1a"]).interpreters == []
    page = text_of(cast.client("teacher_3b").get(reverse("my_week")))
    assert reverse("interpreter_detail", args=[InterpreterRequest.objects.order_by("needed_at")[0].pk]) in page
    InterpreterRequest.objects.update(needed_at=clock.now() + timedelta(days=40))
    assert week_of(cast.staff["care"]).interpreters == []


def test_from_asked_to_the_bill(cast: Cast) -> None:
    row = home_visit(cast)
    today = clock.today()
    arrange(cast, row, state="ASKED", agency="Tolkenpunt", asked_on=(today - timedelta(days=2)).isoformat())
    row.refresh_from_db()
    assert (row.state, row.agency, row.asked_agency_on) == ("ASKED", "Tolkenpunt", today - timedelta(days=2))
    arrange(cast, row, state="BOOKED", agency="Tolkenpunt", asked_on=f"{today - timedelta(days=2)}", cost="48,50")
    row.refresh_from_db()
    assert (row.state, row.confirmed_on, row.cost) == ("BOOKED", today, Decimal("48.50"))
    InterpreterRequest.objects.update(needed_at=clock.now() - timedelta(hours=3))
    assert arrange(cast, row, "teacher_3b", state="CAME", agency="Tolkenpunt", cost="52").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.cost) == ("CAME", Decimal(52))
    assert AuditEntry.objects.filter(verb="arranged", target_id=row.pk).count() == 3
    client = cast.client("office")
    assert "52,00" in text_of(client.get(LIST))
    assert "Tolkenpunt" not in text_of(client.get(LIST))
    assert "Tolkenpunt" in text_of(client.get(LIST, {"toon": "alles"}))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "BOOKED"}, "Say which agency."),
        ({"state": "CAME", "agency": "Tolkenpunt"}, ""),
        ({"state": "ASKED", "agency": "Tolkenpunt", "asked_on": "2099-01-01"}, "This day is still to come."),
        (
            {"state": "ASKED", "agency": "T", "asked_on": "2020-02-02", "confirmed_on": "2020-01-01"},
            "An agency confirms after it was asked.",
        ),
        ({"state": "BOOKED", "agency": "Tolkenpunt", "cost": "-3"}, ""),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, facts: dict[str, str], words: str) -> None:
    row = home_visit(cast)
    in_english(cast, "office")
    answer = arrange(cast, row, **facts)
    assert answer.status_code == 422
    assert words in text_of(answer)
    row.refresh_from_db()
    assert (row.state, row.agency) == ("ASKED", "")


def test_the_database_keeps_its_promises(cast: Cast) -> None:
    home_visit(cast)
    for wrong in ({"state": "BOOKED"}, {"cost": -1}, {"state": "x"}, {"kind": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            InterpreterRequest.objects.update(**wrong)


def test_a_changed_talk_is_asked_again_and_a_cancelled_one_called_off(cast: Cast) -> None:
    row = with_interpreter(cast)
    arrange(cast, row, state="BOOKED", agency="Tolkenpunt")
    made = ConferenceRound.objects.get()
    slot = book(cast, slot_of(cast, made, "simran"), hours_of(made)[2], "mother", Wish("SCHOOL", "pa"))
    row.refresh_from_db()
    assert (row.state, row.asked_agency_on, row.confirmed_on, row.was_moved) == ("ASKED", None, None, True)
    client = in_english(cast, "office")
    assert "ask the agency again" in text_of(client.get(LIST))
    arrange(cast, row, state="BOOKED", agency="Tolkenpunt")
    cancel_booking(slot=slot, by=cast.guardians["mother"])
    answer = client.get(LIST)
    assert [part.rank for part in answer.context["parts"]] == [interpreters.TO_CALL_OFF]
    assert arrange(cast, row, state="CANCELLED", agency="Tolkenpunt", called_off="on").status_code == 302
    assert client.get(LIST).context["parts"] == []


def test_an_agency_that_was_booked_for_the_hour_before_is_called_off_too(cast: Cast) -> None:
    row = with_interpreter(cast)
    arrange(cast, row, state="BOOKED", agency="Tolkenpunt")
    made = ConferenceRound.objects.get()
    slot = book(cast, slot_of(cast, made, "simran"), hours_of(made)[2], "mother", Wish("SCHOOL", "pa"))
    cancel_booking(slot=slot, by=cast.guardians["mother"])
    row.refresh_from_db()
    assert (row.state, row.asked_agency_on, row.is_to_call_off) == ("CANCELLED", None, True)
    client = in_english(cast, "office")
    assert [part.rank for part in client.get(LIST).context["parts"]] == [interpreters.TO_CALL_OFF]
    assert "called_off" in client.get(reverse("interpreter_detail", args=[row.pk])).context["form"].fields


def test_for_a_child_that_left_nobody_is_booked_and_who_was_asked_is_called_off(cast: Cast) -> None:
    row, visit = with_interpreter(cast), home_visit(cast)
    arrange(cast, row, state="BOOKED", agency="Tolkenpunt")
    office, places = cast.client("office"), Enrolment.objects.filter(pupil__in=[row.pupil, visit.pupil])
    places.update(ends_on=clock.today())
    remind_of_meetings()
    ranks = [part.rank for part in office.get(LIST).context["parts"]]
    assert ranks == [interpreters.TO_BOOK, interpreters.BOOKED], "its last day is today"
    places.update(ends_on=clock.today() - timedelta(days=1))
    remind_of_meetings()
    assert [part.rank for part in office.get(LIST).context["parts"]] == [interpreters.TO_CALL_OFF]
    places.update(ends_on=None)
    remind_of_meetings()
    assert [part.rank for part in office.get(LIST).context["parts"]] == [interpreters.TO_BOOK], "it stays after all"
    assert InterpreterRequest.objects.filter(state="ASKED", fell_with_talk=False).count() == 2


def test_who_gives_the_talk_back_takes_the_own_wish_back_with_it(cast: Cast) -> None:
    row = with_interpreter(cast)
    slot = slot_of(cast, ConferenceRound.objects.get(), "simran")
    cancel_booking(slot=slot, by=cast.guardians["mother"])
    book(cast, slot, hours_of(slot.round)[2], None, by=cast.staff["head"])
    row.refresh_from_db()
    assert (row.state, row.fell_with_talk) == ("CANCELLED", False)


def test_a_wish_that_the_office_cancelled_after_the_talk_fell_does_not_come_back_with_it(cast: Cast) -> None:
    row = with_interpreter(cast)
    slot = slot_of(cast, ConferenceRound.objects.get(), "simran")
    cancel_booking(slot=slot, by=cast.staff["head"])
    arrange(cast, row, state="ASKED")
    arrange(cast, row, state="CANCELLED")
    book(cast, slot, hours_of(slot.round)[2], None, by=cast.staff["head"])
    row.refresh_from_db()
    assert (row.state, row.fell_with_talk) == ("CANCELLED", False)


def test_what_changed_while_the_form_lay_open_is_not_written_over(cast: Cast) -> None:
    row = with_interpreter(cast)
    seen, slot = row.version, slot_of(cast, ConferenceRound.objects.get(), "simran")
    book(cast, slot, hours_of(slot.round)[2], "mother", Wish("SCHOOL", "ar"))
    in_english(cast, "office")
    answer = arrange(cast, row, state="BOOKED", agency="Tolkenpunt", cost="40", seen=seen)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "changed in the meantime: asked, Arabic" in page
    assert row.needed_at is not None
    assert full_day(row.needed_at.date()) in page, "the month in words, whatever the language"
    assert 'value="Tolkenpunt"' in page
    row.refresh_from_db()
    assert (row.state, row.agency) == ("ASKED", "")
    again = answer.context["form"]["seen"].value()
    assert arrange(cast, row, state="BOOKED", agency="Tolkenpunt", seen=again).status_code == 302
    cancel_booking(slot=slot, by=cast.guardians["mother"])
    assert arrange(cast, row, state="ASKED", agency="Tolkenpunt", seen=again).status_code == 422
    assert arrange(cast, row, state="ASKED", seen="").status_code == 422
    row.refresh_from_db()
    assert row.state == "CANCELLED"


def test_a_colleague_asks_for_a_talk_outside_a_round(cast: Cast) -> None:
    teacher, url = cast.client("teacher_3b"), reverse("interpreter_new")
    page = text_of(teacher.get(url))
    assert "Yusuf" in page
    assert "Emma" not in page
    child = f"{url}?pupil={cast.pupils['yusuf'].pk}"
    day = (clock.today() + timedelta(days=8)).isoformat()
    facts = {
        "kind": "HOME_VISIT",
        "guardian": cast.guardians["separated_father"].pk,
        "language": "ar",
        "day": day,
        "starts": "15:30",
        "minutes": "45",
        "mode": "ON_SITE",
    }
    assert teacher.post(child, facts | {"day": "2020-01-01"}).status_code == 422
    assert teacher.post(child, facts | {"language": "nl"}).status_code == 422, "nobody interprets the school's Dutch"
    assert teacher.post(child, facts | {"guardian": cast.guardians["mother"].pk}).status_code == 422
    answer = teacher.post(child, facts)
    assert teacher.post(child, facts).headers["Location"] == answer.headers["Location"], "a form sent twice"
    row = InterpreterRequest.objects.get()
    assert answer.headers["Location"] == reverse("interpreter_detail", args=[row.pk])
    assert (row.family, row.pupil, row.asked_by) == (
        cast.families["haddad"],
        cast.pupils["yusuf"],
        cast.staff["teacher_3b"],
    )
    assert (row.length, row.is_at_home, row.slot) == (45, True, None)
    for wrong in (cast.pupils["emma"].pk, cast.pupils["gurjot"].pk):
        assert teacher.get(url, {"pupil": wrong}).status_code == 404
    assert "Karim Haddad" in text_of(cast.client("head").get(answer.headers["Location"]))


def test_a_teacher_who_works_for_the_clb_too_asks_for_own_classes_only(cast: Cast) -> None:
    both = make_account("both@cast.example", "Bea Boven")
    start = cast.year.starts_on
    Assignment.objects.create(
        user=both,
        role=Role.TEACHER,
        starts_on=start,
        school=cast.schools["kersenboom"],
        school_class=cast.classes["1a"],
    )
    Assignment.objects.create(user=both, role=Role.CLB, starts_on=start, clb_centre=cast.centres["vclb"])
    home_visit(cast)
    assert not InterpreterRequest.objects.visible_to(both).exists()


def test_a_list_of_two_schools_stands_in_the_log_of_each(cast: Cast) -> None:
    Assignment.objects.create(
        user=cast.staff["care"],
        role=Role.CARE_COORDINATOR,
        starts_on=cast.year.starts_on,
        school=cast.classes["go2"].school,
    )
    talk = NewTalk("HOME_VISIT", "pa", clock.now() + timedelta(days=2), 45, "ON_SITE", cast.guardians["mother"])
    there = ask_interpreter(pupil=cast.pupils["gurjot"], talk=talk, by=cast.staff["care"])
    here = home_visit(cast)
    cast.client("care").get(LIST)
    lines = AuditEntry.objects.filter(verb="listed", actor=cast.staff["care"])
    assert {(line.school_id, *line.subjects.values_list("pupil_id", flat=True)) for line in lines} == {
        (there.school_id, cast.pupils["gurjot"].pk),
        (here.school_id, cast.pupils["yusuf"].pk),
    }


def test_languages_and_money_by_school_year(cast: Cast) -> None:
    def over(day: date, language: str, state: str, cost: str | None) -> None:
        row = home_visit(cast, language=language)
        at = datetime.combine(day, time(15), tzinfo=clock.BRUSSELS)
        InterpreterRequest.objects.filter(pk=row.pk).update(
            needed_at=at, state=state, agency="Tolkenpunt", cost=Decimal(cost) if cost else None
        )

    over(date(2024, 8, 31), "pa", "CAME", "10")
    over(date(2024, 9, 1), "pa", "CAME", "40.50")
    over(date(2025, 5, 5), "pa", "DID_NOT_COME", None)
    over(date(2025, 6, 30), "ar", "CAME", "20")
    over(date(2025, 6, 30), "tr", "CANCELLED", None)
    years = interpreters.totals(cast.staff["head"])
    assert [(year.name, year.asked, year.cost) for year in years] == [
        ("2024–2025", 3, Decimal("60.50")),
        ("2023–2024", 1, Decimal(10)),
    ]
    assert [(row.code, row.asked, row.came, row.did_not_come, row.cost) for row in years[0].languages] == [
        ("pa", 2, 1, 1, Decimal("40.50")),
        ("ar", 1, 1, 0, Decimal(20)),
    ]
    assert interpreters.totals(cast.staff["head_go"]) == []
