"""Rounds of parent–teacher meetings for tests."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import F

from messaging.models import Delivery
from messaging.models.notices import AudienceKind
from messaging.selections import Selection
from messaging.services import create_notice, publish_notice
from parents.models import (
    ConferenceHour,
    ConferenceRound,
    ConferenceSlot,
    FamilyMembership,
    InterpreterRequest,
    MeetingWay,
    SlotRule,
)
from parents.services.booking import Choice, Wish, book_slot
from parents.services.conferences import Evening, Seat, Terms, make_round
from schools import clock
from schools.models import Enrolment, Pupil, User
from tests.cast import Cast
from tests.messaging.notices_for_pages import template

AT_SCHOOL = Wish(MeetingWay.SCHOOL)


def evening(starts: time = time(16), ends: time = time(17), *, days: int = 9, minutes: int = 10) -> Evening:
    """In nine days, six talks of ten minutes."""
    return Evening(clock.today() + timedelta(days=days), starts, ends, minutes)


def round_of(
    cast: Cast, *rooms: str, rule: SlotRule = SlotRule.JOINT, by: str = "head", times: Evening | None = None
) -> ConferenceRound:
    """A round of classes of De Kersenboom, each with its own teacher; parents choose until the evening before."""
    teachers = {"3b": "teacher_3b", "1a": "teacher_1a"}
    when = times or evening()
    until = datetime.combine(when.day - timedelta(days=1), time(20), tzinfo=clock.BRUSSELS)
    return make_round(
        school=cast.schools["kersenboom"],
        name="Oudercontact lente",
        evenings=[when],
        seats=[Seat(cast.classes[room], cast.staff[teachers[room]], f"lokaal {room}") for room in rooms or ("3b",)],
        terms=Terms(until, rule, list(MeetingWay)),
        by=cast.staff[by],
    )


def hours_of(conference: ConferenceRound, room: str = "3B") -> list[ConferenceHour]:
    rows = ConferenceHour.objects.filter(host__round=conference, host__school_class__name=room)
    return list(rows.order_by("starts_at"))


def slot_of(cast: Cast, conference: ConferenceRound, pupil: str, guardian: str = "") -> ConferenceSlot:
    whose = {"guardian": cast.guardians[guardian]} if guardian else {"guardian__isnull": True}
    return ConferenceSlot.objects.get(round=conference, pupil=cast.pupils[pupil], **whose)


def book(
    cast: Cast,
    slot: ConferenceSlot,
    hour: ConferenceHour,
    guardian: str | None,
    wish: Wish = AT_SCHOOL,
    by: User | None = None,
) -> ConferenceSlot:
    return book_slot(
        choice=Choice(slot, hour), wish=wish, guardian=cast.guardians[guardian] if guardian else None, entered_by=by
    )


def ten_days_on(conference: ConferenceRound) -> None:
    """The evening of the round was yesterday."""
    back = timedelta(days=10)
    ConferenceHour.objects.filter(host__round=conference).update(
        starts_at=F("starts_at") - back, ends_at=F("ends_at") - back
    )
    conference.slots.filter(starts_at__isnull=False).update(starts_at=F("starts_at") - back)
    InterpreterRequest.objects.filter(slot__round=conference).update(needed_at=F("needed_at") - back)


def with_brother(cast: Cast) -> None:
    """Emma gets a brother in 3B, with the same mother."""
    brother, start, room = Pupil.objects.create(first_name="Bram", last_name="Peeters"), cast.year.starts_on, "3b"
    place = cast.classes[room]
    Enrolment.objects.create(pupil=brother, school=place.school, school_class=place, starts_on=start)
    cast.guardians["dutch_mother"].guardianships.create(pupil=brother, starts_on=start)
    FamilyMembership.objects.create(family=cast.families["peeters"], pupil=brother, starts_on=start)
    cast.pupils["bram"] = brother


def invite(cast: Cast, conference: ConferenceRound, guardian: str) -> Delivery:
    """The delivery of a notice with which the head invites to a round."""
    author = cast.staff["head"]
    notice = create_notice(
        author=author,
        template=template("parent-meeting-round"),
        to=Selection(AudienceKind.ROUND, conference.school, conference_round=conference),
        values={"date": conference.held_on.isoformat(), "deadline": conference.held_on.isoformat()},
    )
    publish_notice(notice=notice, by=author)
    return Delivery.objects.filter(notice=notice, guardian=cast.guardians[guardian]).order_by("pk")[0]
