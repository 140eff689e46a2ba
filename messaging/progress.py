"""How far notices came, in one line each, and what their pages are built from.

A family is *reached* where it stands on the level "handed over" or above (``messaging.levels``), in a list as on the
notice's own page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from messaging.models import Answer, CallTask, Channel, Delivery, DeliveryStatus, Notice
from messaging.reachedlist import FAMILY, with_reached
from parents.models import FollowUpStatus
from schools import clock
from schools.models import Pupil

WAITING = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING})
BY_MACHINE = frozenset({Channel.EMAIL, Channel.SMS})


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
    rows = (
        with_reached(ids)
        .values("notice_id")
        .annotate(families=Count(FAMILY, distinct=True))
        .annotate(reached=Count(FAMILY, distinct=True, filter=Q(is_reached=True)))
    )
    new = dict(
        Answer.objects.standing()
        .filter(notice_id__in=ids, seen_by_author_at__isnull=True)
        .order_by()
        .values_list("notice_id")
        .annotate(Count("pk"))
    )
    found = {row["notice_id"]: Progress(row["families"], row["reached"], new.get(row["notice_id"], 0)) for row in rows}
    return {pk: found.get(pk, Progress(new_answers=new.get(pk, 0))) for pk in ids}


def counted_steps(notice: Notice) -> list[dict[str, Any]]:
    """For each way and language of a notice the deliveries by how far they came; one query. ``leaving`` are those that
    leave by themselves and do not wait for the weekly mail."""
    answered = Answer.objects.filter(notice=notice, guardian_id=OuterRef("guardian_id")).filter(
        Q(by_channel="") | Q(by_channel=OuterRef("channel"))
    )
    status = {
        name.lower(): Count("pk", filter=Q(status=name))
        for name in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)
    }
    rows = (
        Delivery.objects.filter(notice=notice)
        .exclude(status=DeliveryStatus.CANCELLED)
        .annotate(was_answered=Exists(answered))
        .order_by()
        .values("channel", "language")
        .annotate(
            all=Count("pk"),
            waiting=Count("pk", filter=Q(status__in=WAITING)),
            leaving=Count("pk", filter=Q(status__in=WAITING, channel__in=BY_MACHINE, in_digest=False)),
            opened=Count("pk", filter=Q(opened_at__isnull=False)),
            reminded=Max("created_at", filter=Q(is_reminder=True)),
            answered=Count("guardian_id", distinct=True, filter=Q(was_answered=True)),
            **status,
        )
    )
    return [dict(row) for row in rows]


@dataclass(slots=True)
class StepCounts:
    """Deliveries of one channel or one language, by how far they came."""

    name: str
    all: int = 0
    waiting: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    opened: int = 0
    answered: int = 0

    @property
    def channel_name(self) -> str:
        return str(Channel(self.name).label)

    @classmethod
    def summed(cls, rows: Iterable[dict[str, Any]], by: str) -> list[StepCounts]:
        """The rows of ``counted_steps`` added up by channel or by language."""
        found: dict[str, StepCounts] = {}
        for row in rows:
            counts = found.setdefault(row[by], cls(row[by]))
            for name in ("all", "waiting", "sent", "delivered", "failed", "opened", "answered"):
                setattr(counts, name, getattr(counts, name) + row[name])
        return list(found.values())


@dataclass(slots=True)
class AnswerRow:
    """What a guardian answered; ``children`` are those the reader may see, ``others`` who of the family answered
    otherwise, each with that answer."""

    answer: Answer
    children: list[str]
    is_late: bool = False
    others: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class OptionRows:
    """One answer of the notice: how many gave it, how many of them late or not seen yet, and the first who did."""

    key: str
    label: str
    count: int = 0
    late: int = 0
    new: int = 0
    rows: list[AnswerRow] = field(default_factory=list)

    @property
    def unnamed(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next way to a family: on which day at the latest, and who does it (nobody: the portal). Of a letter that
    ``is_printed`` it is only to be given."""

    channel: str
    day: date | None
    owner: str
    is_printed: bool = False

    @property
    def channel_name(self) -> str:
        return str(Channel(self.channel).label) if self.channel else ""


@dataclass(slots=True)
class FamilyRow:
    """A family of the notice: its children, its deliveries, and the call that is left to do."""

    family_id: int
    children: list[Pupil] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    step: NextStep = NextStep("", None, "")

    @property
    def call(self) -> CallTask | None:
        """The call that is left to do."""
        tasks = [row.call_task for row in self.deliveries if row.channel == Channel.CALL and hasattr(row, "call_task")]
        return next((task for task in tasks if task.follow_up.status == FollowUpStatus.OPEN), None)

    @property
    def failed(self) -> list[Delivery]:
        """The last failure of each guardian and way: an earlier round of the same says nothing new."""
        last = {(row.guardian_id, row.channel): row for row in self.deliveries if row.status == DeliveryStatus.FAILED}
        return list(last.values())

    @property
    def underway(self) -> list[Delivery]:
        return [row for row in self.deliveries if is_underway(row)]

    def next_step(self, notice: Notice) -> NextStep:
        """What happens next without anybody's doing, or whose turn it is: the call first, then what is underway."""
        if self.call:
            task = self.call.follow_up
            return NextStep(Channel.CALL, task.due_on, task.owner.full_name if task.owner else "")
        for row in self.underway:
            if row.channel in BY_MACHINE:
                leaves = row.due_at if row.status == DeliveryStatus.QUEUED else None
                return NextStep(row.channel, clock.local_date(leaves + clock.shift()) if leaves else None, "")
            return NextStep(row.channel, None, notice.author.full_name, row.status == DeliveryStatus.SENT)
        return NextStep("", None, "")
