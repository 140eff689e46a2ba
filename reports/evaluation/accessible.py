"""The table of the schools' own accessibility scans: their first and their last one of the year, as a mean."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import override

from reports.evaluation.counting import LANGUAGE, NO_BREAK, NOT_SHOWN, Counting
from reports.models import AccessScan
from reports.ownproject import schools_of
from reports.scanlines import change
from reports.scans import FEWEST_SCHOOLS, Score, in_percent, mean_scores

_TWICE = ("Thema", "Eerste meting", "Laatste meting", "Verandering")
#: Of schools that measured once there is no first and last, and nothing changed.
_ONCE = ("Thema", "Meting")


def scan_scores(counting: Counting) -> dict[str, Any]:
    """T5: each theme of the checklist, of schools that measured twice; with too few of those, of their last scan."""
    scans = _by_school(counting)
    twice = [(found[-1], found[0]) for found in scans if len(found) > 1]
    of_twice = len(twice) >= FEWEST_SCHOOLS
    pairs = twice if of_twice else [(found[-1], None) for found in scans]
    columns = _TWICE if of_twice else _ONCE
    with override(LANGUAGE):
        means = mean_scores(pairs)
        rows = [_row(one, of_twice) for one in means] if means else [["–", NOT_SHOWN if scans else "–"]]
    heads = [{"label": label, **({"align": "right"} if place else {})} for place, label in enumerate(columns)]
    return {"table": {"columns": heads, "rows": rows, "note": _note(len(scans), len(twice), bool(means))}}


def _by_school(counting: Counting) -> list[list[AccessScan]]:
    """The scans of each school in the year, the first one first; two queries."""
    year = counting.windows.year
    found: dict[int, list[AccessScan]] = defaultdict(list)
    rows = AccessScan.objects.filter(
        school__in=schools_of(counting.project), measured_on__range=(year.first, year.last)
    )
    for scan in rows.prefetch_related("answers").order_by("measured_on", "pk"):
        found[scan.school_id].append(scan)
    return list(found.values())


def _row(one: Score, of_twice: bool) -> list[str]:
    then, now = (NOT_SHOWN if value is None else f"{in_percent(value)}{NO_BREAK}%" for value in (one.before, one.now))
    if not of_twice:
        return [one.theme.name, now]
    return [one.theme.name, then if one.before is not None else "–", now, change(one) or "–"]


def _note(schools: int, twice: int, is_shown: bool) -> str:
    if not schools:
        return "In deze periode vulde nog geen school de scan in."
    if not is_shown:
        return f"Het gemiddelde wordt pas getoond vanaf {FEWEST_SCHOOLS} scholen."
    of_twice = twice >= FEWEST_SCHOOLS
    each = f"{schools} scholen, van elke de laatste meting" if twice else f"{schools} scholen"
    counted = f"de {twice} scholen die twee keer maten" if of_twice else each
    if of_twice and schools > twice:
        counted = f"{counted} ({schools} vulden de scan in)"
    return f"Gemiddelde van {counted}, zoals ze zichzelf zien: ja telt voor één, deels voor een half."
