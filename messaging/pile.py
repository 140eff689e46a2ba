"""Which letters wait for paper, and how a pile of them lies: by class, then by child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from messaging.models import Channel, Delivery, DeliveryStatus, NoticePupil
from messaging.models.letters import holdable
from messaging.outbox.entitled import may_be_told
from messaging.readers import children_of
from schools import clock
from schools.models.periods import running_on

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Placed:
    """A letter in the pile; it goes along with ``class_name``, the first class of its children."""

    delivery_id: int
    class_id: int | None
    class_name: str
    child_names: tuple[str, ...]


def waiting_letters() -> QuerySet[Any, Any]:
    """Letters that nobody has put into a batch yet and whose guardian may still be told, with ``goes_with`` (id of a
    class) and ``goes_with_name``.

    One letter for brothers and sisters goes along with the first of their classes, by name.
    """
    child = NoticePupil.objects.filter(
        running_on(clock.today(), "pupil__guardianships__"),
        notice_id=OuterRef("notice_id"),
        school_class__isnull=False,
        pupil__guardianships__guardian_id=OuterRef("guardian_id"),
        pupil__guardianships__information_right=True,
    ).order_by("school_class__name", "pupil_id")
    rows = Delivery.objects.filter(
        may_be_told(), channel=Channel.LETTER, status=DeliveryStatus.QUEUED, printed__isnull=True
    )
    name = Subquery(child.values("school_class__name")[:1], output_field=CharField())
    return rows.annotate(
        goes_with=Subquery(child.values("school_class_id")[:1]), goes_with_name=Coalesce(name, Value(""))
    )


def waiting_for(user: object) -> QuerySet[Any, Any]:
    """Those that the user may hold in the hand."""
    return waiting_letters().filter(holdable(user, notice="notice", school="notice__school", school_class="goes_with"))


def in_order(waiting: QuerySet[Any, Any]) -> list[Placed]:
    """The letters by class and child, those of one child together."""
    rows = list(waiting.order_by("pk"))
    names = names_of(rows)
    found = [Placed(row.pk, row.goes_with, row.goes_with_name, names[row.pk]) for row in rows]
    return sorted(found, key=lambda row: (row.class_name, row.class_id or 0, row.child_names, row.delivery_id))


def in_parts(pile: Iterable[Placed]) -> Iterator[list[Placed]]:
    """Whole classes, as many as settings.LETTERS_IN_PART holds; a larger class is cut."""
    size = settings.LETTERS_IN_PART
    part: list[Placed] = []
    for _class, members in groupby(pile, key=lambda row: row.class_id):
        letters = list(members)
        if part and len(part) + len(letters) > size:
            yield part
            part = []
        part += letters
        while len(part) > size:
            yield part[:size]
            part = part[size:]
    if part:
        yield part


def names_of(deliveries: Sequence[Delivery]) -> dict[int, tuple[str, ...]]:
    """The children each letter is about, by delivery."""
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(deliveries), _AT_ONCE):
        some = deliveries[start : start + _AT_ONCE]
        children = children_of(some)
        for row in some:
            found[row.pk] = tuple(child.full_name for child in children.get((row.notice_id, row.guardian_id), ()))
    return found
