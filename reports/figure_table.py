"""A figure as a table of words: what a page and its files show, cell for cell."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reports.disclosure import Hidden, explanations
from reports.figures import ShownFigure
from reports.wording import counted_beside, in_number, in_unit, label_of, percent

BREAKDOWNS = {
    "school": gettext_noop("By school"),
    "language_group": gettext_noop("By language group"),
    "month": gettext_noop("By month"),
    "level": gettext_noop("By level"),
    "kind": gettext_noop("By kind"),
    "round": gettext_noop("By round"),
    "attempt": gettext_noop("Tried or not"),
    "channel": gettext_noop("By channel"),
    "contact_language": gettext_noop("By contact language"),
    "reading_mode": gettext_noop("By way of reading"),
    "question": gettext_noop("By question"),
    "wave": gettext_noop("Baseline and end"),
    "activity": gettext_noop("By activity"),
    "language": gettext_noop("By language"),
    "template": gettext_noop("By template"),
    "contacts": gettext_noop("By number of contacts"),
    "rung": gettext_noop("By step"),
    "partner": gettext_noop("By organisation"),
    "window": gettext_noop("Baseline and last months"),
}


@dataclass(frozen=True, slots=True)
class FigureTable:
    """``notes`` say why cells are held back and why rows do not add up."""

    head: list[str]
    rows: list[list[str]]
    notes: list[str]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The head as the table component takes it: all but the first column are numbers."""
        first, *numbers = self.head
        return [{"label": first}, *({"label": label, "numeric": True} for label in numbers)]


def table_of(shown: ShownFigure) -> FigureTable:
    """The groups of a figure and its total, as its reader may see them."""
    return FigureTable(_head(shown), _rows(shown), _notes(shown))


def _head(shown: ShownFigure) -> list[str]:
    if shown.figure.amounts:
        return [_("Activity"), _("Hours")]
    first = _(BREAKDOWNS[shown.figure.by]) if shown.figure.by else _("Group")
    share = "" if shown.figure.is_of_parts else counted_beside(shown.definition.code)
    return [first, share or _("Share"), "n", "N", *([_("Median")] if _has_medians(shown) else [])]


def _rows(shown: ShownFigure) -> list[list[str]]:
    figure = shown.figure
    if figure.amounts:
        return [
            [capfirst(label_of(figure.by, key)), in_number(Fraction(hours))] for key, hours in figure.amounts.items()
        ]
    medians = medians_beside(shown)
    rows = [
        [label_of(figure.by, key), *_cells(cell), *_median(shown, medians.get(key))] for key, cell in shown.rows.items()
    ]
    if figure.is_of_parts or figure.by == "window":
        return rows
    return [*rows, [_("Total"), *_cells(shown.total), *_median(shown, shown.value())]]


def _cells(cell: Any) -> list[str]:
    if isinstance(cell, Hidden):
        return [_(cell.message), "", ""]
    return [percent(cell), str(cell.n), str(cell.N if cell.N is not None else "")]


def _median(shown: ShownFigure, value: Any) -> list[str]:
    """The last column of a figure whose rows have a median each."""
    if not _has_medians(shown):
        return []
    return [in_unit(shown.definition.unit, value) if value is not None else ""]


def medians_beside(shown: ShownFigure) -> dict[str, float]:
    """The median of each row that stands in the table, where it has that column."""
    return shown.medians() if _has_medians(shown) else {}


def _has_medians(shown: ShownFigure) -> bool:
    return shown.definition.unit == "contacts" and not shown.figure.is_of_parts


def _notes(shown: ShownFigure) -> list[str]:
    notes = explanations(shown.rows.values())
    if shown.figure.by == "month" and shown.figure.is_cumulative:
        notes.append(_("Each month counts from the start of the period up to and including that month."))
    if shown.figure.is_overlapping:
        notes.append(_("Some are in several groups, so the rows do not add up to the total."))
    return notes
