"""Which families nobody reaches, the longest silence first.

In a province the question is asked of tens of thousands of families, so it is asked in passes: who might be silent,
what the last notice of each of those was, what became of it. The rows of one page are then looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, overload

from django.db import connection
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncDate

from messaging.models import Delivery, DeliveryStatus, Notice, NoticePupil, NoticeStatus, Reason
from parents.models import ContactMoment, Family, FamilyMembership, Guardianship, InterpreterNeed, MomentStatus
from parents.models.families import FamilyQuerySet
from reports.keptlists import kept_list
from schools import clock
from schools.clock import BRUSSELS
from schools.models import Enrolment, Pupil, School, SchoolYear
from schools.models.pupils import PupilQuerySet

_CHILD = "notice__notice_pupils__pupil__"
#: The name of a list that is kept (reports.keptlists).
SILENT = "silent-families"
SENT = (NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED)

#: ``last`` is each candidate's last notice; ``fate`` whether somebody opened or answered it (as in
#: ``messaging.levels``: asked about it, chose a time, signed up), and whether it came back, of deliveries to a guardian
#: of a child that it is about. The order is that of the days that the reader may read.
_SILENT = """
WITH candidate AS MATERIALIZED ({unspoken} UNION {in_vain}),
spoken AS MATERIALIZED (
  SELECT talk.family_id, MAX(talk.held_on) AS held_on, MAX(talk.seen_on) AS seen_on FROM ({talks}) AS talk
  JOIN candidate ON candidate.id = talk.family_id GROUP BY talk.family_id
),
last AS MATERIALIZED (
  SELECT family_id, notice_id, day FROM (
    SELECT candidate.id AS family_id, notice.id AS notice_id, notice.day,
      ROW_NUMBER() OVER (PARTITION BY candidate.id ORDER BY notice.published_at DESC, notice.id DESC) AS place
    FROM candidate JOIN parents_familymembership member ON member.family_id = candidate.id
    JOIN messaging_noticepupil about ON about.pupil_id = member.pupil_id
    JOIN ({notices}) AS notice ON notice.id = about.notice_id
  ) AS every WHERE place = 1
),
person AS MATERIALIZED (
  SELECT DISTINCT last.family_id, last.notice_id, tie.guardian_id
  FROM last JOIN parents_familymembership member ON member.family_id = last.family_id
  JOIN messaging_noticepupil about ON about.notice_id = last.notice_id AND about.pupil_id = member.pupil_id
  JOIN parents_guardianship tie ON tie.pupil_id = member.pupil_id
),
fate AS MATERIALIZED (
  SELECT person.family_id, MAX(sent.is_opened) AS is_reached, MAX(sent.has_failed) AS has_failed
  FROM person JOIN ({deliveries}) AS sent ON sent.notice_id = person.notice_id AND sent.guardian_id = person.guardian_id
  GROUP BY person.family_id
  UNION ALL
  SELECT person.family_id, 1, 0 FROM person JOIN messaging_answer answer
  ON answer.notice_id = person.notice_id AND answer.guardian_id = person.guardian_id
  UNION ALL
  SELECT person.family_id, 1, 0 FROM person JOIN messaging_thread asked
  ON asked.notice_id = person.notice_id AND asked.guardian_id = person.guardian_id AND asked.asked_by_family
  UNION ALL
  SELECT person.family_id, 1, 0 FROM person
  JOIN messaging_notice announcing ON announcing.id = person.notice_id AND announcing.audience <> 'GATHERING'
  JOIN parents_gatheringsignup coming
  ON coming.gathering_id = announcing.gathering_id AND coming.guardian_id = person.guardian_id
  UNION ALL
  SELECT last.family_id, 1, 0 FROM last JOIN messaging_notice inviting ON inviting.id = last.notice_id
  JOIN parents_conferenceround meetings
  ON meetings.id = inviting.conference_round_id AND meetings.books_until IS NOT NULL
  JOIN parents_familymembership member ON member.family_id = last.family_id
  JOIN parents_conferenceslot slot ON slot.round_id = meetings.id AND slot.pupil_id = member.pupil_id
  WHERE slot.status NOT IN ('OFFERED', 'CANCELLED')
)
SELECT silent.id FROM (
  SELECT candidate.id, spoken.held_on, spoken.seen_on, last.day, COALESCE(MAX(fate.is_reached), 0) AS is_reached,
    COALESCE(MAX(fate.has_failed), 0) AS has_failed
  FROM candidate LEFT JOIN spoken ON spoken.family_id = candidate.id LEFT JOIN last ON last.family_id = candidate.id
  LEFT JOIN fate ON fate.family_id = candidate.id GROUP BY candidate.id, spoken.held_on, spoken.seen_on, last.day
) AS silent
WHERE is_reached = 0 AND (held_on IS NULL OR held_on < %s OR (has_failed = 1 AND held_on < day))
ORDER BY seen_on IS NOT NULL, seen_on, id"""


class SilentFamilies:
    """The families of one list, longest silence first: as many as there are, with all that a row shows for those that
    are asked for."""

    def __init__(self, ids: list[int], user: object, *, look_again: bool = False) -> None:
        """``look_again``: the ids were found a while ago."""
        self._ids = ids
        self._user = user
        self._look_again = look_again

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Any]:
        return iter(self[:])

    @overload
    def __getitem__(self, wanted: int) -> Any: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[Any]: ...

    def __getitem__(self, wanted: int | slice) -> Any:
        """Families with ``shown`` (their children), ``last_held``, ``last_notice``, ``needs_interpreter`` and
        ``reason_code``, a key of worklist.REASONS."""
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        ids = self._ids[wanted]
        if self._look_again:
            ids = _silent(Family.objects.visible_to(self._user).filter(pk__in=ids), self._user)
        rows = _with_silence(Family.objects.filter(pk__in=ids), self._user).with_children_for(self._user)
        found = {family.pk: family for family in rows}
        return [found[pk] for pk in ids if pk in found]


def not_reached(user: object, *, school: int | None = None, language: str = "", reason: str = "") -> SilentFamilies:
    """Families the user may see with whom nobody has spoken this school year and who did not open or answer the last
    notice; and those whose last notice came back by some channel, was not opened by another, and with whom nobody has
    spoken since. ``reason`` is a key of worklist.REASONS."""
    chosen = (school, language, reason)
    ids, was_kept = kept_list(user, SILENT, chosen, lambda: silent_ids(user, *chosen))
    return SilentFamilies(ids, user, look_again=was_kept)


def silent_ids(user: object, school: int | None, language: str, reason: str) -> list[int]:
    """The families of ``not_reached``, found now."""
    families = Family.objects.visible_to(user)
    if school is not None:
        there = Enrolment.objects.current().filter(school_id=school, pupil__in=Pupil.objects.visible_to(user))
        families = families.filter(memberships__pupil_id__in=there.values("pupil_id"))
    if language:
        speaks = Guardianship.objects.current().filter(
            pupil__family_memberships__family=OuterRef("pk"),
            pupil_id__in=PupilQuerySet.ids_visible(user),
            guardian__contact_language=language,
        )
        families = families.filter(Exists(speaks))
    ids = _silent(families, user)
    if reason:
        rows = _with_silence(Family.objects.filter(pk__in=ids), user).filter(reason_code=reason)
        fitting = set(rows.order_by().values_list("pk", flat=True))
        ids = [pk for pk in ids if pk in fitting]
    return ids


def start_of_year() -> date:
    """The first day of the running school year; of the calendar year while none is known."""
    year = SchoolYear.objects.running()
    return year.starts_on if year else clock.today().replace(month=1, day=1)


def _silent(families: FamilyQuerySet, user: object) -> list[int]:
    since, schools = start_of_year(), _schools(user)
    everybody = Family.objects.filter(pk__in=families.values("pk"))
    readable = Exists(ContactMoment.objects.visible_to(user).filter(pk=OuterRef("pk")))
    talks = _talks(user).filter(is_reach=True).annotate(seen_on=Case(When(readable, then=F("held_on"))))
    opened = Case(When(opened_at__isnull=False, then=Value(1)), default=Value(0))
    failed = Case(When(_failed(), then=Value(1)), default=Value(0))
    notices = Notice.objects.filter(status__in=SENT, school__in=schools)
    parts: dict[str, QuerySet[Any, Any]] = {
        "unspoken": _unspoken(everybody, user, since).values("id"),
        "in_vain": _tried_in_vain(everybody, user).values("id"),
        "talks": talks.values("family_id", "held_on", "seen_on"),
        "notices": notices.values("id", "published_at", day=TruncDate("published_at", tzinfo=BRUSSELS)),
        "deliveries": Delivery.objects.values("notice_id", "guardian_id", is_opened=opened, has_failed=failed),
    }
    compiled = {name: rows.order_by().query.sql_with_params() for name, rows in parts.items()}
    sql = _SILENT.format(**{name: words for name, (words, _) in compiled.items()})
    params = [value for _, values in compiled.values() for value in values]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, connection.ops.adapt_datefield_value(since)])
        return [pk for (pk,) in cursor.fetchall()]


def _unspoken(families: FamilyQuerySet, user: object, since: date) -> FamilyQuerySet:
    """Of these families those with whom nobody spoke since that day."""
    return families.exclude(Exists(_talks(user).filter(family=OuterRef("pk"), is_reach=True, held_on__gte=since)))


def _tried_in_vain(families: FamilyQuerySet, user: object) -> FamilyQuerySet:
    """Of these families those to whom something did not arrive: of the others that somebody spoke with, the last notice
    need not be looked up."""
    returned = Delivery.objects.filter(_failed(), notice__school__in=_schools(user), notice__status__in=SENT).order_by()
    children = Guardianship.objects.filter(guardian__in=returned.values("guardian")).order_by()
    return families.filter(pk__in=FamilyMembership.objects.filter(pupil__in=children.values("pupil")).values("family"))


def _schools(user: object) -> QuerySet[School, Any]:
    return School.objects.visible_to(user).order_by().values("pk")


def _talks(user: object) -> QuerySet[ContactMoment]:
    return ContactMoment.objects.filter(school__in=_schools(user), withdrawn_at__isnull=True)


def _failed() -> Q:
    """The condition that a delivery did not arrive, for what its address is."""
    return Q(status=DeliveryStatus.FAILED) | Q(status=DeliveryStatus.CANCELLED, reason=Reason.ADDRESS_ENDED)


def _with_silence(families: FamilyQuerySet, user: object) -> Any:
    """With the last contact held, the last notice, and the reason, as far as the user may read the talks: who is in the
    list follows from all of them, what a row says does not tell of one that the CLB alone reads."""
    since = start_of_year()
    moments = ContactMoment.objects.visible_to(user).filter(family=OuterRef("pk"), withdrawn_at__isnull=True)
    notices = NoticePupil.objects.filter(
        pupil__family_memberships__family=OuterRef("pk"),
        notice__status__in=SENT,
        notice__school__in=_schools(user),
    ).order_by("-notice__published_at", "-notice_id")
    deliveries = Delivery.objects.filter(**_of_last_notice())
    failed = deliveries.filter(_failed()).order_by("-pk")
    left = deliveries.filter(status__in=[DeliveryStatus.SENT, DeliveryStatus.DELIVERED])
    waiting = deliveries.filter(status__in=[DeliveryStatus.QUEUED, DeliveryStatus.SENDING])
    return families.annotate(
        last_held=Subquery(moments.filter(is_reach=True).order_by("-held_on").values("held_on")[:1]),
        last_notice=Subquery(notices.values("notice_id")[:1]),
    ).annotate(
        needs_interpreter=Exists(moments.filter(interpreter_need=InterpreterNeed.YES)),
        reason_code=Case(
            When(Exists(failed), then=Subquery(failed.values("reason")[:1])),
            When(
                Exists(moments.filter(status=MomentStatus.NOT_REACHED, held_on__gte=since)), then=Value("NOT_AT_HOME")
            ),
            When(Exists(moments.filter(status=MomentStatus.NO_SHOW, held_on__gte=since)), then=Value("NO_SHOW")),
            When(Exists(left), then=Value("NOT_OPENED")),
            When(Exists(waiting), then=Value("WAITS")),
            default=Value("NOT_TRIED"),
            output_field=CharField(),
        ),
    )


def _of_last_notice() -> dict[str, Any]:
    """Rows of the outer family's last notice, to a guardian of the child it is about."""
    return {
        "notice": OuterRef("last_notice"),
        f"{_CHILD}family_memberships__family": OuterRef("pk"),
        f"{_CHILD}guardianships__guardian": F("guardian"),
    }
