"""How one contact moment of the world comes about: who, when, in which language, with whose help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from ingroeibloei.demo import lines
from ingroeibloei.demo.world import Home, Seat, World, moment_of
from parents.models import ContactMoment, Guardian
from parents.models.kinds import (
    STATUS_OF_OUTCOME,
    ContactKind,
    Initiative,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    Outcome,
    Purpose,
    Tone,
    Visibility,
)
from schools.models import Pupil, User

#: Talks long enough to need an interpreter; at the gate and on the phone people manage more often.
_LONG = frozenset(
    {
        ContactKind.CONFERENCE,
        ContactKind.HOME_VISIT,
        ContactKind.INTAKE,
        ContactKind.MDO,
        ContactKind.CLB_TALK,
        ContactKind.ORIENTATION,
        ContactKind.VIDEO,
    }
)
_MINUTES = {
    ContactKind.GATE_TALK: (3, 10), ContactKind.PHONE: (4, 15), ContactKind.CONFERENCE: (10, 15),
    ContactKind.HOME_VISIT: (35, 75), ContactKind.INTAKE: (25, 50), ContactKind.MDO: (45, 75),
}  # fmt: skip
_QUALIFIED = (InterpreterMode.ON_SITE, InterpreterMode.PHONE, InterpreterMode.VIDEO, InterpreterMode.MEDIATOR)
_QUALIFIED_SHARES = (45, 35, 8, 12)
_OTHERWISE = (InterpreterMode.ADULT_ACQUAINTANCE, InterpreterMode.NONE, InterpreterMode.CHILD)
_OTHERWISE_SHARES = (58, 36, 6)
_TONES = {Purpose.PRAISE: Tone.POSITIVE, Purpose.WELCOME: Tone.POSITIVE, Purpose.CONCERN: Tone.CONCERN}
_FREE_OF_INTERPRETER = frozenset({"nl", "fr", "en"})


def talk(
    world: World,
    home: Home,
    seat: Seat,
    kind: ContactKind,
    day: date,
    by: User,
    *,
    initiative: Initiative,
    purpose: Purpose,
    outcome: str = Outcome.REACHED_AGREED,
    with_guardians: Sequence[Guardian] | None = None,
    pupils: Sequence[Pupil] | None = None,
    **fields: Any,
) -> ContactMoment:
    """Add one contact with a family to the book; it is written later, with all others."""
    present = list(with_guardians) if with_guardians is not None else _present(world, home, outcome)
    starts = fields.pop("starts_at", None) or _hour(world, kind)
    low, high = _MINUTES.get(kind, (10, 30))
    row = ContactMoment(
        client_id=world.uuid(),
        school=seat.school,
        family=home.family,
        kind=kind,
        status=fields.pop("status", None) or STATUS_OF_OUTCOME[Outcome(outcome)],
        outcome=outcome,
        held_on=day,
        starts_at=starts,
        duration_min=world.rng.randint(low, high) if present else None,
        initiative=initiative,
        purpose=purpose,
        tone=_TONES.get(purpose, Tone.NEUTRAL),
        language_group=home.family.language_group,
        recorded_by=by,
        recorded_at=_recorded(world, day, starts),
        seconds_to_log=world.rng.randint(9, 55),
        **{"visibility": Visibility.SCHOOL_TEAM, "note": world.rng.choice(lines.NOTES[purpose]), **fields},
    )
    if kind == ContactKind.MESSAGE:
        row.seconds_to_log = None  # an answered question logs itself
    if present:
        _interpret(world, row, present[0])
    row.derive()
    if row.is_two_way:
        world.spoken.add(home.family.pk)
    world.moments.append((row, list(pupils) if pupils is not None else [seat.pupil], present))
    return row


def attempt(world: World, home: Home, seat: Seat, day: date, by: User, *, initiative: Initiative) -> ContactMoment:
    """A call that nobody took, or a ring at a door that stayed closed."""
    return talk(
        world,
        home,
        seat,
        ContactKind.PHONE,
        day,
        by,
        initiative=initiative,
        purpose=Purpose.INVITATION,
        outcome=Outcome.NOT_REACHED,
        with_guardians=(),
        note=world.rng.choice(lines.NOBODY),
    )


def _present(world: World, home: Home, outcome: str) -> list[Guardian]:
    if STATUS_OF_OUTCOME[Outcome(outcome)] != MomentStatus.HELD:
        return []
    together = len(home.guardians) > 1 and home.guardians[0].household_id == home.guardians[1].household_id
    if together and world.chance(0.2):
        return list(home.guardians)
    return [home.guardians[1] if len(home.guardians) > 1 and world.chance(0.3) else home.contact]


def _interpret(world: World, row: ContactMoment, guardian: Guardian) -> None:
    """Whether an interpreter was needed, and who it was. Pilot schools book more of them as the year goes on."""
    language = guardian.contact_language
    row.language_used = language if language in _FREE_OF_INTERPRETER else "nl"
    if language in _FREE_OF_INTERPRETER or not world.chance(0.7 if row.kind in _LONG else 0.18):
        return
    row.interpreter_need = InterpreterNeed.YES
    is_later = row.held_on.year > world.year.starts_on.year
    served = (0.72 if is_later else 0.46) if world.is_pilot(row.school) else 0.24
    modes, shares = (_QUALIFIED, _QUALIFIED_SHARES) if world.chance(served) else (_OTHERWISE, _OTHERWISE_SHARES)
    row.interpreter_mode = world.rng.choices(modes, shares)[0]
    if row.interpreter_mode != InterpreterMode.NONE:
        row.language_used = language


def _hour(world: World, kind: ContactKind) -> time:
    if kind == ContactKind.GATE_TALK:
        return time(*world.rng.choice(((8, 25), (8, 30), (12, 5), (15, 30), (15, 35), (15, 40))))
    return time(world.rng.choice((9, 10, 11, 13, 14, 16, 17)), world.rng.choice((0, 10, 15, 20, 30, 40, 45)))


def _recorded(world: World, day: date, starts: time) -> datetime:
    return moment_of(day, starts.hour, starts.minute) + timedelta(minutes=world.rng.randint(15, 180))
