"""Rates, differences, quantiles: the arithmetic of the figures, exact until the last step.

Everything is computed from whole numbers as fractions and rounded once, half up (0.5 goes away from zero), so that a
figure on a screen, in a spreadsheet and in a report is the same figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.formats import get_format

#: From this denominator on a percentage carries one decimal (rulings 11).
DECIMAL_FROM = 100
NO_FIGURE = "–"
MINUS = "\u2212"


class Interval(NamedTuple):
    low: float
    high: float


class Spread(NamedTuple):
    """Median, quartiles and 90th percentile of one set of values, in the unit of the values."""

    median: float
    first_quartile: float
    third_quartile: float
    ninetieth: float


def wilson_interval(n: int, N: int, z: float = 1.96) -> Interval:
    """Score interval of the share n/N as fractions of 1 (Wilson 1927); z = 1.96 gives 95 %.

    Without observations nothing is known: (0, 1).
    """
    _check(n, N)
    if N == 0:
        return Interval(0.0, 1.0)
    share, square = n / N, z * z
    middle = (share + square / (2 * N)) / (1 + square / N)
    half = z / (1 + square / N) * math.sqrt(share * (1 - share) / N + square / (4 * N * N))
    low = 0.0 if n == 0 else max(0.0, middle - half)
    high = 1.0 if n == N else min(1.0, middle + half)
    return Interval(low, high)


def rate(n: int, N: int) -> Fraction | None:
    """n/N in percent, exact; None without a denominator."""
    _check(n, N)
    return Fraction(100 * n, N) if N else None


def rate_decimals(*denominators: int) -> int:
    """Decimals of a percentage: none when one of the denominators is below 100."""
    return 0 if min(denominators) < DECIMAL_FROM else 1


def rounded(value: Fraction | int, decimals: int = 0) -> Decimal:
    """The value with that many decimals, half away from zero."""
    scaled = abs(Fraction(value)) * 10**decimals
    whole = math.floor(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def format_number(value: Fraction | int, decimals: int = 0, *, decimal_mark: str | None = None) -> str:
    """The rounded value with the reader's decimal mark and a true minus sign; no minus before a rounded zero."""
    number = rounded(value, decimals)
    mark = get_format("DECIMAL_SEPARATOR") if decimal_mark is None else decimal_mark
    digits = f"{abs(number):.{decimals}f}".replace(".", mark)
    return MINUS + digits if number < 0 else digits


def format_rate(n: int, N: int, *, decimal_mark: str | None = None) -> str:
    """The percentage without its sign: "92" for 22 of 24, "91,7" for 220 of 240; a dash without a denominator."""
    value = rate(n, N)
    if value is None:
        return NO_FIGURE
    return format_number(value, rate_decimals(N), decimal_mark=decimal_mark)


def points_between(start: tuple[int, int], end: tuple[int, int]) -> Fraction | None:
    """Difference end − start of two rates (n, N) in percentage points, exact; None when one has no denominator."""
    first, last = rate(*start), rate(*end)
    return None if first is None or last is None else last - first


def format_points(value: Fraction | None, decimals: int = 0, *, decimal_mark: str | None = None) -> str:
    """A difference with its sign: "+6", "−19", "0"; decimals come from ``rate_decimals`` of both denominators."""
    if value is None:
        return NO_FIGURE
    text = format_number(value, decimals, decimal_mark=decimal_mark)
    return f"+{text}" if rounded(value, decimals) > 0 else text


def ratio(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    """first/second; 1 means equal. None when one is missing or the second is zero."""
    if first is None or not second:
        return None
    return first / second


def format_ratio(value: Fraction | None, *, decimal_mark: str | None = None) -> str:
    """A ratio with two decimals, as the indicators print it: "0,67"."""
    return NO_FIGURE if value is None else format_number(value, 2, decimal_mark=decimal_mark)


def quantile(values: Iterable[float], percent: int) -> float | None:
    """The smallest value that at least ``percent`` % of the values do not exceed; None without values.

    When exactly that share is reached at a value, the mean of it and the next one (definition 2 of Hyndman and Fan
    1996), so that 50 gives the usual median. An unanswered question counts as ``math.inf``: the answer is then
    "longer than any", never a number made from it.
    """
    if not 0 < percent < 100:
        raise ValueError("A quantile lies between 1 and 99 percent.")
    ordered = sorted(values)
    return _quantile(ordered, percent) if ordered else None


def median(values: Iterable[float]) -> float | None:
    """The middle value, or the mean of the two middle values."""
    return quantile(values, 50)


def spread(values: Iterable[float]) -> Spread | None:
    """Median, quartiles (the IQR runs between them) and P90, all by the definition of ``quantile``."""
    ordered = sorted(values)
    if not ordered:
        return None
    return Spread(*(_quantile(ordered, percent) for percent in (50, 25, 75, 90)))


def _quantile(ordered: Sequence[float], percent: int) -> float:
    place, rest = divmod(len(ordered) * percent, 100)
    if rest:
        return ordered[place]
    return (ordered[place - 1] + ordered[place]) / 2


def _check(n: int, N: int) -> None:
    if not 0 <= n <= N:
        raise ValueError(f"{n} of {N} is not a share.")
