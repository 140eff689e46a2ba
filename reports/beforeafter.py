"""What changed where a card was taken up: told only where the comparison is honest, and said why where it is not.

Compared is reach (I01) in September and October with that in the last two whole months, two windows of one length,
among the families who were there both times, at the schools that took the card up in between. It is a change and no
effect: those schools did other things too. No reader may find a school or a few families by laying cards beside each
other: the groups of schools that differ between cards are safe themselves, or the later card says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.disclosure import Cell, Hidden, protect_cell
from reports.figures import FigureScope, Period, compute
from reports.models import MethodAdoption
from reports.statistics import NO_FIGURE, format_points, format_rate, points_between, rate_decimals
from schools.models import Method, Participation, Project, School

#: Cards of which reach is an indicator; of the others these windows say nothing.
COMPARED = frozenset({"I01", "I02"})
#: Fewer families than these, present both times, carry no comparison.
FEWEST_FAMILIES = 30
_IN_USE = (MethodAdoption.Status.IN_USE, MethodAdoption.Status.EMBEDDED)
Atom = frozenset[int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Reach before and after of one card, or ``why`` there is none (a key of ``sentence``)."""

    schools: int = 0
    before: Cell | None = None
    after: Cell | None = None
    why: str = ""

    def as_content(self) -> dict[str, Any]:
        if self.before is None or self.after is None:
            return {"why": self.why}
        return {
            "schools": self.schools,
            "before": [self.before.n, self.before.N],
            "after": [self.after.n, self.after.N],
        }


def comparisons(
    project: Project | None, today: date, told: Sequence[Sequence[int]] = ()
) -> tuple[dict[int, Comparison], list[list[int]]]:
    """By card, and the groups of schools that are told of now; ``told`` are those of earlier editions. Counted when an
    edition is frozen, for it asks a handful of queries for each group of schools."""
    cards = list(Method.objects.all())
    windows = Period.of_whole_months(project, today).start_and_end() if project else None
    if project is None or windows is None:
        return {card.pk: Comparison(why="windows") for card in cards}, []
    counting = _Counting(project, Period.of_whole_months(project, today), told)
    taken = _taken_up(project, after=windows[0].last, before=windows[1].first)
    found = {card.pk: _of_card(card, taken.get(card.pk, frozenset()), counting) for card in cards}
    return found, counting.new


def sentence(found: Mapping[str, Any]) -> str:
    """What an edition says of it, in the active language."""
    if "why" in found:
        return {
            "windows": _("No before and after: the year has no two like windows yet."),
            "indicator": _("No before and after: what this card is after is not counted in two like windows."),
            "schools": _("No before and after: no school took this card up between autumn and spring."),
            "families": _("No before and after: fewer than thirty families were there both times."),
            "small": _("No before and after: with it a small group could be worked out."),
        }.get(str(found["why"]), "")
    (n, size), (later, later_size) = found["before"], found["after"]
    facts = {
        "before": format_rate(n, size),
        "after": format_rate(later, later_size),
        "n": n, "N": size, "later": later,
        "change": format_points(points_between((n, size), (later, later_size)), rate_decimals(size)) or NO_FIGURE,
        "schools": found["schools"],
    }  # fmt: skip
    words = ngettext(
        "Change in reach where it was taken up (%(schools)d school): %(before)s %% (%(n)d of %(N)d families) in "
        "autumn, %(after)s %% (%(later)d of the same families) in the last two months, %(change)s percentage points. "
        "This school did other things too: this is a change, no effect.",
        "Change in reach where it was taken up (%(schools)d schools): %(before)s %% (%(n)d of %(N)d families) in "
        "autumn, %(after)s %% (%(later)d of the same families) in the last two months, %(change)s percentage points. "
        "These schools did other things too: this is a change, no effect.",
        found["schools"],
    )
    return words % facts


def _taken_up(project: Project, *, after: date, before: date) -> dict[int, Atom]:
    """Schools of the project that took a card up between the windows and use it still, by card."""
    schools = Participation.objects.filter(project=project).exclude(role="COMPARISON").values("school_id")
    first: dict[tuple[int, int], date] = {}
    rows = MethodAdoption.objects.filter(school__in=schools, status__in=_IN_USE).prefetch_related("changes")
    for row in rows:
        days = [row.since, *(change.since for change in row.changes.all() if change.status != "PLANNED")]
        first[row.method_id, row.school_id] = min(days)
    found: dict[int, set[int]] = defaultdict(set)
    for (method_id, school_id), day in first.items():
        if after < day < before:
            found[method_id].add(school_id)
    return {method_id: frozenset(places) for method_id, places in found.items()}


class _Counting:
    """Reach of groups of schools in both windows, and which groups are told of already."""

    def __init__(self, project: Project, period: Period, told: Sequence[Sequence[int]]) -> None:
        self._period = period
        schools = Participation.objects.filter(project=project).exclude(role="COMPARISON")
        self._all = frozenset(schools.values_list("school_id", flat=True))
        self._told: list[Atom] = [self._all, *(frozenset(places) & self._all for places in told)]
        self.new: list[list[int]] = []
        self._known: dict[Atom, tuple[Cell, Cell]] = {}

    def reach(self, places: Atom) -> tuple[Cell, Cell]:
        if places not in self._known:
            schools: Sequence[School] = list(School.objects.filter(pk__in=places))
            rows = compute("I24", FigureScope(schools=schools), self._period).rows
            self._known[places] = (rows["start_both"], rows["end_both"])
        return self._known[places]

    def may_tell(self, places: Atom) -> bool:
        """Whether every group of schools that the told ones and this one cut out of each other is safe itself."""
        atoms: dict[tuple[bool, ...], set[int]] = defaultdict(set)
        for school in self._all:
            atoms[tuple(school in told for told in (*self._told, places))].add(school)
        safe = all(
            not isinstance(protect_cell(cell), Hidden)
            for atom in atoms.values()
            for cell in self.reach(frozenset(atom))
        )
        if safe and places not in self._told:
            self._told.append(places)
            self.new.append(sorted(places))
        return safe


def _of_card(card: Method, places: Atom, counting: _Counting) -> Comparison:
    if not COMPARED & set(card.indicator_codes):
        return Comparison(why="indicator")
    if not places:
        return Comparison(why="schools")
    before, after = counting.reach(places)
    if (before.N or 0) < FEWEST_FAMILIES:
        return Comparison(why="families")
    if not counting.may_tell(places):
        return Comparison(why="small")
    return Comparison(len(places), before, after)
