"""The grid of a project year, as readers outside the schools get it, kept before people's data go (rulings 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from reports.disclosure import ProtectedCell
from reports.figure_runs import as_cell, as_content, unsaved_run
from reports.figures import FigureScope, Period, ShownFigure, compute
from reports.indicators import INDICATORS, Indicator
from reports.models import FigureRun
from reports.releases import Releases
from reports.wording import counted_beside, label_of
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
    releases = Releases.of(project, period)
    for code, definition in INDICATORS.items():
        for by in dict.fromkeys(("", "month", *definition.breakdowns)):
            told = releases.beside(compute(code, scope, period, by).protected(for_outsiders=True))
            runs.append(_run(project, told, by))
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
    return {date.fromisoformat(f"{month}-01"): as_cell(cell) for month, cell in months.items()}


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """One cell of the grid in words: what it is about and its n/N, or that it is hidden."""

    code: str
    name: str
    words: str


def frozen_totals(project: Project) -> list[FrozenLine]:
    """Each indicator's total over the year."""
    runs = frozen_runs(project).filter(breakdown="").order_by("indicator")
    return [_line(run.indicator, _name(run.indicator), run.result["total"]) for run in runs]


def frozen_rows(project: Project, code: str, by: str) -> list[FrozenLine]:
    """The groups of one indicator along a breakdown; its total when there is none."""
    run = frozen_runs(project).filter(indicator=code, breakdown=by).first()
    if run is None:
        return []
    if not by:
        return [_line(code, _name(code), run.result["total"])]
    return [_line(code, label_of(by, label), cell) for label, cell in run.result["rows"].items()]


def _name(code: str) -> str:
    """What n of N says: of a median or a sum the share beside it."""
    share = counted_beside(code)
    return f"{INDICATORS[code].name} · {share}" if share else INDICATORS[code].name


def _line(code: str, name: str, cell: dict[str, Any]) -> FrozenLine:
    if "hidden" in cell:
        return FrozenLine(code, name, gettext("hidden: too few families"))
    return FrozenLine(code, name, f"{cell['n']} / {cell['N']}" if cell["N"] is not None else str(cell["n"]))


def _run(project: Project, shown: ShownFigure, by: str) -> FigureRun:
    figure = shown.figure
    result = {
        "total": as_content(shown.total),
        "rows": {label: as_content(cell) for label, cell in shown.rows.items()},
        "months": {f"{day:%Y-%m}": as_content(cell) for day, cell in shown.months},
    }
    return unsaved_run(
        project=project,
        indicator=figure.definition.code,
        version=figure.definition.version,
        breakdown=by,
        period=figure.period,
        parameters=GRID,
        result=result,
        as_of=clock.now(),
    )
