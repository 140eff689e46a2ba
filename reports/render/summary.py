"""One page for the fund in Dutch, French and English: what was done, whom it reached, three figures and the baseline.

Its numbers are those of the runs to which the report is bound, so that it says what the report says; the worker adds up
to three sentences in each language. It is frozen with the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.evaluation.bound import Bound, change, sizes, value_in_words
from reports.indicators import indicator
from reports.models import ChapterBlock, EvaluationReport, ReportKind, ReportSummary
from reports.render.summary_sentences import next_year, what_they_say, what_was_done, whom_we_reached
from schools import clock
from schools.languages import STAFF_CODES, language

#: The three figures, in this order, all compared with the baseline: what is known at both times comes first.
_BESIDE_THE_BASELINE = ("I01", "I06", "I17", "I02", "I13", "I23")
_FIGURES = 3
#: So that it stays one page with ever so many centres.
_LONGEST_FACT = 400


def summaries_of(report: EvaluationReport, blocks: Iterable[ChapterBlock]) -> dict[str, dict[str, Any]]:
    """The page in each language; one query, for the own sentences."""
    bound = Bound(blocks)
    own = {row.language: row for row in report.summaries.all()}
    return {code: summary_of(report, bound, own.get(code), code) for code in STAFF_CODES}


def summary_of(report: EvaluationReport, bound: Bound, own: ReportSummary | None, code: str) -> dict[str, Any]:
    """Everything that stands on the page in one language."""
    own = own or ReportSummary()
    with override(code):
        sections = (
            (_("What was done"), what_was_done(bound), own.done),
            (_("Whom we reached"), whom_we_reached(bound), ""),
            (_("What schools and parents say"), what_they_say(bound), own.schools),
            (_("Next year"), next_year(bound), own.next_year),
        )
        return {
            "lang": language(code).html_lang,
            "date": clock.today().isoformat(),
            "title": _title(report),
            "subtitle": _("Summary for the fund"),
            "facts": _facts(report, bound),
            "before": [_section(*section) for section in sections[:2]],
            "cards": {
                "title": _("Three figures beside the baseline"),
                "items": [_card(bound, one) for one in _chosen(bound)],
                "note": _how_compared(bound),
            },
            "after": [_section(*section) for section in sections[2:] if any(section[1:])],
            "foot": _(
                "Every figure is that of the full report, version %(version)d, and bound to a kept calculation. "
                "What would tell something of a small group is not shown."
            )
            % {"version": report.version},
        }


def for_typesetter(content: dict[str, Any], status: str, mark: str, brand: str) -> dict[str, Any]:
    """One language's page as the print template wants it; ``mark`` is the report's checksum, empty for a draft."""
    short = " ".join(mark[place : place + 4] for place in range(0, 16, 4)).strip()
    return content | {"status": status, "checksum": mark, "checksum_short": short, "brand": brand}


def _title(report: EvaluationReport) -> str:
    words = {"project": report.project.name, "year": report.project.year}
    if report.kind == ReportKind.INTERIM:
        return _("%(project)s: interim report %(year)s") % words
    return _("%(project)s: evaluation %(year)s") % words


def _facts(report: EvaluationReport, bound: Bound) -> list[dict[str, str]]:
    fund = ", ".join(filter(None, (report.project.funder, report.project.grant_number)))
    carried_by = ", ".join(row[0] for row in bound.rows("T8"))
    facts = (
        (_("Fund"), fund),
        (_("Carried by"), carried_by),
        (_("Period counted"), _("%(first)s to %(last)s") % bound.period("I01")),
    )
    return [{"label": label, "text": Truncator(text).chars(_LONGEST_FACT)} for label, text in facts if text]


def _section(title: str, sentences: list[str], own: str) -> dict[str, Any]:
    return {"title": title, "text": " ".join(filter(None, (*sentences, own)))}


def _chosen(bound: Bound) -> list[str]:
    known = [code for code in _BESIDE_THE_BASELINE if _is_known_twice(bound, code)]
    rest = [code for code in _BESIDE_THE_BASELINE if code not in known]
    return [*known, *rest][:_FIGURES]


def _is_known_twice(bound: Bound, code: str) -> bool:
    return all(bound.result(code, window)["number"] is not None for window in ("baseline", "end"))


def _card(bound: Bound, code: str) -> dict[str, Any]:
    """A figure in the last window, and what it was at the baseline; each with n and N where it has them."""
    before, now = bound.result(code, "baseline"), bound.result(code, "end")
    baseline = ", ".join(filter(None, (value_in_words(before), sizes(before))))
    last = ", ".join(filter(None, (_("last measurement"), sizes(now))))
    lines = (last, _("baseline: %(value)s") % {"value": baseline}, change(before, now), code)
    return {"label": indicator(code).name, "value": value_in_words(now), "lines": [line for line in lines if line]}


def _how_compared(bound: Bound) -> str:
    before, after = (_("%(first)s to %(last)s") % bound.period("I01", window) for window in ("baseline", "end"))
    return _("Baseline: %(before)s. Last measurement: %(after)s.") % {"before": before, "after": after}
