"""After the talks: one tap writes down who came, who did not is offered another, and it can be put right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from parents.models import (
    ConferenceRound,
    ConferenceSlot,
    ContactMoment,
    FamilyMembership,
    FollowUp,
    FollowUpKind,
    InterpreterRequest,
)
from parents.services.attendance import Evening, correct_attendance, write_attendance
from parents.services.booking import Wish
from parents.services.interpreters import Arrangement, arrange
from reports.week import week_of
from schools import clock
from schools.models import Holiday
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of, ten_days_on
from tests.parents.frame import text_of


def held_yesterday(cast: Cast) -> ConferenceRound:
    """Simran's mother came with an interpreter at four, Yusuf's father had the time after."""
    made = round_of(cast)
    first, second, *_rest = hours_of(made)
    book(cast, slot_of(cast, made, "simran"), first, "mother", Wish("SCHOOL", "pa"))
    book(cast, slot_of(cast, made, "yusuf"), second, "separated_father", Wish("PHONE"))
    ten_days_on(made)
    return made


def test_a_time_that_has_passed_takes_no_booking_and_does_not_ask_for_one(cast: Cast) -> None:
    """Who wanted to write down there who came read, after filling it in, that the time was taken."""
    made = held_yesterday(cast)
    free = hours_of(made)[2]
    teacher = cast.client("teacher_3b")
    address = reverse("conference_hour", args=[free.pk])
    assert address not in text_of(teacher.get(reverse("conference_host", args=[free.host_id])))
    assert 'name="slot"' not in teacher.get(address).content.decode()
    upcoming = teacher.get(reverse("conference_host", args=[hours_of(round_of(cast))[0].host_id]))
    assert "Een afspraak invullen" in text_of(upcoming)


def slots(cast: Cast) -> tuple[ConferenceSlot, ConferenceSlot]:
    made = ConferenceRound.objects.get()
    return slot_of(cast, made, "simran"), slot_of(cast, made, "yusuf")


def send(cast: Cast, *came: ConferenceSlot, who: str = "teacher_3b", **more: object) -> Any:
    """The form as the page shows it, with the mark left at those who came."""
    simran, yusuf = slots(cast)
    marks = {f"came_{slot.pk}": "on" for slot in came}
    url = reverse("conference_attendance", args=[simran.round.hosts.get().pk])
    return cast.client(who).post(url, {"shown": [simran.pk, yusuf.pk]} | marks | more)


def test_the_page_has_everybody_who_had_a_time_marked(cast: Cast) -> None:
    made = held_yesterday(cast)
    url = reverse("conference_host", args=[made.hosts.get().pk])
    answer = cast.client("teacher_3b").get(url)
    lines = list(answer.context["attendance"].lines())
    assert [(talk.slot.pupil.first_name, came.value()) for talk, came, _asked in lines] == [
        ("Simran", True),
        ("Yusuf", True),
    ]
    assert [len(asked) for _talk, _came, asked in lines] == [1, 0]
    send(cast, *slots(cast))
    assert cast.client("teacher_3b").get(url).context["attendance"] is None


def test_before_the_talks_there_is_nothing_to_write(cast: Cast) -> None:
    made = round_of(cast)
    slot = book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother")
    host = made.hosts.get()
    assert cast.client("teacher_3b").get(reverse("conference_host", args=[host.pk])).context["attendance"] is None
    assert write_attendance(host=host, evening=Evening([slot.pk], [slot.pk]), by=cast.staff["head"]).held == 0
    slot.refresh_from_db()
    assert slot.status == "BOOKED"


def test_a_talk_that_was_held_is_a_contact_moment(cast: Cast) -> None:
    held_yesterday(cast)
    assert send(cast, *slots(cast)).status_code == 302
    simran, yusuf = slots(cast)
    assert (simran.status, yusuf.status) == ("HELD", "HELD")
    moment = simran.contact_moment
    assert moment is not None
    assert simran.hour is not None
    assert (moment.kind, moment.status, moment.initiative, moment.purpose) == (
        "CONFERENCE",
        "HELD",
        "SCHOOL",
        "PROGRESS",
    )
    assert (moment.held_on, moment.duration_min) == (clock.local_date(simran.hour.starts_at), 10)
    assert moment.starts_at == simran.hour.starts_at.astimezone(clock.BRUSSELS).time()
    assert (moment.is_two_way, moment.recorded_by, moment.family) == (
        True,
        cast.staff["teacher_3b"],
        cast.families["kaur"],
    )
    assert list(moment.guardians.all()) == [cast.guardians["mother"]]
    assert list(moment.pupils.all()) == [cast.pupils["simran"]]
    assert yusuf.contact_moment is not None
    assert (yusuf.contact_moment.interpreter_need, yusuf.contact_moment.language_used) == ("NO", "")
    assert not FollowUp.objects.filter(kind=FollowUpKind.MEETING).exists()


def test_who_did_not_come_is_offered_another_talk_within_ten_school_days(cast: Cast) -> None:
    made = held_yesterday(cast)
    send(cast, slots(cast)[0])
    _simran, yusuf = slots(cast)
    assert yusuf.status == "NO_SHOW"
    task = FollowUp.objects.get(kind=FollowUpKind.MEETING)
    day = clock.local_date(yusuf.starts_at)  # type: ignore[arg-type]
    calendar = Holiday.objects.calendar(made.school)
    assert calendar.school_days_between(day, task.due_on) == 10
    assert (task.owner, task.pupil, task.family, task.guardian, task.slot) == (
        cast.staff["teacher_3b"],
        cast.pupils["yusuf"],
        cast.families["haddad"],
        cast.guardians["separated_father"],
        yusuf,
    )
    assert task in week_of(cast.staff["teacher_3b"]).tasks
    moment = yusuf.contact_moment
    assert moment is not None
    assert (moment.status, moment.is_reach) == ("NO_SHOW", False)


def test_written_down_weeks_later_the_other_talk_is_not_late_at_once(cast: Cast) -> None:
    made = held_yesterday(cast)
    for _time in range(3):
        ten_days_on(made)
    send(cast, slots(cast)[0])
    assert FollowUp.objects.get(kind=FollowUpKind.MEETING).due_on == clock.today()


def test_sent_twice_it_is_written_once(cast: Cast) -> None:
    held_yesterday(cast)
    before = ContactMoment.objects.count()
    for _time in range(2):
        send(cast, slots(cast)[0])
    assert ContactMoment.objects.count() == before + 2
    assert FollowUp.objects.filter(kind=FollowUpKind.MEETING).count() == 1
    send(cast, *slots(cast), who="head")
    assert [slot.status for slot in slots(cast)] == ["HELD", "NO_SHOW"], "what is written is put right one by one"


def test_what_did_not_stand_on_the_page_is_not_written(cast: Cast) -> None:
    """A talk that began after the page was opened is nobody's absence."""
    held_yesterday(cast)
    simran, yusuf = slots(cast)
    send(cast, simran, shown=[simran.pk, "²"])
    assert [slot.status for slot in slots(cast)] == ["HELD", "BOOKED"]
    send(cast, yusuf)
    assert [slot.status for slot in slots(cast)] == ["HELD", "HELD"]


@pytest.mark.parametrize(
    ("state", "mode", "language"), [("CAME", "ON_SITE", "pa"), ("DID_NOT_COME", "NONE", ""), ("", "", "")]
)
def test_whether_the_interpreter_came_stands_at_the_talk(cast: Cast, state: str, mode: str, language: str) -> None:
    held_yesterday(cast)
    asked = InterpreterRequest.objects.get()
    send(cast, *slots(cast), **{f"interpreter_{asked.pk}": state})
    asked.refresh_from_db()
    moment = slots(cast)[0].contact_moment
    assert moment is not None
    assert asked.state == (state or "ASKED")
    assert (moment.interpreter_need, moment.interpreter_mode, moment.language_used) == ("YES", mode, language)


def test_what_is_learnt_of_the_interpreter_later_stands_there_too(cast: Cast) -> None:
    held_yesterday(cast)
    send(cast, *slots(cast))
    asked = InterpreterRequest.objects.get()
    arrange(request=asked, to=Arrangement("DID_NOT_COME", "Tolkenpunt"), by=cast.staff["office"], seen=asked.version)
    moment = slots(cast)[0].contact_moment
    assert moment is not None
    assert (moment.interpreter_need, moment.interpreter_mode) == ("YES", "NONE")


def correct(cast: Cast, slot: ConferenceSlot, status: str, **more: object) -> Any:
    url = reverse("conference_correct", args=[slot.hour_id])
    return cast.client("teacher_3b").post(url, {"status": status} | more)


def test_who_came_later_is_caught_up(cast: Cast) -> None:
    held_yesterday(cast)
    send(cast, slots(cast)[0])
    yusuf = slots(cast)[1]
    missed = yusuf.contact_moment
    correct(cast, yusuf, "CAUGHT_UP")
    assert slots(cast)[1].status == "NO_SHOW", "without a day nothing is said"
    for days in (-2, 1):
        correct(cast, yusuf, "CAUGHT_UP", held_on=(clock.today() + timedelta(days=days)).isoformat())
        assert slots(cast)[1].status == "NO_SHOW", "neither before the talk nor on a day to come"
    for _time in range(2):
        correct(cast, yusuf, "CAUGHT_UP", held_on=clock.today().isoformat())
    yusuf = slots(cast)[1]
    moment = yusuf.contact_moment
    assert moment is not None
    assert missed is not None
    assert (yusuf.status, moment.status, moment.held_on) == ("CAUGHT_UP", "HELD", clock.today())
    missed.refresh_from_db()
    assert (missed.status, missed.withdrawn_at) == ("NO_SHOW", None), "that evening nobody came"
    task = FollowUp.objects.get(kind=FollowUpKind.MEETING)
    assert (task.status, task.done_on) == ("DONE", clock.today())
    correct(cast, yusuf, "NO_SHOW")
    moment.refresh_from_db()
    task.refresh_from_db()
    assert moment.withdrawn_at is not None
    assert (slots(cast)[1].contact_moment, task.status, task.done_on) == (missed, "OPEN", None)
    assert FollowUp.objects.filter(kind=FollowUpKind.MEETING).count() == 1


def test_a_mark_that_was_wrong_is_put_right(cast: Cast) -> None:
    held_yesterday(cast)
    send(cast, slots(cast)[0])
    simran, yusuf = slots(cast)
    assert correct(cast, simran, "NO_SHOW").status_code == 302
    correct(cast, yusuf, "HELD")
    simran, yusuf = slots(cast)
    assert (simran.status, yusuf.status) == ("NO_SHOW", "HELD")
    tasks = dict(FollowUp.objects.filter(kind=FollowUpKind.MEETING).values_list("pupil__first_name", "status"))
    assert tasks == {"Simran": "OPEN", "Yusuf": "DROPPED"}
    counted = ContactMoment.objects.filter(kind="CONFERENCE", withdrawn_at__isnull=True)
    assert sorted(counted.values_list("status", flat=True)) == ["HELD", "NO_SHOW"]


def test_whether_a_family_came_is_put_right_there_and_not_at_the_talk(cast: Cast) -> None:
    """Or the evening says that they came, and the family's page that nobody was reached."""
    held_yesterday(cast)
    simran, _yusuf = slots(cast)
    send(cast, simran)
    talk = slots(cast)[0].contact_moment
    assert talk is not None
    page = reverse("contact_correct", args=[talk.pk])
    fields = {"seen": 0, "kind": talk.kind, "held_on": talk.held_on.isoformat(), "interpreter_need": "NO"}
    refused = cast.client("teacher_3b").post(page, fields | {"outcome": "NOT_REACHED"})
    assert refused.status_code == 422
    assert "verbeter daar wie er kwam" in text_of(refused)
    kept = cast.client("teacher_3b").post(page, fields | {"outcome": "REACHED_FOLLOW_UP"})
    assert kept.status_code == 302, "how the talk ended is the teacher's"
    talk.refresh_from_db()
    assert (talk.outcome, talk.status) == ("REACHED_FOLLOW_UP", "HELD")


def test_who_came_after_all_did_not_stay_away(cast: Cast) -> None:
    """Not come, caught up, then found to have come: no moment of a family that stayed away is left (I19)."""
    held_yesterday(cast)
    send(cast, slots(cast)[0])
    yusuf = slots(cast)[1]
    correct(cast, yusuf, "CAUGHT_UP", held_on=clock.today().isoformat())
    correct(cast, yusuf, "HELD")
    left = ContactMoment.objects.filter(pupils=yusuf.pupil, withdrawn_at__isnull=True, kind="CONFERENCE")
    assert [moment.status for moment in left] == ["HELD"]


def test_only_what_is_over_is_put_right(cast: Cast) -> None:
    held_yesterday(cast)
    with pytest.raises(ValidationError):
        correct_attendance(slot=slots(cast)[0], status="HELD", by=cast.staff["head"])
    page = text_of(cast.client("teacher_3b").get(reverse("conference_hour", args=[slots(cast)[0].hour_id])))
    assert reverse("conference_correct", args=[slots(cast)[0].hour_id]) not in page


def test_the_page_of_a_time_leads_to_the_talk_that_was_logged(cast: Cast) -> None:
    """To add what was said, one need not look for it on the family's page."""
    held_yesterday(cast)
    simran, _yusuf = slots(cast)
    page, teacher = reverse("conference_hour", args=[simran.hour_id]), cast.client("teacher_3b")
    assert "het genoteerde gesprek" not in text_of(teacher.get(page)).lower()
    send(cast, simran)
    talk = reverse("contact_detail", args=[slots(cast)[0].contact_moment_id])
    assert talk in teacher.get(page).content.decode()
    assert teacher.get(talk).status_code == 200


def test_a_child_without_a_family_is_named_and_the_others_are_written(cast: Cast) -> None:
    held_yesterday(cast)
    FamilyMembership.objects.filter(pupil=cast.pupils["yusuf"]).delete()
    simran, yusuf = slots(cast)
    written = write_attendance(
        host=simran.round.hosts.get(), evening=Evening([simran.pk, yusuf.pk], [simran.pk]), by=cast.staff["head"]
    )
    assert (written.held, written.missed, written.refused) == (1, 0, ["Yusuf Haddad"])
    assert [slot.status for slot in slots(cast)] == ["HELD", "BOOKED"]


def test_the_teacher_of_another_class_writes_nothing(cast: Cast) -> None:
    held_yesterday(cast)
    assert send(cast, *slots(cast), who="teacher_1a").status_code == 404
    url = reverse("conference_correct", args=[slots(cast)[0].hour_id])
    assert cast.client("teacher_1a").post(url, {"status": "HELD"}).status_code == 404
    assert [slot.status for slot in slots(cast)] == ["BOOKED", "BOOKED"]


def came(cast: Cast, made: ConferenceRound, days: int = 0, who: str = "teacher_3b", guardian: str = "mother") -> Any:
    """Simran's mother had no time and came so many days after the evening."""
    slot = slot_of(cast, made, "simran")
    key = f"{slot.pk}-{cast.guardians[guardian].pk}"
    day = made.held_on + timedelta(days=days)
    url = reverse("conference_host", args=[made.hosts.get().pk])
    return cast.client(who).post(url, {"form": "came", "slot": key, "held_on": day.isoformat()})


def week_ago(cast: Cast) -> ConferenceRound:
    return begun(round_of(cast))


def begun(made: ConferenceRound) -> ConferenceRound:
    made.held_on = clock.today() - timedelta(days=7)
    made.save(update_fields=["held_on"])
    return made


@pytest.mark.parametrize(("days", "status"), [(0, "HELD"), (3, "CAUGHT_UP")])
def test_a_family_that_came_without_a_time_is_written_down_too(cast: Cast, days: int, status: str) -> None:
    made = week_ago(cast)
    assert came(cast, made, days).status_code == 302
    slot = slot_of(cast, made, "simran")
    moment = slot.contact_moment
    assert moment is not None
    assert (slot.status, moment.held_on) == (status, made.held_on + timedelta(days=days))
    assert (moment.kind, moment.status, moment.initiative, moment.purpose, moment.is_two_way) == (
        "CONFERENCE",
        "HELD",
        "SCHOOL",
        "PROGRESS",
        True,
    )
    assert list(moment.guardians.all()) == [cast.guardians["mother"]]
    assert came(cast, made, days).status_code == 422, "it is written once"
    page = cast.client("teacher_3b").get(reverse("conference_host", args=[made.hosts.get().pk]))
    assert [row.pk for row in page.context["unplanned"]] == [slot.pk]


def test_a_talk_that_took_place_says_no_more_why_it_was_cancelled(cast: Cast) -> None:
    made = week_ago(cast)
    made.slots.update(cancelled_because="De juf is ziek.")
    came(cast, made)
    assert slot_of(cast, made, "simran").cancelled_because == ""
    assert slot_of(cast, made, "yusuf").cancelled_because == "De juf is ziek."


def test_written_for_the_wrong_child_it_is_taken_back(cast: Cast) -> None:
    made = week_ago(cast)
    came(cast, made)
    slot = slot_of(cast, made, "simran")
    moment, url = slot.contact_moment, reverse("conference_host", args=[made.hosts.get().pk])
    assert moment is not None
    for _time in range(2):
        assert cast.client("teacher_3b").post(url, {"form": "back", "slot": slot.pk}).status_code == 302
    slot.refresh_from_db()
    moment.refresh_from_db()
    assert (slot.status, slot.contact_moment, moment.is_reach) == ("OFFERED", None, False)
    assert came(cast, made, 2).status_code == 302
    had_a_time = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    cast.client("teacher_3b").post(url, {"form": "back", "slot": had_a_time.pk})
    had_a_time.refresh_from_db()
    assert had_a_time.status == "BOOKED"


def test_what_cannot_be_is_not_written_down(cast: Cast) -> None:
    made = week_ago(cast)
    for days in (-1, 8):
        answer = came(cast, made, days)
        assert answer.status_code == 422
        assert answer.context["came"].errors["held_on"]
    assert came(cast, made, guardian="separated_father").status_code == 422
    assert came(cast, made, who="teacher_1a").status_code == 404
    assert slot_of(cast, made, "simran").status == "OFFERED"
    made.held_on = clock.today() + timedelta(days=1)
    made.save(update_fields=["held_on"])
    page = cast.client("teacher_3b").get(reverse("conference_host", args=[made.hosts.get().pk]))
    assert page.context["came"] is None, "before the first day"
    book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother")
    assert came(cast, begun(made)).status_code == 422, "who has a time is written with the others"
