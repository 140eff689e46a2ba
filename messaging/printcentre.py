"""What the print centre shows: what waits by class, what was made, given and came back. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from messaging.models import Channel, DeliveryStatus, LetterBatch, Notice, NoticePupil, NoticeText, PrintedLetter
from messaging.outbox.entitled import lies_in_vain
from messaging.pile import names_of, waiting_for
from messaging.tokens import delivery_of_short_code
from parents.models import Guardianship
from schools import clock
from schools.languages import MASTER
from schools.models import Enrolment, School

#: More classes than a large school has.
MOST_CLASSES = 200
MOST_FOUND = 20


@dataclass(slots=True)
class WaitingClass:
    """Letters that wait to be printed and go along with one class."""

    school_id: int
    class_id: int | None
    name: str
    letters: int
    notices: int


@dataclass(slots=True)
class WaitingSchool:
    school_id: int
    name: str
    is_whole: bool
    classes: list[WaitingClass] = field(default_factory=list)

    @property
    def letters(self) -> int:
        return sum(row.letters for row in self.classes)


def waiting(user: object) -> list[WaitingSchool]:
    """What the user could print, by school and class; ``is_whole`` when the user sees the school as a whole."""
    whole = set(School.objects.visible_to(user).values_list("pk", flat=True))
    rows = (
        waiting_for(user)
        .order_by()
        .values("notice__school_id", "notice__school__name", "goes_with", "goes_with_name")
        .annotate(letters=Count("pk"), notices=Count("notice_id", distinct=True))
        .order_by("notice__school__name", "notice__school_id", "goes_with_name")[:MOST_CLASSES]
    )
    found: dict[int, WaitingSchool] = {}
    for row in rows:
        pk = row["notice__school_id"]
        school = found.setdefault(pk, WaitingSchool(pk, row["notice__school__name"], pk in whole))
        school.classes.append(WaitingClass(pk, row["goes_with"], row["goes_with_name"], row["letters"], row["notices"]))
    return list(found.values())


@dataclass(slots=True)
class BatchCounts:
    """Letters of a batch that the user may hold, by how far they came."""

    letters: int = 0
    lying: int = 0
    given: int = 0
    returned: int = 0
    strips: int = 0
    asking: int = 0
    given_on: date | None = None


def counts_of(batches: Iterable[LetterBatch], user: object, *, notice: Notice | None = None) -> dict[int, BatchCounts]:
    """The counts of each batch; with ``notice`` of its letters alone."""
    rows = PrintedLetter.objects.visible_to(user).filter(batch__in=[batch.pk for batch in batches])
    if notice is not None:
        rows = rows.filter(delivery__notice=notice)
    found = {row.pop("batch_id"): BatchCounts(**row) for row in _counted(rows, "batch_id")}
    return {batch.pk: found.get(batch.pk, BatchCounts()) for batch in batches}


def classes_of(batch: LetterBatch, user: object) -> list[dict[str, Any]]:
    """The classes of a batch with their counts, as far as the user may hold them."""
    rows = PrintedLetter.objects.visible_to(user).filter(batch=batch)
    named = list(_counted(rows, "school_class_id", "school_class__name"))
    return sorted(named, key=lambda row: row["school_class__name"] or "")


def _counted(rows: QuerySet[PrintedLetter], *by: str) -> QuerySet[PrintedLetter, dict[str, Any]]:
    status = "delivery__status"
    return (
        rows.order_by()
        .values(*by)
        .annotate(
            letters=Count("pk"),
            lying=Count("pk", filter=Q(**{status: DeliveryStatus.SENT})),
            given=Count("pk", filter=Q(**{status: DeliveryStatus.DELIVERED})),
            returned=Count("pk", filter=Q(returned_on__isnull=False)),
            strips=Count("pk", filter=~Q(strip="")),
            asking=Count("pk", filter=~Q(delivery__notice__answers=[])),
            given_on=Max("given_on"),
        )
    )


@dataclass(slots=True)
class LetterRow:
    """A letter with its children, as the lists of a batch and of returned letters show it."""

    letter: PrintedLetter
    children: tuple[str, ...]
    title: str
    can_take_back: bool
    is_withdrawn: bool = False

    @property
    def about(self) -> str:
        """Which letter it is, for who hears its button: a child has one to each home, and of each notice."""
        return " · ".join(
            (str(self.letter.position), *self.children, self.letter.delivery.guardian.full_name, self.title)
        )

    @property
    def is_lying(self) -> bool:
        return self.letter.delivery.status == DeliveryStatus.SENT and not self.is_withdrawn


def letter_rows(letters: QuerySet[PrintedLetter]) -> list[LetterRow]:
    dutch = NoticeText.objects.filter(notice_id=OuterRef("delivery__notice_id"), language=MASTER).values("title")[:1]
    rows = list(
        letters.annotate(title=Subquery(dutch)).select_related(
            "batch", "school_class", "given_by", "delivery__guardian", "delivery__notice"
        )
    )
    deliveries = [row.delivery for row in rows]
    names, in_vain = names_of(deliveries), lies_in_vain(deliveries)
    start = clock.start_of_today()
    return [
        LetterRow(
            row,
            names[row.delivery_id],
            row.title or "",
            can_take_back=row.delivery.status == DeliveryStatus.DELIVERED
            and row.given_at is not None
            and row.given_at >= start,
            is_withdrawn=row.delivery.status == DeliveryStatus.CANCELLED or row.delivery_id in in_vain,
        )
        for row in rows
    ]


def to_take_out(batch: LetterBatch, user: object) -> list[PrintedLetter]:
    """Letters of the pile that must not be given any more: the parent may not be told now, or the child left. Those
    that were withdrawn before the pile was printed are not on paper."""
    rows = PrintedLetter.objects.visible_to(user).filter(batch=batch, given_on__isnull=True)
    gone = Q(delivery__status=DeliveryStatus.CANCELLED, delivery__sent_at__isnull=False)
    found = rows.filter(gone | Q(delivery__status=DeliveryStatus.SENT)).select_related("delivery", "school_class")
    letters = list(found.order_by("position"))
    in_vain = lies_in_vain([row.delivery for row in letters])
    return [row for row in letters if row.delivery.status == DeliveryStatus.CANCELLED or row.delivery_id in in_vain]


def on_their_way(user: object) -> QuerySet[PrintedLetter]:
    """Letters that could come back: given or lying ready, while their codes work."""
    since = clock.now() - timedelta(days=settings.NOTICE_LINK_DAYS)
    return PrintedLetter.objects.visible_to(user).filter(
        delivery__channel=Channel.LETTER,
        delivery__status__in=[DeliveryStatus.SENT, DeliveryStatus.DELIVERED],
        delivery__created_at__gte=since,
    )


def find_letters(user: object, words: str) -> QuerySet[PrintedLetter]:
    """Letters that came back, by their short code or by the name of a child or parent; the newest first."""
    rows = on_their_way(user).order_by("-pk")
    delivery = delivery_of_short_code(words)
    if delivery is not None:
        return rows.filter(delivery=delivery)
    for word in words.split()[:4]:
        rows = rows.filter(_named(word))
    return rows[:MOST_FOUND] if words.strip() else rows.none()


def _named(word: str) -> Q:
    """That a parent, or a child whom the notice is about, has a name with this word. Brothers and sisters at another
    school are not looked for: nobody here knows of them."""
    child = NoticePupil.objects.filter(
        Q(pupil__first_name__icontains=word) | Q(pupil__last_name__icontains=word),
        notice_id=OuterRef("delivery__notice_id"),
        pupil__guardianships__guardian_id=OuterRef("delivery__guardian_id"),
    )
    parent = Q(delivery__guardian__first_name__icontains=word) | Q(delivery__guardian__last_name__icontains=word)
    return parent | Q(Exists(child))


def newest_first(user: object) -> QuerySet[LetterBatch]:
    """Batches with what a list says beside them."""
    dutch = NoticeText.objects.filter(notice_id=OuterRef("notice_id"), language=MASTER).values("title")[:1]
    rows = LetterBatch.objects.visible_to(user).annotate(title=Subquery(dutch))
    return rows.select_related("school", "school_class", "made_by").order_by("-pk")


def children_in(batch: LetterBatch) -> QuerySet[Any]:
    """Ids of the school's children whose guardians get these letters."""
    here = Enrolment.objects.current().filter(school_id=batch.school_id)
    families = Guardianship.objects.current().filter(
        guardian_id__in=batch.letters.values("delivery__guardian_id"), pupil_id__in=here.values("pupil_id")
    )
    return families.values_list("pupil_id", flat=True)
