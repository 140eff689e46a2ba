"""A school's own days without class, and reading them from a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

#: What the reader raises of a file that is no calendar: names of time zones are looked for as files, however long they
#: are, and what stands within itself too often ends it.
_UNREADABLE = (
    AttributeError, IndexError, KeyError, OSError, OverflowError, RecursionError, TypeError, ValueError,
)  # fmt: skip
#: A year's calendar of a school is a few kilobytes.
MAX_BYTES = 1_000_000
MAX_EVENTS = 400
NAME_LENGTH = 60
#: Longer than the longest holiday it is a mistake.
MAX_DAYS = 70


@dataclass(frozen=True, slots=True, order=True)
class FreeDays:
    """Days without class, both included."""

    starts_on: date
    ends_on: date
    name: str

    @property
    def key(self) -> str:
        """What a form sends back for these days."""
        return f"{self.starts_on:%Y-%m-%d}|{self.ends_on:%Y-%m-%d}|{self.name}"


def from_key(key: str) -> FreeDays:
    """The days that a form sent back. Raises ValidationError for what no form of ours sends."""
    starts, _bar, rest = key.partition("|")
    ends, _bar, name = rest.partition("|")
    try:
        days = FreeDays(date.fromisoformat(starts), date.fromisoformat(ends), name)
    except ValueError as error:
        raise ValidationError(_("These days cannot be read. Choose the file once more.")) from error
    check(days)
    return days


def check(days: FreeDays) -> None:
    """Raises ValidationError, saying what to do, for days that cannot be a school's own free days."""
    if not days.name.strip():
        raise ValidationError(_("Say what the day is for, for example: study day."))
    if len(days.name) > NAME_LENGTH:
        raise ValidationError(_("The name is too long: use at most %(number)d letters.") % {"number": NAME_LENGTH})
    if days.ends_on < days.starts_on:
        raise ValidationError(_("The last day comes before the first. Turn them round."))
    if (days.ends_on - days.starts_on).days >= MAX_DAYS:
        raise ValidationError(_("This is longer than any holiday. Check the last day."))


def read_ics(data: bytes, *, first: date, last: date) -> list[FreeDays]:
    """The whole-day events of a calendar file that fall in [first, last], in order, each once.

    Events with an hour are not days without class and are left out, and so is what repeats itself. Raises
    ValidationError for a file that is no calendar or is too large.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(_("This calendar is too large. Export the days of one school year only."))
    try:
        calendar = Calendar.from_ical(data)
        events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)][: MAX_EVENTS + 1]
        found = {days for event in events if (days := _days(event)) is not None}
    except _UNREADABLE as error:
        raise ValidationError(
            _("This is not a calendar file. Choose a file that ends in .ics, as your calendar exports it.")
        ) from error
    if len(events) > MAX_EVENTS:
        raise ValidationError(
            _("This calendar has more than %(number)d events. Export the free days only.") % {"number": MAX_EVENTS}
        )
    return sorted(days for days in found if days.starts_on >= first and days.ends_on <= last)


def _days(event: Event) -> FreeDays | None:
    """DTEND of a whole-day event is the day after (RFC 5545, 3.6.1)."""
    start = event.decoded("DTSTART", None)
    if not isinstance(start, date) or isinstance(start, datetime) or "RRULE" in event:
        return None
    end = event.decoded("DTEND", None)
    length = event.decoded("DURATION", None)
    if isinstance(end, date) and not isinstance(end, datetime):
        last = end - timedelta(days=1)
    elif isinstance(length, timedelta):
        last = start + length - timedelta(days=1)
    else:
        last = start
    name = " ".join(str(event.get("SUMMARY", "")).split())[:NAME_LENGTH].strip()
    last = max(start, last)
    return FreeDays(start, last, name) if name and (last - start).days < MAX_DAYS else None
