"""Dates as files write them. In which order day and month stand is decided by a whole column, never by one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ][\d:.,+Z-]*)?")
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: [\d:]+)?")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
#: Day 0 of Excel for dates after February 1900, and the serials that stand for 1930 to 2059.
_EXCEL = date(1899, 12, 30)
_SERIALS = range(10_959, 58_440)


class Order(StrEnum):
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    #: Both stand in the column: what could be either is left out.
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """``proved`` when some date of the column can only be read so; else it is how dates are written here."""

    order: Order
    proved: bool


def order_of(texts: Iterable[str]) -> ColumnOrder:
    """How this column writes its dates."""
    day_first = month_first = 0
    for text in texts:
        if found := _PARTS.fullmatch(text):
            first, second = int(found[1]), int(found[2])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    if day_first and month_first:
        return ColumnOrder(Order.MIXED, True)
    return ColumnOrder(Order.MONTH_FIRST if month_first else Order.DAY_FIRST, bool(day_first or month_first))


def has_parts(text: str) -> bool:
    """Whether the order matters for this text."""
    return bool(_PARTS.fullmatch(text))


def is_serial(text: str) -> bool:
    """Whether this is a day as Excel counts them: what is left of a date without its format."""
    return bool(_SERIAL.fullmatch(text)) and int(text[:5]) in _SERIALS


def looks_like_date(text: str) -> bool:
    return bool(_ISO.fullmatch(text) or _PARTS.fullmatch(text))


def read_date(text: str, order: Order = Order.DAY_FIRST) -> date | None:
    """The day, or None when this is none, or could be two."""
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _PARTS.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if len(found[3]) == 2:
            year += 2000 if year < 50 else 1900
        if order is Order.MIXED and first <= 12 and second <= 12 and first != second:
            return None
        day, month = (second, first) if order is Order.MONTH_FIRST or second > 12 else (first, second)
        if order is not Order.MIXED and month > 12:
            return None
        return _day(year, month, day)
    return _EXCEL + timedelta(days=int(text[:5])) if is_serial(text) else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1900 <= year <= 2100 else None
