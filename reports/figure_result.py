"""A counted figure, and the figure as a reader may see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from reports import statistics
from reports.disclosure import (
    Cell,
    Hidden,
    ProtectedCell,
    Reason,
    Shown,
    protect_breakdown,
    protect_cell,
    protect_groups,
)
from reports.figure_scope import Period
from reports.indicators import Indicator

NEVER = "never"
Months = Sequence[tuple[date, Cell]]
ShownMonths = tuple[tuple[date, ProtectedCell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One indicator, counted: for our own eyes until it passes ``protected``.

    ``rows`` are the groups of the breakdown ``by``, by key; ``months`` each month's cell, or for a cumulative figure
    the cell from the period's start up to and including that month. ``lines`` are the months of each group. ``also``
    are second numerators over the same units ("evening", "child", "late"). ``values`` are ordered quantities: the
    school days of each question, ``math.inf`` while it is open. ``amounts`` are hours by activity. ``means`` are sums
    with how many they are of. ``parts`` divide the units: each stands in one of them, and where ``headline_part`` names
    one, that part is the total's n; other figures count the families of each of ``parts_together``. Of the rows
    in each of ``sizes_together`` another figure tells how many units they have, or with ``are_rests`` how large N − n
    is. ``ends`` name the rows between which the difference is.

    ``inside`` says which row lies inside which other one, so that both together tell what is between them; ``fragile``
    rows would tell a hidden cell of another figure.
    """

    definition: Indicator
    period: Period
    total: Cell
    by: str = ""
    rows: Mapping[str, Cell] = field(default_factory=dict)
    months: Months = ()
    lines: Mapping[str, Months] = field(default_factory=dict)
    also: Mapping[str, Cell] = field(default_factory=dict)
    values: Sequence[float] = ()
    values_by: Mapping[str, Sequence[float]] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    means: Mapping[str, tuple[int | Fraction, int]] = field(default_factory=dict)
    parts: Mapping[str, Cell] = field(default_factory=dict)
    headline_part: str = ""
    parts_together: Sequence[Sequence[str]] = ()
    sizes_together: Sequence[Collection[str]] = ()
    are_rests: bool = False
    ends: tuple[str, str] = ("other", "nl")
    inside: Mapping[str, str] = field(default_factory=dict)
    fragile: frozenset[str] = frozenset()
    #: Of a measurement: how many answered of those who were asked.
    response: Cell | None = None
    is_cumulative: bool = False
    is_overlapping: bool = False
    #: When it was counted, of a figure that was kept (reports.kept).
    counted_at: datetime | None = None

    @property
    def gap(self) -> Fraction | None:
        """The difference between the two ``ends`` in percentage points, exact; None unless both are there."""
        return self.between(*self.ends)

    def between(self, first: str, last: str) -> Fraction | None:
        """R(last) − R(first) of two rows, in percentage points."""
        if not {first, last} <= set(self.rows):
            return None
        return statistics.points_between(_pair(self.rows[first]), _pair(self.rows[last]))

    @property
    def ratio(self) -> Fraction | None:
        """R(other) / R(nl); 1 means equal (I23)."""
        if not {"nl", "other"} <= set(self.rows):
            return None
        return statistics.ratio(_rate(self.rows["other"]), _rate(self.rows["nl"]))

    def protected(self, for_outsiders: bool) -> ShownFigure:
        """The figure as it may be read: outside the school no count of one to four stays visible or derivable."""
        if not for_outsiders:
            rows, also = (_shown(cells) for cells in (self.rows, self.also))
            months = tuple((day, Shown(cell.n, cell.N)) for day, cell in self.months)
            return ShownFigure(self, Shown(self.total.n, self.total.N), rows, months, also, self.lines, False)
        floor = self.definition.minimum
        curve = self._protected_months(floor)
        parts = self._protected_parts(floor)
        by_month = {f"{day:%Y-%m}": cell for day, cell in curve}
        rows = by_month if self.by == "month" else self._protected_rows(parts, floor)
        total = parts[self.headline_part] if self.headline_part else protect_cell(self.total, floor)
        return ShownFigure(self, total, rows, curve, self._protected_also(floor), {}, True)

    @property
    def is_of_parts(self) -> bool:
        """Whether the rows are the parts, and not groups with a numerator each."""
        return bool(self.parts) and self.rows == self.parts

    def _protected_rows(self, parts: Mapping[str, ProtectedCell], floor: int) -> dict[str, ProtectedCell]:
        if not self.rows:
            return {}
        if self.is_of_parts:
            return dict(parts)
        if isinstance(parts.get(self.headline_part), Hidden):  # their sum would be that part
            return dict.fromkeys(self.rows, Hidden(Reason.WITHHELD))
        if self.inside or self.fragile:
            return {key: self._protected_window(key, floor) for key in self.rows}
        return protect_groups(
            self.rows,
            self.total,
            overlapping=self.is_overlapping,
            floor=floor,
            known_sizes=self.sizes_together,
            of_rest=self.are_rests,
        )

    def _protected_parts(self, floor: int) -> dict[str, ProtectedCell]:
        """Each part as n of all; whoever knows all of them but one knows that one too."""
        if not self.parts:
            return {}
        size = next(iter(self.parts.values())).N or 0
        if not self.headline_part and isinstance(protect_cell(self.total, floor), Hidden):  # their N is the total's n
            return dict.fromkeys(self.parts, Hidden(Reason.WITHHELD))
        sums = [(names, Cell(sum(self.parts[name].n for name in names), size)) for names in self.parts_together]
        told = [names for names, cell in sums if isinstance(protect_cell(cell, floor), Shown)]
        return protect_breakdown(self.parts, Cell(size, size), overlapping=True, floor=floor, known_sums=told)

    def _protected_also(self, floor: int) -> dict[str, ProtectedCell]:
        """The second numerators. Where they make up all that the first one leaves, whoever knows N, n and all of them
        but one knows that one too; with a hidden n none of them may tell it."""
        shown = {name: _nested(self.total, cell, self.also, floor) for name, cell in self.also.items()}
        rest = (self.total.N or 0) - self.total.n
        is_all = rest == sum(cell.n for cell in self.also.values())
        if isinstance(protect_cell(self.total, floor), Hidden):
            tell = [name for name, cell in self.also.items() if is_all or self.total.n == cell.N]
            return {**shown, **dict.fromkeys(tell, Hidden(Reason.COMPLEMENTARY))}
        if not is_all:
            return shown
        apart = protect_breakdown({name: Cell(cell.n) for name, cell in self.also.items()}, Cell(rest), floor=floor)
        return {name: apart[name] if isinstance(apart[name], Hidden) else cell for name, cell in shown.items()}

    def _protected_window(self, key: str, floor: int) -> ProtectedCell:
        """A row over days of its own: hidden too when little lies between it and the one around it."""
        cell, around = self.rows[key], self.rows.get(self.inside.get(key, ""))
        shown = protect_cell(cell, floor)
        if key in self.fragile:
            return Hidden(Reason.COMPLEMENTARY)
        if around is None or isinstance(shown, Hidden):
            return shown
        apart = (around.n - cell.n, (around.N or 0) - (cell.N or 0))
        is_small = any(0 < value < floor for value in (*apart, apart[1] - apart[0]))
        return Hidden(Reason.COMPLEMENTARY) if is_small else shown

    def _protected_months(self, floor: int) -> ShownMonths:
        if not self.months:
            return ()
        if not self.is_cumulative:
            cells = protect_groups({f"{day}": cell for day, cell in self.months}, self.total, floor=floor)
            return tuple((day, cells[f"{day}"]) for day, _ in self.months)
        return self._protected_curve(floor)

    def _protected_curve(self, floor: int) -> ShownMonths:
        """The curve tells how many families are new in each month, so those counts are what is protected; a point is
        shown where the months up to it hold all of the hidden ones or none."""
        fresh = {day: cell.n - before for (day, cell), before in zip(self.months, self._before(), strict=True)}
        size = self.total.N or 0
        groups = {f"{day}": Cell(n) for day, n in fresh.items()} | {NEVER: Cell(size - self.total.n)}
        shown = protect_breakdown(groups, Cell(size), floor=floor)
        hidden = [key for key, cell in shown.items() if isinstance(cell, Hidden)]
        curve: list[tuple[date, ProtectedCell]] = []
        behind = 0
        for day, cell in self.months:
            behind += f"{day}" in hidden
            is_safe = behind in (0, len(hidden))
            point = protect_cell(cell, floor)
            curve.append((day, point if is_safe else Hidden(Reason.COMPLEMENTARY)))
        return tuple(curve)

    def _before(self) -> list[int]:
        return [0, *(cell.n for _, cell in self.months)][: len(self.months)]


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure that passed the protection: ``figure`` behind it is for computing, never for showing."""

    figure: Figure
    total: ProtectedCell
    rows: Mapping[str, ProtectedCell]
    months: ShownMonths
    also: Mapping[str, ProtectedCell]
    lines: Mapping[str, Months]
    is_protected: bool
    #: Rows that stand as they were told before (``holding``).
    kept_back: frozenset[str] = frozenset()

    @property
    def definition(self) -> Indicator:
        return self.figure.definition

    @property
    def is_hidden(self) -> bool:
        """Whether the headline may not be shown."""
        if self.definition.unit == "pp":
            return any(isinstance(self.rows.get(group), Hidden) for group in self.figure.ends)
        return isinstance(self.total, Hidden)

    @property
    def gap(self) -> Fraction | None:
        return None if self.is_hidden else self.figure.gap

    @property
    def ratio(self) -> Fraction | None:
        return None if self.is_hidden else self.figure.ratio

    @property
    def spread(self) -> statistics.Spread | None:
        """Median, quartiles and P90 of the ordered values; None where there are none or they may not be shown."""
        return None if self.is_hidden else statistics.spread(self.figure.values)

    def means(self) -> dict[str, Fraction]:
        """The means that may be shown: outside the school none of one to four."""
        if self.is_hidden:
            return {}
        floor = self.definition.minimum if self.is_protected else 0
        means = self.figure.means.items()
        return {name: Fraction(number, of) for name, (number, of) in means if of and not 0 < number < floor}

    def response(self) -> ProtectedCell | None:
        """How many answered a measurement; None where that was not counted."""
        cell = self.figure.response
        if cell is None:
            return None
        return protect_cell(cell, self.definition.minimum) if self.is_protected else Shown(cell.n, cell.N)

    def medians(self) -> dict[str, float]:
        """The median of each row that may be shown, where rows have values of their own."""
        values = {label: self.figure.values_by.get(label, ()) for label in self.rows}
        found = {label: statistics.median(row) for label, row in values.items()}
        return {
            label: value for label, value in found.items() if value is not None and isinstance(self.rows[label], Shown)
        }

    def value(self) -> Fraction | float | None:
        """The headline in the indicator's unit, exact; inf for a median that is an open question."""
        if self.is_hidden:
            return None
        if self.definition.unit == "pp":
            return self.figure.gap
        if self.definition.unit in ("school days", "contacts"):
            return statistics.median(self.figure.values)
        if self.definition.unit == "h":
            return Fraction(sum(self.figure.amounts.values(), Decimal(0)))
        return _rate(self.figure.total)


def within(figure: Figure, period: Period) -> Figure:
    """The figure of some months of it, for figures whose units each belong to one month."""
    if figure.is_cumulative:
        raise ValueError("The months of a cumulative figure are not parts of it.")
    wanted = set(period.months())
    months = [(day, cell) for day, cell in figure.months if day in wanted]
    keys = [f"{day:%Y-%m}" for day, _ in months]
    total = Cell(sum(cell.n for _, cell in months), sum(cell.N or 0 for _, cell in months))
    values = sorted(value for key in keys for value in figure.values_by.get(key, ()))
    return Figure(definition=figure.definition, period=period, total=total, months=months, values=values)


def _nested(total: Cell, cell: Cell, others: Mapping[str, Cell], floor: int) -> ProtectedCell:
    """A second numerator: hidden too when what lies between it and the first one, or beside all, is small."""
    rest = (total.N or 0) - total.n - sum(one.n for one in others.values())
    differences = (cell.n, (cell.N or 0) - cell.n, abs(total.n - cell.n), abs(rest))
    return Hidden(Reason.PRIMARY) if any(0 < value < floor for value in differences) else Shown(cell.n, cell.N)


def _shown(cells: Mapping[str, Cell]) -> dict[str, ProtectedCell]:
    return {label: Shown(cell.n, cell.N) for label, cell in cells.items()}


def _pair(cell: Cell) -> tuple[int, int]:
    return cell.n, cell.N or 0


def _rate(cell: Cell) -> Fraction | None:
    return statistics.rate(*_pair(cell))
