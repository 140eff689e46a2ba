"""Euros and hours as people read them in Belgium, on pages and in reports."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from schools.languages import MASTER

NO_BREAK = "\u00a0"
_CENT, _WHOLE = Decimal("0.01"), Decimal(1)


def in_euros(amount: Decimal | Fraction, code: str = MASTER, *, cents: bool = True) -> str:
    """ "€ 1.234,56" with a true minus sign, in French "1 234,56 €"; without cents rounded to whole euros. ``code`` is
    the language: of a report the Dutch, of a page that of its reader."""
    exact = amount if isinstance(amount, Decimal) else Decimal(amount.numerator) / Decimal(amount.denominator)
    rounded = exact.quantize(_CENT if cents else _WHOLE, ROUND_HALF_UP)
    sign, words = "−" if rounded < 0 else "", f"{abs(rounded):,}"
    if code.startswith("en"):
        return f"{sign}€{words}"
    if code.startswith("fr"):
        return f"{sign}{words.translate(str.maketrans(',.', NO_BREAK + ','))}{NO_BREAK}€"
    return f"{sign}€{NO_BREAK}{words.translate(str.maketrans(',.', '.,'))}"


def in_hours(hours: Decimal | Fraction, code: str = MASTER, *, decimals: int = 1) -> str:
    """ "3,5", in English "3.5": one decimal where it is not whole. ``code`` as with euros."""
    exact = hours if isinstance(hours, Decimal) else Decimal(hours.numerator) / Decimal(hours.denominator)
    words = f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP).normalize():f}"
    return words if code.startswith("en") else words.replace(".", ",")
