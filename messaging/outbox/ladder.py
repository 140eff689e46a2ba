"""The ladder: e-mail → text message → letter → call, one rung at a time, until a person was reached.

A delivery that failed leads to the next rung at once; one that nobody opened or answered, after some school days and
only when the notice asks for something. ``opened`` means a person's own act, never a loaded picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from messaging import audience
from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Notice, NoticeKind, NoticePupil, Reason
from messaging.models.notices import NoticeStatus
from messaging.outbox.calls import open_call_tasks
from messaging.outbox.planning import plan
from messaging.ways import compiled
from parents.models import ContactPointUse, Guardian, Guardianship
from schools import clock
from schools.models import Holiday

#: Failures after which another way is tried by itself. An unknown outcome is for a person to judge.
CLIMBS_AFTER = (
    Reason.BOUNCED,
    Reason.UNKNOWN_NUMBER,
    Reason.REFUSED,
    Reason.GAVE_UP,
    Reason.UNUSABLE,
    Reason.RETURNED,
)
_ASKS_SOMETHING = (NoticeKind.ACTIE, NoticeKind.DRINGEND)
#: Older notices are left alone: what they asked is over.
LADDER_DAYS = 21

Ids = QuerySet[Any, Any]


def climb() -> int:
    """Try the next rung for every notice of the last weeks that needs it; returns how many deliveries were planned."""
    recent = clock.now() - timedelta(days=LADDER_DAYS)
    notices = Notice.objects.filter(status=NoticeStatus.PUBLISHED, published_at__gte=recent)
    waiting = notices.filter(
        Q(kind__in=_ASKS_SOMETHING)
        | Q(pk__in=_failed(Delivery.objects.all()).values("notice_id"))
        | Q(pk__in=Delivery.objects.filter(channel=Channel.CALL, call_task__isnull=True).values("notice_id"))
    )
    return sum(_climb(pk, with_silent=True) for pk in waiting.order_by("pk").values_list("pk", flat=True))


def climb_failed(notices: Iterable[int]) -> int:
    """The next rung at once for the deliveries of these notices that failed."""
    return sum(_climb(pk, with_silent=False) for pk in sorted(set(notices)))


def _climb(notice_id: int, *, with_silent: bool) -> int:
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",))
            .filter(pk=notice_id, status__in=[NoticeStatus.PUBLISHED, NoticeStatus.PUBLISHING])
            .first()
        )
        if notice is None:
            return 0
        climbers = _after_failure(notice)
        if with_silent and notice.kind in _ASKS_SOMETHING:
            climbers |= _after_silence(notice)
        if not climbers.exists():
            open_call_tasks(notice)
            return 0
        return plan(notice, compiled(climbers.values("pk")), climbing=True)


def _failed(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(
        Q(status=DeliveryStatus.FAILED, reason__in=CLIMBS_AFTER)
        | Q(status=DeliveryStatus.CANCELLED, reason=Reason.OPTED_OUT)
    )


def _latest(notice: Notice) -> QuerySet[Delivery]:
    """The rung on which each guardian stands."""
    of_same = Delivery.objects.filter(notice=notice, guardian_id=OuterRef("guardian_id")).order_by("-pk")
    return Delivery.objects.filter(notice=notice, pk=Subquery(of_same.values("pk")[:1]))


def _after_failure(notice: Notice) -> QuerySet[Guardian]:
    """Guardians whose last way failed, and those who shared that phone and so got nothing of their own.

    Somebody of the same home who was reached is enough; another home has its own right to be told.
    """
    failed = _failed(_latest(notice))
    phones = failed.filter(channel=Channel.SMS).values("contact_point_id")
    sharers = ContactPointUse.objects.filter(contact_point_id__in=phones).values("guardian_id")
    served = Delivery.objects.filter(notice=notice).values("guardian_id")
    reached = _reached(notice)
    homes = Guardian.objects.filter(pk__in=reached, household__isnull=False).values("household_id")
    return audience.guardians_of(notice).filter(
        Q(pk__in=failed.values("guardian_id")) | Q(Q(pk__in=sharers) & ~Q(pk__in=served)),
        ~Q(pk__in=reached),
        ~Q(household_id__in=homes, pk__in=_families_of(notice, reached)) | Q(household__isnull=True),
    )


def _after_silence(notice: Notice) -> QuerySet[Guardian]:
    """Guardians who did not react in time, unless anybody of the family did."""
    silent = _latest(notice).filter(
        status__in=[DeliveryStatus.SENT, DeliveryStatus.DELIVERED],
        channel__in=[Channel.EMAIL, Channel.SMS, Channel.LETTER],
        sent_at__lt=silent_since(notice),
    )
    people = audience.guardians_of(notice).filter(pk__in=silent.values("guardian_id"))
    return people.filter(~Q(pk__in=_families_of(notice, _reached(notice))))


def _reached(notice: Notice) -> Ids:
    """Ids of guardians who opened, answered or were spoken to."""
    by_delivery = Delivery.objects.filter(notice=notice).filter(
        Q(opened_at__isnull=False) | Q(channel=Channel.CALL, status=DeliveryStatus.DELIVERED)
    )
    answered = Answer.objects.filter(notice=notice)
    return Guardian.objects.filter(
        Q(pk__in=by_delivery.values("guardian_id")) | Q(pk__in=answered.values("guardian_id"))
    ).values("pk")


def _families_of(notice: Notice, guardians: Ids) -> Ids:
    """Ids of everybody who answers for a child of these guardians, among the notice's pupils."""
    about = NoticePupil.objects.filter(notice=notice).values("pupil_id")
    children = Guardianship.objects.current().filter(guardian_id__in=guardians, pupil_id__in=about)
    return Guardianship.objects.current().filter(pupil_id__in=children.values("pupil_id")).values("guardian_id")


def silent_since(notice: Notice) -> datetime:
    """A delivery sent before this moment has waited settings.RUNG_SCHOOL_DAYS school days for a person."""
    calendar = Holiday.objects.calendar(notice.school)
    day = calendar.add_school_days(clock.today(), -settings.RUNG_SCHOOL_DAYS)
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=clock.BRUSSELS)
