"""Whether a provider may be tried now, and how fast, over all processes: one row for each channel.

A row in the database and not in the cache, so that it holds without Redis and cannot be lost. The breaker opens when
the other side is away; after a pause that doubles, one process tries with one message, and nobody else meanwhile. For
the rate each process books the moments of its next second's messages behind those already given away: no more than
the rate leaves, and the row is locked once a second, not for each message.
"""

from __future__ import annotations

import random
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from messaging.models import Channel, ChannelState, Delivery
from messaging.outbox.clocks import database_now, in_seconds, is_past
from schools import clock

FIRST_PAUSE_SECONDS = 2
LONGEST_PAUSE_SECONDS = 60
#: Longer than a message waits for its next try (outbox.results).
_LATELY = timedelta(minutes=45)
#: Each process books one second; what is booked further ahead was booked by a clock that was ahead.
_LONGEST_AHEAD = timedelta(minutes=5)


class Gate(Enum):
    """What a process may do with a channel."""

    OPEN = "open"
    PROBE = "one message, to see whether it answers again"
    CLOSED = "nothing"


def gate(channel: str) -> Gate:
    """Ask before claiming. Of all processes one gets PROBE when a pause is over; the next pause begins with it."""
    state = ChannelState.objects.filter(channel=channel).first()
    if state is None or not state.failures:
        return Gate.OPEN
    is_over = is_past("closed_until", LONGEST_PAUSE_SECONDS)
    rows = ChannelState.objects.filter(is_over, channel=channel, failures=state.failures)
    return Gate.PROBE if rows.update(closed_until=in_seconds(_pause(state.failures))) else Gate.CLOSED


def went_away(channel: str, *, was_probe: bool) -> None:
    """The other side does not answer. Several processes that find it out together count once."""
    ChannelState.objects.get_or_create(channel=channel)
    rows = ChannelState.objects.filter(channel=channel)
    for state in rows if was_probe else rows.filter(failures=0):
        failures = min(state.failures + 1, 100)
        rows.filter(failures=state.failures).update(failures=failures, closed_until=in_seconds(_pause(failures)))


def came_back(channel: str) -> None:
    """The probe was answered: everybody may send again."""
    ChannelState.objects.filter(channel=channel, failures__gt=0).update(failures=0, closed_until=None)


def has_us_again(channel: str) -> None:
    """What was refused because of us left."""
    ChannelState.objects.filter(channel=channel, refused_us_at__isnull=False).update(refused_us_at=None)


def away() -> list[str]:
    """The channels whose other side did not answer lately. Of one with which nobody tried since, for nothing was due,
    nobody knows."""
    rows = ChannelState.objects.filter(failures__gt=0, closed_until__gt=in_seconds(-_LATELY.total_seconds()))
    return list(rows.order_by("channel").values_list("channel", flat=True))


def refused_us(channel: str) -> None:
    """The other side answers, and will not have us: an operator must know."""
    ChannelState.objects.get_or_create(channel=channel)
    ChannelState.objects.filter(channel=channel).update(refused_us_at=clock.now())


def refusing_us() -> list[str]:
    """The channels whose other side lately said so."""
    return list(_refused_lately().order_by("channel").values_list("channel", flat=True))


def nothing_leaves() -> bool:
    """Whether one of them let nothing through since: it is not about one odd address."""
    left = Delivery.objects.filter(channel=OuterRef("channel"), sent_at__gte=OuterRef("refused_us_at"))
    return _refused_lately().filter(~Exists(left)).exists()


def _refused_lately() -> QuerySet[ChannelState]:
    now = clock.now()
    return ChannelState.objects.filter(refused_us_at__gt=now - _LATELY, refused_us_at__lt=now + _LATELY)


def per_second(channel: str) -> int:
    """The most messages a second by the settings; 0 without a limit."""
    rate: int = settings.MAIL_PER_SECOND if channel == Channel.EMAIL else settings.SMS_PER_SECOND
    return rate


def book(channel: str, number: int) -> float:
    """Take the moments for so many messages, one after another; returns the seconds until the first of them."""
    rate = per_second(channel)
    if not rate or not number:
        return 0.0
    with transaction.atomic():
        ChannelState.objects.get_or_create(channel=channel)
        state = ChannelState.objects.select_for_update().get(channel=channel)
        now = database_now()
        begins = now
        if state.free_at and now < state.free_at < now + _LONGEST_AHEAD:
            begins = state.free_at
        state.free_at = begins + timedelta(seconds=number / rate)
        state.save(update_fields=["free_at"])
    return (begins - now).total_seconds()


def _pause(failures: int) -> float:
    """Seconds in which nobody tries: half to whole of a ceiling that doubles."""
    ceiling = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** min(failures - 1, 10))
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - spreads load, guards nothing
