"""Figures in words: the headline, what it is of, how it changed, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop

from messaging.models import Channel
from parents.models import ContactKind, FollowUpKind, ReadingMode
from reports import statistics
from reports.amounts import in_euros
from reports.charts import Series, Tone
from reports.contact_queries import NO_PARTNER
from reports.disclosure import Hidden, ProtectedCell, Shown
from reports.figures import Period, ShownFigure
from reports.indicators import Unit
from reports.measuring.statements import words_of
from reports.models import TimeEntry
from schools.days import day_of, month_letter
from schools.languages import MASTER, language

NO_BREAK = "\u00a0"
_GROUPS = {
    "nl": gettext_noop("Dutch at home"),
    "other": gettext_noop("Another language at home"),
    "unknown": gettext_noop("Home language not known"),
    "tried": gettext_noop("Tried at least once"),
    "not_tried": gettext_noop("Not tried yet"),
    "BASELINE": gettext_noop("Baseline"),
    "END": gettext_noop("End measurement"),
    "start": gettext_noop("September and October"),
    "end": gettext_noop("The last two months"),
    "start_both": gettext_noop("September and October, families who were there both times"),
    "end_both": gettext_noop("The last two months, families who were there both times"),
    "start_compared": gettext_noop("September and October, comparison schools"),
    "end_compared": gettext_noop("The last two months, comparison schools"),
}
_STEPS = (
    gettext_noop("No sign of it noted"),
    gettext_noop("Interest: read or answered a notice, or asked something"),
    gettext_noop("Communication: spoke with the school"),
    gettext_noop("Presence: came to school"),
    gettext_noop("An active part: helped, had a say"),
)
_CONTACT_GROUPS = {"nl": gettext_noop("Dutch"), "other": gettext_noop("Another language")}
ALSO = {
    "evening": gettext_noop("At the evening itself"),
    "every_round": gettext_noop("At every round"),
    "child": gettext_noop("A child interpreted"),
    "late": gettext_noop("Kept, but late"),
    "open": gettext_noop("Still open"),
    "within_five": gettext_noop("Answered within five school days"),
    "baseline": gettext_noop("At the baseline"),
    "not_at_home": gettext_noop("Nobody at home"),
    "cancelled_family": gettext_noop("Cancelled by the family"),
    "cancelled_school": gettext_noop("Cancelled by the school"),
    "not_arrived": gettext_noop("Did not arrive"),
    "arrival_unknown": gettext_noop("Not known whether they arrived"),
    "again": gettext_noop("Came more than once"),
    "address_unknown": gettext_noop("Address of a parent not known"),
    "not_checked": gettext_noop("Not checked"),
}
#: What n and N count of a figure whose value is no share of them.
_COUNTED_BESIDE = {
    "I04": gettext_noop("Families with whom somebody spoke"),
    "I13": gettext_noop("Answered within three school days"),
    "I29": gettext_noop("Families with whom somebody spoke"),
}
#: The mean that is told in euros and cents; the others have one decimal.
COST = "cost_per_family"
_MEANS = {
    "per_gathering": gettext_noop("Families at a gathering, on average"),
    "hours_per_family": gettext_noop("Hours for each of these families"),
    COST: gettext_noop("Spent for each of these families"),
}
_DIFFERENCES = (
    (gettext_noop("Families who were there both times"), "start_both", "end_both"),
    (gettext_noop("Comparison schools"), "start_compared", "end_compared"),
)
_LABELS = {
    "activity": (TimeEntry.Activity,),
    "kind": (ContactKind, FollowUpKind),
    "channel": (Channel,),
    "reading_mode": (ReadingMode,),
}


def label_of(by: str, key: str) -> str:
    """A group's name as the reader sees it; names of schools and rounds stay as they are."""
    if by == "contact_language":
        return gettext(_CONTACT_GROUPS[key])
    if by == "rung":
        return gettext(_STEPS[int(key)])
    if by == "contacts":
        return contacts(key.replace("-", "–"))
    if by == "language":
        return language(key).own_name
    if by == "month":
        year, month = key.split("-")
        return date_format(date(int(year), int(month), 1), f"{month_letter()} Y")
    if by == "partner":
        return gettext("Nobody said to whom") if key == NO_PARTNER else key
    if by == "question":
        return words_of(key)
    for choices in _LABELS.get(by, ()):
        if key in choices.values:
            return str(choices(key).label)
    return gettext(_GROUPS[key]) if key in _GROUPS else key


def percent(cell: ProtectedCell) -> str:
    """The rate with its sign, the reason of a hidden cell, or a dash."""
    if isinstance(cell, Hidden):
        return gettext(cell.message)
    if cell.N is None:
        return str(cell.n)
    text = statistics.format_rate(cell.n, cell.N)
    return f"{text}{NO_BREAK}%" if cell.N else text


def counted_beside(code: str) -> str:
    """What n of N says beside a median or a sum; empty where the figure itself is that share."""
    return gettext(_COUNTED_BESIDE[code]) if code in _COUNTED_BESIDE else ""


def rate_drawn(cell: ProtectedCell) -> float | None:
    """The rate as a chart draws it, on the screen as on paper: in percent, with the decimals that the number carries;
    None where it is hidden or about nobody."""
    if isinstance(cell, Hidden) or not cell.N:
        return None
    rate = statistics.rate(cell.n, cell.N)
    return None if rate is None else float(statistics.rounded(rate, statistics.rate_decimals(cell.N)))


def rates_drawn(label: str, cells: Iterable[ProtectedCell], tone: Tone = "leaf") -> Series:
    """The rates as one series of a chart, each mark with the words that a table has for it."""
    drawn = [(rate_drawn(cell), percent(cell)) for cell in cells]
    words = ["" if value is None else text for value, text in drawn]
    return Series(label, [value for value, _ in drawn], tone, words)


def headline(shown: ShownFigure) -> str:
    """The figure with its unit: "65 %", "25 pp", "2,5 days"; empty when it may not be shown."""
    value = shown.value()
    if value is None:
        return "" if shown.is_hidden else statistics.NO_FIGURE
    if shown.definition.unit == "%" and isinstance(shown.total, Shown):
        return percent(shown.total)
    if shown.definition.unit in ("school days", "contacts"):
        return in_unit(shown.definition.unit, value)
    exact = Fraction(value)
    if shown.definition.unit == "h":
        return in_hours(in_number(exact))
    return f"{statistics.format_number(exact, decimals_of_gap(shown))}{NO_BREAK}pp"


def goal(unit: Unit, value: Decimal) -> str:
    """What was agreed to reach, with its unit: "80 %", "2,5 school days"."""
    exact = Fraction(value)
    number = statistics.format_number(exact, 0 if exact.denominator == 1 else 1)
    if unit in ("school days", "contacts"):
        return in_unit(unit, exact)
    return in_hours(number) if unit == "h" else f"{number}{NO_BREAK}{unit}"


def in_hours(number: str) -> str:
    """A number of hours with its word, one or many: "10,5 h"."""
    return gettext("%(hours)s h") % {"hours": number}


def in_unit(unit: Unit, value: float | Fraction) -> str:
    """A median: "2,5 school days", "3 contacts"."""
    if unit != "contacts":
        return in_days(value)
    return contacts(in_number(value))


def contacts(number: str) -> str:
    """So many contacts, of a number in words: "2,5", "+3"."""
    words = gettext("%(number)s contact") if _is_one(number) else gettext("%(number)s contacts")
    return words % {"number": number}


def _is_one(number: str) -> bool:
    """Whether what is counted stands in the singular after a number in words; in French all that is under two does."""
    size = number.removeprefix(statistics.MINUS).removeprefix("+")
    return size.split(",")[0] in ("0", "1") if get_language() == "fr" else size == "1"


def in_number(value: float | Fraction) -> str:
    """With one decimal where it is not whole."""
    exact = Fraction(value)
    return statistics.format_number(exact, 0 if exact.denominator == 1 else 1)


def spread(shown: ShownFigure) -> list[tuple[str, str]]:
    """Median and ninetieth percentile of the waiting times; how far apart families lie; means; differences."""
    return [*_quantiles(shown), *beside(shown)]


def _quantiles(shown: ShownFigure) -> list[tuple[str, str]]:
    found = shown.spread
    if found is None:
        return []
    if shown.definition.unit == "contacts":
        middle = (found.first_quartile, found.third_quartile)
        return [(gettext("The middle half of the families"), "–".join(in_number(value) for value in middle))]
    return [
        (gettext("Half of the questions within"), in_days(found.median)),
        (gettext("Nine in ten within"), in_days(found.ninetieth)),
    ]


def beside(shown: ShownFigure) -> list[tuple[str, str]]:
    """Means, and the differences of other rows than the headline's."""
    figure = shown.figure
    found = [
        (gettext(_MEANS[name]), _euros(mean) if name == COST else in_number(mean))
        for name, mean in shown.means().items()
    ]
    response = shown.response()
    if response is not None:
        counts = f" ({response.n} / {response.N})" if isinstance(response, Shown) else ""
        found.append((gettext("Have answered"), f"{percent(response)}{counts}"))
    for words, first, last in _DIFFERENCES:
        if all(isinstance(shown.rows.get(key), Shown) for key in (first, last)):
            found.append((gettext(words), in_points(figure.between(first, last), _decimals(shown, first, last))))
    compared = ("start_compared", "end_compared")
    if not shown.is_hidden and all(isinstance(shown.rows.get(key), Shown) for key in compared):
        ours, theirs = figure.gap, figure.between(*compared)
        if ours is not None and theirs is not None:
            decimals = min(decimals_of_gap(shown), _decimals(shown, *compared))
            found.append((gettext("More than at comparison schools"), in_points(ours - theirs, decimals)))
    return found


def _euros(amount: Fraction) -> str:
    return in_euros(amount, get_language() or MASTER)


def in_points(value: Fraction | None, decimals: int = 0) -> str:
    """A difference in percentage points, with its sign."""
    return f"{statistics.format_points(value, decimals)}{NO_BREAK}pp" if value is not None else statistics.NO_FIGURE


def in_days(value: float | Fraction) -> str:
    return gettext("no answer yet") if value == math.inf else school_days(in_number(value))


def school_days(number: str) -> str:
    """So many school days, of a number in words: "2,5", "−1"."""
    return (gettext("%(days)s school day") if _is_one(number) else gettext("%(days)s school days")) % {"days": number}


def decimals_of_gap(shown: ShownFigure) -> int:
    return _decimals(shown, *shown.figure.ends)


def _decimals(shown: ShownFigure, *groups: str) -> int:
    cells = [shown.figure.rows.get(group) for group in groups]
    return statistics.rate_decimals(*((cell.N or 0) if cell else 0 for cell in cells))


def span(period: Period) -> str:
    """The period, as short as it can be told."""
    first, last = day_of(period.first), day_of(period.last)
    return first if period.first == period.last else gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def why_hidden(shown: ShownFigure) -> str:
    """Why the headline is not shown."""
    cells = [shown.total, *(shown.rows.get(group, shown.total) for group in shown.figure.ends)]
    hidden = [cell for cell in cells if isinstance(cell, Hidden)]
    return gettext(hidden[0].message) if shown.is_hidden and hidden else ""
