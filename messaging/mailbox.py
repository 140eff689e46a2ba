"""What a guardian finds on the own pages: the notices sent to them, and what they asked. Reads only.

Everything starts at the guardian: the other guardian's deliveries, answers and questions are never read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from messaging import formats
from messaging.models import (
    Delivery,
    DeliveryStatus,
    Notice,
    NoticePupil,
    NoticeStatus,
    NoticeText,
    Thread,
    ThreadPost,
)
from messaging.readers import given_answers, got_it, told_newer
from parents.access import children_of
from parents.bookings import slots_for, with_times_left
from parents.models import Guardian, SlotStatus
from schools import clock
from schools.languages import MASTER, language
from schools.models import Enrolment, Pupil

#: Notices shown at once; a guardian who looks for an older one asks the school.
SHOWN = 20
THREADS_SHOWN = 5
_LADDER_RUNGS = 4
#: One notice put right after the other; a page follows no longer chain.
_CORRECTIONS = 10


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in a list."""

    delivery_id: int
    kind: str
    title: str
    language: str
    school: str
    sent_at: datetime
    answer_by: date | None
    answer: str
    needs_answer: bool
    is_replaced: bool


def deliveries_for(guardian: Guardian, child: Pupil | None = None) -> QuerySet[Delivery]:
    """The guardian's own deliveries about children they may still be informed about (or about one of them); of a notice
    that was stopped, what had come to them."""
    children = children_of(guardian) if child is None else children_of(guardian).filter(pk=child.pk)
    about = NoticePupil.objects.filter(notice_id=OuterRef("notice_id"), pupil_id__in=children.values("pk"))
    sent = Notice.objects.ever_sent().values("pk")
    return (
        Delivery.objects.filter(Exists(about), guardian=guardian, notice__in=sent)
        .exclude(notice__status=NoticeStatus.CANCELLED, status=DeliveryStatus.CANCELLED, opened_at__isnull=True)
        .select_related("notice__school", "notice__author", "guardian", "contact_point")
        .order_by("-created_at", "-pk")
    )


def newer_of(delivery: Delivery) -> Delivery | None:
    """What the same guardian got of the newest notice that replaces this one, or the one that did: nearly none is
    replaced, and hardly ever twice."""
    newest = None
    for _step in range(_CORRECTIONS):
        pk = (newest or delivery).notice_id
        if not Notice.objects.filter(corrects_id=pk).exists():
            break
        newer = Notice.objects.sent().filter(corrects_id=pk).values("pk")
        found = got_it(deliveries_for(delivery.guardian).filter(notice__in=newer)).first()
        if found is None:
            break
        newest = found
    return newest


def notice_lines(*, guardian: Guardian, code: str, child: Pupil | None = None) -> list[NoticeLine]:
    """The latest notices in the language ``code``, each once however often it was sent; what needs an answer first,
    and none of those with a last day to come is left out because newer ones came."""
    of_guardian = deliveries_for(guardian, child)
    rows = _each_once(of_guardian)[:SHOWN]
    shown = {row.notice_id for row in rows}
    asking = _each_once(of_guardian.filter(notice__answer_by__gte=clock.today()).exclude(notice__answers=[]))
    rows += [row for row in asking if row.notice_id not in shown]
    notices = [row.notice_id for row in rows]
    answers = given_answers(rows)
    titles = titles_of(guardian, notices, code)
    at_school = _about_children_at_school(guardian, notices)
    settled = _settled_rounds(guardian, rows)
    newer = told_newer(notices).filter(guardian=guardian)
    replaced = set(newer.values_list("notice__corrects_id", flat=True))
    lines = [
        _line(
            row,
            answers.get((row.notice_id, guardian.pk), ""),
            *titles[row.notice_id],
            code,
            is_replaced=row.notice_id in replaced,
            is_open=row.notice_id in at_school and row.notice.conference_round_id not in settled,
        )
        for row in rows
    ]
    kept = [line for place, line in enumerate(lines) if place < len(shown) or line.needs_answer]
    return sorted(kept, key=lambda line: not line.needs_answer)


def _each_once(deliveries: QuerySet[Delivery]) -> list[Delivery]:
    """The latest delivery of each of the latest notices."""
    latest: dict[int, Delivery] = {}
    for delivery in deliveries[: SHOWN * _LADDER_RUNGS]:
        latest.setdefault(delivery.notice_id, delivery)
    return list(latest.values())


def waits_for_answer(delivery: Delivery) -> bool:
    """Whether a child of the guardian that the notice is about is at that school, or is still to come."""
    return bool(_about_children_at_school(delivery.guardian, [delivery.notice_id]))


def _about_children_at_school(guardian: Guardian, notices: Iterable[int]) -> set[int]:
    """Those of the notices that are about a child who is at that school or is still to come: for one who left no school
    waits for an answer."""
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("notice__school_id"))
    children = children_of(guardian).values("pk")
    rows = NoticePupil.objects.filter(Exists(here), notice_id__in=list(notices), pupil_id__in=children)
    return set(rows.values_list("notice_id", flat=True))


def _settled_rounds(guardian: Guardian, rows: Iterable[Delivery]) -> set[int]:
    """Rounds to which these notices invite, in which each of the guardian's children has its time, or none is left to
    choose."""
    rounds = {row.notice.conference_round_id for row in rows} - {None}
    if not rounds:
        return set()
    places = list(slots_for(guardian).filter(round_id__in=rounds))
    left = with_times_left(slot for slot in places if slot.status == SlotStatus.OFFERED)
    return {slot.round_id for slot in places} - {slot.round_id for slot in places if slot.pk in left}


def _line(
    delivery: Delivery, key: str, title: str, title_code: str, code: str, *, is_replaced: bool, is_open: bool
) -> NoticeLine:
    notice = delivery.notice
    still_open = is_open and notice.takes_answers and not is_replaced
    return NoticeLine(
        delivery_id=delivery.pk,
        kind=notice.kind,
        title=title,
        language=title_code,
        school=notice.school.name,
        sent_at=notice.published_at or delivery.created_at,
        answer_by=notice.answer_by,
        answer=notice.answer_label(key, language(code).text) if key else "",
        needs_answer=bool(notice.answers) and not key and still_open,
        is_replaced=is_replaced,
    )


def titles_of(guardian: Guardian, notices: Iterable[int], code: str) -> dict[int, tuple[str, str]]:
    """Title and its language for each notice: the reader's language, or Dutch where it was not written."""
    wanted = language(code).text
    names: dict[int, list[str]] = {pk: [] for pk in notices}
    children = NoticePupil.objects.filter(notice_id__in=names, pupil_id__in=children_of(guardian).values("pk"))
    for notice_id, name in children.order_by("pupil__first_name").values_list("notice_id", "pupil__first_name"):
        names[notice_id].append(name)
    found: dict[int, tuple[str, str]] = {pk: ("", MASTER) for pk in names}
    texts = NoticeText.objects.filter(notice_id__in=names, language__in={wanted, MASTER})
    for notice_id, text_code, title in texts.values_list("notice_id", "language", "title"):
        if text_code == wanted or not found[notice_id][0]:
            found[notice_id] = (formats.with_children(title, names[notice_id], text_code), text_code)
    return found


def thread_about(*, guardian: Guardian, notice: Notice) -> Thread | None:
    """The guardian's own conversation about a notice: a further question continues it."""
    rows = Thread.objects.filter(guardian=guardian, notice=notice).select_related("school", "guardian", "assigned_to")
    return rows.order_by("pk").first()


def posts_about(*, guardian: Guardian, notice: Notice) -> list[ThreadPost]:
    """The guardian's own questions about a notice and what the school answered, oldest first."""
    posts = ThreadPost.objects.filter(thread__guardian=guardian, thread__notice=notice)
    return list(posts.select_related("by_user", "by_guardian").prefetch_related("translations").order_by("pk"))


def threads_for(guardian: Guardian) -> QuerySet[Thread]:
    """The guardian's own conversations about children they may still be informed about, the newest first."""
    mine = Q(pupil__isnull=True) | Q(pupil_id__in=children_of(guardian).values("pk"))
    rows = Thread.objects.filter(mine, guardian=guardian)
    return rows.select_related("school", "guardian", "pupil", "notice", "assigned_to").order_by("-asked_at", "-pk")


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A conversation in a list: the guardian's own last words, and whether the school wrote after them."""

    thread: Thread
    words: ThreadPost
    is_answered: bool


def thread_lines(guardian: Guardian) -> list[ThreadLine]:
    """The latest conversations, each with the guardian's own last words; two queries."""
    own = ThreadPost.objects.filter(thread_id=OuterRef("pk"), by_guardian__isnull=False).order_by("-pk")
    replies = ThreadPost.objects.filter(thread_id=OuterRef("pk"), by_user__isnull=False, pk__gt=OuterRef("own"))
    rows = threads_for(guardian).annotate(own=Subquery(own.values("pk")[:1])).annotate(is_answered=Exists(replies))
    threads = list(rows[:THREADS_SHOWN])
    posts = ThreadPost.objects.in_bulk([thread.own for thread in threads])
    return [ThreadLine(row, posts[row.own], row.is_answered) for row in threads if row.own in posts]
