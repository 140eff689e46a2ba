"""School years and their free days: those of Flanders for everybody, and a school's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from schools import audit, clock
from schools.calendar import first_year_of, flemish_holidays
from schools.freedays import FreeDays, check
from schools.languages import MASTER
from schools.models import Holiday, School, SchoolYear, User

#: A school's own free days in one school year; more is a mistake with a file.
MOST_OWN = 60


def lay_school_year(first_year: int, *, with_holidays: bool) -> SchoolYear:
    """The school year that begins in ``first_year``, with the holidays of Flanders when a city wants those. What is
    there already stays as it is, so it may be asked again every night."""
    year, _made = SchoolYear.objects.get_or_create(
        starts_on=date(first_year, 9, 1), defaults={"ends_on": date(first_year + 1, 6, 30)}
    )
    if with_holidays:
        taken = set(Holiday.objects.filter(school__isnull=True).values_list("starts_on", flat=True))
        Holiday.objects.bulk_create(
            [row for row in shared_holidays(first_year) if row.starts_on not in taken], ignore_conflicts=True
        )
    return year


def shared_holidays(first_year: int) -> list[Holiday]:
    """Rows, not yet written, of what Flanders gives every school in a school year; their names are Dutch."""
    with override(MASTER):
        return [
            Holiday(name=_(name), starts_on=start, ends_on=end) for name, start, end in flemish_holidays(first_year)
        ]


def lay_coming_years(*, with_holidays: bool) -> list[SchoolYear]:
    """This school year and the next: what is planned in May lies after the summer."""
    running = first_year_of(clock.today())
    return [lay_school_year(first, with_holidays=with_holidays) for first in (running, running + 1)]


def add_free_days(*, school: School, days: Iterable[FreeDays], by: User) -> int:
    """Days on which this school has no class. Returns how many were new; raises ValidationError and keeps none when
    one of them cannot be."""
    wanted = sorted(set(days))
    for one in wanted:
        check(one)
    with transaction.atomic():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        known = {
            (row.starts_on, row.name)
            for row in Holiday.objects.filter(school=school, starts_on__in=[one.starts_on for one in wanted])
        }
        # Of two that begin on one day under one name the longer one counts: it comes last.
        named = {(one.starts_on, one.name): one for one in wanted}
        new = [one for key, one in named.items() if key not in known]
        _refuse_other_years(new)
        for first in {first_year_of(one.starts_on) for one in new}:
            own = Holiday.objects.filter(
                school=school, starts_on__gte=date(first, 9, 1), starts_on__lt=date(first + 1, 9, 1)
            ).count()
            coming = sum(first_year_of(one.starts_on) == first for one in new)
            if own + coming > MOST_OWN:
                raise ValidationError(
                    _("A school year has at most %(number)d own free days here. Choose fewer.") % {"number": MOST_OWN}
                )
        Holiday.objects.bulk_create(
            Holiday(school=school, name=one.name, starts_on=one.starts_on, ends_on=one.ends_on) for one in new
        )
        if new:
            audit.record(actor=by, verb="added free days", target=school, school_id=school.pk, number=len(new))
    return len(new)


def _refuse_other_years(days: Iterable[FreeDays]) -> None:
    """A day of a year that was not laid is a slip of the pen: no page would ever show it."""
    laid = {year.starts_on.year for year in SchoolYear.objects.all()}
    if any(first_year_of(one.starts_on) not in laid for one in days):
        running = SchoolYear.objects.running() or ""
        raise ValidationError(_("This day is not in the school year %(year)s.") % {"year": running})


def remove_free_days(*, holiday: Holiday, by: User) -> None:
    """There is class on these days after all. Raises ValidationError for a holiday that all schools share."""
    if holiday.school_id is None:
        raise ValidationError(_("This holiday is that of all schools."))
    with transaction.atomic():
        audit.record(
            actor=by, verb="removed free days", target=holiday, school_id=holiday.school_id, day=str(holiday.starts_on)
        )
        holiday.delete()
