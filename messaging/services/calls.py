"""The call rung, done: what was a delivery becomes a contact moment."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from messaging import outbox
from messaging.levels import understood
from messaging.models import CallTask, Delivery, DeliveryStatus, Explanation, Notice
from messaging.services.answering import open_explanation
from parents.models import (
    ContactKind,
    ContactMoment,
    ContactPoint,
    FamilyMembership,
    FollowUp,
    Guardianship,
    MomentStatus,
    Purpose,
)
from parents.models.kinds import STATUS_OF_OUTCOME, Outcome
from parents.services import complete_follow_up, drop_follow_up, log_contact_moment
from parents.signin import Reachable
from schools import clock
from schools.models import User
from schools.twice import SAME_PRESS


def finish_call(
    *, call_task: CallTask, by: User, outcome: str, note: str = "", contact: Reachable | None = None
) -> ContactMoment:
    """Log the call. Spoken with, the delivery is delivered and its follow-up done; not reached, both stay open.

    What is clear to the person is understood; what is not becomes a task of the sender. ``contact`` is a new address or
    number that was told in the call.

    Raises ValidationError when somebody else finished it, or the child's family is not known.
    """
    with transaction.atomic():
        CallTask.objects.select_for_update(of=("self",)).get(pk=call_task.pk)
        # Read when it is locked: rows that are joined to a locked one are those of before the wait.
        task = CallTask.objects.select_related(
            "delivery__notice__school", "delivery__guardian", "follow_up__pupil"
        ).get(pk=call_task.pk)
        if task.delivery.status != DeliveryStatus.QUEUED:
            raise ValidationError(_("This call has been made already."))
        follow_up = task.follow_up
        is_spoken_with = STATUS_OF_OUTCOME[Outcome(outcome)] == MomentStatus.HELD
        kind = _kind_of(task.delivery)
        if not is_spoken_with and (pressed_again := _just_noted(task, by, kind, outcome, note)):
            return pressed_again
        moment = log_contact_moment(
            author=by,
            school=task.delivery.notice.school,
            pupils=[follow_up.pupil] if follow_up.pupil else [],
            kind=kind,
            outcome=outcome,
            held_on=clock.today(),
            guardians=[task.delivery.guardian],
            purpose=Purpose.INFORMATION,
            language_used=task.delivery.guardian.contact_language,
            note=note,
            new_contacts=[(task.delivery.guardian, contact)] if contact else [],
        )
        if is_spoken_with:
            outbox.mark_spoken(task.delivery)
            _note_understanding(Delivery.objects.filter(pk=task.delivery_id), outcome)
            if outcome == Outcome.REACHED_FOLLOW_UP:
                open_explanation(task.delivery)
            complete_follow_up(follow_up=follow_up, by=by)
            type(follow_up).objects.filter(pk=follow_up.pk).update(contact_moment=moment)
    return moment


def end_with_its_task(sender: object, *, follow_up: FollowUp, is_kept: bool, **_more: Any) -> None:
    """A call about a notice that nobody needs any more waits no longer either. That it is done does not say how it
    went, and the notice asks: a ValidationError leads to where one says so."""
    waiting = Delivery.objects.filter(call_task__follow_up=follow_up, status=DeliveryStatus.QUEUED)
    if is_kept and waiting.exists():
        raise ValidationError(_("Say how the call went: spoken with, or no answer."))
    outbox.take_back_call(waiting)


def put_right_with_its_talk(sender: object, *, moment: ContactMoment, by: User, **_more: Any) -> None:
    """The call of which this was the talk was noted by mistake, or was with somebody else: whoever is to hear of the
    notice is called still. So is whom nobody called because of this talk. Of a call that was made it says by now what
    it came to. Nobody explains what was not said, or is clear."""
    calls = CallTask.objects.filter(follow_up__contact_moment=moment, delivery__notice__in=Notice.objects.sent())
    clear: list[int] = []
    if moment.status == MomentStatus.HELD and moment.withdrawn_at is None:
        present = set(moment.guardians.values_list("pk", flat=True))
        made = calls.filter(delivery__guardian__in=present) if present else calls  # naming nobody: with the family
        calls = calls.exclude(pk__in=made.values("pk"))
        said = Delivery.objects.filter(pk__in=made.values("delivery_id"), opened_at__isnull=True)
        _note_understanding(said, moment.outcome)
        clear += said.filter(understood()).values_list("pk", flat=True)
    again = outbox.mark_not_spoken(Delivery.objects.filter(pk__in=calls.values("delivery_id")))
    for explanation in Explanation.objects.filter(delivery__in=[*again, *clear]).select_related("follow_up"):
        drop_follow_up(follow_up=explanation.follow_up, by=by)
    outbox.reopen_calls(CallTask.objects.filter(delivery__in=again))
    members = FamilyMembership.objects.current().filter(family=moment.family_id)
    people = Guardianship.objects.current().filter(pupil_id__in=members.values("pupil_id"))
    outbox.call_after_all(people.values("guardian_id"), moment.school_id, moment.recorded_at)


def _kind_of(delivery: Delivery) -> ContactKind:
    """Whom no number leads to one speaks at the gate, as the list of calls says."""
    numbers = ContactPoint.objects.phones_of([delivery.guardian_id])
    return ContactKind.PHONE if numbers[delivery.guardian_id] else ContactKind.GATE_TALK


def _just_noted(task: CallTask, by: User, kind: ContactKind, outcome: str, note: str) -> ContactMoment | None:
    """What the same press noted already, of a call that nobody took and that stays open. One that was taken closes, and
    so no second press of it comes here: what was noted of another call to the same person a moment ago is another."""
    return ContactMoment.objects.filter(
        recorded_by=by,
        kind=kind,
        outcome=outcome,
        note=note,
        guardians=task.delivery.guardian,
        recorded_at__gt=clock.now() - SAME_PRESS,
        withdrawn_at__isnull=True,
    ).first()


def _note_understanding(called: QuerySet[Delivery], outcome: str) -> None:
    """What the person said on the phone; somebody who called opened no page."""
    if outcome == Outcome.REACHED_AGREED:
        called.update(understood_at=clock.now())
    elif outcome == Outcome.REACHED_FOLLOW_UP:
        called.update(understood_at=None, not_understood_at=clock.now())
