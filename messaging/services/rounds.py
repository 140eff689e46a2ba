"""Once more: to families that were not reached, by the same or another way, and to those who did not answer yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from messaging import audience, outbox
from messaging.how_far import HowFar, sql_of
from messaging.models import CallTask, Delivery, DeliveryStatus, Notice, NoticePupil, Reason
from messaging.models.notices import NoticeStatus
from messaging.outbox.rounds import Round
from messaging.reminders import comes_too_late_on, may_be_reminded, still_wanted
from parents.models import FamilyMembership, FollowUp, FollowUpStatus, Guardian, Guardianship
from schools import audit, clock
from schools.days import full_day
from schools.models import Holiday, Pupil, User


@dataclass(frozen=True, slots=True)
class Planned:
    """What a round planned: for how many families it was asked, how many deliveries came of it, and its moment."""

    families: int
    deliveries: int
    moment: datetime


def send_round(*, notice: Notice, by: User, families: Iterable[int] | None, channel: str = "") -> Planned:
    """Send again to families that still need a person (all that ``by`` may see, if None is given), to the present
    address: the way each was tried last, or by ``channel``. What waits already stays.
    """
    _check_sent(notice)
    chosen = _still_needing(notice, by, families)
    guardians = _guardians_of(notice, chosen, by)
    with transaction.atomic():
        planned, moment = outbox.plan_round(Round(notice, sql_of(guardians.values("pk")), channel=channel))
        audit.record(
            actor=by,
            verb="resent",
            target=notice,
            school_id=notice.school_id,
            families=len(chosen),
            deliveries=planned,
            channel=channel,
        )
        outbox.ring()
    return Planned(len(chosen), planned, moment)


def take_calls(*, notice: Notice, by: User, families: Iterable[int] | None) -> int:
    """Become the owner of the open calls of this notice to these families; returns how many calls."""
    chosen = _still_needing(notice, by, families)
    calls = CallTask.objects.filter(delivery__notice=notice).values("follow_up_id")
    with transaction.atomic():
        rows = FollowUp.objects.visible_to(by).filter(
            pk__in=calls, status=FollowUpStatus.OPEN, family_id__in=chosen, pupil__in=Pupil.objects.visible_to(by)
        )
        taken = rows.exclude(owner=by).update(owner=by)
        audit.record(actor=by, verb="took calls", target=notice, school_id=notice.school_id, calls=taken)
    return taken


def reminder_round(notice: Notice, by: User) -> Round:
    """The reminder that ``by`` may send now: to whom an answer is still wanted and no newer notice went, whose last way
    worked, and to whom nothing left since the last school day began."""
    people = still_wanted(notice, audience.guardians_of(notice)).filter(
        pk__in=Guardian.objects.visible_to(by).values("pk")
    )
    last = Holiday.objects.calendar(notice.school).last_school_day(clock.today())
    return Round(
        notice,
        sql_of(people.values("pk")),
        only_arrived=True,
        quiet_before=clock.start_of(last),
        is_reminder=True,
    )


def remind(*, notice: Notice, by: User) -> Planned:
    """Ask once more those who did not answer. Raises ValidationError after the last day to answer, and where it would
    leave after it."""
    _check_sent(notice)
    if not may_be_reminded(notice):
        raise ValidationError(_("The day to answer has passed: a reminder would come too late. Call instead."))
    if late := comes_too_late_on(notice):
        words = _("A reminder would leave on %(day)s only, when the day to answer has passed. Call instead.")
        raise ValidationError(words % {"day": full_day(late)})
    with transaction.atomic():
        planned, moment = outbox.plan_round(reminder_round(notice, by))
        audit.record(actor=by, verb="reminded", target=notice, school_id=notice.school_id, deliveries=planned)
        outbox.ring()
    return Planned(planned, planned, moment)


def undo_round(*, notice: Notice, by: User, moment: datetime) -> int:
    """Take back what of a round has not left yet; returns how many deliveries that was."""
    with transaction.atomic():
        stopped = outbox.withdraw_round(notice, moment)
        audit.record(actor=by, verb="took back", target=notice, school_id=notice.school_id, deliveries=stopped)
    return stopped


def is_taken_back(*, notice: Notice, moment: datetime) -> bool:
    """Whether something of that round was taken back, and nothing of it waits."""
    rows = Delivery.objects.filter(notice=notice, created_at=moment)
    waits = rows.filter(status=DeliveryStatus.QUEUED).exists()
    return not waits and rows.filter(status=DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN).exists()


def _check_sent(notice: Notice) -> None:
    if notice.status != NoticeStatus.PUBLISHED:
        raise ValidationError(_("This notice is not being sent any more, or not yet. Look again in a minute."))


def _still_needing(notice: Notice, by: User, families: Iterable[int] | None) -> list[int]:
    """A page may be old: families that were reached meanwhile are left alone, and those ``by`` may not see."""
    needing = HowFar(notice, by).needing_a_person()
    if families is None:
        return needing
    asked = set(families)
    return [pk for pk in needing if pk in asked]


def _guardians_of(notice: Notice, families: list[int], by: User) -> QuerySet[Guardian]:
    """Everybody of these families with a right to this notice, through a child that ``by`` may see."""
    about = NoticePupil.objects.filter(notice=notice, pupil__in=Pupil.objects.visible_to(by)).values("pupil_id")
    members = FamilyMembership.objects.current().filter(family_id__in=families, pupil_id__in=about)
    informed = Guardianship.objects.informed().filter(pupil_id__in=members.values("pupil_id"))
    return Guardian.objects.filter(pk__in=informed.values("guardian_id"))
