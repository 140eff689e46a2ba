"""A computation as a row that never changes, under a checksum of what it says (``FigureRun``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reports.disclosure import Hidden, ProtectedCell, Reason, Shown
from reports.figure_scope import Period
from reports.models import FigureRun
from reports.sealing import checksum
from schools.models import Project, User


def unsaved_run(
    *,
    project: Project,
    indicator: str,
    version: int,
    breakdown: str,
    period: Period,
    parameters: dict[str, Any],
    result: dict[str, Any],
    as_of: datetime,
    by: User | None = None,
) -> FigureRun:
    """The run of one indicator, or of whatever else has a name in a report, over the days of ``period``."""
    signed = {
        "indicator": indicator,
        "version": version,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "parameters": parameters,
        "result": result,
    }
    return FigureRun(
        project=project,
        indicator=indicator,
        version=version,
        breakdown=breakdown,
        period_from=period.first,
        period_to=period.last,
        as_of=as_of,
        parameters=parameters,
        result=result,
        checksum=checksum(signed),
        computed_by=by,
    )


def as_content(cell: ProtectedCell) -> dict[str, Any]:
    """A cell as a run holds it."""
    if isinstance(cell, Hidden):
        return {"n": None, "N": None, "hidden": str(cell.reason)}
    return {"n": cell.n, "N": cell.N}


def as_cell(content: dict[str, Any]) -> ProtectedCell:
    """What ``as_content`` wrote."""
    return Hidden(Reason(content["hidden"])) if "hidden" in content else Shown(content["n"], content["N"])
