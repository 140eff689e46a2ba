"""Which way and which language each guardian gets, as one piece of SQL.

The check page reads it, planning inserts what it yields, and the ladder asks it for the next rung. It is the same text
for PostgreSQL and SQLite and takes no row through Python: 100,000 guardians cost little more than a bare INSERT.
MATERIALIZED matters: without it SQLite looks an address up anew at each mention of it (measured: three times slower).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from messaging.models import Notice, NoticeKind
from schools import clock
from schools.languages import LANGUAGES, MASTER

#: Order of the ladder: a guardian only climbs.
RUNGS = {"EMAIL": 1, "SMS": 2, "LETTER": 3, "CALL": 4}
Sql = tuple[str, list[Any]]

_POINT = """(SELECT p.id FROM parents_contactpointuse u JOIN parents_contactpoint p ON p.id = u.contact_point_id
      WHERE u.guardian_id = g.id AND p.kind = '{kind}' AND p.valid_from <= %s
        AND (p.valid_until IS NULL OR p.valid_until > %s) ORDER BY u.rank, u.id LIMIT 1)"""
_REFUSES = """EXISTS (SELECT 1 FROM messaging_optout o WHERE o.guardian_id = g.id AND o.channel = '{channel}'
      AND o.category IN ('', %s))"""
_TEXTED = """EXISTS (SELECT 1 FROM messaging_delivery d WHERE d.contact_point_id = {point}
      AND d.channel = 'SMS' AND d.notice_id + 0 = %s)"""
_TRIED = " ".join(f"WHEN '{channel}' THEN {rung}" for channel, rung in RUNGS.items())
_SPOKEN = ", ".join(f"'{code}'" for code, entry in LANGUAGES.items() if entry.spoken_only)


def compiled(rows: QuerySet[Any, Any]) -> Sql:
    """The SQL and parameters of a queryset, as the engine takes them."""
    sql, params = rows.order_by().query.sql_with_params()
    return str(sql), list(params)


def chosen(notice: Notice, guardians: Sql, languages: Collection[str], *, climbing: bool = False) -> Sql:
    """``WITH … chosen`` for a query of guardian ids: id, channel, point, address, language, why, copy.

    ``languages`` have a text that may be sent. ``copy`` is above 1 for a further guardian at the same phone: one text
    message each contact point (rulings 2). Guardians with a delivery of this notice are left out; with ``climbing``
    they get the next rung above those tried, and a phone that got this notice's text message is not used again.
    """
    sql, params = guardians
    day = connection.ops.adapt_datefield_value(clock.today())
    is_urgent = notice.kind == NoticeKind.DRINGEND
    category = notice.template.category if notice.template else ""
    refusals = [] if is_urgent else [category] * 3
    no_email, no_sms, no_letter = (
        "(1 = 0)" if is_urgent else _REFUSES.format(channel=channel) for channel in ("EMAIL", "SMS", "LETTER")
    )
    texted = f"AND NOT {_TEXTED.format(point='f.phone_id')}" if climbing else ""
    not_finished = "tried < 4" if climbing else "tried = 0"
    no_text_messages = "AND 1 = 0" if settings.SMS_DRIVER == "off" else ""
    text = f"""
WITH audience (id) AS ({sql}),
facts AS MATERIALIZED (
  SELECT g.id, g.contact_language, g.reading_mode, g.preferred_channel, g.household_id,
    {_POINT.format(kind="EMAIL")} AS email_id, {_POINT.format(kind="PHONE")} AS phone_id,
    {no_email} AS no_email, {no_sms} AS no_sms, {no_letter} AS no_letter,
    COALESCE((SELECT MAX(CASE d.channel {_TRIED} END) FROM messaging_delivery d
      WHERE d.notice_id = %s AND d.guardian_id = g.id), 0) AS tried
  FROM audience a JOIN parents_guardian g ON g.id = a.id
),
usable AS (
  SELECT f.*, {_language(languages)} AS language,
    CASE WHEN reading_mode = 'ORAL_ONLY' THEN 'ORAL' WHEN contact_language IN ({_SPOKEN}) THEN 'SPOKEN'
      ELSE '' END AS oral,
    (email_id IS NOT NULL AND NOT no_email AND tried < 1) AS by_email,
    (phone_id IS NOT NULL AND NOT no_sms AND tried < 2 {no_text_messages} {texted}) AS by_sms,
    (household_id IS NOT NULL AND NOT no_letter AND tried < 3) AS by_letter
  FROM facts f WHERE {not_finished}
),
ways AS (
  SELECT u.*, CASE WHEN oral <> '' OR preferred_channel = 'CALL' THEN 'CALL'
    WHEN preferred_channel = 'EMAIL' AND by_email THEN 'EMAIL'
    WHEN preferred_channel = 'SMS' AND by_sms THEN 'SMS'
    WHEN preferred_channel = 'LETTER' AND by_letter THEN 'LETTER'
    WHEN by_email THEN 'EMAIL' WHEN by_sms THEN 'SMS' WHEN by_letter THEN 'LETTER' ELSE 'CALL' END AS channel
  FROM usable u
),
pointed AS MATERIALIZED (
  SELECT w.*, CASE channel WHEN 'EMAIL' THEN email_id WHEN 'LETTER' THEN NULL ELSE phone_id END AS point,
    CASE WHEN channel <> 'CALL' THEN '' WHEN oral <> '' THEN oral WHEN preferred_channel = 'CALL' THEN 'PREFERS'
      ELSE 'NO_ADDRESS' END AS why
  FROM ways w
),
chosen AS (
  SELECT p.*, COALESCE(cp.value, '') AS address,
    CASE WHEN channel <> 'SMS' THEN 1
      ELSE ROW_NUMBER() OVER (PARTITION BY channel, point ORDER BY p.id) END AS copy
  FROM pointed p LEFT JOIN parents_contactpoint cp ON cp.id = p.point
)
"""  # noqa: S608 - names and constants of ours; every value is a parameter
    return text, [*params, *[day] * 4, *refusals, notice.pk, *([notice.pk] if climbing else [])]


def not_texted_before() -> str:
    """The condition that a text message's phone did not get this notice in an earlier chunk (one parameter)."""
    return f"(channel <> 'SMS' OR NOT {_TEXTED.format(point='chosen.point')})"


def _language(languages: Collection[str]) -> str:
    """The guardian's text language where this notice has it, else Dutch."""
    cases = [f"WHEN '{code}' THEN '{entry.text}'" for code, entry in LANGUAGES.items() if entry.text in languages]
    return f"CASE contact_language {' '.join(cases)} ELSE '{MASTER}' END" if cases else f"'{MASTER}'"
