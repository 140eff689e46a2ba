"""How a page writes what it tells: days and hours, languages, names, numbers and pieces of a sentence.

Loaded as a template builtin, as the parts of ``ui`` are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_bidi

from parents import ownwords
from parents.masking import in_parts
from schools import clock, languages, marks
from schools.roster.contacts import written_phone

#: So far away a day could be taken for one of this year.
_FAR = dt.timedelta(days=330)
_WITHIN_NUMBER = re.compile(r"(?<=\d) (?=\d)")
register = template.Library()


# --- Dates, in the language of the reader and always in Latin digits -------------------------------------------------
def _day(day: dt.date, form: str) -> str:
    language = get_language() or ""
    number = "j\\e\\r" if language.startswith("fr") and day.day == 1 else "j"
    date = f"{number} M" if language.startswith("en") else f"{number} b"
    date += " Y" if form in ("year", "date") or (not form and _is_far(day)) else ""
    weekday = "{} D" if language.startswith("tr") else "D {}"
    words = date_format(day, date if form in ("any", "date") else weekday.format(date), use_l10n=False)
    return words.replace(" ", "\u00a0")  # a line that ends with "12" is read as a number


def _is_far(day: dt.date) -> bool:
    there = day.date() if isinstance(day, dt.datetime) else day
    return abs(there - clock.today()) > _FAR


def _clock(moment: dt.datetime | dt.time) -> str:
    separator = "." if (get_language() or "nl").startswith("nl") else ":"
    return f"{moment.hour}{separator}{moment.minute:02}"


@register.simple_tag(name="comma")
def _comma() -> str:
    return "،" if get_language_bidi() else ","


@register.filter(expects_localtime=True)
def daydate(day: dt.date | None, form: str = "") -> str:
    """``ma 12 feb``, and of a day that is about a year away the year; with ``:"year"`` always: ``ma 12 feb 2027``; with
    ``:"any"``, a day of each year: ``12 feb``; with ``:"date"``, where the weekday says nothing, as of a birthday:
    ``12 feb 2027``. Empty for no date."""
    return _day(day, form) if day else ""


@register.filter(expects_localtime=True)
def daytime(moment: dt.datetime | None, form: str = "") -> str:
    """``ma 12 feb, 15.30`` (``:"year"`` as for ``daydate``)."""
    return f"{_day(moment, form)}{_comma()} {_clock(moment)}" if moment else ""


@register.simple_tag
def hours(start: dt.datetime, end: dt.datetime | None, form: str = "") -> SafeString:
    """``ma 12 feb, 15.30–16.30``, the hours on one line (``"year"`` as for ``daydate``): ``{% hours from until %}``."""
    first = localtime(start)
    if end is None:
        return format_html("{}", daytime(first, form))
    clocks = (_clock(first), _clock(localtime(end)))
    span = '{}{} <span class="nowrap"><bdi dir="ltr">{}</bdi>–<bdi dir="ltr">{}</bdi></span>'
    return format_html(span, _day(first, form), _comma(), *clocks)


@register.filter(expects_localtime=True)
def clocktime(moment: dt.datetime | dt.time | None) -> str:
    """``15.30`` in Dutch, ``15:30`` elsewhere."""
    return _clock(moment) if moment is not None else ""


# --- Languages and numbers -------------------------------------------------------------------------------------------
@register.filter
def names(people: Iterable[Any], attribute: str = "") -> SafeString:
    """Names in a row, each keeping its own direction, with the comma of the page's script: ``{{ children|names }}``;
    of rows the ``attribute``, ``{{ children|names:"first_name" }}``. Who was erased has none."""
    each = (getattr(person, attribute) if attribute else person for person in people)
    return format_html_join(f"{_comma()} ", "<bdi>{}</bdi>", ((name,) for name in each if name))


@register.filter("own_name")
@register.filter
def language_name(code: str) -> str:
    """The language's own name: ``pa`` → ``ਪੰਜਾਬੀ``."""
    return languages.language(code).own_name


@register.filter
def direction(code: str) -> str:
    """``ltr`` or ``rtl``, from our own table of scripts."""
    return languages.language(code).direction


@register.filter
def html_lang(code: str) -> str:
    """The BCP 47 tag for ``lang=``."""
    return languages.language(code).html_lang


@register.filter
def phone_display(number: str) -> str:
    """As people write it."""
    return written_phone(number)


@register.filter
def on_one_line(number: str) -> str:
    """A telephone number that no line breaks: a mail has no stylesheet."""
    return number.replace(" ", "\u00a0")


register.filter(in_parts)


@register.filter(is_safe=True)
def dots_at_end(text: str) -> str:
    """A title of two parts, whose dot never begins a line."""
    return str(text).replace(" · ", "\u00a0· ")


@register.filter(is_safe=True)
def whole_numbers(text: str) -> str:
    """Words in which a telephone number stands, that no line parts."""
    return _WITHIN_NUMBER.sub("\u00a0", str(text))


@register.filter
def after_count(text: str, count: Any) -> str:
    """A sentence without the number it begins with, where that number stands beside it in large."""
    return str(text).removeprefix(f"{count} ") if count not in (None, "") else str(text)


@register.filter
def without_colon(words: str) -> str:
    """What stands before an address where it can be pressed instead."""
    return str(words).rstrip(": \u00a0\u202f")


@register.filter
def said(words: str) -> str:
    """What a row of work keeps in Dutch, in the reader's language: ``{{ task.what|said }}``."""
    return ownwords.said(words)


@register.simple_tag
def colon() -> str:
    """Between a label and what it says; French leaves room before it."""
    return marks.colon()


@register.filter
def words_small(value: str) -> str:
    """``2,5 schooldagen`` with its words as a unit, which are longer than a number set large has room for."""
    number, _space, words = str(value).partition(" ")
    return format_html('{} <span class="stat-unit">{}</span>', number, words) if words else value
