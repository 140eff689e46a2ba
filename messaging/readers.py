"""For whom a notice is rendered: a guardian with their own children, one answer, and perhaps a shared phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Notice, NoticePupil
from messaging.models.templates import AnswerScope
from parents.models import ContactPoint, Guardian
from schools import clock
from schools.models.periods import running_on


@dataclass(frozen=True, slots=True)
class Child:
    pk: int
    first_name: str
    full_name: str
    class_name: str


@dataclass(slots=True)
class Reader:
    """For whom a text is rendered: the guardian of a delivery, or nobody yet on a preview."""

    language: str
    children: Sequence[Child]
    url: str
    sees_all: bool = True
    #: The language of texts that they read, where this one is the Dutch for want of it.
    wanted: str = ""
    delivery: Delivery | None = None
    given_answer: str = ""
    #: Nothing left this way to this guardian before: the notice about privacy goes along.
    is_first: bool = False
    #: The day of the notice that this one replaces, for whoever got that one.
    replaced_on: date | None = None
    #: Somebody reads it aloud in a language of theirs.
    hears: bool = False
    #: The page still asks something.
    is_asked: bool = False

    @property
    def is_reminder(self) -> bool:
        return self.delivery is not None and self.delivery.is_reminder


def children_of(deliveries: Sequence[Delivery]) -> dict[tuple[int, int], list[Child]]:
    """The children that each notice is about and each guardian may be told of, in the order of their names."""
    link = "pupil__guardianships__"
    rows = (
        NoticePupil.objects.filter(
            running_on(clock.today(), link),
            notice_id__in={delivery.notice_id for delivery in deliveries},
            **{
                f"{link}guardian_id__in": {delivery.guardian_id for delivery in deliveries},
                f"{link}information_right": True,
            },
        )
        .order_by("pupil__first_name", "pupil_id")
        .values_list(
            "notice_id",
            f"{link}guardian_id",
            "pupil_id",
            "pupil__first_name",
            "pupil__last_name",
            "school_class__name",
        )
    )
    found: dict[tuple[int, int], list[Child]] = {}
    for notice, guardian, pk, first, last, class_name in rows:
        found.setdefault((notice, guardian), []).append(Child(pk, first, f"{first} {last}".strip(), class_name or ""))
    return found


def given_answers(deliveries: Sequence[Delivery]) -> dict[tuple[int, int], str]:
    """What was answered, by notice and guardian: the own answer, or that of the home, whoever gave it."""
    return {pair: answer.key for pair, answer in standing_answers(deliveries).items()}


def standing_answers(deliveries: Sequence[Delivery]) -> dict[tuple[int, int], Answer]:
    """The same with when and by whom. What parents in another home said is not theirs, though it may be what counts."""
    notices = {delivery.notice_id: delivery.notice for delivery in deliveries}
    guardians = {delivery.guardian_id for delivery in deliveries}
    own = Answer.objects.filter(notice_id__in=notices, guardian_id__in=guardians, family__isnull=True)
    found = {(answer.notice_id, answer.guardian_id): answer for answer in own}
    asking = [notice for notice in notices.values() if asks_families(notice)]
    rows = Answer.objects.filter(notice__in=asking, family__isnull=False).select_related("guardian")
    shared = {
        (answer.notice_id, answer.family_id, _home(answer.guardian_id, answer.guardian.household_id)): answer
        for answer in rows.order_by("answered_at", "pk")
    }
    if not shared:
        return found
    homes = dict(Guardian.objects.filter(pk__in=guardians).values_list("pk", "household_id"))
    for (notice, guardian), families in families_answered_for(asking, guardians).items():
        for family in families:
            if answer := shared.get((notice, family, _home(guardian, homes[guardian]))):
                found[notice, guardian] = answer
    return found


def _home(guardian: int, household: int | None) -> str:
    """Who lives together; somebody whose address nobody knows lives alone."""
    return f"guardian {guardian}" if household is None else f"home {household}"


def asks_families(notice: Notice) -> bool:
    """Whether one answer of each family is asked for."""
    return bool(notice.answers) and notice.answer_scope == AnswerScope.FAMILY


def families_answered_for(notices: Iterable[Notice], guardians: Iterable[int]) -> dict[tuple[int, int], list[int]]:
    """By notice and guardian, the families for which a guardian answers: those of the own children it is about. None
    where every guardian answers alone."""
    today, tie, member = clock.today(), "pupil__guardianships__", "pupil__family_memberships__"
    rows = NoticePupil.objects.filter(
        running_on(today, tie),
        running_on(today, member),
        notice_id__in=[notice.pk for notice in notices if asks_families(notice)],
        **{f"{tie}guardian_id__in": list(guardians), f"{tie}information_right": True},
    )
    found: dict[tuple[int, int], list[int]] = {}
    columns = ("notice_id", f"{tie}guardian_id", f"{member}family_id")
    for notice, guardian, family in rows.order_by(*columns).values_list(*columns).distinct():
        found.setdefault((notice, guardian), []).append(family)
    return found


def replaced_days(deliveries: Sequence[Delivery]) -> dict[tuple[int, int], date]:
    """By notice and guardian, the day of the earlier notice that this one replaces; only for those who got it."""
    replaced = {row.notice.corrects_id: row.notice_id for row in deliveries if row.notice.corrects_id}
    if not replaced:
        return {}
    rows = got_it(Delivery.objects.filter(notice_id__in=replaced, notice__published_at__isnull=False))
    rows = rows.filter(guardian_id__in={row.guardian_id for row in deliveries})
    found = rows.values_list("notice_id", "guardian_id", "notice__published_at").distinct()
    return {(replaced[notice], guardian): clock.local_date(at) for notice, guardian, at in found if at}


def told_newer(notices: Iterable[int]) -> QuerySet[Delivery]:
    """What guardians got of the notices that replace these: nobody asks them about the earlier ones any more."""
    return got_it(
        Delivery.objects.filter(notice__in=Notice.objects.sent().filter(corrects_id__in=notices).values("pk"))
    )


def got_it(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those of which something left or is being carried: not what was stopped, nor what still waits for the worker."""
    by_worker = Q(status=DeliveryStatus.QUEUED, channel__in=[Channel.EMAIL, Channel.SMS])
    return deliveries.exclude(status=DeliveryStatus.CANCELLED).exclude(by_worker)


def shared_points(deliveries: Sequence[Delivery]) -> set[int]:
    """Contact points that others than the guardian of the delivery read too."""
    points = {delivery.contact_point_id for delivery in deliveries if delivery.contact_point_id}
    return ContactPoint.objects.read_by_others(points)
