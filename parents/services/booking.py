"""A time of a parent–teacher meeting is chosen, changed and given back: by a parent, or by a colleague for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from parents.models import (
    ChangeKind,
    ConferenceHost,
    ConferenceHour,
    ConferenceNote,
    ConferenceSlot,
    Guardian,
    InterpreterMode,
    InterpreterRequest,
    MeetingWay,
    SlotStatus,
)
from parents.models.interpreters import COMING
from parents.services.contacts import family_of
from parents.services.talkchanges import keep_changes, note_change
from schools import audit, clock
from schools.models import User

#: States in which a time can be chosen.
OPEN = (SlotStatus.OFFERED, SlotStatus.BOOKED)
MODES = {
    MeetingWay.SCHOOL: InterpreterMode.ON_SITE,
    MeetingWay.HOME: InterpreterMode.ON_SITE,
    MeetingWay.PHONE: InterpreterMode.PHONE,
    MeetingWay.VIDEO: InterpreterMode.VIDEO,
}
#: Of a request whose hour, way or language changed: what the agency said was about another one.
_ASK_AGAIN: dict[str, Any] = {
    "state": InterpreterRequest.State.ASKED,
    "asked_agency_on": None,
    "confirmed_on": None,
    "fell_with_talk": False,
}


class SlotTaken(ValidationError):
    """Somebody else was a moment earlier."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a talk is to be held. ``interpreter`` is the code of a language, "" for none; ``note`` what it is about."""

    way: str
    interpreter: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A time for a slot; ``seen`` is the slot's sequence as the chooser saw it, None where that does not matter."""

    slot: ConferenceSlot
    hour: ConferenceHour
    seen: int | None = None


def book_slot(
    *, choice: Choice, wish: Wish, guardian: Guardian | None, entered_by: User | None = None
) -> ConferenceSlot:
    """Give the time to the slot, or exchange the one it had. See ``book_together``."""
    return book_together(choices=[choice], wish=wish, guardian=guardian, entered_by=entered_by)[0]


def book_together(
    *, choices: Sequence[Choice], wish: Wish, guardian: Guardian | None, entered_by: User | None = None
) -> list[ConferenceSlot]:
    """All of these times or none. ``guardian`` is who comes; ``entered_by`` a colleague who writes it down for them.

    Raises SlotTaken when somebody else was earlier or the time was moved, ValidationError when it is too late, the slot
    changed since it was seen, or the time is not one of this slot's teachers.
    """
    by_id = {choice.slot.pk: choice for choice in choices}
    with transaction.atomic():
        slots = _locked_slots(by_id)
        if len(slots) < len(by_id):  # another rule for the child made another place of it, or the round went
            raise ValidationError(_("The meeting was changed in the meantime. Look at it again."))
        wanted = sorted(choice.hour.pk for choice in choices)
        rows = ConferenceHour.objects.attended().select_for_update(of=("self",)).select_related("host")
        hours = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
        for slot in slots:
            choice = by_id[slot.pk]
            hour = hours.get(choice.hour.pk)
            if hour is None or hour.starts_at <= clock.now() or hour.starts_at != choice.hour.starts_at:
                raise SlotTaken(_("This time is no longer free. Choose another one."))
            if guardian is not None and _stands(slot, hour, choice.seen, wish, guardian):
                continue
            _check(slot, hour, choice.seen, by_parent=entered_by is None)
            _take(slot, hour, wish, guardian, entered_by)
    return slots


def cancel_booking(*, slot: ConferenceSlot, by: Guardian | User | None, because: str = "") -> bool:
    """Give the time back; the child keeps its place and another time can be chosen. ``because`` is what a colleague
    says to the parents; ``by`` is None where the child left. Who would have come and did not cancel is told, and whose
    wish for an interpreter it was keeps it for another time. False when there was nothing to give back. Raises
    ValidationError when it is too late for a parent to do it alone."""
    with transaction.atomic():
        row = next(iter(_locked_slots([slot.pk])), None)
        if row is None or row.status != SlotStatus.BOOKED:
            return False
        if isinstance(by, Guardian) and not row.round.takes_bookings(clock.now()):
            raise ValidationError(_("It is too late to change this here. Call the school."))
        hour, was_at, parent = row.hour_id, row.starts_at, by if isinstance(by, Guardian) else None
        ConferenceSlot.objects.filter(pk=row.pk).update(
            hour=None,
            starts_at=None,
            status=SlotStatus.OFFERED,
            way="",
            booked_at=None,
            booked_by=None,
            entered_by=None,
            cancelled_because=because,
            sequence=F("sequence") + 1,
        )
        row.refresh_from_db(fields=["sequence"])
        coming = row.interpreters.filter(state__in=COMING)
        if parent is not None:  # what the other parent wants to say stays for another time
            coming.filter(guardian=parent).update(state=InterpreterRequest.State.CANCELLED)
            row.notes.filter(guardian=parent).delete()
        coming.update(state=InterpreterRequest.State.CANCELLED, fell_with_talk=True)
        note_change(row, ChangeKind.GIVEN_BACK if parent else ChangeKind.CANCELLED, was_at=was_at, by=parent)
        _note_down("gave back a time", row, parent, by, hour=hour)
    return True


def cancel_host(*, host: ConferenceHost, because: str, by: User) -> int:
    """A teacher cannot receive: each talk to come is cancelled, and the times go, so that nobody chooses them again.
    Returns how many talks were."""
    with transaction.atomic():
        # Slots before times, as who books locks them.
        slots = list(_locked().filter(round_id=host.round_id, school_class_id=host.school_class_id).order_by("pk"))
        hours = list(host.hours.select_for_update().filter(starts_at__gt=clock.now()).order_by("pk"))
        ids = {hour.pk for hour in hours}
        number = sum(cancel_booking(slot=slot, by=by, because=because) for slot in slots if slot.hour_id in ids)
        ConferenceHour.objects.filter(pk__in=ids, slot__isnull=True).delete()
        audit.record(actor=by, verb="cancelled all talks", target=host, school_id=host.round.school_id, number=number)
    return number


def _locked() -> QuerySet[ConferenceSlot]:
    return ConferenceSlot.objects.select_for_update(of=("self",)).select_related("round__school", "pupil")


def _locked_slots(ids: Iterable[int]) -> list[ConferenceSlot]:
    return list(_locked().filter(pk__in=list(ids)).order_by("pk"))


def _check(slot: ConferenceSlot, hour: ConferenceHour, seen: int | None, *, by_parent: bool) -> None:
    if slot.status not in OPEN:
        raise ValidationError(_("This meeting can no longer be changed."))
    if by_parent and not slot.round.takes_bookings(clock.now()):
        raise ValidationError(_("It is too late to change this here. Call the school."))
    if (hour.host.round_id, hour.host.school_class_id) != (slot.round_id, slot.school_class_id):
        raise ValidationError(_("This time is no longer free. Choose another one."))
    if seen is not None and seen != slot.sequence:
        raise ValidationError(_("The meeting was changed in the meantime. Look at it again."))


def _stands(slot: ConferenceSlot, hour: ConferenceHour, seen: int | None, wish: Wish, guardian: Guardian) -> bool:
    """Pressed twice: this parent chose just this from the same page, and nobody changed it since."""
    if seen is None or slot.sequence != seen + 1:
        return False
    if (slot.booked_by_id, slot.hour_id, slot.way) != (guardian.pk, hour.pk, wish.way):
        return False
    notes = ConferenceNote.objects.filter(slot=slot, guardian=guardian).values_list("text", flat=True)
    asked = InterpreterRequest.objects.filter(slot=slot, guardian=guardian, state__in=COMING)
    languages = asked.values_list("language", flat=True)
    return (notes.first() or "", languages.first() or "") == (wish.note, wish.interpreter)


def _take(
    slot: ConferenceSlot, hour: ConferenceHour, wish: Wish, guardian: Guardian | None, entered_by: User | None
) -> None:
    moves, was_at = slot.hour_id != hour.pk, slot.starts_at
    other_way = slot.way != wish.way
    is_other = slot.sequence > 0 and (moves or other_way)  # than what the other parent was told
    facts: dict[str, Any] = {
        "hour": hour,
        "starts_at": hour.starts_at,
        "status": SlotStatus.BOOKED,
        "way": wish.way,
        "booked_at": clock.now(),
        "booked_by": guardian,
        "entered_by": entered_by,
        "cancelled_because": "",
    }
    try:
        with transaction.atomic():
            ConferenceSlot.objects.filter(pk=slot.pk).update(**facts, sequence=F("sequence") + 1)
    except IntegrityError as error:
        raise SlotTaken(_("Somebody else has just taken this time. Choose another one.")) from error
    slot.refresh_from_db()
    if guardian is not None and entered_by is None:
        _say(slot, guardian, wish.note)
    _ask_interpreter(
        slot, wish, guardian, moves=moves, mode=_mode_of(wish) if other_way else "", keeps=entered_by is not None
    )
    if is_other:
        note_change(slot, ChangeKind.MOVED, was_at=was_at, by=guardian)
    else:
        keep_changes(slot, by=guardian)
    _note_down("chose a time", slot, guardian, entered_by or guardian, hour=hour.pk)


def _say(slot: ConferenceSlot, guardian: Guardian, text: str) -> None:
    if text:
        ConferenceNote.objects.update_or_create(slot=slot, guardian=guardian, defaults={"text": text})
    else:
        ConferenceNote.objects.filter(slot=slot, guardian=guardian).delete()


def _mode_of(wish: Wish) -> InterpreterMode:
    return MODES[MeetingWay(wish.way)]


def _ask_interpreter(
    slot: ConferenceSlot, wish: Wish, guardian: Guardian | None, *, moves: bool, mode: str, keeps: bool
) -> None:
    """One request for each parent who wants one. Another parent's moves with the talk, also when that had been
    cancelled meanwhile; an agency that was booked for another hour or way is to be asked again. With ``keeps`` so does
    the parent's own: a colleague who writes down another hour does not see that one was asked. ``mode`` is how an
    interpreter helps where the talk is held another way than before; else it stays as it was arranged."""
    _take_up(slot, _mode_of(wish))
    other_mode = {"mode": mode} if mode else {}
    coming = InterpreterRequest.objects.filter(slot=slot, state__in=COMING)
    if guardian is not None and not coming.filter(guardian=guardian).exists():
        # What was written down for a parent whose name the paper did not say is not asked a second time.
        nameless = coming.filter(guardian=None, language=wish.interpreter).first()
        coming.filter(pk=nameless.pk if nameless else 0).update(guardian=guardian)
    own, others = coming.filter(guardian=guardian), coming.exclude(guardian=guardian)
    if guardian is None and others.filter(language=wish.interpreter).exists():
        wish = replace(wish, interpreter="")  # a parent of the child asked for just this one already
    if keeps and not wish.interpreter:
        own, others = coming.none(), coming
    if moves or mode:
        others.update(needed_at=slot.starts_at, **other_mode, **_ASK_AGAIN)
    if not wish.interpreter:
        own.update(state=InterpreterRequest.State.CANCELLED)
        return
    facts = {"language": wish.interpreter, "needed_at": slot.starts_at, **other_mode}
    if own.filter(**facts).exists():
        return
    if own.update(**facts, **_ASK_AGAIN):
        return
    InterpreterRequest.objects.create(
        **{"mode": _mode_of(wish)} | facts,
        slot=slot,
        guardian=guardian,
        pupil=slot.pupil,
        school=slot.round.school,
        family=slot.family or family_of([slot.pupil], clock.today()),
        asked_at=clock.now(),
    )


def _take_up(slot: ConferenceSlot, mode: str) -> None:
    """Wishes that fell with the talk stand again. An agency that was told that nobody is needed knows of none."""
    fell = InterpreterRequest.objects.filter(slot=slot, fell_with_talk=True, state=InterpreterRequest.State.CANCELLED)
    fell.filter(called_off_on__isnull=False).update(agency="", called_off_on=None)
    fell.update(needed_at=slot.starts_at, mode=mode, **_ASK_AGAIN)


def _note_down(
    verb: str, slot: ConferenceSlot, guardian: Guardian | None, by: Guardian | User | None, *, hour: int | None
) -> None:
    if isinstance(by, User) or (by is None and guardian is None):
        of = guardian.pk if guardian else None
        audit.record(actor=by, verb=verb, target=slot, school_id=slot.round.school_id, hour=hour, guardian=of)
    elif guardian is not None:
        audit.record_by_guardian(guardian_id=guardian.pk, verb=verb, target=slot, hour=hour)
