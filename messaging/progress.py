"""How far notices came, in one line each, and what their pages are built from.

A family is *reached* when a notice went out to one of its guardians by any channel and did not come back, or when a
guardian opened or answered it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from messaging.models import Answer, CallTask, Channel, Delivery, DeliveryStatus, Notice, NoticePupil
from schools import clock
from schools.models import Pupil
from schools.models.periods import running_on

WAITING = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING})
BY_MACHINE = frozenset({Channel.EMAIL, Channel.SMS})


def arrived(prefix: str = "") -> Q:
    """The condition that a delivery (of the related ``prefix``) came to somebody: a mail or text message left and did
    not come back, a letter was given (printing alone is nothing), a call was made, or a person opened the page."""
    return (
        Q(**{f"{prefix}status": DeliveryStatus.DELIVERED})
        | Q(**{f"{prefix}status": DeliveryStatus.SENT, f"{prefix}channel__in": BY_MACHINE})
        | Q(**{f"{prefix}opened_at__isnull": False})
    )


def has_arrived(delivery: Delivery) -> bool:
    """The same for one row."""
    left = delivery.status == DeliveryStatus.SENT and delivery.channel in BY_MACHINE
    return left or delivery.status == DeliveryStatus.DELIVERED or delivery.opened_at is not None


def is_underway(delivery: Delivery) -> bool:
    """Still to be sent, printed, given or called."""
    printed = delivery.channel == Channel.LETTER and delivery.status == DeliveryStatus.SENT
    return printed or delivery.status in WAITING


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of a list: families reached of all, answers the author has not seen yet."""

    families: int = 0
    reached: int = 0
    new_answers: int = 0


def progress_of(notices: Iterable[Notice]) -> dict[int, Progress]:
    """Progress of each notice, in two queries for all together."""
    ids = [notice.pk for notice in notices]
    got_it = Delivery.objects.filter(
        arrived(),
        running_on(clock.today(), "guardian__guardianships__"),
        notice_id=OuterRef("notice_id"),
        guardian__guardianships__pupil_id=OuterRef("pupil_id"),
    )
    family = "pupil__family_memberships__family"
    rows = (
        NoticePupil.objects.filter(running_on(clock.today(), "pupil__family_memberships__"), notice_id__in=ids)
        .annotate(got_it=Exists(got_it))
        .values("notice_id")
        .annotate(families=Count(family, distinct=True), reached=Count(family, distinct=True, filter=Q(got_it=True)))
    )
    new = dict(
        Answer.objects.filter(notice_id__in=ids, seen_by_author_at__isnull=True)
        .order_by()
        .values_list("notice_id")
        .annotate(Count("pk"))
    )
    found = {row["notice_id"]: Progress(row["families"], row["reached"], new.get(row["notice_id"], 0)) for row in rows}
    return {pk: found.get(pk, Progress(new_answers=new.get(pk, 0))) for pk in ids}


@dataclass(slots=True)
class StepCounts:
    """Deliveries of one channel or one language, by how far they came."""

    name: str
    waiting: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    opened: int = 0
    answered: int = 0

    @property
    def channel_name(self) -> str:
        return str(Channel(self.name).label)

    def add(self, delivery: Delivery, *, answered: bool) -> None:
        self.waiting += delivery.status in WAITING
        self.sent += delivery.status == DeliveryStatus.SENT
        self.delivered += delivery.status == DeliveryStatus.DELIVERED
        self.failed += delivery.status == DeliveryStatus.FAILED
        self.opened += delivery.opened_at is not None
        self.answered += answered


@dataclass(slots=True)
class AnswerRow:
    """What a guardian answered; ``children`` are those the reader may see."""

    answer: Answer
    children: list[str]


@dataclass(slots=True)
class OptionRows:
    """One answer of the notice, with who gave it."""

    key: str
    label: str
    rows: list[AnswerRow] = field(default_factory=list)
    unnamed: int = 0

    @property
    def count(self) -> int:
        return len(self.rows) + self.unnamed


@dataclass(slots=True)
class FamilyRow:
    """A family of the notice: its children, its deliveries, and the call that is left to do."""

    family_id: int
    children: list[Pupil] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    call: CallTask | None = None
    answered: bool = False

    @property
    def opened(self) -> bool:
        return any(row.opened_at for row in self.deliveries)

    @property
    def reached(self) -> bool:
        return self.answered or any(has_arrived(row) for row in self.deliveries)

    @property
    def failed(self) -> list[Delivery]:
        return [row for row in self.deliveries if row.status == DeliveryStatus.FAILED]

    @property
    def underway(self) -> list[Delivery]:
        return [row for row in self.deliveries if is_underway(row)]

    @property
    def is_unreached(self) -> bool:
        """Something went wrong, or there is no way out: not merely still on its way."""
        return not self.reached and (bool(self.failed) or self.call is not None or not self.deliveries)
