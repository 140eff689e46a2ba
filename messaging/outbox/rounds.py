"""Further rounds of a notice, set-wise: the same way again, another way, or a reminder; and taking them back in time.

A round is one INSERT … SELECT of what each guardian may still get: in the language that they read by now, never beside
a row that still waits by the same way, never to a dead address, never against a refusal, and one text message for each
number. The first round is what the notice and its ladder plan by themselves: by another way too, what somebody asks for
is a later one, so that it leaves where that would come for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from messaging import audience
from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, Notice, NoticeKind, Reason
from messaging.outbox.calls import close_calls, open_call_tasks
from messaging.outbox.clocks import LATER
from messaging.outbox.planning import NEVER, seconds_until_open
from messaging.outbox.transitions import move
from messaging.readin import language_sql, text_kind_sql
from messaging.refusable import purpose_key
from messaging.ways import Sql
from parents.ownwords import SENDER_TOOK_BACK
from schools import clock

#: Ways of which a guardian may get another round by itself; a call stays open until somebody made it.
_AGAIN = "('EMAIL', 'SMS', 'LETTER')"
#: Who is reminded and asked for another way since gets it by that one, once: where it was tried, the last way stands.
_WISH = f"""
  UNION ALL SELECT id, contact_language, household_id, preferred_channel, language, shares, 0 FROM wanted
  WHERE preferred_channel IN {_AGAIN} AND (id, preferred_channel) NOT IN (SELECT guardian_id, channel FROM gone)"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Round:
    """What a further round plans: for the guardians of a query, by the way each was tried last, or by ``channel``; a
    reminder by the way that each wishes by now.

    ``only_arrived`` leaves out those whose last way failed: they are the ladder's. ``quiet_before`` leaves out those to
    whom something left at that moment or later.
    """

    notice: Notice
    guardians: Sql
    channel: str = ""
    only_arrived: bool = False
    quiet_before: datetime | None = None
    is_reminder: bool = False


def plan_round(wanted: Round) -> tuple[int, datetime]:
    """Plan it; returns how many rows came in, and the moment they all share, by which ``withdraw_round`` finds them."""
    notice = wanted.notice
    rows, params = _rows(wanted, language_sql(notice, audience.sendable_languages(notice)))
    moment = connection.ops.adapt_datetimefield_value
    is_urgent = notice.kind == NoticeKind.DRINGEND
    sql = f"""
INSERT INTO messaging_delivery (notice_id, guardian_id, channel, round, language, text_kind, contact_point_id, address,
  status, reason, is_urgent, attempts, due_at, provider_ref, token_version, created_at, is_reminder)
{rows}
SELECT %s, id, channel, 1 + COALESCE((SELECT MAX(o.round) FROM messaging_delivery o WHERE o.notice_id = %s
    AND o.guardian_id = possible.id AND o.channel = possible.channel), 1),
  language, {text_kind_sql(notice)}, point, address, 'QUEUED', '', %s, 0,
  CASE WHEN channel IN ('EMAIL', 'SMS') THEN {LATER[connection.vendor].format("%s")} ELSE %s END, '', 1, %s, %s
FROM possible WHERE copy = 1 ORDER BY id
ON CONFLICT DO NOTHING"""  # noqa: S608 - built from constants
    with transaction.atomic():
        Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        now = clock.now()
        wait = seconds_until_open(notice, settings.UNDO_SECONDS)
        tail = [notice.pk, notice.pk, is_urgent, wait, moment(NEVER), moment(now), wanted.is_reminder]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *tail])
            planned: int = cursor.rowcount
        open_call_tasks(notice)
    return planned, now


def count_round(wanted: Round) -> int:
    """How many rows ``plan_round`` would make now."""
    rows, params = _rows(wanted, "''")
    with connection.cursor() as cursor:
        cursor.execute(f"{rows} SELECT COUNT(*) FROM possible WHERE copy = 1", params)  # noqa: S608
        number: int = cursor.fetchone()[0]
    return number


def withdraw_round(notice: Notice, moment: datetime) -> int:
    """Take back what of a round has not left; calls that it opened are dropped. Returns how many deliveries."""
    rows = Delivery.objects.filter(notice=notice, created_at=moment)
    with transaction.atomic():
        stopped = move(
            rows.filter(status=DeliveryStatus.QUEUED), DeliveryStatus.CANCELLED, reason=Reason.WITHDRAWN, due_at=None
        )
        close_calls(CallTask.objects.filter(delivery_id__in=stopped), SENDER_TOOK_BACK)
    return len(stopped)


def _rows(wanted: Round, language: str) -> Sql:
    """``WITH … possible``: id, channel, point, address, language, and copy (above 1: somebody else's at this phone).
    ``language`` is that of a guardian ``g``, in SQL.

    Who shares a phone to which this notice went, and so got nothing of their own, was tried there, and comes after
    whom it went to. The notice's deliveries are read once as a whole: a planner without statistics would read them for
    each guardian.
    """
    people, params = wanted.guardians
    notice = wanted.notice
    day = connection.ops.adapt_datefield_value(clock.today())
    by_last = f"t.channel IN {_AGAIN}" if not wanted.channel else "1 = 1"
    arrived = "AND t.status IN ('SENT', 'DELIVERED')" if wanted.only_arrived else ""
    early = "AND (t.latest IS NULL OR t.latest < %s)" if wanted.quiet_before else ""
    refused = (
        "AND 1 = 1"
        if notice.kind == NoticeKind.DRINGEND
        else "AND NOT EXISTS (SELECT 1 FROM messaging_optout o WHERE o.guardian_id = w.id AND o.channel = w.channel "
        "AND o.category IN ('', %s))"
    )
    no_text_messages = "AND w.channel <> 'SMS'" if settings.SMS_DRIVER == "off" else ""
    channel = f"'{Channel(wanted.channel).value}'" if wanted.channel else "t.channel"
    wish = _WISH if wanted.is_reminder else ""
    text = f"""
WITH people (id) AS MATERIALIZED ({people}),
points AS MATERIALIZED (
  SELECT guardian_id, kind, point, value FROM (
    SELECT u.guardian_id, p.kind, p.id AS point, p.value,
      ROW_NUMBER() OVER (PARTITION BY u.guardian_id, p.kind ORDER BY u.rank, u.id) AS place
    FROM people a JOIN parents_contactpointuse u ON u.guardian_id = a.id
      JOIN parents_contactpoint p ON p.id = u.contact_point_id
    WHERE p.valid_from <= %s AND (p.valid_until IS NULL OR p.valid_until > %s)
  ) AS usable WHERE place = 1
),
gone AS MATERIALIZED (
  SELECT id, guardian_id, channel, status, address, COALESCE(sent_at, created_at) AS at
  FROM messaging_delivery WHERE notice_id = %s AND status <> 'CANCELLED'
),
tried AS MATERIALIZED (
  SELECT guardian_id, channel, status, latest, shares FROM (
    SELECT d.guardian_id, d.channel, d.status, MAX(d.at) OVER (PARTITION BY d.guardian_id) AS latest, 0 AS shares,
      ROW_NUMBER() OVER (PARTITION BY d.guardian_id ORDER BY d.id DESC) AS place
    FROM gone d WHERE d.channel IN {_AGAIN}
    UNION ALL
    SELECT c.guardian_id, d.channel, d.status, MAX(d.at) OVER (PARTITION BY c.guardian_id), 1,
      ROW_NUMBER() OVER (PARTITION BY c.guardian_id ORDER BY d.id DESC)
    FROM points c JOIN gone d ON d.channel = 'SMS' AND d.address = c.value
    WHERE c.kind = 'PHONE' AND c.guardian_id NOT IN (SELECT guardian_id FROM gone)
  ) AS rows_of_notice WHERE place = 1
),
waiting AS MATERIALIZED (
  SELECT guardian_id, channel FROM messaging_delivery WHERE notice_id = %s AND status IN ('QUEUED', 'SENDING')
),
wanted AS (
  SELECT g.id, g.contact_language, g.household_id, g.preferred_channel, {channel} AS channel, {language} AS language,
    COALESCE(t.shares, 0) AS shares
  FROM people a JOIN parents_guardian g ON g.id = a.id LEFT JOIN tried t ON t.guardian_id = a.id
  WHERE {by_last} {arrived} {early}
),
ways AS (
  SELECT id, contact_language, household_id, channel, language, shares, 1 AS place FROM wanted {wish}
),
usable AS (
  SELECT w.*, c.point, c.value, ROW_NUMBER() OVER (PARTITION BY w.id ORDER BY w.place) AS choice
  FROM ways w LEFT JOIN points c ON c.guardian_id = w.id
    AND c.kind = CASE w.channel WHEN 'EMAIL' THEN 'EMAIL' WHEN 'LETTER' THEN '' ELSE 'PHONE' END
  WHERE (w.channel NOT IN ('EMAIL', 'SMS') OR c.point IS NOT NULL) {no_text_messages}
    AND (w.channel <> 'LETTER' OR w.household_id IS NOT NULL) {refused}
    AND (w.id, w.channel) NOT IN (SELECT guardian_id, channel FROM waiting)
),
possible AS (
  SELECT id, contact_language, channel, language, point, COALESCE(value, '') AS address,
    CASE WHEN channel = 'SMS' THEN ROW_NUMBER() OVER (PARTITION BY channel, value ORDER BY shares, id)
      ELSE 1 END AS copy
  FROM usable WHERE choice = 1
)
"""  # noqa: S608 - names and constants of ours; every value is a parameter
    values: list[Any] = [*params, day, day, notice.pk, notice.pk]
    if wanted.quiet_before:
        values.append(connection.ops.adapt_datetimefield_value(wanted.quiet_before))
    if notice.kind != NoticeKind.DRINGEND:
        values.append(purpose_key(notice))
    return text, values
