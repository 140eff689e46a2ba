"""How many families stand on each rung: the ladder of ``reports.reach``, counted for all families at once.

``reach.rungs_of`` asks each kind of evidence for every family, as the page of one family wants it. Here each table is
read once, and what leads from a recipient to the families (the child that a notice is about, and whose guardian the
recipient is) is laid ready beside it. ``tests/reports/test_ladder_counts.py`` holds both to one answer.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from messaging import levels
from messaging.models import Answer, Delivery, Thread
from parents.models import ContactMoment
from reports.reach import QUALIFIED, REACHED, Rung, moments_of
from schools.models.places import SchoolIds

_PURPOSEFUL = Q(is_two_way=True, outcome__in=REACHED)
_QUALIFIED = Q(interpreter_mode__in=QUALIFIED)
#: ``who`` are the families, ``tie`` leads from a guardian through each child to its family. Nearly every guardian has
#: ``one`` family, which every notice to that guardian is about; only of the others it is asked about which child a
#: notice was. ``speaks`` are the contact languages of a family; a talk without a noted language was in Dutch.
_STEPS = """
WITH who AS MATERIALIZED ({who}),
guardian AS MATERIALIZED (
  SELECT DISTINCT own.guardian_id FROM who JOIN parents_familymembership member ON member.family_id = who.family_id
  JOIN parents_guardianship own ON own.pupil_id = member.pupil_id
),
tie AS MATERIALIZED (
  SELECT DISTINCT own.guardian_id, own.pupil_id, member.family_id
  FROM guardian JOIN parents_guardianship own ON own.guardian_id = guardian.guardian_id
  LEFT JOIN parents_familymembership member ON member.pupil_id = own.pupil_id
),
one AS MATERIALIZED (
  SELECT guardian_id, MIN(family_id) AS family_id FROM tie GROUP BY guardian_id
  HAVING COUNT(family_id) = COUNT(*) AND MIN(family_id) = MAX(family_id)
),
several AS MATERIALIZED (
  SELECT tie.guardian_id, tie.pupil_id, tie.family_id FROM tie
  LEFT JOIN one ON one.guardian_id = tie.guardian_id WHERE one.guardian_id IS NULL AND tie.family_id IS NOT NULL
),
sent AS MATERIALIZED ({sent}),
said AS MATERIALIZED ({said}),
met AS MATERIALIZED ({met}),
step AS (
  SELECT one.family_id, MAX(best.rung) AS rung, 0 AS has_spoken, 0 AS has_answered
  FROM (SELECT guardian_id, MAX(rung) AS rung FROM sent GROUP BY guardian_id) AS best
  JOIN one ON one.guardian_id = best.guardian_id GROUP BY one.family_id
  UNION ALL
  SELECT several.family_id, MAX(sent.rung), 0, 0
  FROM several JOIN sent ON sent.guardian_id = several.guardian_id
  JOIN messaging_noticepupil about ON about.notice_id = sent.notice_id AND about.pupil_id = several.pupil_id
  GROUP BY several.family_id
  UNION ALL
  SELECT one.family_id, MAX(said.rung), 0, MAX(said.is_clear)
  FROM said JOIN one ON one.guardian_id = said.guardian_id GROUP BY one.family_id
  UNION ALL
  SELECT several.family_id, MAX(said.rung), 0, MAX(said.is_clear)
  FROM several JOIN said ON said.guardian_id = several.guardian_id
  JOIN messaging_noticepupil about ON about.notice_id = said.notice_id AND about.pupil_id = several.pupil_id
  GROUP BY several.family_id
  UNION ALL
  SELECT met.family_id, MAX(met.rung), MAX(met.has_spoken), 0 FROM met GROUP BY met.family_id
  UNION ALL
  SELECT tie.family_id, {understood}, 0, 0
  FROM (SELECT DISTINCT family_id, language_used FROM met WHERE is_purposeful = 1) AS talk
  JOIN tie ON tie.family_id = talk.family_id JOIN parents_guardian person ON person.id = tie.guardian_id
  WHERE person.contact_language = talk.language_used OR (talk.language_used = '' AND person.contact_language = 'nl')
  UNION ALL
  SELECT asked.family_id, MAX(asked.rung), 0, 0 FROM ({asked}) AS asked GROUP BY asked.family_id
)
"""
_STANDING = """
SELECT {wanted} FROM (
  SELECT who.family_id, CASE WHEN MAX(step.has_spoken) = 1 AND MAX(step.has_answered) = 1 THEN {understood}
    ELSE COALESCE(MAX(step.rung), 0) END AS rung
  FROM who LEFT JOIN step ON step.family_id = who.family_id GROUP BY who.family_id
) AS standing """
_BY_RUNG = _STANDING.replace("{wanted}", "rung, COUNT(*)") + "GROUP BY rung"
_ON_RUNG = _STANDING.replace("{wanted}", "family_id") + "WHERE rung = {rung}"
_INTERESTED = """
SELECT DISTINCT who.family_id FROM who JOIN step ON step.family_id = who.family_id WHERE step.rung >= {opened}"""


def families_by_rung(families: QuerySet[Any, Any], first: date, last: date, *, schools: SchoolIds) -> dict[Rung, int]:
    """How many of ``families`` (a query of ``family_id``) stand on each rung between the two days, by what happened at
    ``schools``; one query."""
    found = dict(_ask(_BY_RUNG, families, _sent(first, last, schools), first, last, schools))
    return {rung: found.get(rung.value, 0) for rung in Rung}


def families_on_rung(
    families: QuerySet[Any, Any], rung: Rung, first: date, last: date, *, schools: SchoolIds
) -> set[int]:
    """Which of ``families`` stand on that rung; one query."""
    wanted = _ON_RUNG.replace("{rung}", str(rung.value))
    return {family for (family,) in _ask(wanted, families, _sent(first, last, schools), first, last, schools)}


def families_interested(families: QuerySet[Any, Any], first: date, last: date, *, schools: SchoolIds) -> set[int]:
    """Which of ``families`` opened or answered something of ``schools``, asked something or came; one query."""
    sent = _sent(first, last, schools).filter(opened_at__range=moments_of(first, last))
    return {family for (family,) in _ask(_INTERESTED, families, sent, first, last, schools)}


def _ask(
    wanted: str, families: QuerySet[Any, Any], sent: QuerySet[Any, Any], first: date, last: date, schools: SchoolIds
) -> list[tuple[Any, ...]]:
    parts = {
        "who": families.distinct(),
        "sent": sent,
        "said": _said(first, last, schools),
        "met": _met(first, last, schools),
        "asked": _asked(first, last, schools),
    }
    compiled = {name: rows.order_by().query.sql_with_params() for name, rows in parts.items()}
    rungs = {"understood": int(Rung.UNDERSTOOD), "opened": int(Rung.OPENED)}
    sql = (_STEPS + wanted).format(**rungs, **{name: words for name, (words, _) in compiled.items()})
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in compiled.values() for value in values])
        return cursor.fetchall()


def _sent(first: date, last: date, schools: SchoolIds) -> QuerySet[Any, Any]:
    moments = moments_of(first, last)
    steps = {
        Rung.UNDERSTOOD: levels.understood() & Q(understood_at__range=moments),
        Rung.OPENED: Q(opened_at__range=moments),
        Rung.HANDED_OVER: levels.handed_over() & Q(sent_at__range=moments),
        Rung.TRIED: Q(created_at__range=moments),
    }
    anything = Q(_connector=Q.OR)
    for condition in steps.values():
        anything |= condition
    rows = Delivery.objects.filter(anything, notice__school_id__in=schools)
    return rows.values("guardian_id", "notice_id", rung=_highest(steps))


def _said(first: date, last: date, schools: SchoolIds) -> QuerySet[Any, Any]:
    """Answers; ``is_clear`` where nobody said afterwards that it was not understood."""
    doubted = Delivery.objects.filter(
        notice=OuterRef("notice_id"), guardian=OuterRef("guardian_id"), not_understood_at__gt=OuterRef("answered_at")
    )
    rows = Answer.objects.filter(answered_at__range=moments_of(first, last), notice__school_id__in=schools)
    clear = _one_where(~Q(Exists(doubted)))
    return rows.values("guardian_id", "notice_id", rung=_always(Rung.ANSWERED), is_clear=clear)


def _met(first: date, last: date, schools: SchoolIds) -> QuerySet[Any, Any]:
    """Contacts; ``is_purposeful`` are talks of which only the language decides whether they were understood."""
    rows = ContactMoment.objects.filter(held_on__range=(first, last), withdrawn_at__isnull=True, school_id__in=schools)
    steps = {
        Rung.UNDERSTOOD: _PURPOSEFUL & _QUALIFIED,
        Rung.SPOKEN: Q(is_two_way=True),
        Rung.ANSWERED: Q(is_reach=True),
        Rung.TRIED: Q(pk__isnull=False),
    }
    return rows.values(
        "family_id",
        "language_used",
        rung=_highest(steps),
        has_spoken=_one_where(Q(is_two_way=True)),
        is_purposeful=_one_where(_PURPOSEFUL & ~_QUALIFIED),
    )


def _asked(first: date, last: date, schools: SchoolIds) -> QuerySet[Any, Any]:
    rows = Thread.objects.filter(asked_by_family=True, asked_on__range=(first, last), school_id__in=schools)
    return rows.filter(family__isnull=False).values("family_id", rung=_always(Rung.ANSWERED))


def _highest(steps: dict[Rung, Q]) -> Case:
    """The first rung, from the top, whose condition holds; the last one holds for every row."""
    whens = [When(condition, then=Value(int(rung))) for rung, condition in steps.items()]
    return Case(*whens, default=Value(int(list(steps)[-1])), output_field=IntegerField())


def _one_where(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _always(rung: Rung) -> Any:
    return Value(int(rung), output_field=IntegerField())
