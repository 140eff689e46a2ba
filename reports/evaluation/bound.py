"""The runs to which a report is bound, in the language of the moment: a report itself keeps its figures in Dutch."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from reports import statistics, wording
from reports.evaluation.counting import NOT_SHOWN
from reports.models import ChapterBlock, FigureRun
from schools.days import full_day

NO_BREAK = "\u00a0"
Result = dict[str, Any]
_NOTHING: Result = {"text": statistics.NO_FIGURE, "number": None, "unit": "", "n": None, "N": None}


class Bound:
    """The runs of a report, by what they count and in which window."""

    def __init__(self, blocks: Iterable[ChapterBlock]) -> None:
        self.runs: dict[tuple[str, str], FigureRun] = {}
        for block in blocks:
            self.runs.setdefault((block.run.indicator, block.run.parameters.get("window", "year")), block.run)

    def result(self, code: str, window: str = "year") -> Result:
        """What was counted; nothing where the report is not bound to it."""
        found = self.runs.get((code, window))
        return found.result if found else _NOTHING

    def rows(self, code: str) -> list[list[str]]:
        """The rows of a table; none where it is not bound."""
        rows: list[list[str]] = self.result(code).get("table", {}).get("rows", [])
        return rows

    def period(self, code: str, window: str = "year") -> dict[str, str]:
        """First and last day of a run."""
        found = self.runs.get((code, window))
        days = (full_day(found.period_from), full_day(found.period_to)) if found else ("–", "–")
        return {"first": days[0], "last": days[1]}


def value_in_words(result: Result) -> str:
    """The figure with its unit, or that it is not shown."""
    number, unit = result["number"], result["unit"]
    if result["text"] == NOT_SHOWN:
        return _("not shown")
    if result["text"] == statistics.NO_FIGURE:
        return statistics.NO_FIGURE
    if unit == "%":
        return f"{statistics.format_rate(result['n'], result['N'])}{NO_BREAK}%"
    if number is None:
        return _("longer than the period")
    if unit in ("school days", "contacts"):
        return wording.in_unit(unit, number)
    if unit == "pp":
        return f"{statistics.format_number(Fraction(number), result.get('decimals', 0))}{NO_BREAK}pp"
    hours = _("hours")
    return f"{wording.in_number(number)}{NO_BREAK}{hours}"


def sizes(result: Result) -> str:
    """n of N of a share; empty for other figures, and where they may not be shown."""
    if result["n"] is None or result["unit"] != "%":
        return ""
    return _("%(n)d of %(whole)d") % {"n": result["n"], "whole": result["N"]}


def change(before: Result, now: Result) -> str:
    """The difference of two shares, from the counts and not from rounded shares; empty for other figures."""
    if now["unit"] != "%" or before["n"] is None or now["n"] is None:
        return ""
    difference = statistics.points_between((before["n"], before["N"]), (now["n"], now["N"]))
    if difference is None:
        return ""
    decimals = statistics.rate_decimals(before["N"], now["N"])
    return _("change: %(points)s") % {"points": wording.in_points(difference, decimals)}
