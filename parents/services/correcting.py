"""A talk that was noted wrongly: put right, with what it said before, or taken back with a reason. Nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from parents.models import (
    ConferenceSlot,
    ContactMoment,
    ContactRevision,
    FollowUpKind,
    FollowUpStatus,
    MomentStatus,
    Outcome,
    Visibility,
)
from parents.models.kinds import STATUS_OF_OUTCOME
from parents.models.revisions import CORRECTED, GUARDIANS
from parents.ownwords import kept_tap
from parents.services.contacts import DAYS_TO_FOLLOW_UP, NewFollowUp, family_of
from parents.services.followups import drop_follow_up, due_in, open_follow_up
from schools import audit, clock
from schools.models import Partner, User

#: Sent when a talk that was noted as held was not, or was with somebody else, or came to something else: what was done
#: with it is still to do. With ``moment`` and ``by``.
talk_unsaid = Signal()


def require_no_evening(moment: ContactMoment) -> None:
    """Whether a family came to an evening is put right with the evening, where it stands too. Raises ValidationError
    for a talk of one."""
    if ConferenceSlot.objects.filter(contact_moment=moment).exists():
        raise ValidationError(_("This was written with the parents' evening: put right there who came."))


def correct_contact_moment(*, moment: ContactMoment, by: User, facts: Mapping[str, Any], seen: int) -> bool:
    """Put a talk right; figures count what it says now. ``facts`` are the fields of CORRECTED, ``guardians``, and
    ``centre`` for a line that becomes a CLB's; what is not among them stays. ``seen`` is how many revisions the writer
    saw. False when nothing changed. Raises ValidationError when it was taken back, or changed since it was seen, for a
    day on which the children belonged to no family here, for whether a family came to an evening, and for another
    reader of a line that a CLB owns: that needs consent (``share_with_school``)."""
    if facts["held_on"] > clock.today():
        raise ValidationError(_("A contact cannot lie in the future. Choose today or an earlier day."))
    with transaction.atomic():
        row = _locked(moment)
        was, was_held = _otherwise(row, facts), row.status == MomentStatus.HELD
        if not was:  # also at a second press
            return False
        if row.revisions.count() != seen:
            raise ValidationError(_("Somebody changed this in the meantime. Look at it again."))
        ContactRevision.objects.create(
            contact_moment=row, at=clock.now(), by=by, visibility=row.visibility, was=_as_text(was)
        )
        if GUARDIANS in was:
            row.guardians.set(facts[GUARDIANS])
        for name in was.keys() - {GUARDIANS}:
            setattr(row, name, facts[name])
        if "visibility" in was:
            row.centre = facts.get("centre")
        if "outcome" in was:  # a family that did not come keeps that status when its note is put right
            row.status = STATUS_OF_OUTCOME[Outcome(row.outcome)]
        row.save()
        _follow(row, was, by)
        if was_held and was.keys() & {"outcome", GUARDIANS}:
            talk_unsaid.send(ContactMoment, moment=row, by=by)
        audit.record(actor=by, verb="corrected", target=row, school_id=row.school_id, fields=sorted(was))
    return True


def _otherwise(row: ContactMoment, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What stands there now of the facts that say something else. Raises ValidationError for what may not be."""
    was = {name: getattr(row, name) for name in CORRECTED if name in facts and getattr(row, name) != facts[name]}
    present = sorted(row.guardians.values_list("pk", flat=True))
    if GUARDIANS in facts and present != sorted(guardian.pk for guardian in facts[GUARDIANS]):
        was[GUARDIANS] = present
    if "visibility" in was and row.centre_id is not None:
        raise ValidationError(_("Somebody changed this in the meantime. Look at it again."))
    if "outcome" in was and STATUS_OF_OUTCOME[facts["outcome"]] != row.status:
        require_no_evening(row)
    if "held_on" in was:  # as when it is logged: in a year without the child it would count nowhere
        family_of(list(row.pupils.all()), facts["held_on"])
    return was


def withdraw_contact_moment(*, moment: ContactMoment, by: User, because: str) -> None:
    """Take back a talk that was noted by mistake; it counts no more, and stays with its reason for who could read it.
    Nobody is asked any more for what was promised in it. Raises ValidationError when it was taken back already."""
    with transaction.atomic():
        row = _locked(moment)
        row.withdrawn_at, row.withdrawn_because = clock.now(), because
        row.save(update_fields=["withdrawn_at", "withdrawn_because", "is_reach", "is_two_way", "held_month"])
        promised = row.follow_ups.filter(kind=FollowUpKind.PROMISE, status=FollowUpStatus.OPEN)
        promised.update(status=FollowUpStatus.DROPPED)
        talk_unsaid.send(ContactMoment, moment=row, by=by)
        audit.record(actor=by, verb="withdrew", target=row, school_id=row.school_id)


def _follow(row: ContactMoment, was: Mapping[str, Any], by: User) -> None:
    """What one tap put into somebody's week says what the talk says now: it goes with the outcome that asked for it,
    and comes with it. What somebody wrote to be done stays."""
    if not was.keys() & {"kind", "outcome"}:
        return
    promised = row.follow_ups.filter(kind=FollowUpKind.PROMISE, status=FollowUpStatus.OPEN)
    tapped = promised.filter(what=kept_tap(was.get("kind", row.kind)))
    needed = NewFollowUp.needed(row.kind, row.outcome)
    if needed is None:
        for follow_up in tapped:
            drop_follow_up(follow_up=follow_up, by=by)
    elif promised.exists():
        tapped.update(what=needed.what)
    elif row.visibility in (Visibility.PARENT, Visibility.SCHOOL_TEAM):
        open_follow_up(
            by=by,
            family=row.family,
            school=row.school,
            what=needed.what,
            due_on=due_in(DAYS_TO_FOLLOW_UP, row.school),
            owner=by,
            pupil=row.pupils.order_by("pk").first(),
            contact_moment=row,
        )


def _locked(moment: ContactMoment) -> ContactMoment:
    row = ContactMoment.objects.select_for_update(of=("self",)).get(pk=moment.pk)
    if row.withdrawn_at is not None:
        raise ValidationError(_("This contact was taken back already."))
    return row


def _as_text(was: dict[str, Any]) -> dict[str, Any]:
    """As JSON: an organisation by its name."""
    return {name: str(value) if isinstance(value, date | Partner) else value for name, value in was.items()}
