"""Stores what a plan would do, so that people can look at it page by page: findings and pages of lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from parents.roster.whole import WholePlan
from schools.models import RosterFinding, RosterPage, RosterUpload
from schools.roster.plan import Deed, Line

#: Findings that are kept of one level; the counts say how many there were.
MOST_FINDINGS = 500
LINES_ON_A_PAGE = 50
_ROWS_AT_ONCE = 500


def store(upload: RosterUpload, plan: WholePlan) -> dict[str, Any]:
    """Replace the findings and pages of an upload, in the caller's transaction; returns its new fields."""
    RosterFinding.objects.filter(upload=upload).delete()
    RosterPage.objects.filter(upload=upload).delete()
    RosterFinding.objects.bulk_create(_findings(upload, plan), batch_size=_ROWS_AT_ONCE)
    for deed in Deed:
        RosterPage.objects.bulk_create(_pages(upload, deed, plan.with_deed(deed)), batch_size=_ROWS_AT_ONCE)
    return {
        "system": plan.children.roster.source_system[:40],
        "plan_key": plan.key,
        "counts": plan.counts(),
        "findings_total": len(plan.findings),
        "enrolled": plan.children.enrolled,
        "leaving": plan.children.leaving,
    }


def _findings(upload: RosterUpload, plan: WholePlan) -> Iterator[RosterFinding]:
    kept: dict[str, int] = {}
    for position, finding in enumerate(plan.findings, 1):
        level = finding.severity.value
        kept[level] = kept.get(level, 0) + 1
        if kept[level] <= MOST_FINDINGS:
            yield RosterFinding(
                upload=upload,
                position=position,
                severity=level,
                code=finding.code,
                file=finding.place.file[-120:],
                row=finding.place.row,
                column=finding.place.column[:120],
                values=dict(finding.values),
            )


def _pages(upload: RosterUpload, deed: Deed, lines: Iterator[Line]) -> Iterator[RosterPage]:
    number = 1
    while page := list(islice(lines, LINES_ON_A_PAGE)):
        yield RosterPage(upload=upload, deed=deed.value, number=number, lines=[line.as_data() for line in page])
        number += 1
