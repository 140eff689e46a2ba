"""A school makes a round of parent–teacher meetings: teachers, times, and a place for each child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, ProtectedError, QuerySet, RestrictedError
from django.utils.translation import gettext as _

from parents.models import (
    ConferenceHost,
    ConferenceHour,
    ConferenceReminder,
    ConferenceRound,
    ConferenceSlot,
    MeetingWay,
    SlotStatus,
)
from parents.services.conferenceplaces import hold_round, make_missing_places, refuse_untold
from parents.services.talkchanges import keep_changes
from schools import audit, clock
from schools.models import Holiday, School, SchoolClass, User

#: School days after the round in which a family that did not come is spoken to all the same.
CATCH_UP_DAYS = 10
#: Times of one teacher on one day: five minutes each, from eight to ten in the evening.
MOST_TIMES = 168


@dataclass(frozen=True, slots=True)
class Evening:
    """Times of one day: from and until, minutes for each talk, and breaks (from, until) without talks."""

    day: date
    starts: time
    ends: time
    minutes: int
    breaks: Sequence[tuple[time, time]] = ()

    def times(self) -> list[tuple[datetime, datetime]]:
        """Begin and end of each talk, in order; a talk that would run into a break begins after it."""
        found: list[tuple[datetime, datetime]] = []
        start, end = self._moment(self.starts), self._moment(self.ends)
        pauses = sorted((self._moment(first), self._moment(last)) for first, last in self.breaks)
        length = timedelta(minutes=self.minutes)
        while start + length <= end and len(found) < MOST_TIMES:
            meets = next((last for first, last in pauses if first < start + length and start < last), None)
            if meets is not None:
                start = meets
                continue
            found.append((start, start + length))
            start += length
        return found

    def _moment(self, at: time) -> datetime:
        return datetime.combine(self.day, at, tzinfo=clock.BRUSSELS)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who receives the parents of a class, and where."""

    school_class: SchoolClass
    teacher: User
    room: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What parents may choose, and until when."""

    books_until: datetime
    slot_rule: str
    ways: Sequence[str]


def make_round(
    *, school: School, name: str, evenings: Sequence[Evening], seats: Sequence[Seat], terms: Terms, by: User
) -> ConferenceRound:
    """A round with the times of each teacher and a place for each child of their classes.

    Raises ValidationError when a teacher would be at two talks at once, in this round or in another.
    """
    first, last = min(one.day for one in evenings), max(one.day for one in evenings)
    with transaction.atomic():
        made = ConferenceRound.objects.create(
            school=school,
            name=name,
            held_on=first,
            last_on=last if last > first else None,
            catch_up_until=Holiday.objects.calendar(school).add_school_days(last, CATCH_UP_DAYS),
            slot_rule=terms.slot_rule,
            books_until=terms.books_until,
            slot_minutes=evenings[0].minutes,
            ways=list(terms.ways),
        )
        for seat in seats:
            host = ConferenceHost.objects.create(
                round=made, school_class=seat.school_class, teacher=seat.teacher, room=seat.room
            )
            for evening in evenings:
                _write_hours(host, evening)
        make_missing_places(made)
        audit.record(actor=by, verb="made", target=made, school_id=school.pk, teachers=len(seats))
    return made


def add_hours(*, host: ConferenceHost, evening: Evening, by: User) -> int:
    """More times for a teacher; returns how many. Raises ValidationError when they meet others of the same teacher."""
    with transaction.atomic():
        number = _write_hours(host, evening)
        _stretch_to(host.round_id, evening.day)
        audit.record(actor=by, verb="added times", target=host, school_id=host.round.school_id, number=number)
    return number


def _stretch_to(conference_id: int, day: date) -> None:
    """Times on another day make that the first or the last one of the round; after the last one, one catches up."""
    row = ConferenceRound.objects.select_for_update(of=("self",)).select_related("school").get(pk=conference_id)
    if day > row.last_day:
        row.last_on = day
        row.catch_up_until = Holiday.objects.calendar(row.school).add_school_days(day, CATCH_UP_DAYS)
        row.save(update_fields=["last_on", "catch_up_until"])
    elif day < row.held_on:
        row.last_on, row.held_on = row.last_day, day
        row.save(update_fields=["last_on", "held_on"])


def _write_hours(host: ConferenceHost, evening: Evening) -> int:
    rows = [
        ConferenceHour(host=host, teacher_id=host.teacher_id, starts_at=start, ends_at=end)
        for start, end in evening.times()
    ]
    try:
        with transaction.atomic():
            ConferenceHour.objects.bulk_create(rows)
    except IntegrityError as error:
        raise overlap(host) from error
    return len(rows)


def overlap(host: ConferenceHost) -> ValidationError:
    """What is said of a teacher who would be at two talks at once."""
    return ValidationError(
        _("%(name)s has another talk at that time already. Choose other times."), params={"name": host.teacher}
    )


def move_hour(*, hour: ConferenceHour, starts_at: datetime, ends_at: datetime, by: User) -> None:
    """Another time for a talk that nobody chose yet. Raises ValidationError when somebody did, or the teacher is
    occupied."""
    with transaction.atomic():
        row = _free(hour)
        try:
            with transaction.atomic():
                ConferenceHour.objects.filter(pk=row.pk).update(starts_at=starts_at, ends_at=ends_at)
        except IntegrityError as error:
            raise overlap(row.host) from error
        audit.record(actor=by, verb="moved a time", target=row, school_id=row.host.round.school_id)


def remove_hour(*, hour: ConferenceHour, by: User) -> None:
    """Take a free time away. Raises ValidationError when somebody chose it meanwhile."""
    with transaction.atomic():
        row = _free(hour)
        audit.record(actor=by, verb="removed a time", target=row, school_id=row.host.round.school_id)
        row.delete()


def _free(hour: ConferenceHour) -> ConferenceHour:
    rows = ConferenceHour.objects.select_for_update(of=("self",)).select_related("host__round", "host__teacher")
    row = rows.filter(pk=hour.pk).first()
    if row is None or ConferenceSlot.objects.filter(hour=row).exists():
        raise ValidationError(_("A family has chosen this time. Cancel that first."))
    return row


def settle_host(*, host: ConferenceHost, room: str, video_url: str, by: User) -> None:
    """Where a teacher receives. Who was told another place for a talk that is to come is reminded of it anew."""
    with transaction.atomic():
        row = ConferenceHost.objects.select_for_update(of=("self",)).get(pk=host.pk)
        ways = [MeetingWay.SCHOOL] if row.room != room else []
        ways += [MeetingWay.VIDEO] if row.video_url != video_url else []
        ConferenceHost.objects.filter(pk=host.pk).update(room=room, video_url=video_url)
        remind_anew(ConferenceSlot.objects.filter(hour__host=row, status=SlotStatus.BOOKED, way__in=ways))
        audit.record(actor=by, verb="changed place", target=host, school_id=host.round.school_id)


def remind_anew(slots: QuerySet[ConferenceSlot]) -> None:
    """Of those of these talks of which parents were reminded, for something is otherwise; a word that still waits to be
    told stays."""
    told = ConferenceReminder.objects.filter(
        slot_id=OuterRef("pk"), sequence=OuterRef("sequence"), taken_at__isnull=False
    )
    rows = slots.filter(Exists(told), starts_at__gt=clock.now())
    for slot in rows.select_for_update(of=("self",)).order_by("pk"):
        ConferenceSlot.objects.filter(pk=slot.pk).update(sequence=F("sequence") + 1)
        slot.refresh_from_db(fields=["sequence"])
        keep_changes(slot, by=None)


def remove_round(*, conference: ConferenceRound, by: User) -> None:
    """Take back a round that was made by mistake; nothing when somebody did so meanwhile. Raises ValidationError when a
    time was chosen in it, or a notice is about it."""
    with transaction.atomic():
        if not hold_round(conference):
            return
        # Who is choosing a time holds the place: that is waited for, and then seen.
        slots = conference.slots.select_for_update(of=("self",)).order_by("pk")
        if any(status != SlotStatus.OFFERED for status in slots.values_list("status", flat=True)):
            raise ValidationError(_("Families have chosen times in this round: it stays."))
        refuse_untold(conference.slots.all())
        audit.record(actor=by, verb="removed", target=conference, school_id=conference.school_id)
        try:
            with transaction.atomic():
                conference.delete()
        except (ProtectedError, RestrictedError) as error:
            raise ValidationError(_("A notice was written about this round: it stays.")) from error
