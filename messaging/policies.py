"""What happens to a notice until a person is reached: the ways in their order, how long each waits, and who calls.

The institution's ladders are settings.LADDER; a school may have its own for a kind of notice. A rung waits for a person
in school days, or in minutes where it is urgent; without a wait the next rung is tried only when this one failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.models import Caller, Channel, LadderPolicy, NoticeKind
from schools import clock
from schools.calendar import SchoolCalendar

DAYS, MINUTES = "DAYS", "MINUTES"
LONGEST_WAIT = {DAYS: 20, MINUTES: 24 * 60}
SHORTEST_WAIT = {DAYS: 1, MINUTES: 5}


@dataclass(frozen=True, slots=True)
class Rung:
    """One way, and how long it waits for a person before the next; None: until it fails."""

    channel: str
    wait: int | None = None
    unit: str = DAYS

    def silent_since(self, calendar: SchoolCalendar) -> datetime | None:
        """What was sent before this moment has waited long enough; None for a rung that does not wait."""
        if self.wait is None:
            return None
        if self.unit == MINUTES:
            return clock.now() - timedelta(minutes=self.wait)
        day = calendar.add_school_days(clock.today(), -self.wait)
        return clock.start_of(day + timedelta(days=1))

    def as_data(self) -> dict[str, Any]:
        return {"channel": self.channel, "wait": self.wait, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one kind of notice at one school."""

    kind: str
    rungs: tuple[Rung, ...]
    caller: str = Caller.TEACHER
    is_own: bool = False

    def position(self, channel: str) -> int | None:
        """1 for the first rung; None for a way that this ladder leaves out."""
        return next((place for place, rung in enumerate(self.rungs, 1) if rung.channel == channel), None)

    def rung_of(self, channel: str) -> Rung:
        """The rung of a way; one that only the guardian chose waits as long as the first."""
        place = self.position(channel)
        return self.rungs[place - 1 if place else 0]

    @property
    def ends_with_call(self) -> bool:
        return self.rungs[-1].channel == Channel.CALL

    @property
    def waits(self) -> bool:
        """Whether silence leads anywhere."""
        return any(rung.wait is not None for rung in self.rungs[:-1])

    def in_words(self) -> list[str]:
        """What happens, one sentence for each rung, in the reader's language."""
        sentences = [_("First: %(channel)s.") % {"channel": Channel(self.rungs[0].channel).label}]
        for before, rung in zip(self.rungs, self.rungs[1:], strict=False):
            sentences.append(_after(before) % {"channel": Channel(rung.channel).label, "number": before.wait})
        return sentences


def _after(rung: Rung) -> str:
    """When the rung above follows this one, with a place for its name."""
    if rung.wait is None:
        return _("Only when that could not be delivered: %(channel)s.")
    if rung.unit == MINUTES:
        return ngettext(
            "After %(number)d minute without a person's reaction: %(channel)s.",
            "After %(number)d minutes without a person's reaction: %(channel)s.",
            rung.wait,
        )
    return ngettext(
        "After %(number)d school day without a person's reaction: %(channel)s.",
        "After %(number)d school days without a person's reaction: %(channel)s.",
        rung.wait,
    )


def default_ladder(kind: str) -> Ladder:
    """The institution's."""
    entry: Any = settings.LADDER[kind]
    return Ladder(kind, tuple(Rung(*rung) for rung in entry["rungs"]), entry["caller"])


def ladder_for(school_id: int, kind: str) -> Ladder:
    """The school's own, else the institution's."""
    return ladders_of(school_id, [kind])[kind]


def ladders_of(school_id: int, kinds: Iterable[str] = NoticeKind.values) -> dict[str, Ladder]:
    """The ladders of a school by kind, in one query."""
    own = {row.kind: row for row in LadderPolicy.objects.filter(school_id=school_id, kind__in=list(kinds))}
    return {kind: _read(own[kind]) if kind in own else default_ladder(kind) for kind in kinds}


def _read(row: LadderPolicy) -> Ladder:
    rungs = tuple(Rung(entry["channel"], entry["wait"], entry["unit"]) for entry in row.rungs)
    return Ladder(row.kind, rungs, row.caller, is_own=True)


def check(kind: str, rungs: Sequence[Rung]) -> None:
    """Raises ValidationError with all that is wrong with a ladder, in sentences."""
    wrong: list[str] = []
    channels = [rung.channel for rung in rungs]
    if not rungs:
        wrong.append(_("Choose at least one way."))
    for channel in dict.fromkeys(channels):
        if channels.count(channel) > 1:
            wrong.append(
                _("Each way can be used once. This one stands there twice: %(channel)s.")
                % {"channel": Channel(channel).label}
            )
    if Channel.CALL in channels[:-1]:
        wrong.append(_("A call is the last step: a person makes it, so put nothing after it."))
    for rung in rungs[:-1]:
        wrong.extend(_wrong_wait(kind, rung))
    if wrong:
        raise ValidationError(wrong)


def _wrong_wait(kind: str, rung: Rung) -> list[str]:
    if rung.wait is None:
        return []
    facts = {
        "channel": Channel(rung.channel).label,
        "least": SHORTEST_WAIT[rung.unit],
        "most": LONGEST_WAIT[rung.unit],
    }
    if rung.unit == MINUTES and kind != NoticeKind.DRINGEND:
        return [_("Only urgent notices wait in minutes. Give school days for: %(channel)s.") % facts]
    if SHORTEST_WAIT[rung.unit] <= rung.wait <= LONGEST_WAIT[rung.unit]:
        return []
    if rung.unit == MINUTES:
        return [_("Wait between %(least)d and %(most)d minutes after: %(channel)s.") % facts]
    return [_("Wait between %(least)d and %(most)d school days after: %(channel)s.") % facts]
