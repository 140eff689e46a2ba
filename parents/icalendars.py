"""Talks as calendar files (RFC 5545). What they say of people is decided by who calls; this module knows no tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vRecur, vText

from schools import clock

CONTENT_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//In groei en bloei//Oudercontact//NL"
#: How often a program may look again; most look less often.
_REFRESH = timedelta(hours=6)
_EU_RULE = datetime(1996, 1, 1)  # of the wall clock


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk. ``uid`` stays the same for ever, ``sequence`` grows with each change, ``changed_at`` is that of the
    last; all moments are aware."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int
    summary: str
    location: str


def written(talks: Iterable[Talk], *, name: str = "") -> bytes:
    """A calendar of these talks. With a ``name`` it is one to subscribe to, without one a file to take along."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        for key in ("name", "x-wr-calname"):
            calendar.add(key, vText(name))  # else a comma is left as it is
        calendar.add("refresh-interval", _REFRESH, {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(_REFRESH))  # else it is written as a clock
    calendar.add_component(_brussels())
    for talk in talks:
        calendar.add_component(_event(talk))
    return calendar.to_ical()


def _event(talk: Talk) -> Event:
    changed = talk.changed_at.astimezone(UTC)
    event = Event()
    event.add("uid", talk.uid)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", talk.sequence)
    event.add("dtstart", talk.starts_at.astimezone(clock.BRUSSELS))
    event.add("dtend", talk.ends_at.astimezone(clock.BRUSSELS))
    event.add("summary", talk.summary)
    if talk.location:
        event.add("location", talk.location)
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event


def _brussels() -> Timezone:
    """The rule of the European Union since 1996, in two lines instead of a line for each year."""
    zone = Timezone()
    zone.add("tzid", clock.BRUSSELS.key)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, month, hour, before, after, name in (
        (TimezoneDaylight(), 3, 2, winter, summer, "CEST"),
        (TimezoneStandard(), 10, 3, summer, winter, "CET"),
    ):
        day = _last_sunday(month).replace(hour=hour)
        part.add("dtstart", day)
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _last_sunday(month: int) -> datetime:
    last = _EU_RULE.replace(month=month, day=31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
