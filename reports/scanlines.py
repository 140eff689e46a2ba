"""Accessibility scans as pages lay them out: schools by theme, the points of one school, and its actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from reports.accessibility import POINTS
from reports.models import AccessScan, ScanAnswer
from reports.scans import Score, answers_of, scores
from reports.statistics import MINUS, NO_FIGURE
from schools import clock
from schools.models import School

#: Open actions first, and of the done ones the newest.
ACTIONS_SHOWN = 100
_TONES = {"YES": "leaf", "PARTLY": "sun", "NO": "brick", "NA": "plain"}
_ICONS = {"YES": "check", "PARTLY": "circle-dot", "NO": "x", "NA": "minus"}


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point with its answer now and before, in words."""

    words: str
    answer: str
    tone: str
    icon: str
    before: str
    remark: str

    @property
    def is_changed(self) -> bool:
        return bool(self.before) and self.before != self.answer


def percent(score: Score) -> str:
    return NO_FIGURE if score.percent is None else f"{score.percent}\u00a0%"


def change(score: Score) -> str:
    """ "+12 pp" since the measurement before; empty without one."""
    if score.change is None:
        return ""
    if score.change == 0:
        return _("unchanged")
    return f"{'+' if score.change > 0 else MINUS}{abs(score.change)}\u00a0pp"


def themes_in_words(found: Iterable[Score]) -> list[dict[str, Any]]:
    return [
        {"name": one.theme.name, "value": percent(one), "percent": one.percent or 0, "change": change(one)}
        for one in found
    ]


def table_of(
    schools: Iterable[School], pairs: Mapping[int, tuple[AccessScan | None, AccessScan | None]]
) -> list[dict[str, Any]]:
    """A row for each school, by name: no order of who is best."""
    rows = []
    for school in schools:
        now, before = pairs[school.pk]
        cells = [(one.theme.name, percent(one), change(one)) for one in scores(now, before)] if now else []
        rows.append({"school": school, "now": now, "cells": cells})
    return rows


def scan_lines(now: AccessScan | None, before: AccessScan | None) -> list[dict[str, Any]]:
    """Each theme of one measurement with its score and its points."""
    if now is None:
        return []
    today, then = answers_of(now), answers_of(before)
    return [
        {
            "name": one.theme.name,
            "value": percent(one),
            "percent": one.percent or 0,
            "change": change(one),
            "points": [_point(today[key], then.get(key)) for key in (p.key for p in one.theme.points) if key in today],
        }
        for one in scores(now, before)
    ]


def _point(row: ScanAnswer, before: ScanAnswer | None) -> PointLine:
    return PointLine(
        POINTS[row.point].words,
        row.get_answer_display(),
        _TONES[row.answer],
        _ICONS[row.answer],
        before.get_answer_display() if before else "",
        row.remark,
    )


def action_lines(rows: Any) -> list[dict[str, Any]]:
    """What is to be done first, then what was done, the newest first."""
    ordered = rows.select_related("owner").order_by(F("done_on").desc(nulls_first=True), "due_on", "pk")
    return [
        {
            "row": row,
            "about": POINTS[row.point].words if row.point in POINTS else "",
            "is_late": row.done_on is None and row.due_on < clock.today(),
        }
        for row in ordered[:ACTIONS_SHOWN]
    ]
