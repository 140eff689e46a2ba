"""The places of a pupil in classes of a OneRoster package: in which of them it is, and when it leaves the school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schools.roster.findings import Findings
from schools.roster.rows import Place

#: Ranks of places: the first that a pupil has says where it is.
_RUNNING, _TO_COME, _OVER, _ENDED = range(4)


@dataclass(frozen=True, slots=True)
class ClassPlace:
    """``ended`` by its status; a package may hold one that is over by its days alone."""

    place: Place
    class_id: str
    primary: bool
    ended: bool
    first: date | None
    last: date | None

    def rank(self, today: date) -> int:
        if self.ended:
            return _ENDED
        if self.last is not None and self.last < today:
            return _OVER
        return _TO_COME if self.first is not None and self.first > today else _RUNNING


def main_place(places: Sequence[ClassPlace], today: date, findings: Findings) -> ClassPlace | None:
    """Of those of the first rank the one marked as primary, or else the first in the file; of what is over the last."""
    rank = min((place.rank(today) for place in places), default=_ENDED)
    found = [place for place in places if place.rank(today) == rank]
    if rank == _OVER:
        return max(found, key=lambda place: place.last or date.min)
    are_several = len({place.class_id for place in found}) > 1 and sum(place.primary for place in found) != 1
    if are_several and rank != _ENDED:
        findings.warning("several_classes", found[0].place)
    return min(found, key=lambda place: not place.primary, default=None)


def first_day(places: Sequence[ClassPlace], main: ClassPlace) -> date | None:
    """The first one in this class: a package may have a place for each half of the year."""
    days = [place.first for place in _lasting(places, main) if place.class_id == main.class_id]
    return min((day for day in days if day is not None), default=None) if None not in days else None


def last_day(places: Sequence[ClassPlace], main: ClassPlace) -> date | None:
    """The last one at the school: a child that goes to another class does not leave."""
    days = [place.last for place in _lasting(places, main)]
    return max((day for day in days if day is not None), default=None) if None not in days else None


def _lasting(places: Sequence[ClassPlace], main: ClassPlace) -> list[ClassPlace]:
    return [main] if main.ended else [place for place in places if not place.ended]
