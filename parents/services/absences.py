"""A parent reports on which days a child is not at school, takes it back, and the school sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from parents.models import Absence, Guardian
from schools import audit, clock
from schools.calendar import SchoolCalendar
from schools.models import Enrolment, Holiday, Pupil, User

#: Days back and ahead at which a report may begin, and its longest length. What is beyond is to be talked about.
MOST_BACK, MOST_AHEAD, LONGEST = 7, 60, 31
_DAY = timedelta(days=1)


def report_absence(*, place: Enrolment, by: Guardian, starts_on: date, ends_on: date) -> list[Absence]:
    """The child is not at school from a day to a day. Days that were reported before, by whichever parent, stay as they
    are: a second tap adds nothing. Returns what is new. Raises ValidationError, in words for the parent."""
    calendar = Holiday.objects.calendar(place.school)
    _check(starts_on, ends_on)
    if calendar.school_days_between(starts_on - _DAY, ends_on) < 1:
        raise ValidationError(_("There is no school on these days."))
    with transaction.atomic():
        Pupil.objects.select_for_update(of=("self",)).get(pk=place.pupil_id)
        let_days_follow(Absence.objects.filter(pupil_id=place.pupil_id))
        known = Absence.objects.standing().filter(
            pupil_id=place.pupil_id, starts_on__lte=ends_on, ends_on__gte=starts_on
        )
        spans = known.order_by("starts_on").values_list("starts_on", "ends_on")
        made = [
            Absence.objects.create(
                pupil_id=place.pupil_id,
                school_id=place.school_id,
                starts_on=first,
                ends_on=last,
                reported_by=by,
                reported_at=clock.now(),
            )
            for gap in _gaps(starts_on, ends_on, spans)
            for first, last in _with_class(gap, calendar, starts_on, ends_on)
        ]
        for row in made:
            audit.record_by_guardian(guardian_id=by.pk, verb="reported absence", target=row)
    return made


def _check(starts_on: date, ends_on: date) -> None:
    today = clock.today()
    if ends_on < starts_on:
        raise ValidationError(_("The last day comes before the first day."))
    if starts_on < today - MOST_BACK * _DAY:
        raise ValidationError(_("These days are too long ago to report here. Call the school."))
    if not may_begin_on(starts_on):
        raise ValidationError(_("These days are too far away to report here. Call the school."))
    if ends_on - starts_on >= LONGEST * _DAY:
        raise ValidationError(_("This is longer than one month. Call the school."))


def let_days_follow(rows: QuerySet[Absence] | None = None) -> int:
    """Days to come that were reported (all, or ``rows``) go along with a child that changes school: nobody of the new
    one has seen them. Returns how many reports did."""
    here = Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"))
    reported = Absence.objects.all() if rows is None else rows
    to_come = reported.filter(taken_back_at__isnull=True, ends_on__gte=clock.today())
    left = to_come.filter(~Exists(here.filter(school_id=OuterRef("school_id"))))
    now_at = Subquery(here.order_by("-starts_on", "-pk").values("school_id")[:1])
    found = list(left.annotate(now_at=now_at).filter(now_at__isnull=False).order_by("pk"))
    return sum(_follow(row) for row in found)


def _follow(row: Any) -> bool:
    """Unless it was taken back, or went along, meanwhile."""
    with transaction.atomic():
        still = Absence.objects.standing().filter(pk=row.pk, school_id=row.school_id)
        moved = still.update(school_id=row.now_at, seen_by=None, seen_at=None)
        if moved:
            audit.record(actor=None, verb="let an absence follow the child", target=row, school_id=row.now_at)
    return bool(moved)


def may_begin_on(day: date) -> bool:
    """Whether a report that begins then is not too far ahead."""
    return day <= clock.today() + MOST_AHEAD * _DAY


def _gaps(first: date, last: date, known: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """What is left of the days when the known ones, in order, are taken out."""
    day = first
    for starts_on, ends_on in known:
        if day < starts_on:
            yield day, starts_on - _DAY
        day = max(day, ends_on + _DAY)
    if day <= last:
        yield day, last


def _with_class(
    gap: tuple[date, date], calendar: SchoolCalendar, starts_on: date, ends_on: date
) -> Iterator[tuple[date, date]]:
    """A gap of days as it is written: where a known absence cuts it off it begins and ends on a day with class, and it
    is none without one. The days that the parent named stay."""
    first, last = gap
    while first < last and first != starts_on and not calendar.is_school_day(first):
        first += _DAY
    while first < last and last != ends_on and not calendar.is_school_day(last):
        last -= _DAY
    if calendar.school_days_between(first - _DAY, last):
        yield first, last


def may_take_back(absence: Absence, guardian: Guardian) -> bool:
    """Who reported it, on the same day."""
    return (
        absence.taken_back_at is None and absence.reported_by_id == guardian.pk and absence.reported_on == clock.today()
    )


def take_back_absence(*, absence: Absence, by: Guardian) -> None:
    """The child comes to school after all. What nobody of the school saw yet is gone; what somebody saw is shown to
    them once more. Raises ValidationError on a later day."""
    with transaction.atomic():
        row = Absence.objects.select_for_update(of=("self",)).filter(pk=absence.pk).first()
        if row is None or row.taken_back_at is not None:
            return
        if not may_take_back(row, by):
            raise ValidationError(_("This can be taken back only on the day of the report. Call the school."))
        audit.record_by_guardian(guardian_id=by.pk, verb="took absence back", target=row)
        if row.seen_at is None:
            row.delete()
            return
        row.taken_back_at, row.seen_by, row.seen_at = clock.now(), None, None
        row.save(update_fields=["taken_back_at", "seen_by", "seen_at"])


def see_absence(*, absence: Absence, by: User, taken_back: bool = False) -> bool:
    """Somebody of the school knows that the child is away, which the parent reads; with ``taken_back`` that it comes
    after all. False when a colleague was earlier, and when the row says the other of the two by now."""
    with transaction.atomic():
        rows = Absence.objects.filter(pk=absence.pk, taken_back_at__isnull=not taken_back)
        seen = rows.to_see().update(seen_by=by, seen_at=clock.now())
        if seen:
            audit.record(
                actor=by, verb="saw absence", target=absence, school_id=absence.school_id, pupil=absence.pupil_id
            )
    return bool(seen)
