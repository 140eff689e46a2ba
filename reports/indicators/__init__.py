"""The indicators: one definition each. How they are counted stands in ``reports.figure_queries``."""

from __future__ import annotations

from reports.indicators.base import Breakdown, Indicator, Unit
from reports.indicators.contacts import CONTACTS
from reports.indicators.families import FAMILIES
from reports.indicators.notices import NOTICES
from reports.indicators.project import PROJECT

__all__ = ["HOME", "INDICATORS", "Breakdown", "Indicator", "Unit", "indicator"]

INDICATORS: dict[str, Indicator] = {
    entry.code: entry for entry in sorted((*FAMILIES, *CONTACTS, *NOTICES, *PROJECT), key=lambda entry: entry.code)
}
#: The home row of every dashboard, in this order.
HOME: tuple[str, ...] = tuple(code for code, entry in INDICATORS.items() if entry.is_home)


def indicator(code: str) -> Indicator:
    """The definition; KeyError for an unknown code."""
    return INDICATORS[code.upper()]
