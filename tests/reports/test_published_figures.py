"""What leaves the school: no small count in a curve, in a second numerator, or between two readings."""

from __future__ import annotations

import random
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from reports.audience import FigureRequest
from reports.comparing import baseline_of
from reports.disclosure import Cell, Hidden, Shown
from reports.evaluation.counting import Counting
from reports.figures import Figure, FigureScope, Period, within
from reports.indicators import indicator
from reports.plots import _rungs_for_outsiders
from reports.reach import Rung
from schools.models import Project
from schools.spreadsheet import as_csv, harmless
from tests.reports.attacker import Attacker
from tests.reports.world import FIRST, LAST

YEAR = Period(FIRST, LAST)


def curve(fresh: list[int], size: int) -> Figure:
    """A cumulative figure with that many families new in each month."""
    months = list(YEAR.months())[: len(fresh)]
    cells = [Cell(sum(fresh[: place + 1]), size) for place in range(len(fresh))]
    return Figure(
        definition=indicator("I01"),
        period=YEAR,
        total=cells[-1],
        months=list(zip(months, cells, strict=True)),
        is_cumulative=True,
    )


@pytest.mark.parametrize("seed", range(40))
def test_between_two_shown_points_of_a_curve_lies_no_small_group(seed: int) -> None:
    chance = random.Random(seed)
    fresh = [chance.choice([0, 0, 1, 3, 4, 5, 9, 20]) for _ in range(9)]
    figure = curve(fresh, sum(fresh) + chance.choice([0, 2, 6, 50]))
    shown = [cell for _, cell in figure.protected(for_outsiders=True).months]
    for before, after in zip([Shown(0), *shown], shown, strict=False):
        if isinstance(before, Shown) and isinstance(after, Shown):
            assert not 0 < after.n - before.n < 5


@pytest.mark.parametrize(
    ("fresh", "is_told"),
    [([144, 2, 40, 30], True), ([144, 29, 35, 2], False), ([144, 29, 35, 12], False)],
)
def test_the_baseline_of_a_report_does_not_tell_a_hidden_point_of_the_curve(fresh: list[int], is_told: bool) -> None:
    """144 families were reached in September, and 146 by the end of the baseline."""
    windows: Any = SimpleNamespace(year=YEAR, period=lambda code, window: Period(date(2025, 9, 1), date(2025, 10, 31)))
    counting = Counting(Project(), windows)
    counting._known["I01", "year", ""] = curve(fresh, 300).protected(for_outsiders=True)
    assert counting._tells_a_month("I01", "baseline") is is_told


def test_a_curve_without_small_months_is_shown_whole() -> None:
    shown = curve([20, 15, 0, 10], 60).protected(for_outsiders=True)
    assert [cell for _, cell in shown.months] == [Shown(20, 60), Shown(35, 60), Shown(35, 60), Shown(45, 60)]


def test_a_second_numerator_is_hidden_when_the_difference_is_small() -> None:
    figure = Figure(
        definition=indicator("I06"),
        period=YEAR,
        total=Cell(40, 60),
        also={"evening": Cell(38, 60), "other": Cell(20, 60)},
    )
    shown = figure.protected(for_outsiders=True)
    assert isinstance(shown.also["evening"], Hidden)
    assert figure.protected(for_outsiders=False).also["evening"] == Shown(38, 60)


@pytest.mark.parametrize(
    ("arrived", "beside", "hidden"),
    [
        (20, (3, 30), {"not_arrived", "arrival_unknown"}),
        (20, (12, 30), set()),
        (20, (0, 30), set()),
        (3, (10, 20), {"not_arrived", "arrival_unknown"}),
    ],
)
def test_second_numerators_that_make_up_the_rest_do_not_tell_each_other(
    arrived: int, beside: tuple[int, int], hidden: set[str]
) -> None:
    """Of 53 referrals 20 arrived and of 30 nobody knows: three did not."""
    whole = arrived + sum(beside)
    also = {name: Cell(n, whole) for name, n in zip(("not_arrived", "arrival_unknown"), beside, strict=True)}
    figure = Figure(definition=indicator("I28"), period=YEAR, total=Cell(arrived, whole), also=also)
    shown = figure.protected(for_outsiders=True).also
    assert {name for name, cell in shown.items() if isinstance(cell, Hidden)} == hidden
    assert shown.keys() == figure.protected(for_outsiders=False).also.keys()


def test_what_is_counted_among_a_hidden_number_does_not_tell_it() -> None:
    """All but two families came: the number of those who came stands under who came again, too."""
    figure = Figure(definition=indicator("I22"), period=YEAR, total=Cell(20, 22), also={"again": Cell(9, 20)})
    assert isinstance(figure.protected(for_outsiders=True).also["again"], Hidden)
    figure = Figure(definition=indicator("I22"), period=YEAR, total=Cell(20, 40), also={"again": Cell(9, 20)})
    assert figure.protected(for_outsiders=True).also["again"] == Shown(9, 20)


@pytest.mark.parametrize(("size", "is_hidden"), [(22, True), (30, False)])
def test_the_parts_of_a_hidden_number_do_not_tell_it(size: int, is_hidden: bool) -> None:
    parts = {"1": Cell(9, 20), "2-3": Cell(11, 20), "4-6": Cell(0, 20), "7+": Cell(0, 20)}
    figure = Figure(
        definition=indicator("I04"), period=YEAR, by="contacts", total=Cell(20, size), rows=parts, parts=parts
    )
    shown = figure.protected(for_outsiders=True)
    assert {isinstance(cell, Hidden) for cell in (shown.total, *shown.rows.values())} == {is_hidden}


def hidden_in(figure: Figure) -> set[str]:
    shown = figure.protected(for_outsiders=True)
    return {label for label, cell in shown.rows.items() if isinstance(cell, Hidden)}


def test_what_hides_a_small_group_is_hidden_in_each_figure_of_the_same_talks() -> None:
    """There were four referrals. I12 told the seventeen video talks behind which I11 hid them, and I19 that seven
    visits, which I11 and I10 told, took place: all but the referrals."""
    held = {"CLB_TALK": 9, "CONFERENCE": 262, "HOME_VISIT": 7, "MDO": 10, "ORIENTATION": 7, "REFERRAL": 4, "VIDEO": 17}
    sizes = {**held, "GATE_TALK": 179, "MESSAGE": 35, "PHONE": 129}
    told = [list(held), ["HOME_VISIT"]]

    def figure(code: str, **hits: int) -> Figure:
        rows = {kind: Cell(hits.get(kind, 0), size) for kind, size in sorted(sizes.items())}
        whole = Cell(sum(cell.n for cell in rows.values()), sum(sizes.values()))
        return Figure(definition=indicator(code), period=YEAR, by="kind", total=whole, rows=rows, sizes_together=told)

    started = hidden_in(figure("I11", GATE_TALK=36, MESSAGE=35, PHONE=27, REFERRAL=2, VIDEO=4))
    good = hidden_in(figure("I12", GATE_TALK=111, HOME_VISIT=7, ORIENTATION=3, PHONE=72, REFERRAL=2, VIDEO=7))
    missed = {kind: Cell(401 * (kind == "CONFERENCE"), n + 401 * (kind == "CONFERENCE")) for kind, n in held.items()}
    whole = Cell(401, 401 + sum(held.values()))
    nobody = Figure(
        definition=indicator("I19"),
        period=YEAR,
        by="kind",
        total=whole,
        rows=missed,
        sizes_together=told,
        are_rests=True,
    )
    everywhere = started & good & hidden_in(nobody) - {"HOME_VISIT"}
    assert "REFERRAL" in everywhere
    assert everywhere - {"REFERRAL"}


def test_the_steps_of_whom_a_contact_was_made_or_not_do_not_tell_each_other() -> None:
    """I01 tells with how many families a contact took place: beside those present and active, with whom it only was
    talk."""
    parts = {"0": Cell(20, 96), "1": Cell(30, 96), "2": Cell(3, 96), "3": Cell(37, 96), "4": Cell(6, 96)}
    figure = Figure(
        definition=indicator("I31"),
        period=YEAR,
        by="rung",
        total=parts["4"],
        rows=parts,
        parts=parts,
        headline_part="4",
        parts_together=(("0", "1"), ("2", "3", "4")),
    )
    assert len(hidden_in(figure) & {"2", "3", "4"}) > 1


def test_the_rungs_of_whom_no_sign_came_do_not_tell_each_other_beside_i31() -> None:
    """I31 tells of how many families no sign is known: beside the thirty on the third rung, that left eight on two
    rungs of one to four."""
    counts = {str(rung.value): Cell(n) for rung, n in zip(Rung, (4, 4, 30, 13, 112, 11, 196), strict=True)}
    asked: Any = SimpleNamespace(scope=FigureScope(), period=YEAR)
    shown = _rungs_for_outsiders(counts, asked)
    published: dict[tuple[str, ...], Any] = {(rung,): cell for rung, cell in shown.items()}
    sums = [
        (tuple(published), ("all",)),
        ((("0",), ("1",), ("2",)), ("no sign",)),
        ((("5",), ("6",)), ("spoken with",)),
    ]
    known = {("all",): Shown(370), ("no sign",): Shown(38), ("spoken with",): Shown(207)}
    reader = Attacker(published | known, sums, most=60)
    assert isinstance(shown["0"], Hidden)
    assert reader.possible_values(("0",), 4) == {1, 2, 3, 4}


def test_the_gap_is_hidden_with_one_of_its_groups() -> None:
    rows = {"nl": Cell(20, 30), "other": Cell(3, 30), "unknown": Cell(9, 20)}
    figure = Figure(definition=indicator("I23"), period=YEAR, total=Cell(32, 80), by="language_group", rows=rows)
    shown = figure.protected(for_outsiders=True)
    assert shown.is_hidden
    assert shown.gap is None
    assert shown.value() is None
    assert figure.protected(for_outsiders=False).gap is not None


def test_the_baseline_is_left_out_when_the_months_could_be_worked_out_with_it() -> None:
    months = list(YEAR.months())[:4]
    cells = [Cell(2, 20), Cell(30, 60), Cell(30, 60), Cell(20, 40)]
    figure = Figure(
        definition=indicator("I17"), period=YEAR, total=Cell(82, 180), months=list(zip(months, cells, strict=True))
    )
    asked = FigureRequest(
        scope=FigureScope(),
        period=YEAR,
        baseline=Period(date(2025, 9, 1), date(2025, 10, 31)),
        project=None,
        schools=[],
        school=None,
        term="jaar",
        is_outsider=True,
    )
    assert baseline_of(asked, figure.protected(for_outsiders=True)) is None
    assert within(figure, asked.baseline).total == Cell(32, 80)


def test_a_file_holds_no_formula_and_ends_with_who_made_it() -> None:
    assert harmless("=1+1") == "'=1+1"
    assert harmless("\u22123 pp") == "'\u22123 pp"
    assert [harmless(number) for number in ("\u221223", -23, "\u22121\u00a0234,50", "-8 %")] == [
        "-23", "-23", "-1\u00a0234,50", "-8 %",
    ]  # fmt: skip
    assert harmless("-2+3") == "'-2+3"
    assert harmless("-23\n=1+1") == "'-23\n=1+1"
    assert harmless("+32470000136") == "'+32470000136", "a telephone number keeps its plus"
    text = as_csv(["School"], [["+32"], ["-"], ["School 1"]], "Ann Verzonnen")
    lines = text.removeprefix("\ufeff").split("\r\n")
    assert lines[:4] == ["School", "'+32", "'-", "School 1"]
    assert "Ann Verzonnen" in lines[4]
