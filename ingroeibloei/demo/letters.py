"""The letters of the notices: printed in batches, given along with a class, or come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ingroeibloei.demo.world import World, moment_of, write
from messaging.models import (
    BatchState,
    Delivery,
    DeliveryStatus,
    LetterBatch,
    LetterPart,
    NoticePupil,
    PrintedLetter,
    Reason,
)
from schools.models import User


def write_letters(world: World, waiting: Mapping[int, list[Delivery]]) -> None:
    """One batch for each notice, by its id: printed on the day of its first letter, given the next school day."""
    notices = {notice.pk: notice for notice in world.notices}
    classes = _classes(waiting)
    batches: list[LetterBatch] = []
    parts: list[LetterPart] = []
    letters: list[PrintedLetter] = []
    for pk, rows in waiting.items():
        printed, author = rows[0].created_at, notices[pk].author
        calendar = world.days[notices[pk].school_id].calendar
        given = calendar.add_school_days(printed.date(), 1)
        batch = LetterBatch(
            school_id=notices[pk].school_id,
            notice=notices[pk],
            created_at=printed,
            made_by=author,
            state=BatchState.READY,
            ready_at=printed,
            letters_total=len(rows),
            letters_done=len(rows),
        )
        part = LetterPart(batch=batch, number=1, letters=len(rows))
        batches.append(batch)
        parts.append(part)
        rows.sort(key=lambda row: classes.get((row.notice_id, row.guardian_id), ("", 0)))
        for place, row in enumerate(rows, 1):
            letter = _printed(row, batch, part, given, author)
            letter.position = place
            letter.school_class_id = classes.get((row.notice_id, row.guardian_id), ("", None))[1]
            letters.append(letter)
    write(LetterBatch, batches)
    write(LetterPart, parts)
    write(PrintedLetter, letters)


def _classes(notices: Iterable[int]) -> dict[tuple[int, int], tuple[str, int]]:
    """Name and id of the class with which each letter goes along, by notice and guardian."""
    guardian = "pupil__guardianships__guardian_id"
    rows = NoticePupil.objects.filter(notice_id__in=list(notices), school_class__isnull=False)
    columns = ("notice_id", guardian, "school_class__name", "school_class_id")
    found: dict[tuple[int, int], tuple[str, int]] = {}
    for notice, person, name, pk in rows.order_by("school_class__name", "pupil_id").values_list(*columns):
        found.setdefault((notice, person), (name, pk))
    return found


def _printed(row: Delivery, batch: LetterBatch, part: LetterPart, given: date, author: User) -> PrintedLetter:
    """A letter of the batch; one that failed came back on the day it was given."""
    is_given = row.status == DeliveryStatus.DELIVERED
    return PrintedLetter(
        batch=batch,
        part=part,
        delivery=row,
        given_on=given if is_given else None,
        given_by=author if is_given else None,
        given_at=moment_of(given, 15, 30) if is_given else None,
        returned_on=given if row.reason == Reason.RETURNED else None,
    )
