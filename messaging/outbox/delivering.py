"""Sends what is due: claim, send outside any transaction, settle right after: no more mails together than leave so."""

from __future__ import annotations

import logging
import time
from collections import Counter
from uuid import UUID

from django.conf import settings

from messaging.channels.base import ChannelError
from messaging.mails import MailSkeletons
from messaging.models import Channel
from messaging.outbox import providers
from messaging.outbox.claiming import Claim, begin, claim, extend, give_back, set_right
from messaging.outbox.drivers import connections_for, driver_for, sending_channels
from messaging.outbox.hands import Hands
from messaging.outbox.ladder import climb_failed
from messaging.outbox.planning import plan_unfinished
from messaging.outbox.providers import Gate
from messaging.outbox.reconnecting import kept
from messaging.outbox.results import (
    Job,
    is_too_late,
    jobs_of,
    settle_error,
    settle_left,
    settle_too_late,
    settle_unusable,
)
from messaging.rendering import Renderer

logger = logging.getLogger(__name__)

LONGEST_RUN_SECONDS = 60.0
#: So many messages in a row that the other side let hang or cut off mean that it is not well.
_SILENCES = 5
#: Blocked no longer than this, so that leases are extended in time.
_LONGEST_WAIT_SECONDS = 1.0


def deliver_due(seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Send due deliveries for at most ``seconds``; returns how many left. Any number of these may run at once."""
    if settings.OUTBOX_PAUSED:
        return 0
    until = time.monotonic() + seconds
    plan_unfinished()
    set_right()
    lanes = [_Lane(channel, until) for channel in sending_channels()]
    try:
        while time.monotonic() < until:
            went_on = [lane.go_on() for lane in lanes]
            if not any(went_on) and not plan_unfinished():
                break
        for lane in lanes:
            lane.finish()
    finally:
        for lane in lanes:
            lane.close()
    climb_failed({notice for lane in lanes for notice in lane.failed_notices})
    return sum(lane.sent for lane in lanes)


class _Lane:
    """One channel in one draining: its connections and the claims whose rows are under way."""

    def __init__(self, channel: str, until: float) -> None:
        self.channel = channel
        self.sent = 0
        self.failed_notices: set[int] = set()
        self._until = until
        self._hands: Hands[Job] = Hands(lambda: driver_for(channel), connections_for(channel))
        self._claims: list[Claim] = []
        self._under_way: Counter[UUID] = Counter()
        self._fresh_until = 0.0
        self._gate = Gate.OPEN
        self._silences = 0
        self._will_not_have_us = False
        self._untouched: list[Job] = []
        self._skeletons = MailSkeletons()

    def go_on(self) -> bool:
        """Claim and hand out some messages; False when there is nothing to do or the other side is away."""
        if self._gate is not Gate.CLOSED:
            self._gate = providers.gate(self.channel)
        claimed = None if self._gate is Gate.CLOSED else claim([self.channel], self._most())
        if claimed is None:
            return False
        if not self._claims:
            self._fresh_until = time.monotonic() + _half_lease()
        self._claims.append(claimed)
        self._hand_out(claimed)
        self._claims = [known for known in self._claims if self._under_way[known.token]]
        return self._gate is not Gate.CLOSED

    def finish(self) -> None:
        """Settle everything that is under way."""
        while self._hands.are_busy:
            self._settle_finished(waiting=_LONGEST_WAIT_SECONDS)
            self._keep_leases()
        self._return_untouched()

    def close(self) -> None:
        self._hands.close()

    def _most(self) -> int:
        if self._gate is Gate.PROBE:
            return 1
        return min(settings.OUTBOX_BATCH, providers.per_second(self.channel) or settings.OUTBOX_BATCH)

    def _hand_out(self, claimed: Claim) -> None:
        jobs = jobs_of(claimed)
        renderer = Renderer(claimed.rows, self._skeletons)
        rate = providers.per_second(self.channel)
        begins = time.monotonic() + providers.book(self.channel, len(jobs))
        is_first = True
        for place, job in enumerate(jobs):
            self._wait_for(begins + place / rate if rate else 0.0)
            self._make_room()
            if self._gate is Gate.CLOSED or (time.monotonic() > self._until and not is_first):
                self._untouched.append(job)
            elif self._is_ours(job):
                self._send(job, renderer)
                is_first = False
            self._settle_finished()
        self._settle_finished(waiting=0)
        if self._gate is Gate.PROBE:
            self.finish()
        self._return_untouched()

    def _send(self, job: Job, renderer: Renderer) -> None:
        outgoing = job.written(renderer)
        if self.channel == Channel.SMS and not begin(job.claim, job.rows[0].pk):
            return
        if is_too_late(job.rows[0]):
            self.failed_notices |= settle_too_late(job)
        elif outgoing is None:
            self.failed_notices |= settle_unusable(job)
        else:
            self._under_way[job.claim.token] += 1
            self._hands.send(job, outgoing)

    def _settle_finished(self, *, waiting: float | None = None) -> None:
        results = self._hands.finished(waiting=waiting)
        left = [(result.job, result.reference) for result in results if result.error is None]
        if left:
            self.sent += kept(lambda: settle_left(left))
            if self._gate is Gate.PROBE:
                kept(lambda: providers.has_us_again(self.channel))
            self._answered()
        for result in results:
            if result.error is not None:
                self._settle_error(result.job, result.error)
            self._under_way[result.job.claim.token] -= 1

    def _settle_error(self, job: Job, error: Exception) -> None:
        if isinstance(error, ChannelError) and error.of_us and not self._will_not_have_us:
            self._will_not_have_us = True
            logger.warning("%s will not have us: %s", self.channel, error)
            kept(lambda: providers.refused_us(self.channel))
        if isinstance(error, ChannelError) and error.unavailable:
            logger.warning("%s is away: %s", self.channel, error)
            self._untouched.append(job)
            self._shut()
            return
        self.failed_notices |= kept(lambda: settle_error(job, error))
        if not isinstance(error, ChannelError) or not error.ambiguous:
            self._answered()
            return
        self._silences += 1
        if self._silences >= _SILENCES and self._gate is not Gate.CLOSED:
            logger.warning("%s does not answer to the end", self.channel)
            self._shut()

    def _answered(self) -> None:
        """The other side is there, whatever it said."""
        self._silences = 0
        if self._gate is Gate.PROBE:
            providers.came_back(self.channel)
            self._gate = Gate.OPEN

    def _shut(self) -> None:
        if self._gate is not Gate.CLOSED:
            providers.went_away(self.channel, was_probe=self._gate is Gate.PROBE)
            self._gate = Gate.CLOSED

    def _make_room(self) -> None:
        while self._hands.are_full:
            self._settle_finished(waiting=_LONGEST_WAIT_SECONDS)
            self._keep_leases()

    def _wait_for(self, moment: float) -> None:
        while (left := moment - time.monotonic()) > 0:
            self._settle_finished(waiting=0)
            time.sleep(min(left, _LONGEST_WAIT_SECONDS))
            self._keep_leases()

    def _is_ours(self, job: Job) -> bool:
        self._keep_leases()
        return all(row.pk in job.claim.mine for row in job.rows)

    def _keep_leases(self) -> None:
        if time.monotonic() > self._fresh_until:
            for claimed in self._claims:
                extend(claimed)
            self._fresh_until = time.monotonic() + _half_lease()

    def _return_untouched(self) -> None:
        jobs, self._untouched = self._untouched, []
        for claimed in {id(job.claim): job.claim for job in jobs}.values():
            give_back(claimed, [row.pk for job in jobs if job.claim is claimed for row in job.rows])


def _half_lease() -> float:
    return float(settings.OUTBOX_LEASE_SECONDS) / 2
