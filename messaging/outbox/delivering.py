"""Sends what is due: claim, send outside any transaction, settle each row right after its send."""

from __future__ import annotations

import logging
import random
import time
from contextlib import ExitStack
from datetime import timedelta

from django.conf import settings

from messaging.channels.base import Channel as Driver
from messaging.channels.base import ChannelError, Outgoing
from messaging.models import Channel, Delivery, DeliveryStatus, Reason
from messaging.outbox.claiming import Claim, begin, claim, extend, give_back, in_seconds, settle
from messaging.outbox.drivers import driver_for, open_channels
from messaging.outbox.ladder import climb_failed
from messaging.outbox.planning import plan_unfinished
from messaging.outbox.unwanted import end_address
from messaging.rendering import Renderer
from schools import clock

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30
LONGEST_RETRY_SECONDS = 30 * 60
GIVE_UP_AFTER = timedelta(hours=72)
LONGEST_RUN_SECONDS = 60.0


def deliver_due(seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Send due deliveries for at most ``seconds``; returns how many left. Any number of these may run at once."""
    if settings.OUTBOX_PAUSED:
        return 0
    plan_unfinished()
    with ExitStack() as connections:
        run = _Run(connections)
        until = time.monotonic() + seconds
        while run.drivers and time.monotonic() < until:
            claimed = claim(list(run.drivers))
            if claimed is None:
                break
            run.send_all(claimed)
    climb_failed(run.failed_notices)
    return run.sent


class _Run:
    """One draining: its open connections, and the channels that turned out to be away."""

    def __init__(self, connections: ExitStack) -> None:
        self.drivers: dict[str, Driver] = {channel: driver_for(channel) for channel in open_channels()}
        for driver in self.drivers.values():
            connections.callback(driver.close)
        self.sent = 0
        self.failed_notices: set[int] = set()

    def send_all(self, claimed: Claim) -> None:
        """Send a claim. A channel that is away gets its rows back untouched and is not tried again in this run."""
        renderer = Renderer(claimed.rows)
        half_lease = settings.OUTBOX_LEASE_SECONDS / 2
        fresh_until = time.monotonic() + half_lease
        untouched: list[int] = []
        for row in claimed.rows:
            if time.monotonic() > fresh_until:
                extend(claimed)
                fresh_until = time.monotonic() + half_lease
            if row.pk not in claimed.mine:
                continue
            if row.channel not in self.drivers or not self._send(claimed, row, renderer):
                untouched.append(row.pk)
        give_back(claimed, untouched)

    def _send(self, claimed: Claim, row: Delivery, renderer: Renderer) -> bool:
        """False when nothing was tried because the channel is away."""
        try:
            outgoing: Outgoing | None = renderer.outgoing(row)
        except Exception:
            logger.exception("Delivery %s cannot be written", row.pk)
            outgoing = None
        if row.channel == Channel.SMS and not begin(claimed, row.pk):
            return True
        if outgoing is None:
            self._fail(claimed, row, Reason.UNUSABLE)
            return True
        try:
            reference = self.drivers[row.channel].send(outgoing)
        except ChannelError as error:
            if error.unavailable:
                logger.warning("%s is away: %s", row.channel, error)
                del self.drivers[row.channel]
                return False
            self._settle_error(claimed, row, error)
        except Exception:
            logger.exception("Delivery %s met something unexpected", row.pk)
            self._settle_error(claimed, row, ChannelError("unexpected", ambiguous=True))
        else:
            if settle(claimed, row.pk, DeliveryStatus.SENT, provider_ref=reference[:120], sent_at=clock.now()):
                self.sent += 1
        return True

    def _settle_error(self, claimed: Claim, row: Delivery, error: ChannelError) -> None:
        logger.info("Delivery %s was not sent: %s", row.pk, error)
        if error.permanent:
            reason = error.reason or Reason.REFUSED
            self._fail(claimed, row, reason)
            if error.ends_address:
                end_address(row.contact_point_id, reason)
        elif error.ambiguous and row.channel == Channel.SMS:
            self._fail(claimed, row, Reason.OUTCOME_UNKNOWN)
        elif clock.now() - row.created_at >= GIVE_UP_AFTER:
            self._fail(claimed, row, Reason.GAVE_UP)
        else:
            settle(claimed, row.pk, DeliveryStatus.QUEUED, due_at=in_seconds(pause_before_retry(row.attempts)))

    def _fail(self, claimed: Claim, row: Delivery, reason: str) -> None:
        if settle(claimed, row.pk, DeliveryStatus.FAILED, reason=reason):
            self.failed_notices.add(row.notice_id)


def pause_before_retry(attempts: int) -> float:
    """Seconds to wait after a failed attempt: full jitter under a ceiling that doubles up to half an hour."""
    ceiling = min(LONGEST_RETRY_SECONDS, RETRY_SECONDS * 2 ** min(attempts, 16))
    return random.uniform(1, ceiling)  # noqa: S311 - spreads load, guards nothing
