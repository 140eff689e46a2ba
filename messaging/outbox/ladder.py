"""The ladder: one rung at a time, in the order of the school's policy, until a person was reached.

A delivery that failed or is no longer wanted leads to the next rung at once; one to which nobody reacted, when its rung
has waited (messaging.policies). It ends for a family as soon as one of its people opened, answered, was called or was
spoken with by the school (messaging.levels): then letters and calls that still wait for a person are not needed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from messaging import audience
from messaging.models import (
    Channel,
    Delivery,
    DeliveryStatus,
    LadderPolicy,
    Notice,
    NoticeKind,
    NoticePupil,
    NoticeStatus,
    OptOut,
    Reason,
)
from messaging.outbox.calls import open_call_tasks
from messaging.outbox.entitled import stop_unentitled
from messaging.outbox.needless import families_of, is_over, reached_by, stop_needless, stop_replaced
from messaging.outbox.planning import plan
from messaging.policies import Ladder, default_ladder, ladder_for
from messaging.readers import told_newer
from messaging.refusable import purpose_key
from parents.models import ConferenceHour, ConferenceSlot, ContactPointUse, Guardian, Guardianship, PointKind
from schools import clock
from schools.models import Enrolment, Holiday

logger = logging.getLogger(__name__)

#: Failures after which another way is tried by itself. An unknown outcome is for a person to judge.
CLIMBS_AFTER = (
    Reason.BOUNCED,
    Reason.UNKNOWN_NUMBER,
    Reason.REFUSED,
    Reason.GAVE_UP,
    Reason.UNUSABLE,
    Reason.RETURNED,
)
#: What was taken back because another way is wanted.
CLIMBS_WITHOUT = (Reason.OPTED_OUT, Reason.ADDRESS_ENDED)
#: Older notices are left alone: what they asked is over.
LADDER_DAYS = 21
URGENT_DAYS = 2

Ids = QuerySet[Any, Any]


def climb() -> int:
    """Try the next rung for every notice of the last weeks that needs it; returns how many deliveries were planned."""
    notices = _published(LADDER_DAYS)
    waits = Q(kind__in=[kind for kind in NoticeKind.values if default_ladder(kind).waits])
    for kind in NoticeKind.values:
        waits |= Q(kind=kind, school_id__in=LadderPolicy.objects.filter(kind=kind).values("school_id"))
    waiting = notices.filter(
        waits
        | Q(pk__in=_failed(Delivery.objects.all()).values("notice_id"))
        | Q(pk__in=Delivery.objects.filter(channel=Channel.CALL, status=DeliveryStatus.QUEUED).values("notice_id"))
        | Q(pk__in=Notice.objects.sent().filter(corrects__isnull=False).values("corrects_id"))
    )
    return _climb_each(waiting.order_by("pk").values_list("pk", flat=True), with_silent=True)


def climb_urgent() -> int:
    """The same each minute for what is urgent: its rungs wait in minutes."""
    urgent = _published(URGENT_DAYS).filter(kind=NoticeKind.DRINGEND).order_by("pk")
    return _climb_each(urgent.values_list("pk", flat=True), with_silent=True)


def climb_failed(notices: Iterable[int]) -> int:
    """The next rung at once for the deliveries of these notices that failed or are no longer wanted."""
    return _climb_each(sorted(set(notices)), with_silent=False)


def _published(days: int) -> QuerySet[Notice]:
    recent = clock.now() - timedelta(days=days)
    return Notice.objects.filter(status=NoticeStatus.PUBLISHED, published_at__gte=recent)


def _climb_each(notices: Iterable[int], *, with_silent: bool) -> int:
    """A notice whose ladder cannot be climbed waits and stops no other one."""
    planned = 0
    for pk in notices:
        try:
            planned += _climb(pk, with_silent=with_silent)
        except (OperationalError, InterfaceError):
            raise  # nothing is wrong with the notice
        except Exception:
            logger.exception("The ladder of notice %s could not be climbed; it waits", pk)
    return planned


def _climb(notice_id: int, *, with_silent: bool) -> int:
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",))
            .filter(pk=notice_id, status__in=[NoticeStatus.PUBLISHED, NoticeStatus.PUBLISHING])
            .first()
        )
        if notice is None:
            return 0
        if with_silent:
            stop_unentitled(Delivery.objects.filter(notice=notice))
            stop_needless(notice)
            stop_replaced(notice)
        if is_over(notice):
            return 0
        ladder = ladder_for(notice.school_id, notice.kind)
        climbers = _after_failure(notice, ladder)
        if with_silent and ladder.waits:
            climbers |= _after_silence(notice, ladder)
        climbers = climbers.filter(
            ~Q(pk__in=told_newer([notice.pk]).values("guardian_id")), pk__in=_with_a_child_here(notice)
        )
        if notice.leads_to_times:
            climbers = climbers.filter(pk__in=_with_times_to_come(notice))
        if not climbers.exists():
            open_call_tasks(notice)
            return 0
        return plan(notice, climbers, climbing=True)


def _with_a_child_here(notice: Notice) -> Ids:
    """Ids of those whom the school still tells of a child of the notice: whose children left are asked no further."""
    about = NoticePupil.objects.filter(notice=notice).values("pupil_id")
    here = Enrolment.objects.current().filter(school_id=notice.school_id, pupil_id__in=about)
    return Guardianship.objects.informed().filter(pupil_id__in=here.values("pupil_id")).values("guardian_id")


def _with_times_to_come(notice: Notice) -> Ids:
    """Ids of those whose child has a place in the round with times that are still to come: after the evening, or while
    its teacher cannot come, nobody is asked to choose one."""
    coming = ConferenceHour.objects.attended().filter(
        host__round_id=notice.conference_round_id, starts_at__gt=clock.now()
    )
    places = ConferenceSlot.objects.filter(
        round_id=notice.conference_round_id, school_class_id__in=coming.values("host__school_class_id")
    )
    return Guardianship.objects.informed().filter(pupil_id__in=places.values("pupil_id")).values("guardian_id")


def _failed(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(
        Q(status=DeliveryStatus.FAILED, reason__in=CLIMBS_AFTER)
        | Q(status=DeliveryStatus.CANCELLED, reason__in=CLIMBS_WITHOUT)
    )


def _standing(notice: Notice) -> QuerySet[Delivery]:
    """What of a notice is a rung. What was taken back otherwise than for another way is none: who undoes a reminder
    leaves everybody where they stood."""
    stands = ~Q(status=DeliveryStatus.CANCELLED) | Q(reason__in=CLIMBS_WITHOUT)
    return Delivery.objects.filter(stands, notice=notice)


def _latest(notice: Notice) -> QuerySet[Delivery]:
    """The rung on which each guardian stands."""
    of_same = _standing(notice).filter(guardian_id=OuterRef("guardian_id")).order_by("-pk")
    return Delivery.objects.filter(notice=notice, pk=Subquery(of_same.values("pk")[:1]))


def _at_phones_of(rows: QuerySet[Delivery]) -> Ids:
    """Ids of everybody who uses a number to which these text messages went: it may stand in two rows."""
    numbers = rows.filter(channel=Channel.SMS).values("address")
    uses = ContactPointUse.objects.filter(contact_point__kind=PointKind.PHONE, contact_point__value__in=numbers)
    return uses.values("guardian_id")


def _after_failure(notice: Notice, ladder: Ladder) -> QuerySet[Guardian]:
    """Guardians whose last way failed or is refused by now, and those who shared that phone and so got nothing of their
    own.

    Somebody of the same home who was reached is enough; another home has its own right to be told.
    """
    failed = _failed(_latest(notice))
    if ladder.waits:
        failed |= _refused_since(notice)
    sharers = _at_phones_of(failed)
    served = _standing(notice).values("guardian_id")
    reached = reached_by(notice, certain=True)
    homes = Guardian.objects.filter(pk__in=reached, household__isnull=False).values("household_id")
    return audience.guardians_there(notice).filter(
        Q(pk__in=failed.values("guardian_id")) | Q(Q(pk__in=sharers) & ~Q(pk__in=served)),
        ~Q(pk__in=reached),
        ~Q(household_id__in=homes, pk__in=families_of(notice, reached)) | Q(household__isnull=True),
    )


def _refused_since(notice: Notice) -> QuerySet[Delivery]:
    """Rungs that left and whose guardian refused that way afterwards: silence is all that would come."""
    if notice.kind == NoticeKind.DRINGEND:
        return Delivery.objects.none()
    refusals = OptOut.objects.filter(
        guardian_id=OuterRef("guardian_id"),
        channel=OuterRef("channel"),
        category__in=["", purpose_key(notice)],
        since__gte=OuterRef("created_at"),
    )
    left = [DeliveryStatus.SENT, DeliveryStatus.DELIVERED]
    return _latest(notice).filter(Exists(refusals), status__in=left)


def _after_silence(notice: Notice, ladder: Ladder) -> QuerySet[Guardian]:
    """Guardians who did not react in time, unless anybody of the family did, and people of other homes who share the
    phone that stayed silent."""
    calendar = Holiday.objects.calendar(notice.school)
    waited = Q(pk__in=[])
    for channel in (Channel.EMAIL, Channel.SMS, Channel.LETTER):
        since = ladder.rung_of(channel).silent_since(calendar)
        if since is not None:
            waited |= Q(_given_before(since) if channel == Channel.LETTER else Q(sent_at__lt=since), channel=channel)
    silent = _latest(notice).filter(waited, status__in=[DeliveryStatus.SENT, DeliveryStatus.DELIVERED])
    sharers = _at_phones_of(silent)
    served = _standing(notice)
    homes = served.filter(guardian__household__isnull=False).values("guardian__household_id")
    left_out = Q(pk__in=sharers) & ~Q(pk__in=served.values("guardian_id"))
    people = audience.guardians_there(notice).filter(
        Q(pk__in=silent.values("guardian_id")) | left_out & (Q(household__isnull=True) | ~Q(household_id__in=homes))
    )
    return people.filter(~Q(pk__in=families_of(notice, reached_by(notice))))


def _given_before(since: datetime) -> Q:
    """A letter waits for the family from the day it was given; of one that nobody ever noted as given, from the day it
    was printed, for people forget to note it and the family must not be forgotten with it."""
    day = clock.local_date(since - timedelta(microseconds=1))
    return Q(printed__given_on__lte=day) | Q(printed__given_on__isnull=True, sent_at__lt=since)
