"""Days in words, in the reader's language, on one line: one that ends with "12" is read as a number."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

from schools.languages import MASTER, STAFF_CODES


def month_letter() -> str:
    """Django's format for a short month: only English writes it with a capital."""
    return "M" if (get_language() or "").startswith("en") else "b"


def day_of(day: date) -> str:
    """A day, short."""
    return _whole(date_format(day, f"{_number_of(day)} {month_letter()} Y"))


def day_of_year(day: date) -> str:
    """A day, short, of a year that is plain."""
    return _whole(date_format(day, f"{_number_of(day)} {month_letter()}"))


def full_day(day: date) -> str:
    """A day in full, as it stands in what leaves the portal; in figures in a language that no colleague reads, for
    Django writes most of their months as a title and does not know those of Pashto and Somali."""
    if (get_language() or MASTER) not in STAFF_CODES:
        return f"{day:%d/%m/%Y}"
    return _whole(date_format(day, f"{_number_of(day)} F Y"))


def _whole(words: str) -> str:
    return words.replace(" ", "\u00a0")


def _number_of(day: date) -> str:
    """Django's format for the number of a day: French writes the first of a month as an ordinal."""
    return "j\\e\\r" if get_language() == "fr" and day.day == 1 else "j"
