"""Which way and which language each guardian gets, as one piece of SQL.

Everybody has an own ladder: the way the guardian prefers, then the rungs of the school's ladder (messaging.policies) in
their order, without what is refused, left out or has no address. A guardian only climbs it. Whom no text reaches is
called, also where the school's ladder has no call. A wish is kept though the school leaves that way out, but an urgent
notice does not wait for paper: there only the ladder's own ways count.

The check page reads it, planning inserts what it yields, and the ladder asks it for the next rung. It is one text
for PostgreSQL and SQLite, but for the first address, and takes no row through Python: 100,000 guardians cost little
more than a bare INSERT.
Each step is one pass over sets, never a lookup for each guardian. MATERIALIZED matters: without it SQLite evaluates a
step anew, and PostgreSQL its expressions, at each mention (measured: up to three times slower).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from messaging.models import Channel, Notice, NoticeKind
from messaging.policies import Ladder, ladder_for
from messaging.readin import language_sql
from messaging.refusable import purpose_key
from parents.models import Guardian
from parents.models.reachable import PointKind
from schools import clock
from schools.languages import LANGUAGES

Sql = tuple[str, list[Any]]

#: What of a guardian counts here.
_KNOWN = ("id", "contact_language", "second_language", "reading_mode", "preferred_channel", "household_id")
#: The addresses of a kind that may be used. It starts from the audience: a class does not read a city's addresses.
_USABLE = """
    FROM audience a JOIN parents_contactpointuse u ON u.guardian_id = a.id
      JOIN parents_contactpoint p ON p.id = u.contact_point_id
    WHERE p.kind = '{kind}' AND p.valid_from <= %s AND (p.valid_until IS NULL OR p.valid_until > %s)"""
#: The first of them for each guardian. One kind at a time is sorted by numbers alone and needs no grouping after
#: (measured: a fifth less than both kinds at once).
_POINTS = {
    "postgresql": f"""
  SELECT DISTINCT ON (u.guardian_id) u.guardian_id, p.id AS point, p.value {_USABLE}
    ORDER BY u.guardian_id, u.rank, u.id""",
    "sqlite": f"""
  SELECT guardian_id, point, value FROM (
    SELECT u.guardian_id, p.id AS point, p.value,
      ROW_NUMBER() OVER (PARTITION BY u.guardian_id ORDER BY u.rank, u.id) AS place {_USABLE}
  ) AS usable WHERE place = 1""",  # noqa: S608 - constants of ours
}
#: What each guardian does not want in this category; nobody can refuse an urgent notice.
_REFUSALS = """
refusals AS MATERIALIZED (
  SELECT o.guardian_id, MAX(CASE o.channel WHEN 'EMAIL' THEN 1 END) AS email,
    MAX(CASE o.channel WHEN 'SMS' THEN 1 END) AS sms, MAX(CASE o.channel WHEN 'LETTER' THEN 1 END) AS letter
  FROM audience a JOIN messaging_optout o ON o.guardian_id = a.id
  WHERE {condition} GROUP BY o.guardian_id
)"""
#: What somebody asked for and took back before it left was not tried; a call that nobody needs is asked for no more.
_UNDONE = "d.status = 'CANCELLED' AND d.reason = 'WITHDRAWN' AND d.round > 1 AND d.channel <> 'CALL'"
#: A text message of this notice went to that number: the same number may stand in two rows.
_TEXTED = f"""EXISTS (SELECT 1 FROM parents_contactpoint q JOIN messaging_delivery d ON d.contact_point_id = q.id
      WHERE q.kind = 'PHONE' AND q.value = {{number}} AND d.channel = 'SMS' AND d.notice_id + 0 = %s
      AND NOT ({_UNDONE}))"""  # noqa: S608 - constants of ours
_TRIED = ", ".join(
    f"MAX(CASE d.channel WHEN '{channel}' THEN 1 ELSE 0 END) AS tried_{channel.lower()}" for channel in Channel.values
)
_WAS_TRIED = ", ".join(f"COALESCE(t.tried_{name}, 0) AS tried_{name}" for name in map(str.lower, Channel.values))
#: What a way needs of a guardian, beside a rung that is still above.
_NEEDS = {
    Channel.EMAIL: "email_id IS NOT NULL AND NOT no_email",
    Channel.SMS: "phone_id IS NOT NULL AND NOT no_sms",
    Channel.LETTER: "household_id IS NOT NULL AND NOT no_letter",
}
#: There is an address, and they do not want what this is about there.
_REFUSES = (
    "(email_id IS NOT NULL AND no_email OR phone_id IS NOT NULL AND no_sms OR household_id IS NOT NULL AND no_letter)"
)
_SPOKEN = ", ".join(f"'{code}'" for code, entry in LANGUAGES.items() if entry.spoken_only)


def compiled(rows: QuerySet[Any, Any]) -> Sql:
    """The SQL and parameters of a queryset, as the engine takes them."""
    sql, params = rows.order_by().query.sql_with_params()
    return str(sql), list(params)


def chosen(notice: Notice, guardians: QuerySet[Guardian], languages: Collection[str], *, climbing: bool = False) -> Sql:
    """``WITH … chosen`` for guardians (none twice): id, channel, point, address, language, why, copy.

    ``languages`` have a text that may be sent. ``copy`` is above 1 for a further guardian at the same phone: one text
    message each contact point (rulings 2). Guardians with a delivery of this notice are left out; with ``climbing``
    they get the next rung above those tried, and a phone that got this notice's text message is not used again.
    """
    sql, params = compiled(guardians.values(*_KNOWN))
    ladder = ladder_for(notice.school_id, notice.kind)
    day, points = connection.ops.adapt_datefield_value(clock.today()), _POINTS[connection.vendor]
    is_urgent = notice.kind == NoticeKind.DRINGEND
    refusals = _REFUSALS.format(condition="1 = 0" if is_urgent else "o.category IN ('', %s)")
    texted = f"AND NOT {_TEXTED.format(number='f.phone')}" if climbing else ""
    not_finished = "tried_call = 0" if climbing else "NOT was_tried"
    no_text_messages = "AND 1 = 0" if settings.SMS_DRIVER == "off" else ""
    more = {Channel.SMS: f"{no_text_messages} {texted}"}
    rest = "'CALL'" if ladder.ends_with_call or not climbing else "NULL"
    text = f"""
WITH audience ({", ".join(_KNOWN)}) AS MATERIALIZED ({sql}),
mails AS ({points.format(kind=PointKind.EMAIL)}
),
phones AS ({points.format(kind=PointKind.PHONE)}
),{refusals},
attempts AS MATERIALIZED (
  SELECT d.guardian_id, {_TRIED}
  FROM audience a JOIN messaging_delivery d ON d.guardian_id = a.id AND d.notice_id = %s
  WHERE NOT ({_UNDONE}) GROUP BY d.guardian_id
),
facts AS (
  SELECT {", ".join(f"g.{name}" for name in _KNOWN)},
    m.point AS email_id, m.value AS email, c.point AS phone_id, c.value AS phone,
    r.email IS NOT NULL AS no_email, r.sms IS NOT NULL AS no_sms, r.letter IS NOT NULL AS no_letter,
    t.guardian_id IS NOT NULL AS was_tried, {_WAS_TRIED}, {_climbed(ladder)} AS climbed
  FROM audience g LEFT JOIN mails m ON m.guardian_id = g.id LEFT JOIN phones c ON c.guardian_id = g.id
    LEFT JOIN refusals r ON r.guardian_id = g.id LEFT JOIN attempts t ON t.guardian_id = g.id
),
usable AS (
  SELECT f.*, {language_sql(notice, languages, "f")} AS language,
    CASE WHEN reading_mode = 'ORAL_ONLY' THEN 'ORAL' WHEN contact_language IN ({_SPOKEN}) THEN 'SPOKEN'
      ELSE '' END AS oral,
    {_possible(ladder, more, is_urgent=is_urgent, climbing=climbing)}
  FROM facts f WHERE {not_finished}
),
ways AS MATERIALIZED (
  SELECT id, contact_language, language, oral, preferred_channel, email_id, email, phone_id, phone,
    {_REFUSES} AS refuses,
    CASE WHEN oral <> '' OR preferred_channel = 'CALL' THEN 'CALL' {_in_order(ladder)} ELSE {rest} END AS channel
  FROM usable
),
firsts AS (
  SELECT phone, MIN(id) AS id FROM ways WHERE channel = 'SMS' GROUP BY phone
),
chosen AS (
  SELECT w.id, channel, contact_language, language,
    CASE channel WHEN 'EMAIL' THEN email_id WHEN 'LETTER' THEN NULL ELSE w.phone_id END AS point,
    COALESCE(CASE channel WHEN 'EMAIL' THEN email WHEN 'LETTER' THEN NULL ELSE w.phone END, '') AS address,
    CASE WHEN channel <> 'CALL' THEN '' WHEN oral <> '' THEN oral WHEN preferred_channel = 'CALL' THEN 'PREFERS'
      WHEN refuses THEN 'REFUSES' ELSE 'NO_ADDRESS' END AS why,
    CASE WHEN w.id > f.id THEN 2 ELSE 1 END AS copy
  FROM ways w LEFT JOIN firsts f ON f.phone = CASE channel WHEN 'SMS' THEN w.phone END
  WHERE channel IS NOT NULL
)
"""  # noqa: S608 - names and constants of ours; every value is a parameter
    category = [] if is_urgent else [purpose_key(notice)]
    # An urgent ladder without text messages leaves their condition, and with it its parameter, out.
    asks_texted = climbing and (not is_urgent or ladder.position(Channel.SMS))
    return text, [*params, day, day, day, day, *category, notice.pk, *([notice.pk] if asks_texted else [])]


def not_texted_before() -> str:
    """The condition that a text message's phone did not get this notice in an earlier chunk (one parameter)."""
    return f"(channel <> 'SMS' OR NOT {_TEXTED.format(number='chosen.address')})"


def _climbed(ladder: Ladder) -> str:
    """The highest rung tried; the way that the guardian prefers stood before all of them, so it does not count."""
    cases = [
        f"WHEN t.tried_{rung.channel.lower()} = 1 AND g.preferred_channel <> '{rung.channel}' THEN {place}"
        for place, rung in reversed(list(enumerate(ladder.rungs, 1)))
    ]
    return f"CASE {' '.join(cases)} ELSE 0 END"


def _possible(ladder: Ladder, more: dict[Channel, str], *, is_urgent: bool, climbing: bool) -> str:
    """For each written way whether it is left to this guardian as a rung, and whether as a wish outside the ladder."""
    columns = []
    for channel, needs in _NEEDS.items():
        name, place = channel.lower(), ladder.position(channel)
        above = f"AND tried_{name} = 0 AND climbed < {place or 1}" if climbing else ""
        is_left = f"{needs} {above} {more.get(channel, '')}"
        columns.append(f"({is_left if place or not is_urgent else '1 = 0'}) AS by_{name}")
    return ",\n    ".join(columns)


def _in_order(ladder: Ladder) -> str:
    """The guardian's wish, then the rungs of the ladder."""
    wishes = [f"WHEN preferred_channel = '{channel}' AND by_{channel.lower()} THEN '{channel}'" for channel in _NEEDS]
    rungs = [f"WHEN by_{rung.channel.lower()} THEN '{rung.channel}'" for rung in ladder.rungs if rung.channel in _NEEDS]
    return "\n    ".join([*wishes, *rungs])
