"""P1: a page for each school of the project, in the order of their names: its own figures beside those of all schools.

Nothing here goes beyond two dimensions: a school and one other. What stands on these pages is protected together with
what the other tables say of the same families and contacts, so that no page shows what a table hides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from reports.cells import counts
from reports.disclosure import Hidden, ProtectedCell, ProtectedTable, Reason, Shown, explanations, protect_inside
from reports.evaluation.contacts import (
    KINDS,
    OTHER,
    OTHER_APPOINTMENTS,
    OTHER_MOMENTS,
    contacts_of_schools,
    taking_part,
)
from reports.evaluation.counting import LANGUAGE, NO_BREAK, NOT_SHOWN, Counting, cell, name_of, school_days
from reports.evaluation.resources import NETWORKS, ROLES, children_of, days_in
from reports.figures import FigureScope, families_by_rung
from reports.holding import Sum
from reports.models import MethodAdoption
from reports.reach import Rung
from reports.samecounts import ALL_STEPS, SPOKEN_WITH, STEPS, of_school
from reports.targets import Held, in_force, target_for
from schools.models import Network, Participation, ParticipationRole, School

#: Of the home row; the gap between language groups is not told of one school: that is a third dimension.
_FIGURES = ("I01", "I02", "I06", "I13", "I17")
#: The rungs of one school are counted by three: of each apart so few families stand on some that all would be hidden.
_STEPS: dict[str, tuple[Rung, ...]] = {
    "Nog niets geopend of beantwoord": (Rung.NOT_TRIED, Rung.TRIED, Rung.HANDED_OVER),
    "Geopend of beantwoord": (Rung.OPENED, Rung.ANSWERED),
    "Gesproken": (Rung.SPOKEN, Rung.UNDERSTOOD),
}
_SPOKEN = "Gesproken"
#: The steps as they are remembered.
_NUMBERS = ("1", "2", SPOKEN_WITH)
#: More schools than this stand in the tables only.
MOST_SCHOOLS = 60
_RIGHT = "right"
_INTRO = (
    "Elke school heeft hierna een eigen bladzijde, in de volgorde van hun namen. Naast haar cijfers staat hetzelfde "
    "cijfer van alle scholen samen. Het is geen rangschikking: scholen verschillen in wie er naar school gaat."
)
_ONLY_SO_MANY = "Van de overige {number} scholen staan de cijfers in de tabellen."
_NO_GAP = (
    "De kloof tussen taalgroepen (I23) staat niet per school: die groepen zijn er te klein. n/N van I13: de vragen die "
    "binnen drie schooldagen een antwoord kregen, van alle vragen."
)
_OTHERS = {
    OTHER: "Andere contacten",
    OTHER_APPOINTMENTS: "Andere afspraken",
    OTHER_MOMENTS: "Andere groepsmomenten",
}
_LADDER = "Elk gezin staat op de hoogste trede die het in deze periode bij deze school bereikte."


def school_pages(counting: Counting) -> dict[str, Any]:
    """The blocks of all pages: heading, facts, figures with targets, the ladder, contacts by kind."""
    found = list(taking_part(counting))
    shown = found[:MOST_SCHOOLS]
    schools = [row.school for row in shown]
    maker = _Pages(counting, schools)
    intro = _INTRO if len(found) == len(shown) else f"{_INTRO} {_ONLY_SO_MANY.format(number=len(found) - len(shown))}"
    blocks = [_words(intro)]
    for place, row in enumerate(shown):
        blocks += [{"type": "pagebreak"}, *maker.page(row, place)]
    return {"blocks": blocks}


class _Pages:
    """What all schools' pages share, counted once."""

    def __init__(self, counting: Counting, schools: list[School]) -> None:
        self.counting = counting
        last = counting.windows.year.last
        self.children = children_of(counting)
        with override(LANGUAGE):
            self.day = date_format(last, "j F Y")
        self.held: Held = in_force(counting.project, last)
        self.contacts = contacts_of_schools(counting)
        self.ladders = _ladders(counting, schools)
        self.methods = _methods(schools)

    def page(self, row: Participation, place: int) -> list[dict[str, Any]]:
        school = row.school
        return [
            {"type": "h2", "runs": [{"text": school.name}], "made": True},
            _words(self._facts(row)),
            self._figures(school),
            self._ladder(school, self.ladders.cells[place]),
            self._contacts(school),
        ]

    def _facts(self, row: Participation) -> str:
        school, role = row.school, ROLES[ParticipationRole(row.role)]
        role += f", {days}" if (days := days_in(row)) else ""
        facts = [
            f"Net: {NETWORKS[Network(school.network)]}; CLB: {school.clb.name}; rol in het project: {role}.",
            f"Kinderen op {self.day}: {self.children.get(school.pk, 0)}.",
        ]
        if titles := self.methods.get(school.pk):
            facts.append(f"Werkvormen in gebruik: {', '.join(titles)}.")
        return " ".join(facts)

    def _figures(self, school: School) -> dict[str, Any]:
        rows = [self._figure(code, school) for code in _FIGURES]
        columns = ["Indicator", "Nr.", "Deze school", "n/N", "Doel", "Bereikt", "Alle scholen"]
        return _table(f"{school.name}: kerncijfers", columns, rows, _NO_GAP)

    def _figure(self, code: str, school: School) -> list[str]:
        shown = self.counting.figure(code, by="school")
        found = shown.rows.get(school.name)
        counted = cell(found)
        text, number = str(counted["share"]), _rate(found)
        if shown.definition.unit == "school days" and counted["n"] is not None:
            median = shown.medians().get(school.name)
            text, number = ("–", None) if median is None else (school_days(median), float(median))
        sizes = f"{counted['n']}{NO_BREAK}/{NO_BREAK}{counted['N']}" if counted["n"] is not None else "–"
        target = target_for(self.held, code, school)
        goal, reached = "–", "–"
        if target is not None and target.value is not None:
            goal = f"{target.value.normalize():f}".replace(".", ",") + (
                f"{NO_BREAK}dagen" if shown.definition.unit == "school days" else f"{NO_BREAK}%"
            )
            sign = -1 if shown.definition.lower_is_better else 1
            if number is not None:
                reached = "ja" if sign * number >= sign * float(target.value) else "nog niet"
        whole = _short(self.counting.headline(code)["text"])
        return [name_of(code), code, _short(text), sizes, goal, reached, whole]

    def _ladder(self, school: School, cells: Sequence[ProtectedCell]) -> dict[str, Any]:
        rows = [[step, _count(one)] for step, one in zip(_STEPS, cells, strict=True)]
        with override(LANGUAGE):
            note = " ".join([_LADDER, *explanations(cells)])
        return _table(f"{school.name}: hoe ver de gezinnen bereikt zijn", ["Stap", "Gezinnen"], rows, note)

    def _contacts(self, school: School) -> dict[str, Any]:
        place = self.contacts.columns.index(str(school.pk))
        cells = {kind: line[place] for kind, line in zip(self.contacts.rows, self.contacts.cells, strict=True)}
        if len(cells) == 1:  # all kinds together: the total says it
            cells = {}
        names = {kind: name for kind, name in (KINDS | _OTHERS).items() if kind in cells}
        rows = [[name, str(one.n)] for kind, name in names.items() if isinstance(one := cells[kind], Shown) and one.n]
        rows.append(["Alle contacten", _count(self.contacts.column_totals[place])])
        hidden = [name for kind, name in names.items() if isinstance(cells[kind], Hidden)]
        rare = [name for name in _OTHERS.values() if name in dict(rows)]
        with override(LANGUAGE):
            note = " ".join(
                [
                    f"Niet getoond: {_listed(hidden)}." if hidden else "",
                    *(
                        f"{name}: wat in alle scholen samen te weinig voorkwam om het per school te tonen."
                        for name in rare
                    ),
                    *explanations([*cells.values(), self.contacts.column_totals[place]]),
                ]
            )
        return _table(f"{school.name}: contacten die doorgingen", ["Soort", "Aantal"], rows, " ".join(note.split()))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name[:1].lower() + name[1:] for name in names)


def _ladders(counting: Counting, schools: list[School]) -> ProtectedTable:
    """The families of each school on each rung. How many stand there of all schools is told elsewhere, and so known;
    and those spoken with are told by I02 of that school, or hidden there and here."""
    steps = {step: [str(rung.value) for rung in rungs] for step, rungs in _STEPS.items()}
    counted = [
        families_by_rung(FigureScope(school=one, project=counting.project), counting.windows.year) for one in schools
    ]
    numbers = [[sum(found[rung].n for rung in rungs) for rungs in steps.values()] for found in counted]
    reached, two_way = counting.figure("I01", by="school"), counting.figure("I02", by="school")
    told = [one for one in schools if isinstance(two_way.rows.get(one.name), Shown)]
    table = counts([str(one.pk) for one in schools], list(steps), numbers, "school", "step")
    shown = protect_inside(table, also_known=[(str(one.pk), _SPOKEN) for one in told])
    cells = [line if one in told else _without_spoken(line) for one, line in zip(schools, shown.cells, strict=True)]
    as_before = reached.kept_back | two_way.kept_back
    cells = [_withheld(line) if one.name in as_before else line for one, line in zip(schools, cells, strict=True)]
    return replace(shown, cells=_beside_told(counting, schools, cells, reached.rows))


def _beside_told(
    counting: Counting,
    schools: list[School],
    cells: list[tuple[ProtectedCell, ...]],
    families: Mapping[str, ProtectedCell],
) -> tuple[tuple[ProtectedCell, ...], ...]:
    """The steps beside what the last report told of them: one to four families that went further are not said."""
    flat: dict[str, ProtectedCell] = {}
    sums = []
    for one, line in zip(schools, cells, strict=True):
        labels = [of_school(step, one.name) for step in _NUMBERS]
        flat |= dict(zip(labels, line, strict=True))
        if isinstance(whole := families.get(one.name), Shown) and whole.N is not None:
            flat[of_school(ALL_STEPS, one.name)] = Shown(whole.N)
            sums.append(Sum(labels, of_school(ALL_STEPS, one.name)))
    told = counting.releases.counts_beside(STEPS, flat, sums)
    return tuple(tuple(told[of_school(step, one.name)] for step in _NUMBERS) for one in schools)


def _withheld(line: tuple[ProtectedCell, ...]) -> tuple[ProtectedCell, ...]:
    """Beside figures that stand as they were told before, the rungs would tell who came since."""
    return (Hidden(Reason.WITHHELD),) * len(line)


def _without_spoken(line: tuple[ProtectedCell, ...]) -> tuple[ProtectedCell, ...]:
    place = list(_STEPS).index(_SPOKEN)
    if isinstance(line[place], Hidden):
        return line
    return (*line[:place], Hidden(Reason.COMPLEMENTARY), *line[place + 1 :])


def _methods(schools: list[School]) -> dict[int, list[str]]:
    """The cards that each school uses, by their Dutch titles."""
    in_use = (MethodAdoption.Status.IN_USE, MethodAdoption.Status.EMBEDDED)
    found: dict[int, list[str]] = {}
    rows = MethodAdoption.objects.filter(school__in=schools, status__in=in_use).select_related("method")
    with override(LANGUAGE):
        for row in rows.order_by("method__position", "pk"):
            found.setdefault(row.school_id, []).append(row.method.title)
    return found


def _words(text: str) -> dict[str, Any]:
    return {"type": "p", "runs": [{"text": text}], "made": True}


def _table(caption: str, columns: list[str], rows: list[list[str]], note: str) -> dict[str, Any]:
    heads = [{"label": label, **({"align": _RIGHT} if place else {})} for place, label in enumerate(columns)]
    return {"type": "table", "caption": caption, "columns": heads, "rows": rows, "note": note}


def _rate(found: ProtectedCell | None) -> float | None:
    return None if found is None or isinstance(found, Hidden) or not found.N else 100 * found.n / found.N


def _count(found: ProtectedCell) -> str:
    return NOT_SHOWN if isinstance(found, Hidden) else str(found.n)


def _short(text: str) -> str:
    return text.replace("schooldag", "dag")
