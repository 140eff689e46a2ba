"""How far a notice came with its families, counted in the database: a whole school's notice costs no more queries.

One piece of SQL names for each family of a notice the level it stands on and what is left to do; the page asks it for
totals, for one page of families that need a person, and for their guardians.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from messaging.levels import Ids, Level, evidence
from messaging.models import Answer, Notice
from messaging.readers import asks_families
from messaging.ways import Sql, compiled
from parents.models import ConferenceSlot, FamilyMembership, Guardianship, SlotStatus
from schools import clock
from schools.models.pupils import PupilQuerySet

_ABOUT = """
about AS MATERIALIZED (
  SELECT m.family_id, n.pupil_id FROM messaging_noticepupil n JOIN parents_familymembership m ON m.pupil_id = n.pupil_id
  WHERE n.notice_id = %s AND m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s)
),
people AS MATERIALIZED (
  SELECT DISTINCT a.family_id, g.guardian_id FROM about a LEFT JOIN parents_guardianship g
    ON g.pupil_id = a.pupil_id AND g.starts_on <= %s AND (g.ends_on IS NULL OR g.ends_on >= %s)
),
sent AS MATERIALIZED (
  SELECT d.guardian_id, MAX(CASE WHEN d.status = 'FAILED' THEN 1 ELSE 0 END) AS failed,
    MAX(CASE WHEN d.status IN ('QUEUED', 'SENDING') OR (d.channel = 'LETTER' AND d.status = 'SENT') THEN 1 ELSE 0 END)
      AS underway,
    MAX(CASE WHEN d.channel = 'CALL' AND d.status = 'QUEUED' THEN 1 ELSE 0 END) AS calling
  FROM messaging_delivery d WHERE d.notice_id = %s AND d.status <> 'CANCELLED' GROUP BY d.guardian_id
),
given AS MATERIALIZED (
  SELECT guardian_id, family_id, 1 AS answered FROM messaging_answer WHERE notice_id = %s
  UNION ALL SELECT p.guardian_id, p.family_id, 1 FROM parents_conferenceslot s
    JOIN about a ON a.pupil_id = s.pupil_id JOIN people p ON p.family_id = a.family_id
    WHERE s.round_id = %s AND s.status NOT IN ('OFFERED', 'CANCELLED')
)"""
#: Something went wrong, or there is no way out: not merely still on its way.
_NEEDS_PERSON = f"level < {int(Level.HANDED_OVER)} AND (failed = 1 OR calling = 1 OR level = 0)"


def sql_of(ids: Ids) -> Sql:
    """The SQL of a query of ids, also of one that Django knows to be empty (nobody's scope, nobody chosen)."""
    try:
        return compiled(ids)
    except EmptyResultSet:
        return "SELECT 0 AS id WHERE 1 = 0", []


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of families. ``at_least[n]`` came to level n or further; ``elsewhere`` need a person but are not shown."""

    families: int
    shown: int
    at_least: tuple[int, ...]
    answered: int
    needs_person: int
    needs_person_shown: int

    @property
    def elsewhere(self) -> int:
        return self.needs_person - self.needs_person_shown

    @property
    def reached(self) -> int:
        return self.at_least[Level.HANDED_OVER]


class HowFar:
    """How far a notice came, for one reader; what the levels rest on is looked up once."""

    def __init__(self, notice: Notice, user: object) -> None:
        self._notice = notice
        self._user = user

    @cached_property
    def _facts(self) -> Sql:
        """``WITH … facts``: family_id, level, failed, underway, calling, answered, needs_person (nobody does where it
        was taken back), and shown (the reader may see a child of it)."""
        steps = [(int(level), *sql_of(ids)) for level, ids in evidence(self._notice)]
        parts = [f"SELECT e{n}.*, {level} FROM ({sql}) e{n}" for n, (level, sql, _params) in enumerate(steps)]  # noqa: S608
        union = " UNION ALL ".join(parts)
        visible, visible_params = sql_of(PupilQuerySet.ids_visible(self._user))
        text = f"""
WITH {_ABOUT.strip()},
evidence (guardian_id, level) AS ({union}),
steps AS MATERIALIZED (SELECT guardian_id, MAX(level) AS level FROM evidence GROUP BY guardian_id),
seen AS MATERIALIZED (SELECT DISTINCT family_id, 1 AS shown FROM about WHERE pupil_id IN ({visible})),
counted AS MATERIALIZED (
  SELECT p.family_id, MAX(COALESCE(s.level, 0)) AS level, MAX(COALESCE(d.failed, 0)) AS failed,
    MAX(COALESCE(d.underway, 0)) AS underway, MAX(COALESCE(d.calling, 0)) AS calling,
    MAX(COALESCE(a.answered, 0)) AS answered, MAX(COALESCE(v.shown, 0)) AS shown
  FROM people p LEFT JOIN steps s ON s.guardian_id = p.guardian_id LEFT JOIN sent d ON d.guardian_id = p.guardian_id
    LEFT JOIN given a ON a.guardian_id = p.guardian_id AND (a.family_id IS NULL OR a.family_id = p.family_id)
    LEFT JOIN seen v ON v.family_id = p.family_id
  GROUP BY p.family_id
),
facts AS MATERIALIZED (
  SELECT counted.*, CASE WHEN {"1 = 0" if self._notice.was_stopped else _NEEDS_PERSON} THEN 1 ELSE 0 END AS needs_person
  FROM counted
)
"""  # noqa: S608 - names and constants of ours; every value is a parameter
        day = connection.ops.adapt_datefield_value(clock.today())
        pk = self._notice.pk
        meetings = self._notice.conference_round_id if self._notice.leads_to_times else 0
        params: list[Any] = [pk, day, day, day, day, pk, pk, meetings]
        for _level, _sql, of_step in steps:
            params += of_step
        return text, [*params, *visible_params]

    @cached_property
    def totals(self) -> Totals:
        """One query."""
        sql, params = self._facts
        levels = ", ".join(f"COALESCE(SUM(CASE WHEN level >= {int(level)} THEN 1 ELSE 0 END), 0)" for level in Level)
        row = _read(
            f"{sql} SELECT COUNT(*), COALESCE(SUM(shown), 0), COALESCE(SUM(answered), 0), "  # noqa: S608
            f"COALESCE(SUM(needs_person), 0), COALESCE(SUM(needs_person * shown), 0), {levels} FROM facts",
            params,
        )[0]
        families, shown, answered, needs, needs_shown, *reached = (int(number) for number in row)
        return Totals(families, shown, tuple(reached), answered, needs, needs_shown)

    def needing_a_person(self, start: int = 0, number: int | None = None) -> list[int]:
        """Ids of families that need a person and that the reader may see: those without any way out first, by name."""
        sql, params = self._facts
        names = (
            "SELECT a.family_id, MIN(c.last_name) AS last_name FROM about a JOIN schools_pupil c ON c.id = a.pupil_id "
            "GROUP BY a.family_id"
        )
        limit = "" if number is None else f" LIMIT {int(number)} OFFSET {int(start)}"
        rows = _read(
            f"{sql} SELECT f.family_id FROM facts f JOIN ({names}) n ON n.family_id = f.family_id "  # noqa: S608
            f"WHERE f.needs_person = 1 AND f.shown = 1 ORDER BY f.underway, n.last_name, f.family_id{limit}",
            params,
        )
        return [row[0] for row in rows]


def unanswered_guardians(notice: Notice, guardians: QuerySet[Any]) -> QuerySet[Any]:
    """Of these guardians those from whom an answer is still wanted: with one answer for a family, those of a child
    whose family gave none; where one chooses a time, those of a child that has none."""
    answers = Answer.objects.filter(notice=notice).order_by()
    own = guardians.filter(~Q(pk__in=answers.filter(family__isnull=True).values("guardian_id")))
    if notice.leads_to_times:
        own = own.filter(Exists(_without_a_time(notice)))
    if not asks_families(notice):
        return own
    answered = FamilyMembership.objects.current().filter(family_id__in=answers.values("family_id"))
    rows = notice.notice_pupils.exclude(pupil_id__in=answered.values("pupil_id"))
    ties = Guardianship.objects.current().filter(pupil_id__in=rows.values("pupil_id"))
    return own.filter(pk__in=ties.values("guardian_id"))


def _without_a_time(notice: Notice) -> QuerySet[ConferenceSlot]:
    """Of a guardian (``OuterRef``) the places in its round that have no time yet: of the children, or the own."""
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef(OuterRef("pk")), pupil_id=OuterRef("pupil_id"))
    rows = ConferenceSlot.objects.filter(Exists(ties), round=notice.conference_round_id or 0, status=SlotStatus.OFFERED)
    return rows.filter(Q(guardian_id=OuterRef("pk")) | Q(guardian__isnull=True))


def _read(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
