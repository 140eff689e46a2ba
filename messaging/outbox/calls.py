"""The call rung: a delivery by voice becomes a follow-up of a named person."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, Notice, NoticeKind, NoticePupil
from parents.models import FamilyMembership, FollowUp, FollowUpKind, Guardianship
from schools import clock
from schools.languages import MASTER
from schools.models import Holiday

_CALL_WITHIN_SCHOOL_DAYS = 2


def open_call_tasks(notice: Notice) -> int:
    """A follow-up of a named person for every call that has none yet; returns how many.

    A guardian whose child belongs to no family yet waits: the hourly ladder comes back to it.
    """
    calls = list(
        Delivery.objects.filter(
            notice=notice, channel=Channel.CALL, status=DeliveryStatus.QUEUED, call_task__isnull=True
        ).order_by("pk")
    )
    if not calls:
        return 0
    families = _families(notice, [call.guardian_id for call in calls])
    calls = [call for call in calls if call.guardian_id in families]
    with translation.override(MASTER):
        title = notice.texts.filter(language=MASTER).values_list("title", flat=True).first() or ""
        what = _("Call about: %(title)s") % {"title": title}
    due_on, now = _due_on(notice), clock.now()
    follow_ups = [
        FollowUp(
            school_id=notice.school_id,
            family_id=families[call.guardian_id][0],
            pupil_id=families[call.guardian_id][1],
            guardian_id=call.guardian_id,
            kind=FollowUpKind.CALL,
            what=what[:250],
            owner_id=notice.author_id,
            due_on=due_on,
            created_at=now,
        )
        for call in calls
    ]
    made = FollowUp.objects.bulk_create(follow_ups, batch_size=500)
    CallTask.objects.bulk_create(
        [CallTask(delivery=call, follow_up=task) for call, task in zip(calls, made, strict=True)], batch_size=500
    )
    return len(made)


def _due_on(notice: Notice) -> date:
    """Today when it is urgent, else within two school days."""
    if notice.kind == NoticeKind.DRINGEND:
        return clock.today()
    return Holiday.objects.calendar(notice.school).add_school_days(clock.today(), _CALL_WITHIN_SCHOOL_DAYS)


def _families(notice: Notice, guardians: list[int]) -> dict[int, tuple[int, int]]:
    """The family and first child of each guardian, among the pupils of the notice."""
    rows = Guardianship.objects.informed().filter(
        pupil_id__in=NoticePupil.objects.filter(notice=notice).values("pupil_id"), guardian_id__in=guardians
    )
    members = FamilyMembership.objects.current().filter(pupil_id__in=rows.values("pupil_id"))
    pupils = dict(members.values_list("pupil_id", "family_id"))
    found: dict[int, tuple[int, int]] = {}
    for guardian, pupil in rows.order_by("pupil_id").values_list("guardian_id", "pupil_id"):
        if pupil in pupils:
            found.setdefault(guardian, (pupils[pupil], pupil))
    return found
