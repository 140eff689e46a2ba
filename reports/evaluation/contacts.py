"""Contacts that took place, by kind and by school, for the project's table and the pages of its schools.

Other figures count the same contacts: I11 tells every reader how many of each kind there were, and how many talks a
school had, I19 how many of these were appointments that took place, I10 the home visits of a school. So what is
protected here is protected beside those: nothing is told that they hide, and nothing that one of them tells is taken
for hidden. Talks, which I11 counts, and group moments, which it leaves, hide nothing of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from parents.models import ContactKind, ContactMoment
from parents.models.kinds import SPOKEN_KINDS
from reports.cells import Cell, Hidden, ProtectedCell, ProtectedTable, Shown, Table, counts
from reports.contact_queries import APPOINTMENTS
from reports.disclosure import FLOOR, protect_breakdown, protect_cell, protect_inside
from reports.evaluation.counting import Counting
from reports.figure_queries import moments
from reports.figures import FigureScope
from reports.holding import Sum
from reports.suppression import Reason
from schools.models import Participation, ParticipationRole

#: As the portal calls them for colleagues: who reads the report may look up the same word there.
KINDS = {
    ContactKind.GATE_TALK: "Gesprek aan de schoolpoort",
    ContactKind.PHONE: "Telefoongesprek",
    ContactKind.HOME_VISIT: "Huisbezoek",
    ContactKind.CONFERENCE: "Oudercontact",
    ContactKind.INTAKE: "Kennismaking bij de inschrijving",
    ContactKind.VIDEO: "Videogesprek",
    ContactKind.MESSAGE: "Geschreven bericht",
    ContactKind.INFO_EVENING: "Infoavond",
    ContactKind.COFFEE_MOMENT: "Koffiemoment",
    ContactKind.WORKSHOP: "Groepsactiviteit",
    ContactKind.READING: "Voorlezen of bibliotheek",
    ContactKind.PARTICIPATION: "Meedenken en meehelpen op school",
    ContactKind.MDO: "Overleg over zorg (MDO)",
    ContactKind.ORIENTATION: "Gesprek over de schoolkeuze",
    ContactKind.CLB_TALK: "Gesprek met het CLB",
    ContactKind.REFERRAL: "Samen naar een andere dienst",
    ContactKind.CRISIS: "Gesprek bij een conflict of noodsituatie",
}
#: Kinds of talks, of appointments, and of group moments, of which so few were held that no school's number of them
#: could stand beside their total, counted together.
OTHER, OTHER_APPOINTMENTS, OTHER_MOMENTS = "other", "other_appointments", "other_moments"
#: By kind the figures that count the same contacts, or the same families, by school.
_SAME: dict[str, tuple[str, ...]] = {
    ContactKind.HOME_VISIT: ("I09", "I10"),
    ContactKind.CONFERENCE: ("I06",),
    ContactKind.REFERRAL: ("I28",),
}
#: A kind is rare with fewer contacts than this many times five for each school; more of them where that is not enough.
_TRIES = (1, 2, 4)
#: All kinds, or all schools, of what the last report told.
_ALL = "*"
#: By kind how many two-way contacts there were, and so of most kinds how many contacts.
_BY_KIND = "I11"
#: To how many appointments nobody came, of those and the ones that took place.
_APPOINTMENTS = "I19"


def contacts_held(counting: Counting) -> QuerySet[ContactMoment]:
    """Contacts of the project's schools that took place in the year of the report."""
    return moments(FigureScope(project=counting.project), counting.windows.year).filter(is_reach=True).order_by()


def taking_part(counting: Counting) -> QuerySet[Participation]:
    """The schools of the report, in the order of their names: all but those that the project is compared with."""
    rows = Participation.objects.filter(project=counting.project).exclude(role=ParticipationRole.COMPARISON)
    return rows.select_related("school__clb", "project__year").order_by("school__name", "pk")


@dataclass(frozen=True, slots=True)
class KindsHeld:
    """How many contacts of each kind, and of all kinds, as they may leave."""

    kinds: Mapping[str, ProtectedCell]
    total: ProtectedCell


def contacts_by_kind(counting: Counting) -> KindsHeld:
    """The contacts of the whole project by kind, in the order of ``KINDS``."""
    found = {kind: Cell(sum(by_school.values())) for kind, by_school in _held(counting).items()}
    total = Cell(sum(cell.n for cell in found.values()))
    elsewhere = counting.figure(_BY_KIND, by="kind").rows
    told = [kind for kind, cell in found.items() if _is_told(elsewhere.get(kind), cell)]
    sums = [*([kind] for kind in told), *_apart(found), *_appointments(found)]
    shown = protect_breakdown(found, total, known_sums=sums)
    if any(isinstance(cell, Hidden) for cell in shown.values()):
        shown |= {
            kind: Hidden(Reason.COMPLEMENTARY)
            for kind, cell in elsewhere.items()
            if isinstance(cell, Hidden) and isinstance(shown.get(kind), Shown)
        }
    wholes = {_ALL: protect_cell(total)}
    told_now = counting.releases.counts_beside("kinds", {**shown, **wholes}, [Sum(list(shown), _ALL)])
    return KindsHeld({kind: told_now[kind] for kind in shown}, told_now[_ALL])


def _is_told(elsewhere: ProtectedCell | None, cell: Cell) -> bool:
    return isinstance(elsewhere, Shown) and cell.n == elsewhere.N


def contacts_of_schools(counting: Counting) -> ProtectedTable:
    """How many of each kind at each school; rows are kinds, columns ids of schools, both as text. How many there are of
    each kind in all is told elsewhere, and so known: rare kinds stand together as ``OTHER``. Where the groups are too
    small for the whole table, as halfway the year, the numbers of all contacts of a school still stand."""
    found = _held(counting)
    names = {str(row.school_id): row.school.name for row in taking_part(counting)}
    groups = [{kind: found[kind] for kind in kinds} for kinds in _apart(found) or [list(found)]]
    parts = [_table_of(counting, group, names) for group in groups]
    table = ProtectedTable(
        rows=[kind for part in parts for kind in part.rows],
        columns=list(names),
        cells=tuple(line for part in parts for line in part.cells),
        row_totals=tuple(cell for part in parts for cell in part.row_totals),
        column_totals=_of_all_kinds(groups, names),
        total=protect_cell(Cell(sum(_sum_at(name, group) for name in names for group in groups))),
    )
    return _beside_told(counting, table)


def _beside_told(counting: Counting, table: ProtectedTable) -> ProtectedTable:
    """The table beside what the last report told: one to four contacts more of a kind at a school are not said."""
    cells: dict[str, ProtectedCell] = dict(
        zip((f"{_ALL} {name}" for name in table.columns), table.column_totals, strict=True)
    )
    for kind, line, whole in zip(table.rows, table.cells, table.row_totals, strict=True):
        cells[f"{kind} {_ALL}"] = whole
        cells |= {f"{kind} {name}": cell for name, cell in zip(table.columns, line, strict=True)}
    sums = [Sum([f"{kind} {name}" for name in table.columns], f"{kind} {_ALL}") for kind in table.rows]
    sums += [Sum([f"{kind} {name}" for kind in table.rows], f"{_ALL} {name}") for name in table.columns]
    told = counting.releases.counts_beside("kinds by school", cells, sums)
    return replace(
        table,
        cells=tuple(tuple(told[f"{kind} {name}"] for name in table.columns) for kind in table.rows),
        row_totals=tuple(told[f"{kind} {_ALL}"] for kind in table.rows),
        column_totals=tuple(told[f"{_ALL} {name}"] for name in table.columns),
    )


def _of_all_kinds(groups: Sequence[Mapping[str, Mapping[int, int]]], names: Iterable[str]) -> tuple[ProtectedCell, ...]:
    """All contacts of each school. Where those of one group are few, the number of all of them would tell these beside
    the other groups, which are known: it is hidden too."""
    by_group = [{name: Cell(_sum_at(name, group)) for name in names} for group in groups]
    everything = {name: Cell(sum(cells[name].n for cells in by_group)) for name in names}
    shown = protect_breakdown(everything, Cell(sum(cell.n for cell in everything.values())))
    for cells in by_group:
        beside = protect_breakdown(cells, Cell(sum(cell.n for cell in cells.values())))
        few = {name for name, cell in beside.items() if isinstance(cell, Hidden) and isinstance(shown[name], Shown)}
        shown |= dict.fromkeys(few, Hidden(Reason.COMPLEMENTARY))
    return tuple(shown.values())


def _sum_at(name: str, group: Mapping[str, Mapping[int, int]]) -> int:
    return sum(held.get(int(name), 0) for held in group.values())


def _apart(kinds: Iterable[str]) -> list[list[str]]:
    """Talks and group moments, where there are both: how many of each there were is known."""
    found = list(kinds)
    both = [[kind for kind in found if (kind in SPOKEN_KINDS) is spoken] for spoken in (True, False)]
    return both if all(both) else []


def _appointments(found: Mapping[str, Cell]) -> list[list[str]]:
    """The kinds of which I19 tells how many took place together, unless it hides that."""
    kinds = [kind for kind in found if kind in APPOINTMENTS]
    together = Cell(sum(found[kind].n for kind in kinds))
    return [kinds] if kinds and isinstance(protect_cell(together), Shown) else []


def _table_of(counting: Counting, found: Mapping[str, Mapping[int, int]], names: Mapping[str, str]) -> ProtectedTable:
    """Rare kinds stand together by what another figure tells of them: appointments, other talks, group moments."""
    told = counting.figure(_APPOINTMENTS, by="school").rows
    everything = {OTHER_MOMENTS if set(found).isdisjoint(SPOKEN_KINDS) else OTHER: found}
    tries = [*((times * FLOOR * len(names), _sorts(found)) for times in _TRIES), (_all_of(found) + 1, everything)]
    for enough, sorts in tries:
        rows: dict[str, dict[int, int]] = {}
        for other, kinds in sorts.items():
            rows |= gathered(kinds, enough, other)
        agreed = [kind for kind in rows if kind in (*APPOINTMENTS, OTHER_APPOINTMENTS)]
        sums = [(agreed, school) for school, name in names.items() if agreed and isinstance(told.get(name), Shown)]
        numbers = [[rows[kind].get(int(name), 0) for name in names] for kind in rows]
        table = counts(list(rows), list(names), numbers, "kind", "school")
        shown = beside_others(table, {kind: dict(_of_schools(counting, kind, names)) for kind in rows}, sums)
        if not _is_withheld(shown):
            break
    return shown


def _all_of(found: Mapping[str, Mapping[int, int]]) -> int:
    return sum(sum(by_school.values()) for by_school in found.values())


def _sorts(found: Mapping[str, Mapping[int, int]]) -> Mapping[str, Mapping[str, Mapping[int, int]]]:
    sorts: dict[str, dict[str, Mapping[int, int]]] = {}
    for kind, held in found.items():
        sort = OTHER_MOMENTS if kind not in SPOKEN_KINDS else OTHER_APPOINTMENTS if kind in APPOINTMENTS else OTHER
        sorts.setdefault(sort, {})[kind] = held
    return sorts


def gathered(found: Mapping[str, Mapping[int, int]], enough: int, other: str = OTHER) -> dict[str, dict[int, int]]:
    """The kinds by school, those with fewer than ``enough`` contacts as one; as many with them as make it enough."""
    sizes = {kind: sum(by_school.values()) for kind, by_school in found.items()}
    rare: list[str] = []
    for kind in sorted(sizes, key=lambda kind: sizes[kind]):
        if sizes[kind] >= enough and not 0 < sum(sizes[one] for one in rare) < enough:
            break
        rare.append(kind)
    rows = {kind: dict(by_school) for kind, by_school in found.items() if kind not in rare}
    if rare:
        together: dict[int, int] = {}
        for kind in rare:
            for school, number in found[kind].items():
                together[school] = together.get(school, 0) + number
        rows[other] = together
    return rows


def beside_others(
    table: Table,
    elsewhere: Mapping[str, Mapping[str, list[ProtectedCell]]],
    known_sums: Sequence[tuple[Sequence[str], str]] = (),
) -> ProtectedTable:
    """The table as it may leave beside what other figures say of its cells, by kind and school, and of the sum of some
    kinds at a school."""
    told: set[tuple[str, str]] = set()
    hidden: set[tuple[str, str]] = set()
    for kind, line in zip(table.rows, table.cells, strict=True):
        for school, cell in zip(table.columns, line, strict=True):
            said = elsewhere.get(kind, {}).get(school, [])
            if any(isinstance(one, Shown) for one in said) and not 0 < cell.n < FLOOR:
                told.add((kind, school))
            elif any(isinstance(one, Hidden) for one in said):
                hidden.add((kind, school))
    inside = protect_inside(table, also_known=told, known_sums=known_sums)
    cells = tuple(
        tuple(
            Hidden(Reason.COMPLEMENTARY) if (kind, school) in hidden and isinstance(cell, Shown) else cell
            for school, cell in zip(table.columns, line, strict=True)
        )
        for kind, line in zip(table.rows, inside.cells, strict=True)
    )
    if _is_withheld(inside):
        cells = tuple((Hidden(Reason.WITHHELD),) * len(table.columns) for _ in table.rows)
    kinds = protect_breakdown(dict(zip(table.rows, table.row_totals, strict=True)), table.total)
    schools = protect_breakdown(dict(zip(table.columns, table.column_totals, strict=True)), table.total)
    return ProtectedTable(
        table.rows, table.columns, cells, tuple(kinds.values()), tuple(schools.values()), protect_cell(table.total)
    )


def _is_withheld(table: ProtectedTable) -> bool:
    return any(cell == Hidden(Reason.WITHHELD) for line in table.cells for cell in line)


def _held(counting: Counting) -> dict[str, dict[int, int]]:
    """Contacts by kind and school, of the kinds that were held at all."""
    schools = {row.school_id for row in taking_part(counting)}
    by_kind = contacts_held(counting).values_list("kind", "school_id").annotate(n=Count("pk"))
    found: dict[str, dict[int, int]] = {}
    for kind, school, number in by_kind:
        if school in schools:
            found.setdefault(str(kind), {})[school] = number
    return {str(kind): found[str(kind)] for kind in KINDS if str(kind) in found}


def _of_schools(counting: Counting, kind: str, names: Mapping[str, str]) -> Iterator[tuple[str, list[ProtectedCell]]]:
    """What the figures that count the same say of each school; one that stands as it was told before is as hidden."""
    figures = [counting.figure(code, by="school") for code in _SAME.get(kind, ())]
    for school, name in names.items():
        said = [Hidden(Reason.WITHHELD) if name in one.kept_back else one.rows.get(name) for one in figures]
        yield school, [cell for cell in said if cell is not None]
