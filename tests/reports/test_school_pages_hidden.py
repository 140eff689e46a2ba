"""What a page of a school in the evaluation hides once, it hides in each of its tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from reports.cells import counts
from reports.disclosure import Cell, Hidden, ProtectedCell, Reason, Shown
from reports.evaluation import contacts, schoolpages
from reports.evaluation.contacts import OTHER, beside_others, gathered
from reports.reach import Rung
from schools.models import School
from tests.reports.attacker import Attacker

#: Families of three schools on each rung, from not tried to understood.
STANDING = {"Appel": (90, 9, 9, 3, 0, 2, 6), "Peer": (90, 9, 9, 30, 0, 3, 6), "Pruim": (90, 9, 9, 35, 0, 6, 5)}


def never_told() -> Any:
    """No report was told before."""
    return SimpleNamespace(counts_beside=lambda name, cells, sums: cells)


def hidden_steps(
    monkeypatch: pytest.MonkeyPatch, two_way: dict[str, ProtectedCell], kept_back: frozenset[str] = frozenset()
) -> set[tuple[str, str]]:
    """School and step of the hidden cells, beside these figures of I02."""
    told = SimpleNamespace(rows=two_way, kept_back=kept_back)
    schools = [School(pk=place, name=name) for place, name in enumerate(STANDING, 1)]
    counting: Any = SimpleNamespace(
        project=None, windows=SimpleNamespace(year=None), figure=lambda code, by: told, releases=never_told()
    )

    def on_rungs(scope: Any, _year: object) -> dict[str, Cell]:
        return {str(rung.value): Cell(n) for rung, n in zip(Rung, STANDING[scope.school.name], strict=True)}

    monkeypatch.setattr(schoolpages, "families_by_rung", on_rungs)
    table = schoolpages._ladders(counting, schools)
    return {
        (school.name, step)
        for school, line in zip(schools, table.cells, strict=True)
        for step, cell in zip(table.columns, line, strict=True)
        if isinstance(cell, Hidden)
    }


def test_those_spoken_with_are_hidden_where_i02_of_that_school_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, ProtectedCell] = {"Appel": Shown(60, 90), "Peer": Shown(70, 127)}
    found = hidden_steps(monkeypatch, {**told, "Pruim": Hidden(Reason.COMPLEMENTARY)})
    assert ("Pruim", "Gesproken") in found
    assert not {("Appel", "Gesproken"), ("Peer", "Gesproken")} & found


def test_those_whom_i02_tells_hide_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three families of one school opened something: what hides them is hidden nowhere else."""
    found = hidden_steps(monkeypatch, {name: Shown(60, 90) for name in STANDING})
    assert ("Appel", "Geopend of beantwoord") in found
    assert {step for _name, step in found} == {"Nog niets geopend of beantwoord", "Geopend of beantwoord"}


def test_of_a_table_too_sparse_to_show_the_totals_still_stand() -> None:
    """As halfway the year: many kinds of which few schools have one."""
    numbers = [[20, 40, 40], [20, 30, 40], [0, 2, 1], [0, 1, 0]]
    table = counts(["GATE", "PHONE", "MDO", "CRISIS"], ["1", "2", "3"], numbers, "kind", "school")
    shown = beside_others(table, {})
    assert shown.total == Shown(194)
    assert shown.column_totals == (Shown(40), Shown(73), Shown(81))
    assert {one for line in shown.cells for one in line} == {Hidden(Reason.WITHHELD)}


def test_kinds_too_rare_to_stand_beside_their_total_stand_together() -> None:
    """I11 says that there were thirteen talks about a next school: eleven in two schools leave one in each other."""
    held = {
        "PHONE": {1: 79, 2: 57, 3: 60, 4: 52},
        "ORIENTATION": {1: 5, 2: 1, 3: 6, 4: 1},
        "MDO": {1: 2, 2: 4, 3: 4, 4: 3},
    }
    assert gathered(held, 20) == {"PHONE": held["PHONE"], OTHER: {1: 7, 2: 5, 3: 10, 4: 4}}
    assert gathered(held, 5) == held
    assert gathered(held, 30)[OTHER] == {1: 86, 2: 62, 3: 70, 4: 56}


def test_what_another_figure_hides_of_a_school_is_not_told_here_and_what_it_tells_hides_nothing() -> None:
    """I10 told the visits at school 2, and a table of its own the seven at school 3: together the four at school 4."""
    numbers = [[13, 5, 7, 4], [79, 57, 60, 52], [12, 11, 9, 10]]
    table = counts(["HOME_VISIT", "PHONE", OTHER], ["1", "2", "3", "4"], numbers, "kind", "school")
    said: dict[str, list[ProtectedCell]] = {
        "1": [Shown(13, 146), Hidden(Reason.PRIMARY)],
        "2": [Shown(5, 107), Shown(5, 5)],
        "3": [Hidden(Reason.COMPLEMENTARY), Hidden(Reason.PRIMARY)],
        "4": [Hidden(Reason.PRIMARY), Hidden(Reason.PRIMARY)],
    }
    shown = beside_others(table, {"HOME_VISIT": said})
    assert [isinstance(cell, Hidden) for cell in shown.cells[0]] == [False, False, True, True]
    published: dict[tuple[str, ...], ProtectedCell] = {
        (kind, school): cell
        for kind, line in zip(table.rows, shown.cells, strict=True)
        for school, cell in zip(table.columns, line, strict=True)
    }
    by_kind: dict[tuple[str, ...], ProtectedCell] = {
        (kind,): Shown(sum(line)) for kind, line in zip(table.rows, numbers, strict=True)
    }
    by_school: dict[tuple[str, ...], ProtectedCell] = {
        (school,): Shown(cell.n) for school, cell in zip(table.columns, table.column_totals, strict=True)
    }
    sums = [(tuple(name for name in published if label in name), (label,)) for (label,) in (*by_kind, *by_school)]
    reader = Attacker(published | by_kind | by_school, sums, most=30)
    assert reader.possible_values(("HOME_VISIT", "4"), 4) == {1, 2, 3, 4}


def beside_figures(told: dict[str, dict[str, ProtectedCell]]) -> Any:
    """A counting in which these figures tell so much of each school."""
    return SimpleNamespace(
        figure=lambda code, by: SimpleNamespace(rows=told.get(code, {}), kept_back=frozenset()), releases=never_told()
    )


def of_schools(monkeypatch: pytest.MonkeyPatch, held: dict[str, dict[int, int]]) -> None:
    """So many contacts of each kind at each school."""
    places = sorted({place for by_school in held.values() for place in by_school})
    schools = [SimpleNamespace(school_id=pk, school=School(pk=pk, name=f"School {pk}")) for pk in places]
    monkeypatch.setattr(contacts, "_held", lambda counting: held)
    monkeypatch.setattr(contacts, "taking_part", lambda counting: schools)


def test_all_contacts_of_a_school_do_not_tell_its_few_group_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty talks and twenty-three contacts: three times somebody came to a group moment."""
    of_schools(monkeypatch, {"PHONE": {1: 20, 2: 34, 3: 41, 4: 30}, "COFFEE_MOMENT": {1: 3, 2: 9, 3: 12, 4: 8}})
    shown = contacts.contacts_of_schools(beside_figures({}))
    assert [isinstance(cell, Hidden) for cell in shown.column_totals] == [True, False, False, True]
    assert shown.cells[0] == (Shown(20), Shown(34), Shown(41), Shown(30))


def test_the_appointments_that_i19_tells_do_not_tell_the_few_other_talks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 134 appointments at school 1 nobody came to 84: with its other talks, fifty-five in all, that leaves the five
    messages behind which the four at school 2 are hidden."""
    held = {
        "GATE_TALK": {1: 28, 2: 40, 3: 61, 4: 35},
        "MESSAGE": {1: 5, 2: 4, 3: 20, 4: 21},
        "CONFERENCE": {1: 40, 2: 52, 3: 60, 4: 48},
        "HOME_VISIT": {1: 10, 2: 12, 3: 15, 4: 16},
    }
    of_schools(monkeypatch, held)
    told: dict[str, ProtectedCell] = {f"School {pk}": Shown(84, 134) for pk in (1, 2, 3, 4)}
    shown = contacts.contacts_of_schools(beside_figures({"I19": told}))
    cells = {kind: line for kind, line in zip(shown.rows, shown.cells, strict=True)}
    assert isinstance(cells["MESSAGE"][1], Hidden)
    for place in range(4):
        other_talks = [cells[kind][place] for kind in ("GATE_TALK", "MESSAGE")]
        assert len([cell for cell in other_talks if isinstance(cell, Hidden)]) != 1


def test_a_group_moment_hides_no_talk_of_a_school_and_no_talk_a_group_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """I11 tells how many talks a school had: three visits would be what these leave beside the other talks."""
    held = {
        "GATE_TALK": {1: 61, 2: 95, 3: 141},
        "PHONE": {1: 43, 2: 53, 3: 91},
        "HOME_VISIT": {1: 3, 2: 16, 3: 24},
        "INFO_EVENING": {1: 29, 2: 31, 3: 35},
        "READING": {1: 9, 2: 20, 3: 22},
    }
    of_schools(monkeypatch, held)
    shown = contacts.contacts_of_schools(beside_figures({}))
    assert list(shown.rows) == list(held)
    assert isinstance(shown.cells[2][0], Hidden)
    for part in (shown.cells[:3], shown.cells[3:]):
        for line in (*part, *zip(*part, strict=True)):
            assert len([cell for cell in line if isinstance(cell, Hidden)]) != 1
    assert (shown.column_totals, shown.total) == ((Shown(145), Shown(215), Shown(313)), Shown(673))

    of_all = {kind: {1: 20 + place} for place, kind in enumerate(held)} | {"HOME_VISIT": {1: 3}, "READING": {1: 6}}
    monkeypatch.setattr(contacts, "_held", lambda counting: of_all)
    by_kind = contacts.contacts_by_kind(beside_figures({})).kinds
    hidden = {kind for kind, cell in by_kind.items() if isinstance(cell, Hidden)}
    assert len(hidden & {"GATE_TALK", "PHONE", "HOME_VISIT"}) > 1


def test_the_steps_of_a_school_whose_figures_stand_as_they_were_told_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page before said 60 of 90, and so does this one: its steps would say who came since."""
    told: dict[str, ProtectedCell] = {name: Shown(60, 90) for name in STANDING}
    found = hidden_steps(monkeypatch, told, frozenset({"Peer"}))
    assert {step for name, step in found if name == "Peer"} == {step for _name, step in found} | {"Gesproken"}
