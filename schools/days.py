"""Days in words, in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language


def month_letter() -> str:
    """Django's format for a short month: only English writes it with a capital."""
    return "M" if (get_language() or "").startswith("en") else "b"


#: Languages of pages whose months Django does not know: a day is written in figures there.
_WITHOUT_MONTHS = frozenset({"ps", "so"})


def day_of(day: date) -> str:
    """A day, short."""
    return date_format(day, f"{_number_of(day)} {month_letter()} Y")


def full_day(day: date) -> str:
    """A day in full, as it stands in what leaves the portal."""
    if get_language() in _WITHOUT_MONTHS:
        return f"{day:%d/%m/%Y}"
    return date_format(day, f"{_number_of(day)} F Y")


def _number_of(day: date) -> str:
    """Django's format for the number of a day: French writes the first of a month as an ordinal."""
    return "j\\e\\r" if get_language() == "fr" and day.day == 1 else "j"
