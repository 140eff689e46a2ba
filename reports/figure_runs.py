"""A computation as a row that never changes, under a checksum of what it says (``FigureRun``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reports.disclosure import Hidden, ProtectedCell, Reason, Shown
from reports.figure_scope import Period
from reports.models import FigureRun
from reports.samecounts import TOTAL, Place
from reports.sealing import checksum
from schools.models import Project, User

#: What a run keeps of a figure beside its total.
_PARTS_TOLD = ("rows", "months", "also", "means")


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


def content_of(
    cells: Mapping[Place, ProtectedCell], before: Mapping[Place, ProtectedCell] | None = None
) -> dict[str, Any]:
    """The cells as a run holds them; a hidden one with what was told of it ``before``, which its readers still know."""
    found: dict[str, Any] = {"total": None, "rows": {}, "months": {}, "also": {}}
    for (part, label), cell in cells.items():
        content = as_content(cell)
        if isinstance(cell, Hidden) and isinstance(told := (before or {}).get((part, label)), Shown):
            content["told"] = as_content(told)
        if part == "total":
            found["total"] = content
        else:
            found.setdefault(part, {})[label] = content
    return found


def cells_in(result: Mapping[str, Any], *, is_hidden: bool) -> dict[Place, ProtectedCell]:
    """The cells that were told, or what had been told of those that were hidden."""
    found = {(part, label): cell for part in _PARTS_TOLD for label, cell in result.get(part, {}).items()}
    found |= {TOTAL: result["total"]} if result["total"] else {}
    if is_hidden:
        return {place: as_cell(cell["told"]) for place, cell in found.items() if "told" in cell}
    return {place: as_cell(cell) for place, cell in found.items()}
