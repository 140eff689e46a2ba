"""The call rung: a delivery by voice becomes a follow-up of a named person."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from messaging.models import Caller, CallTask, Channel, Delivery, DeliveryStatus, Notice, NoticeKind, NoticePupil
from messaging.policies import ladder_for
from parents.models import FamilyMembership, FollowUp, FollowUpKind, FollowUpStatus, Guardianship
from parents.ownwords import CALL_ABOUT, kept
from schools import clock, posts
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
        )
        .order_by("pk")
        .values_list("pk", "guardian_id")
    )
    if not calls:
        return 0
    families = _families(notice, [guardian for _call, guardian in calls])
    calls = [(call, guardian) for call, guardian in calls if guardian in families]
    title = notice.texts.filter(language=MASTER).values_list("title", flat=True).first() or ""
    what = kept(CALL_ABOUT, title=title)
    due_on, now = _due_on(notice), clock.now()
    owners = _owners(notice, [pupil for _family, pupil in families.values()])
    follow_ups = [
        FollowUp(
            school_id=notice.school_id,
            family_id=families[guardian][0],
            pupil_id=families[guardian][1],
            guardian_id=guardian,
            kind=FollowUpKind.CALL,
            what=what,
            owner_id=owners.get(families[guardian][1]),
            due_on=due_on,
            created_at=now,
        )
        for _call, guardian in calls
    ]
    made = FollowUp.objects.bulk_create(follow_ups, batch_size=500)
    CallTask.objects.bulk_create(
        [CallTask(delivery_id=call, follow_up_id=task.pk) for (call, _guardian), task in zip(calls, made, strict=True)],
        batch_size=500,
    )
    return len(made)


def close_calls(tasks: QuerySet[CallTask], because: str) -> int:
    """The follow-ups of calls that are no longer needed are dropped, with the reason; returns how many. ``because`` is
    one of ``ownwords``."""
    rows = FollowUp.objects.filter(pk__in=tasks.values("follow_up_id"), status=FollowUpStatus.OPEN)
    return rows.update(status=FollowUpStatus.DROPPED, closed_because=kept(because))


def reopen_calls(tasks: QuerySet[CallTask]) -> int:
    """The follow-ups of calls that are to be made after all are open again; returns how many."""
    rows = FollowUp.objects.filter(pk__in=tasks.values("follow_up_id")).exclude(status=FollowUpStatus.OPEN)
    return rows.update(status=FollowUpStatus.OPEN, done_on=None, closed_because="", contact_moment=None)


def _owners(notice: Notice, pupils: list[int]) -> dict[int, int]:
    """By pupil the user who calls, as the school's ladder says; the author calls for all others, and about what is
    confidential. Of an author who left the teacher of the class does, or nobody in particular."""
    caller = "" if notice.is_confidential else ladder_for(notice.school_id, notice.kind).caller
    if posts.works_for(notice.author_id, notice.school):
        found = dict.fromkeys(pupils, notice.author_id)
    else:
        found = posts.class_teachers(pupils, notice.school_id)
    if caller == Caller.TEACHER:
        found |= posts.class_teachers(pupils, notice.school_id, rather=notice.author_id)
    elif caller == Caller.LIAISON and (liaison := posts.liaison_of(notice.school_id)):
        found |= dict.fromkeys(pupils, liaison)
    return found


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
    pairs = list(rows.order_by("pupil_id").values_list("guardian_id", "pupil_id"))
    members = FamilyMembership.objects.current().filter(pupil_id__in={pupil for _guardian, pupil in pairs})
    pupils = dict(members.values_list("pupil_id", "family_id"))
    found: dict[int, tuple[int, int]] = {}
    for guardian, pupil in pairs:
        if pupil in pupils:
            found.setdefault(guardian, (pupils[pupil], pupil))
    return found
