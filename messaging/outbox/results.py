"""What the answer of the other side means for the rows of a message."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models.functions import Coalesce, Now

from messaging.channels.base import ChannelError, Outgoing
from messaging.digests import digest_mail
from messaging.models import Channel, Delivery, DeliveryStatus, NoticeKind, Reason
from messaging.outbox.claiming import Claim, settle_sent, settle_together
from messaging.outbox.clocks import database_now, in_seconds
from messaging.outbox.unwanted import end_address
from messaging.rendering import Renderer
from schools import clock

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30
LONGEST_RETRY_SECONDS = 30 * 60
GIVE_UP_AFTER = timedelta(hours=72)
#: Of which quiet hours, a holiday or a pause may be most: so many tries take an hour or more.
LEAST_TRIES = 10
#: Of what was written shortly before midnight.
STILL_URGENT = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Job:
    """One message: a delivery, or the deliveries of a weekly mail."""

    claim: Claim
    rows: list[Delivery]

    @property
    def ids(self) -> list[int]:
        return [row.pk for row in self.rows]

    def written(self, renderer: Renderer) -> Outgoing | None:
        """What is to be sent; None when the texts or the address cannot be used."""
        try:
            first = self.rows[0]
            return renderer.outgoing(first) if len(self.rows) == 1 else digest_mail(self.rows, renderer)
        except SoftTimeLimitExceeded:
            raise  # nothing is wrong with the delivery: its lease ends, and it leaves
        except Exception:
            logger.exception("Delivery %s cannot be written", self.rows[0].pk)
            return None


def is_too_late(row: Delivery) -> bool:
    """Whether a message waited until its day was over, because a provider or our workers were away: "your child is not
    at school today" would be a lie tomorrow, and a text message says no day; of what is not urgent, whether it would
    invite to yesterday. One that somebody sends once more is of that day."""
    if not row.is_urgent:
        return row.notice.kind != NoticeKind.DRINGEND and row.digest_of is None and _invites_to_yesterday(row)
    planned_at = (row.round == 1 and row.notice.published_at) or row.created_at
    days = [clock.local_date(planned_at), row.notice.day_told, row.notice.last_day]
    return max(day for day in days if day) < clock.today() and clock.now() - planned_at > STILL_URGENT


def _invites_to_yesterday(row: Delivery) -> bool:
    told = row.notice.day_told
    if told is None or told >= clock.today():
        return False
    until = row.notice.told_until
    return until is not None and clock.local_date(row.created_at) <= until < clock.today()


def jobs_of(claimed: Claim) -> list[Job]:
    """One for each row, and one for all rows of a weekly mail."""
    groups: dict[int, list[Delivery]] = {}
    for row in claimed.rows:
        groups.setdefault(row.digest_of or row.pk, []).append(row)
    return [Job(claimed, rows) for rows in groups.values()]


def settle_left(left: Sequence[tuple[Job, str]]) -> int:
    """Settle messages that left, each with the provider's reference; returns how many rows were still ours."""
    by_claim: dict[UUID, tuple[Claim, dict[int, str]]] = {}
    for job, reference in left:
        _claim, references = by_claim.setdefault(job.claim.token, (job.claim, {}))
        references.update(dict.fromkeys(job.ids, reference[:120]))
    return sum(settle_sent(claim, references) for claim, references in by_claim.values())


def settle_error(job: Job, error: Exception) -> set[int]:
    """Settle a message that was tried and did not simply leave; returns the notices of the rows that failed."""
    if isinstance(error, ChannelError):
        return _settle_refusal(job, error)
    logger.error("Delivery %s met something unexpected", job.rows[0].pk, exc_info=error)
    return _settle_refusal(job, ChannelError("unexpected", ambiguous=True))


def settle_too_late(job: Job) -> set[int]:
    """The next way is asked at once, and in the end a person; returns the notices."""
    return _fail(job, Reason.GAVE_UP)


def settle_unusable(job: Job) -> set[int]:
    """Nothing can be sent; returns the notices."""
    return _fail(job, Reason.UNUSABLE)


def _settle_refusal(job: Job, error: ChannelError) -> set[int]:
    first = job.rows[0]
    logger.info("Delivery %s was not sent: %s", first.pk, error)
    if error.permanent:
        reason = error.reason or Reason.REFUSED
        failed = _fail(job, reason)
        if error.ends_address:
            end_address(first.contact_point_id, reason)
        return failed
    if error.ambiguous and first.channel == Channel.SMS:
        return _fail(job, Reason.OUTCOME_UNKNOWN)
    if _was_tried_for_too_long(job):
        return _fail(job, Reason.GAVE_UP)
    again = in_seconds(pause_before_retry(max(row.attempts for row in job.rows)))
    settle_together(
        job.claim,
        job.ids,
        DeliveryStatus.QUEUED,
        due_at=again,
        turn_at=again,
        first_tried_at=Coalesce("first_tried_at", Now()),
    )
    return set()


def _was_tried_for_too_long(job: Job) -> bool:
    """Counted from the first try: nights, weekends and pauses before it are not the provider's, nor is one after it in
    which nothing was asked of it."""
    tried = [row.first_tried_at for row in job.rows if row.first_tried_at]
    is_long = bool(tried) and database_now() - min(tried) >= GIVE_UP_AFTER
    return is_long and max(row.attempts for row in job.rows) >= LEAST_TRIES


def _fail(job: Job, reason: str) -> set[int]:
    moved = set(settle_together(job.claim, job.ids, DeliveryStatus.FAILED, reason=reason))
    return {row.notice_id for row in job.rows if row.pk in moved}


def pause_before_retry(attempts: int) -> float:
    """Seconds to wait after a failed attempt: full jitter under a ceiling that doubles up to half an hour."""
    ceiling = min(LONGEST_RETRY_SECONDS, RETRY_SECONDS * 2 ** min(attempts, 16))
    return random.uniform(1, ceiling)  # noqa: S311 - spreads load, guards nothing
