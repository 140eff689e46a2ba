"""The grid of a project year, as readers outside the schools get it, kept before people's data go (rulings 11)."""

from __future__ import annotations

from typing import Any

from reports.disclosure import Hidden, ProtectedCell
from reports.evaluation.binding import checksum
from reports.figures import Figure, FigureScope, Period, compute
from reports.indicators import INDICATORS
from reports.models import FigureRun
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


def frozen_runs(project: Project) -> Any:
    """The grid of a year, empty before it was frozen."""
    return FigureRun.objects.filter(project=project, parameters=GRID)


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
