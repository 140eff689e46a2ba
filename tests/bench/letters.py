"""A school's letters, made by the background job, beside bare typst on the same letters in one document.

Ours: from rows to a stored PDF, in parts that survive a crash, bound and tagged. The reference is given the ready
content, of the same template, and has nothing to do but lay it out; it starts a process too, as any typesetting does.
"""

from __future__ import annotations

from functools import partial

import pypdfium2
from django.db import connection, transaction

from messaging import printfiles, printing
from messaging.channels.letter import print_content
from messaging.letters import letters_for, listed_for, print_run, title_of
from messaging.models import (
    BatchState,
    Channel,
    Delivery,
    DeliveryStatus,
    LetterBatch,
    Notice,
    NoticePupil,
    NoticeStatus,
)
from messaging.outbox.planning import plan
from messaging.services import print_letters
from schools import clock
from schools.models import School
from schools.typeset import typeset
from tests import factories
from tests.bench.measure import Bar, Result, interleaved, result, same, seconds
from tests.bench.world import City

#: Wished for and held: half the speed of bare typst.
_BAR = Bar("at least", 0.5)
#: One guardian in ten of the city is reached on paper only.
_ON_PAPER = 10


def measure(city: City) -> list[Result]:
    count = min(1_000, city.size.guardians // _ON_PAPER)
    batch = _batch(city, count)
    content = _whole_content(batch)
    pdf = typeset("letter", content)
    _make(batch)
    same("codes of all letters, in order", _codes(_made(batch)), _codes(pdf))
    ours, bare = interleaved(lambda: _again(batch), partial(seconds, partial(typeset, "letter", content)), rounds=3)
    return [result("letters a second beside bare typst", count / ours, count / bare, "letters/s", count, _BAR)]


def _batch(city: City, count: int) -> LetterBatch:
    """Letters of one notice to the first families, in the languages of the city."""
    notice = factories.make_notice(None, city.writer, school=School.objects.order_by("pk")[0])
    notice.status, notice.published_at = NoticeStatus.PUBLISHING, clock.now()
    notice.save()
    families = count * _ON_PAPER // 2
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_delivery, parents_followup CASCADE")
        cursor.execute(
            f"INSERT INTO {NoticePupil._meta.db_table} (notice_id, pupil_id, school_class_id) "
            "SELECT %s, m.pupil_id, e.school_class_id FROM parents_familymembership m "
            "JOIN schools_enrolment e ON e.pupil_id = m.pupil_id WHERE m.family_id <= %s",
            [notice.pk, families],
        )
        # A school as large as this city: who is at another one gets no letter of this one.
        cursor.execute(
            "UPDATE schools_enrolment SET school_id = %s WHERE pupil_id IN "
            f"(SELECT pupil_id FROM {NoticePupil._meta.db_table} WHERE notice_id = %s)",
            [notice.school_id, notice.pk],
        )
        cursor.execute(f"ANALYZE {NoticePupil._meta.db_table}")
    plan(notice)
    Delivery.objects.filter(notice=notice).exclude(channel=Channel.LETTER).delete()
    Notice.objects.filter(pk=notice.pk).update(status=NoticeStatus.PUBLISHED)
    batch = print_letters(notice=notice, by=city.writer)
    same("letters that wait", batch.letters_total, count)
    return batch


def _whole_content(batch: LetterBatch) -> dict[str, object]:
    """What all parts hold together, as one document."""
    numbers = dict(batch.letters.values_list("delivery_id", "position"))
    rows = Delivery.objects.filter(pk__in=numbers).select_related(
        "notice__school", "notice__author", "guardian__household", "contact_point"
    )
    letters = letters_for(sorted(rows, key=lambda row: numbers[row.pk]), numbers)
    run = print_run(batch.school, {letter.language for letter in letters}, title_of(batch))
    return print_content(run, letters, listed_for(batch.letters.order_by("position")))


def _again(batch: LetterBatch) -> float:
    """Seconds that the job takes from the first row to the stored file."""
    with transaction.atomic():
        printfiles.remove([batch.file])
        batch.parts.update(file="", attempts=0)
        LetterBatch.objects.filter(pk=batch.pk).update(state=BatchState.MAKING, file="", letters_done=0)
        Delivery.objects.filter(printed__batch=batch).update(status=DeliveryStatus.QUEUED, due_at=clock.now())
    return seconds(partial(_make, batch))


def _make(batch: LetterBatch) -> None:
    batch.refresh_from_db()
    while batch.state == BatchState.MAKING:
        printing.make_letters()
        batch.refresh_from_db()
    same("state of the letters", batch.state, BatchState.READY)


def _made(batch: LetterBatch) -> bytes:
    return printfiles.read(batch.file)


def _codes(pdf: bytes) -> list[str]:
    """The number and short code of every page, read back."""
    document = pypdfium2.PdfDocument(pdf)
    words = (page.get_textpage().get_text_bounded() for page in document)
    return [text[:200] for text in words if text.strip()]
