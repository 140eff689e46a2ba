"""Who came to the talks of an evening: written down in one go, and put right for one family."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import (
    ConferenceHost,
    ConferenceSlot,
    ContactKind,
    ContactMoment,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Guardian,
    Initiative,
    InterpreterRequest,
    MomentStatus,
    Outcome,
    Purpose,
    SlotStatus,
)
from parents.models.interpreters import COMING
from parents.ownwords import CAME, OFFER_AGAIN, PUT_RIGHT, kept
from parents.services.conferences import CATCH_UP_DAYS
from parents.services.contacts import log_contact_moment
from parents.services.correcting import withdraw_contact_moment
from parents.services.followups import open_follow_up
from parents.services.interpreters import interpreting
from schools import audit, clock
from schools.models import Holiday, User
from schools.posts import owner_for

#: What a talk can be once it is over.
OVER = (SlotStatus.HELD, SlotStatus.CAUGHT_UP, SlotStatus.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Evening:
    """What stood on the page: the slots that were ``shown``, those of them who ``came``, and by interpreter request
    whether somebody did (a state). What was not shown stays as it is."""

    shown: Collection[int]
    came: Collection[int]
    interpreters: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class TalksWritten:
    """How many came, how many did not, of how many it was written before, and the children of whom nothing could be
    written."""

    held: int = 0
    missed: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)


def write_attendance(*, host: ConferenceHost, evening: Evening, by: User) -> TalksWritten:
    """Each talk that has begun becomes a contact moment; who did not come is offered another within ten school days.
    Sent twice, the second finds nothing to do."""
    written = TalksWritten()
    with transaction.atomic():
        rows = _locked().filter(
            pk__in=evening.shown, hour__host=host, status=SlotStatus.BOOKED, starts_at__lte=clock.now()
        )
        slots = list(rows.order_by("pk"))
        _mark_interpreters(slots, evening.interpreters)
        for slot in slots:
            came = slot.pk in evening.came
            try:
                with transaction.atomic():
                    _hold(slot, by) if came else _miss(slot, by)
            except ValidationError:
                written.refused.append(slot.pupil.full_name)
            else:
                written.held += came
                written.missed += not came
        audit.record(
            actor=by,
            verb="wrote attendance",
            target=host,
            school_id=host.round.school_id,
            held=written.held,
            missed=written.missed,
        )
    return written


def correct_attendance(*, slot: ConferenceSlot, status: str, by: User, held_on: date | None = None) -> bool:
    """Put right what was written of one talk: it was held, not held, or held later (``held_on``). False when it says
    so already. Raises ValidationError for a talk that is not over, and for a day that cannot be."""
    with transaction.atomic():
        row = _locked().get(pk=slot.pk)
        if row.status not in OVER:
            raise ValidationError(_("Write down who came first."))
        day = row.day
        if row.status == status and (status != SlotStatus.CAUGHT_UP or _same_day(row, held_on)):
            return False
        if status == SlotStatus.CAUGHT_UP and (held_on is None or held_on < day):
            raise ValidationError(_("Say on which later day the talk was."))
        counted = row.contact_moment is not None and row.contact_moment.withdrawn_at is None
        if counted and not (row.status == SlotStatus.NO_SHOW and status == SlotStatus.CAUGHT_UP):
            withdraw_contact_moment(moment=row.contact_moment, by=by, because=kept(PUT_RIGHT))
        if status == SlotStatus.NO_SHOW:
            _miss(row, by)
        else:
            _hold(row, by, held_on if status == SlotStatus.CAUGHT_UP else None)
        audit.record(actor=by, verb="put right", target=row, school_id=row.round.school_id, status=status)
    return True


def write_unplanned(
    *, host: ConferenceHost, slot: ConferenceSlot, guardian: Guardian | None, held_on: date, by: User
) -> None:
    """A family of the host's class came without a time, or was caught up with: the same as for those who had one.
    Raises ValidationError when a time was chosen or something written meanwhile, for a day that cannot be, and for a
    child without a family."""
    with transaction.atomic():
        row = _locked().get(pk=slot.pk, round_id=host.round_id, school_class_id=host.school_class_id)
        if row.status != SlotStatus.OFFERED:
            raise ValidationError(_("The meeting was changed in the meantime. Look at it again."))
        if not row.round.held_on <= held_on <= clock.today():
            raise ValidationError(_("Say on which day the talk was."))
        present = row.guardian or guardian
        moment = _log(
            row,
            held_on,
            Outcome.REACHED_AGREED,
            by,
            guardians=[present] if present else [],
            **interpreting(row),
        )
        _settle(row, SlotStatus.HELD if held_on <= row.round.last_day else SlotStatus.CAUGHT_UP, moment)
        audit.record(actor=by, verb="wrote attendance", target=row, school_id=row.round.school_id)


def take_back_unplanned(*, slot: ConferenceSlot, by: User) -> bool:
    """It was another family: the talk counts no more, and the child is without a time again. False when that was done
    already."""
    with transaction.atomic():
        row = _locked().get(pk=slot.pk)
        if row.starts_at is not None or row.status not in (SlotStatus.HELD, SlotStatus.CAUGHT_UP):
            return False
        if row.contact_moment is not None and row.contact_moment.withdrawn_at is None:
            withdraw_contact_moment(moment=row.contact_moment, by=by, because=kept(PUT_RIGHT))
        ConferenceSlot.objects.filter(pk=row.pk).update(status=SlotStatus.OFFERED, contact_moment=None)
        audit.record(actor=by, verb="put right", target=row, school_id=row.round.school_id, status=SlotStatus.OFFERED)
    return True


def _same_day(slot: ConferenceSlot, held_on: date | None) -> bool:
    return held_on is None or slot.contact_moment is None or slot.contact_moment.held_on == held_on


def _locked() -> Any:
    """Without the talk that was written, which is read when they are locked: what is joined to a locked row is that of
    before the wait."""
    rows = ConferenceSlot.objects.select_for_update(of=("self",))
    return rows.select_related("round__school", "pupil", "family", "guardian", "booked_by", "hour__host__teacher")


def _mark_interpreters(slots: list[ConferenceSlot], states: Mapping[int, str]) -> None:
    rows = InterpreterRequest.objects.filter(slot__in=slots, state__in=COMING)
    for pk, state in states.items():
        rows.filter(pk=pk).update(state=state)


def _hold(slot: ConferenceSlot, by: User, later: date | None = None) -> None:
    """The talk was held at its time, or on a later day. Whoever chose the time was there, as far as the school knows;
    the school took the initiative, for it invited (domain 2.1)."""
    hour = slot.hour
    facts: dict[str, Any] = interpreting(slot)
    if later is None and hour is not None:
        facts["starts_at"] = hour.starts_at.astimezone(clock.BRUSSELS).time()
        facts["duration_min"] = round((hour.ends_at - hour.starts_at).total_seconds() / 60)
    moment = _log(slot, later or slot.day, Outcome.REACHED_AGREED, by, guardians=_present(slot), **facts)
    _settle(slot, SlotStatus.CAUGHT_UP if later else SlotStatus.HELD, moment)
    if later is None:
        _withdraw_misses(slot, by)
    status = FollowUpStatus.DONE if later else FollowUpStatus.DROPPED
    because = "" if later else kept(CAME)
    slot.follow_ups.filter(status=FollowUpStatus.OPEN).update(
        status=status, done_on=clock.today() if later else None, closed_because=because
    )


def _withdraw_misses(slot: ConferenceSlot, by: User) -> None:
    """They came after all: that nobody came is not counted any more (I19)."""
    for task in slot.follow_ups.filter(contact_moment__withdrawn_at__isnull=True).select_related("contact_moment"):
        if task.contact_moment is not None and task.contact_moment.status == MomentStatus.NO_SHOW:
            withdraw_contact_moment(moment=task.contact_moment, by=by, because=kept(PUT_RIGHT))


def _miss(slot: ConferenceSlot, by: User) -> None:
    """Nobody came: that is a moment too (I19), and the teacher offers another talk. Put right twice, the first moment
    and the first follow-up are taken up again."""
    known = slot.follow_ups.select_related("contact_moment").order_by("-pk").first()
    before = known.contact_moment if known else None
    if known is not None and before is not None and before.withdrawn_at is None:
        FollowUp.objects.filter(pk=known.pk).update(status=FollowUpStatus.OPEN, done_on=None, closed_because="")
        _settle(slot, SlotStatus.NO_SHOW, before)
        return
    day = slot.day
    moment = _log(slot, day, Outcome.NOT_REACHED, by, status=MomentStatus.NO_SHOW)
    due = Holiday.objects.calendar(slot.round.school).add_school_days(day, CATCH_UP_DAYS)
    open_follow_up(
        by=by,
        family=moment.family,
        school=slot.round.school,
        what=kept(OFFER_AGAIN),
        due_on=max(due, clock.today()),
        kind=FollowUpKind.MEETING,
        owner_id=owner_for(slot.hour.host.teacher_id if slot.hour else by.pk, slot.pupil_id, slot.round.school),
        pupil=slot.pupil,
        guardian=slot.guardian or slot.booked_by,
        contact_moment=moment,
        slot=slot,
    )
    _settle(slot, SlotStatus.NO_SHOW, moment)


def _log(slot: ConferenceSlot, day: date, outcome: str, by: User, **facts: Any) -> ContactMoment:
    return log_contact_moment(
        author=by,
        school=slot.round.school,
        pupils=[slot.pupil],
        kind=ContactKind.CONFERENCE,
        outcome=outcome,
        held_on=day,
        initiative=Initiative.SCHOOL,
        purpose=Purpose.PROGRESS,
        **facts,
    )


def _present(slot: ConferenceSlot) -> list[Any]:
    guardian = slot.guardian or slot.booked_by
    return [guardian] if guardian else []


def _settle(slot: ConferenceSlot, status: str, moment: ContactMoment) -> None:
    facts = {"status": status, "contact_moment": moment, "cancelled_because": ""}
    ConferenceSlot.objects.filter(pk=slot.pk).update(**facts)
