"""Makes delivery rows, set-wise: one INSERT … SELECT for each notice or chunk, safe to run again or twice.

Whoever plans holds the notice's row, so that planners of one notice come one after another and each sees the rows of
those before. That costs nothing, where ON CONFLICT for every row costs an eighth of the statement (measured).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from messaging import audience, quiet
from messaging.models import Channel, Delivery, Notice, NoticeKind
from messaging.models.notices import NoticeStatus
from messaging.outbox.calls import open_call_tasks
from messaging.outbox.clocks import LATER
from messaging.outbox.transitions import OPEN
from messaging.readin import text_kind_sql
from messaging.ways import chosen, not_texted_before
from parents.models import Guardian
from schools import clock

logger = logging.getLogger(__name__)

#: Letters and calls wait for a person: a due time that never comes keeps them out of the worker's way.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
#: What is due leaves in the order of turns, and those of one notice come one a second: another notice's first rows go
#: before the many that a large one still has, and at the slowest one for one with them. After this long a large one's
#: last rows go before everything newer.
LONGEST_TURN_SECONDS = 4 * 3600
#: For this transaction: a city's addresses are sorted and joined in memory instead of in files (measured: a tenth).
_ROOM_TO_SORT = "SET LOCAL work_mem = '32MB'"
_LEAST = {"postgresql": "LEAST", "sqlite": "MIN"}


def plan(notice: Notice, guardians: QuerySet[Guardian] | None = None, *, climbing: bool = False, ahead: int = 0) -> int:
    """Insert the deliveries of a notice for these guardians (all of its audience if none are given).

    Each guardian gets the first way that works, or, when some were tried before, the next one. Nothing leaves while it
    can be taken back, nor in quiet hours; ``ahead`` of its rows are still open. Returns how many rows came in. Call
    tasks are opened for those whom only a person can reach.
    """
    people = audience.guardians_of(notice) if guardians is None else guardians
    undo = 0 if climbing else _left_to_undo(notice)
    digest = _digest_at(notice, undo) if notice.kind == NoticeKind.INFO and not climbing else None
    with_clause, params = chosen(notice, people, audience.sendable_languages(notice), climbing=climbing)
    later = LATER[connection.vendor]
    seconds = "CAST(%s AS DOUBLE PRECISION)"  # a decimal number would be reckoned with digit by digit, for each row
    waits = f"CASE WHEN digest THEN {seconds} ELSE {seconds} END"
    place = f"{_LEAST[connection.vendor]}(%s + ROW_NUMBER() OVER (ORDER BY id), {LONGEST_TURN_SECONDS})"
    turn = f"{waits} + {place}"
    sql = f"""
INSERT INTO messaging_delivery (notice_id, guardian_id, channel, round, language, text_kind, contact_point_id, address,
  status, reason, is_urgent, attempts, in_digest, due_at, turn_at, provider_ref, token_version, created_at)
{with_clause},
planned AS (SELECT chosen.*, {_weekly(notice, digest)} AS digest FROM chosen WHERE copy = 1 AND {not_texted_before()})
SELECT %s, id, channel, 1, language, {text_kind_sql(notice)}, point, address, 'QUEUED', '', %s, 0, digest,
  CASE WHEN channel IN ('EMAIL', 'SMS') THEN {later.format(waits)} ELSE %s END, {later.format(turn)}, '', 1, %s
FROM planned ORDER BY id"""  # noqa: S608 - built from constants
    moment = connection.ops.adapt_datetimefield_value
    is_urgent = notice.kind == NoticeKind.DRINGEND
    wait = [_seconds_until(digest) if digest else 0, seconds_until_open(notice, undo)]
    values = [notice.pk, notice.pk, is_urgent, *wait, moment(NEVER), *wait, ahead, moment(clock.now())]
    with transaction.atomic():
        Notice.objects.select_for_update(of=("self",)).filter(pk=notice.pk).values_list("pk", flat=True).get()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_ROOM_TO_SORT)
            cursor.execute(sql, [*params, *values])
            planned: int = cursor.rowcount
        open_call_tasks(notice)
    return planned


def _weekly(notice: Notice, leaves_at: datetime | None) -> str:
    """The condition that a guardian gets this notice in the mail of the week: INFO by e-mail, for those who want it,
    unless the mail that would bring it comes too late."""
    if leaves_at is None or not quiet.is_in_time(notice, leaves_at):
        return "(1 = 0)"
    return "(channel = 'EMAIL' AND id IN (SELECT id FROM parents_guardian WHERE wants_digest))"


def plan_chunk(notice_id: int) -> bool:
    """Plan the next guardians of a notice that is being sent, and how far it came, in one transaction.

    True while there is more to do. A notice that another process is planning is left to it, and a school that has much
    in the outbox waits: the others have their share.
    """
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=notice_id, status=NoticeStatus.PUBLISHING)
            .first()
        )
        if notice is None or _has_its_share(notice.school_id):
            return False
        waiting = audience.guardians_of(notice).filter(pk__gt=notice.planned_up_to).order_by("pk")
        chunk = list(waiting.values_list("pk", flat=True)[: settings.FAN_OUT_CHUNK])
        if chunk:
            span = audience.guardians_of(notice).filter(pk__gt=notice.planned_up_to, pk__lte=chunk[-1])
            plan(notice, span, ahead=notice.deliveries.filter(status__in=OPEN).count())
            notice.planned_up_to = chunk[-1]
        is_last = len(chunk) < settings.FAN_OUT_CHUNK
        if is_last:
            notice.status = NoticeStatus.PUBLISHED
        notice.save(update_fields=["planned_up_to", "status"])
    return not is_last


def plan_unfinished() -> bool:
    """Go on with every notice whose planning stopped half-way, in turns; whether anything was planned."""
    waiting = list(Notice.objects.filter(status=NoticeStatus.PUBLISHING).order_by("pk").values_list("pk", flat=True))
    planned = bool(waiting)
    before = _planned_up_to(waiting)
    going_on = waiting
    while going_on:
        going_on = [pk for pk in going_on if _goes_on(pk)]
    return planned and _planned_up_to(waiting) != before


def _goes_on(notice_id: int) -> bool:
    """``plan_chunk``; a notice that cannot be planned waits and stops no other one."""
    try:
        return plan_chunk(notice_id)
    except (OperationalError, InterfaceError):
        raise  # nothing is wrong with the notice
    except Exception:
        logger.exception("Notice %s could not be planned; it waits", notice_id)
        return False


def _planned_up_to(notices: list[int]) -> list[tuple[int, int, str]]:
    rows = Notice.objects.filter(pk__in=notices).order_by("pk")
    return list(rows.values_list("pk", "planned_up_to", "status")) if notices else []


def _has_its_share(school_id: int) -> bool:
    """Whether a school has so much to be sent that its next chunk waits."""
    rows = Delivery.objects.filter(
        notice__school_id=school_id, status__in=OPEN, channel__in=[Channel.EMAIL, Channel.SMS]
    )
    return rows.order_by()[: settings.SCHOOL_SHARE].count() >= settings.SCHOOL_SHARE


def seconds_until_open(notice: Notice, at_least: float = 0) -> float:
    """How long a notice has to wait for the end of quiet hours, or ``at_least``. The school's clock tells the hours;
    the seconds are added to the database's."""
    return max(at_least, _seconds_until(quiet.leaves_at(notice, at_least)))


def _digest_at(notice: Notice, at_least: float) -> datetime:
    """When the mail of the week leaves that takes it along: the next one once it cannot be taken back any more."""
    return quiet.digest_at(clock.now() + timedelta(seconds=at_least), notice.school_id)


def _seconds_until(moment: datetime) -> float:
    return round((moment - clock.now()).total_seconds(), 3)


def _left_to_undo(notice: Notice) -> float:
    """Seconds in which the sender can still take it back, counted from Send for the last chunk too."""
    since = (clock.now() - notice.published_at).total_seconds() if notice.published_at else 0
    return max(0, settings.UNDO_SECONDS - since)
