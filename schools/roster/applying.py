"""Writes the plan of classes and pupils, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from schools.models import Enrolment, Pupil, SchoolClass
from schools.roster.bulk import insert
from schools.roster.plan import SchoolPlan
from schools.roster.progress import Progress, Step

Row = TypeVar("Row", bound=Model)
#: Rows of one statement: between two of them a stop is heard.
ROWS_AT_ONCE = 2_000


def apply_school(plan: SchoolPlan, progress: Progress) -> None:
    """Insert and change what the plan says; the rows of the plan have their ids afterwards."""
    if plan.new_year:
        plan.new_year.save(force_insert=True)
    create(SchoolClass.objects.all(), plan.new_classes, progress, Step.CLASSES)
    change(
        SchoolClass.objects.all(),
        plan.changed_classes,
        ["name", "level", "source_system", "source_id"],
        progress,
        Step.CLASSES,
    )
    create(Pupil.objects.all(), plan.new_pupils, progress, Step.PUPILS)
    fields = ["first_name", "last_name", "birth_date", "source_system", "source_id"]
    change(Pupil.objects.all(), plan.changed_pupils, fields, progress, Step.PUPILS)
    # What ends comes before what begins: a pupil is in one class at a time.
    dates = ["school_class", "starts_on", "ends_on"]
    change(Enrolment.objects.all(), plan.changed_enrolments, dates, progress, Step.PLACES)
    create(Enrolment.objects.all(), plan.new_enrolments, progress, Step.PLACES)


def create(rows: QuerySet[Row], new: Sequence[Row], progress: Progress, step: Step) -> None:
    """Insert in chunks, telling how far it is. Raises progress.Stopped when somebody asked to stop."""
    for done, chunk in _chunks(new):
        progress.say(step, done, len(new))
        insert(rows, chunk)


def change(rows: QuerySet[Row], changed: Iterable[Row], fields: list[str], progress: Progress, step: Step) -> None:
    """Write these fields of changed rows, each row once."""
    once: list[Any] = list({row.pk: row for row in changed}.values())
    for done, chunk in _chunks(once):
        progress.say(step, done, len(once))
        rows.bulk_update(chunk, fields, batch_size=500)


def _chunks(rows: Sequence[Row]) -> Iterator[tuple[int, Sequence[Row]]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield start, rows[start : start + ROWS_AT_ONCE]
