"""An interpreter is asked for, arranged with an agency, and came or did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from parents.models import (
    ConferenceSlot,
    ContactMoment,
    Guardian,
    Guardianship,
    InterpreterMode,
    InterpreterNeed,
    InterpreterRequest,
    SlotStatus,
)
from parents.models.interpreters import COMING, InterpreterState
from parents.services.contacts import family_of
from schools import audit, clock
from schools.days import full_day
from schools.models import Enrolment, Pupil, User


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A talk outside a round for which an interpreter is needed. ``kind`` is a ContactKind, ``mode`` an
    InterpreterMode."""

    kind: str
    language: str
    needed_at: datetime
    minutes: int
    mode: str
    guardian: Guardian | None = None


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How far it is with the agency. ``cost`` is in euros; without a ``mode`` it helps as it did."""

    state: str
    agency: str = ""
    asked_on: date | None = None
    confirmed_on: date | None = None
    cost: Decimal | None = None
    called_off: bool = False
    mode: str = ""


def ask_interpreter(*, pupil: Pupil, talk: NewTalk, by: User) -> InterpreterRequest:
    """The same talk once more, while it stands, is the one that is there: a form was sent twice. Raises ValidationError
    for a child without a school or a family, and for a moment that is over."""
    if talk.needed_at <= clock.now():
        raise ValidationError(_("This moment is over. Choose a later one."))
    place = Enrolment.objects.current().select_related("school").filter(pupil=pupil).first()
    if place is None:
        raise ValidationError(_("This child is not at a school of this portal now."))
    facts: dict[str, Any] = {
        "pupil": pupil,
        "guardian": talk.guardian,
        "kind": talk.kind,
        "language": talk.language,
        "needed_at": talk.needed_at,
        "minutes": talk.minutes,
        "mode": talk.mode,
    }
    with transaction.atomic():
        Pupil.objects.select_for_update(of=("self",), no_key=True).get(pk=pupil.pk)
        asked = InterpreterRequest.objects.exclude(state=InterpreterState.CANCELLED).filter(slot=None, asked_by=by)
        made = asked.filter(**facts).first()
        if made is not None:
            return made
        family = family_of([pupil], clock.today())
        row = InterpreterRequest.objects.create(
            **facts, school=place.school, family=family, asked_at=clock.now(), asked_by=by
        )
        audit.record(actor=by, verb="asked for an interpreter", target=row, school_id=row.school_id)
    return row


def arrange(*, request: InterpreterRequest, to: Arrangement, by: User, seen: str) -> None:
    """Write down what the agency said, or what became of it. ``seen`` is the version of the request as the writer saw
    it; twice is once. Raises ValidationError when it is another one now, or for one who came to a talk that is
    still to come."""
    came = to.state in (InterpreterState.CAME, InterpreterState.DID_NOT_COME)
    if came and not request.is_past:
        raise ValidationError(_("The talk is still to come."))
    asked_on = to.asked_on or to.confirmed_on or (clock.today() if to.agency else None)
    is_booked = to.state == InterpreterState.BOOKED
    with transaction.atomic():
        rows = InterpreterRequest.objects.select_for_update(of=("self",)).select_related("slot__contact_moment")
        row = rows.get(pk=request.pk)
        fell_out = row.state == InterpreterState.BOOKED and to.state == InterpreterState.ASKED
        facts: dict[str, Any] = {
            "state": to.state,
            "agency": to.agency,
            "cost": to.cost,
            "mode": to.mode or row.mode,
            "fell_with_talk": row.fell_with_talk and to.state == InterpreterState.CANCELLED,
            "asked_agency_on": asked_on,
            "confirmed_on": None if fell_out else to.confirmed_on or (clock.today() if is_booked else None),
            "called_off_on": (row.called_off_on or clock.today()) if to.called_off else None,
            # Who arranges it by hand told the agency how it is now.
            "on_sheet": None if to.agency else row.on_sheet,
        }
        if row.version != seen:
            if all(getattr(row, name) == value for name, value in facts.items()):
                return  # pressed twice
            raise _changed(row)
        said = interpreting(row.slot) if row.slot is not None else {}
        for name, value in facts.items():
            setattr(row, name, value)
        row.save(update_fields=[*facts])
        if row.slot is not None:
            tell_moment(row.slot, said)
        audit.record(actor=by, verb="arranged", target=row, school_id=row.school_id, state=row.state)


def _changed(row: InterpreterRequest) -> ValidationError:
    now = {
        "state": row.get_state_display(),
        "language": row.language_name,
        "time": _day_and_hour(row.needed_at.astimezone(clock.BRUSSELS)) if row.needed_at else "–",
    }
    return ValidationError(
        _(
            "This request was changed in the meantime: %(state)s, %(language)s, %(time)s. Nothing was saved; what you "
            "filled in is still here. Look at it and save again."
        )
        % now
    )


def _day_and_hour(at: datetime) -> str:
    return f"{full_day(at.date())}, {at:%H:%M}"


@dataclass(slots=True)
class Sheet:
    """What became of a sheet: at how many requests it was noted, and of which it says something else by now."""

    noted: int = 0
    changed: list[InterpreterRequest] = field(default_factory=list)


def ask_agency(*, lines: Mapping[int, str], agency: str, by: User) -> Sheet:
    """The sheet went to an agency today: note it, and what it says, at each request on it that nobody booked
    meanwhile. ``lines`` are the keys of its lines by request; of what changed since it was printed nothing is noted,
    for the agency was asked for something else."""
    sheet = Sheet()
    with transaction.atomic():
        rows = InterpreterRequest.objects.select_for_update(of=("self",)).to_book(clock.now()).filter(pk__in=lines)
        for row in rows.select_related("slot__round", "slot__hour", "slot__pupil", "pupil").order_by("pk"):
            if row.line_key != lines[row.pk]:
                sheet.changed.append(row)
                continue
            today = clock.today()
            InterpreterRequest.objects.filter(pk=row.pk).update(
                agency=agency, asked_agency_on=today, on_sheet=row.line | {"on": today.isoformat()}
            )
            audit.record(actor=by, verb="asked an agency", target=row, school_id=row.school_id)
            sheet.noted += 1
    return sheet


def follow_who_left() -> None:
    """For a child that left the school nobody is booked any more, nor to talk with an adult who lost the right to
    information on it, and an agency that was asked is called off. Where it goes on after all the wish stands again, and
    the agency is asked anew. Who had chosen a time of a round: see ``leaving``."""
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("school_id"))
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef("guardian_id"), pupil_id=OuterRef("pupil_id"))
    is_told = Q(guardian__isnull=True) | Q(slot__isnull=False) | Q(Exists(ties.filter(information_right=True)))
    goes_on = Q(Exists(here)) & is_told
    to_come = InterpreterRequest.objects.filter(needed_at__gt=clock.now(), pupil__isnull=False)
    to_come.filter(~goes_on, state__in=COMING).update(state=InterpreterState.CANCELLED, fell_with_talk=True)
    # What fell with its talk waits for another time, and so has no talk that stands.
    stands = Q(slot__status=SlotStatus.BOOKED) | Q(slot__isnull=True, asked_by__isnull=False)
    fell = to_come.filter(goes_on, stands, state=InterpreterState.CANCELLED, fell_with_talk=True)
    back = InterpreterRequest.objects.filter(pk__in=list(fell.values_list("pk", flat=True)))
    back.filter(called_off_on__isnull=False).update(agency="", called_off_on=None)
    back.update(state=InterpreterState.ASKED, asked_agency_on=None, confirmed_on=None, fell_with_talk=False)


def interpreting(slot: ConferenceSlot) -> dict[str, str]:
    """What a contact moment says of the interpreter of a talk in a round; nothing where none was asked for. That one
    was needed and nobody came is seen in the figures (I17)."""
    asked = list(slot.interpreters.exclude(state=InterpreterState.CANCELLED).order_by("pk"))
    if not asked:
        return {}
    came = next((row for row in asked if row.state == InterpreterState.CAME), None)
    if came is not None:
        facts = {"interpreter_mode": came.mode, "language_used": came.language}
    elif all(row.state == InterpreterState.DID_NOT_COME for row in asked):
        facts = {"interpreter_mode": InterpreterMode.NONE.value, "language_used": ""}
    else:
        facts = {"interpreter_mode": "", "language_used": ""}
    return {"interpreter_need": InterpreterNeed.YES.value, **facts}


def tell_moment(slot: ConferenceSlot, said: dict[str, str]) -> None:
    """What was learnt of the interpreter after the talk was written down stands at its contact moment too. Where none
    was needed at all it says no more what was ``said`` for the requests, unless somebody wrote otherwise there."""
    moment = slot.contact_moment
    if moment is None or not moment.is_reach:
        return
    facts = interpreting(slot)
    if not facts and said and all(getattr(moment, name) == value for name, value in said.items()):
        facts = {"interpreter_need": InterpreterNeed.NO.value, "interpreter_mode": "", "language_used": ""}
    if facts:
        ContactMoment.objects.filter(pk=moment.pk).update(**facts)
