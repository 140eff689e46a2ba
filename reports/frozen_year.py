"""The grid of a project year, as readers outside the schools get it, kept before people's data go (rulings 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from reports.disclosure import Hidden, ProtectedCell, Reason, Shown
from reports.evaluation.binding import checksum
from reports.figures import Figure, FigureScope, Period, compute
from reports.indicators import INDICATORS, Indicator
from reports.models import FigureRun
from reports.wording import label_of
from schools import clock
from schools.models import Project

#: The mark of these runs among the others of a project.
GRID = {"grid": "school year"}


def freeze_year(project: Project) -> int:
    """Count every indicator along each of its breakdowns, protect it and keep it as a run that never changes; returns
    how many runs were written. A year that is frozen already stays as it is."""
    if frozen_runs(project).exists():
        return 0
    period = Period.to_date(project, project.ends_on or project.year.ends_on)
    scope, runs = FigureScope(project=project), []
    for code, definition in INDICATORS.items():
        for by in dict.fromkeys(("", "month", *definition.breakdowns)):
            runs.append(_run(project, compute(code, scope, period, by), by))
    FigureRun.objects.bulk_create(runs, batch_size=200)
    return len(runs)


def is_frozen(project: Project | None) -> bool:
    """Whether the figures of a year are kept, and its contacts gone or going."""
    return project is not None and frozen_runs(project).exists()


def frozen_runs(project: Project) -> Any:
    """The grid of a year, empty before it was frozen."""
    return FigureRun.objects.filter(project=project, parameters=GRID)


def with_kept_grid(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Projects with ``has_grid``: whether their year was frozen."""
    return projects.annotate(has_grid=Exists(FigureRun.objects.filter(project=OuterRef("pk"), parameters=GRID)))


def frozen_months(project: Project, indicator: Indicator) -> dict[date, ProtectedCell]:
    """The months of one indicator as they were kept; none where it was counted otherwise then."""
    run = frozen_runs(project).filter(indicator=indicator.code, breakdown="", version=indicator.version).first()
    months = run.result.get("months", {}) if run else {}
    return {date.fromisoformat(f"{month}-01"): _protected(cell) for month, cell in months.items()}


def _protected(cell: dict[str, Any]) -> ProtectedCell:
    return Hidden(Reason(cell["hidden"])) if "hidden" in cell else Shown(cell["n"], cell["N"])


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """One cell of the grid in words: what it is about and its n/N, or that it is hidden."""

    code: str
    name: str
    words: str


def frozen_totals(project: Project) -> list[FrozenLine]:
    """Each indicator's total over the year."""
    runs = frozen_runs(project).filter(breakdown="").order_by("indicator")
    return [_line(run.indicator, INDICATORS[run.indicator].name, run.result["total"]) for run in runs]


def frozen_rows(project: Project, code: str, by: str) -> list[FrozenLine]:
    """The groups of one indicator along a breakdown; its total when there is none."""
    run = frozen_runs(project).filter(indicator=code, breakdown=by).first()
    if run is None:
        return []
    if not by:
        return [_line(code, INDICATORS[code].name, run.result["total"])]
    return [_line(code, label_of(by, label), cell) for label, cell in run.result["rows"].items()]


def _line(code: str, name: str, cell: dict[str, Any]) -> FrozenLine:
    if "hidden" in cell:
        return FrozenLine(code, name, gettext("hidden: too few families"))
    return FrozenLine(code, name, f"{cell['n']} / {cell['N']}" if cell["N"] is not None else str(cell["n"]))


def _run(project: Project, figure: Figure, by: str) -> FigureRun:
    shown = figure.protected(True)
    result = {
        "total": _cell(shown.total),
        "rows": {label: _cell(cell) for label, cell in shown.rows.items()},
        "months": {f"{day:%Y-%m}": _cell(cell) for day, cell in shown.months},
    }
    signed = {
        "indicator": figure.definition.code,
        "version": figure.definition.version,
        "from": figure.period.first.isoformat(),
        "to": figure.period.last.isoformat(),
        "parameters": GRID,
        "result": result,
    }
    return FigureRun(
        project=project,
        indicator=figure.definition.code,
        version=figure.definition.version,
        breakdown=by,
        period_from=figure.period.first,
        period_to=figure.period.last,
        as_of=clock.now(),
        parameters=GRID,
        result=result,
        checksum=checksum(signed),
    )


def _cell(cell: ProtectedCell) -> dict[str, Any]:
    if isinstance(cell, Hidden):
        return {"n": None, "N": None, "hidden": str(cell.reason)}
    return {"n": cell.n, "N": cell.N}
