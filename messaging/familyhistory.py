"""Everything that was sent to a family and what came back, as far as the reader may see it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from messaging.models import Answer, Delivery, DeliveryStatus, Explanation, Notice, Thread
from parents.models import Family, FollowUp, Guardian, Guardianship
from schools.models import Pupil


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One delivery: its notice, the answer of its guardian in the reader's words, the conversation about it, and
    whether somebody of the school is still to explain it."""

    delivery: Delivery
    notice: Notice
    answer: str
    given: Answer | None
    thread: Thread | None
    is_to_explain: bool = False


def deliveries_to(pupils: Iterable[Pupil], user: object) -> QuerySet[Delivery]:
    """Deliveries to the guardians of these children, of notices that the user may see, the newest first: also what was
    taken back when it had been opened on the own page already, where the parent still has it."""
    guardians = Guardianship.objects.current().filter(pupil__in=list(pupils)).values("guardian_id")
    seen = Guardian.objects.visible_to(user).filter(pk__in=guardians)
    visible = Notice.objects.visible_to(user).ever_sent()
    rows = Delivery.objects.filter(guardian__in=seen, notice__in=visible.values("pk"))
    rows = rows.exclude(status=DeliveryStatus.CANCELLED, opened_at=None)
    return rows.select_related("guardian").order_by("-created_at", "-pk")


def history(deliveries: Iterable[Delivery], notices: QuerySet[Notice], user: object, language: str) -> list[HistoryRow]:
    """The rows of one page; ``notices`` come with what the page shows. Four queries whatever their number."""
    rows = list(deliveries)
    known = notices.in_bulk([row.notice_id for row in rows])
    of_guardians = {"guardian_id__in": [row.guardian_id for row in rows], "notice_id__in": list(known)}
    given = Answer.objects.filter(**of_guardians).order_by("stands", "answered_at", "pk")  # the one that counts is last
    answers = {(row.notice_id, row.guardian_id): row for row in given}
    threads = {(row.notice_id, row.guardian_id): row for row in Thread.objects.visible_to(user).filter(**of_guardians)}
    asked = Explanation.objects.filter(delivery__in=[row.pk for row in rows], follow_up__in=FollowUp.objects.open())
    unclear = set(asked.values_list("delivery_id", flat=True))
    found = []
    for row in rows:
        notice, key = known[row.notice_id], (row.notice_id, row.guardian_id)
        own = answers.get(key)
        answer = notice.answer_label(own.key, language) if own else ""
        found.append(HistoryRow(row, notice, answer, own, threads.get(key), row.pk in unclear))
    return found


def threads_of(family: Family, user: object) -> QuerySet[Thread]:
    """Conversations with the family that the user may see, the newest first."""
    rows = Thread.objects.visible_to(user).filter(family=family)
    return rows.select_related("guardian", "pupil").order_by("-asked_at", "-pk")
