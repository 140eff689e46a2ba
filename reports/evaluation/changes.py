"""What a draft says and what would be counted today: which figures differ, since when and because of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parents.models import ContactMoment
from reports.chapters import SENTENCES
from reports.evaluation.binding import blocks_of, counting_for, result_of
from reports.evaluation.counting import Counting, name_of
from reports.figure_queries import moments
from reports.figures import FigureScope, Period
from reports.indicators import INDICATORS
from reports.indicators.contacts import CONTACTS
from reports.indicators.families import FAMILIES
from reports.models import ChapterBlock, EvaluationReport, FigureRun
from reports.render.in_text import words_in
from reports.richtext import placeholders
from schools.days import full_day

#: Indicators that count contacts, or families by their contacts.
_BY_CONTACTS = frozenset(entry.code for entry in (*CONTACTS, *FAMILIES))


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is no longer what the draft says. ``why`` is a clause for after "because"; empty when the rows
    do not tell."""

    code: str
    name: str
    before: str
    now: str
    as_of: datetime
    why: str = ""


def figure_changes(report: EvaluationReport, counting: Counting | None = None) -> list[Change]:
    """Figures of the year, and whatever else a text names, that would read otherwise if they were counted now. Writes
    nothing. What is asked of one ``counting`` is counted once."""
    counting = counting or counting_for(report.project)
    named = _named_in(report)
    added = cache(lambda since, period: _contacts_since(report, since, period))
    changes = []
    for block in blocks_of(report):
        window = block.run.parameters.get("window", "year")
        parts = named.get((block.run.indicator, window), [])
        if _is_printed(block) and block.run.indicator in SENTENCES and window == "year" and "" not in parts:
            parts = ["", *parts]
        if not parts:
            continue
        now = result_of(counting, block.run.indicator, window)
        for part, before, after in _differing(block, parts, now):
            why = _why(block.run, now, counting, window, added)
            changes.append(Change(_code(block.run, part), _name(block), before, after, block.run.as_of, why))
    return changes


def table_changes(report: EvaluationReport, counting: Counting | None = None) -> list[str]:
    """Tables and charts, by what stands above them, in which something would read otherwise if it were counted now."""
    counting, named = counting or counting_for(report.project), {code for code, _window in _named_in(report)}
    blocks = [block for block in blocks_of(report) if block.run.indicator not in INDICATORS]
    blocks = [block for block in blocks if _is_printed(block) or block.run.indicator in named]
    return [block.caption for block in blocks if result_of(counting, block.run.indicator, "year") != block.run.result]


def _is_printed(block: ChapterBlock) -> bool:
    """What belongs to a chapter that the fund left out hangs on the first page, for texts that name it."""
    return block.chapter.number > 0


def _named_in(report: EvaluationReport) -> dict[tuple[str, str], list[str]]:
    """Which parts of which runs the texts name."""
    named: dict[tuple[str, str], list[str]] = {}
    for text in report.chapters.values_list("text", flat=True):
        for code, part in placeholders(text):
            window = part if part in ("baseline", "end") else "year"
            parts = named.setdefault((code, window), [])
            if part not in parts and (part or code in SENTENCES):
                parts.append(part)
    return named


def _differing(block: ChapterBlock, parts: list[str], now: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for part in parts:
        before, after = (words_in(result, block.run.indicator, part) for result in (block.run.result, now))
        if before is not None and before != after:
            yield part, before, _("gone") if after is None else after


def _code(run: FigureRun, part: str) -> str:
    return f"{run.indicator}.{part}" if part else run.indicator


def _name(block: ChapterBlock) -> str:
    return name_of(block.run.indicator) if block.run.indicator in SENTENCES else block.caption


def _why(run: FigureRun, now: dict[str, Any], counting: Counting, window: str, added: Any) -> str:
    """What happened to the rows behind a figure since it was bound."""
    period = counting.windows.period(run.indicator, window)
    reasons = []
    if period.last != run.period_to:
        reasons.append(_("it is counted until %(day)s now") % {"day": full_day(period.last)})
    if run.indicator in _BY_CONTACTS:
        came, went = added(run.as_of, period)
        if came:
            reasons.append(ngettext("%(number)d contact was added", "%(number)d contacts were added", came)
                           % {"number": came})  # fmt: skip
        if went:
            reasons.append(ngettext("%(number)d contact was withdrawn", "%(number)d contacts were withdrawn", went)
                           % {"number": went})  # fmt: skip
    before, after = run.result.get("N"), now.get("N")
    if before is not None and after is not None and before != after:
        reasons.append(_("it is of %(now)d instead of %(before)d") % {"now": after, "before": before})
    return ", ".join(reasons) or _("what it is counted from was put right")


def _contacts_since(report: EvaluationReport, since: datetime, period: Period) -> tuple[int, int]:
    """Contacts of a period that were noted, and that were withdrawn, since a moment."""
    scope = FigureScope(project=report.project)
    came = moments(scope, period).filter(recorded_at__gt=since).count()
    held = {"held_on__range": (period.first, period.last), "school_id__in": scope.school_ids()}
    went = ContactMoment.objects.filter(**held, recorded_at__lte=since, withdrawn_at__gt=since).count()
    return came, went
