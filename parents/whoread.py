"""Who looked at a guardian's data, as the guardian may read it: role, organisation, day and what, no colleague's name.

Read from the access log; a list of visits is as long as the log is kept (settings.ACCESS_LOG_DAYS).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from parents.access import children_of
from parents.models import Guardian
from schools import clock
from schools.models import AuditSubject, Pupil, Role

#: What was opened, in the words of parents, by the kind of row and the verb of the line in the log.
WHAT = {
    ("parents.family", "read"): _("the page of your family"),
    ("parents.family", "read notices"): _("what was sent to your family"),
    ("parents.family", "read reach"): _("how the school reached your family"),
    ("parents.family", "exported CLB notes"): _("notes of a talk"),
    ("parents.family", "exported contacts for the CLB file"): _("notes of a talk"),
    ("parents.datarequest", "exported"): _("everything that is kept about you, because you asked for it"),
    ("schools.pupil", "read"): _("the page of your child"),
    ("parents.contactmoment", "read"): _("notes of a talk"),
    ("parents.clbnote", "read CLB note"): _("notes of a talk"),
    ("messaging.thread", "read"): _("your questions and the answers"),
    ("messaging.notice", "exported"): _("a list with the answers of parents"),
    ("messaging.letterbatch", "read"): _("letters to print"),
    ("parents.gathering", "read"): _("a list of who comes to a gathering"),
    ("parents.gathering", "listed"): _("a list of who comes to a gathering"),
    ("schools.schoolclass", "read"): _("the list of the class"),
    ("schools.schoolclass", "exported"): _("a file with the list of the class"),
}
_OTHER = _("data about your child")
#: Who opens data of families, in the words of parents.
ROLES = {
    Role.TEACHER: _("teacher"),
    Role.HEAD: _("head of school"),
    Role.CARE_COORDINATOR: _("care coordinator"),
    Role.LIAISON: _("liaison worker"),
    Role.OFFICE: _("school office"),
    Role.CLB: _("CLB staff member"),
    Role.JOINT_CLB: _("joint CLB worker"),
    Role.CLB_DIRECTOR: _("CLB director"),
    Role.PARTNER: _("partner of the school"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody in a role opened something about a child on a day, once or more often."""

    day: date
    role: str
    organisation: str
    child: str
    what: str
    times: int


def visits_to(guardian: Guardian) -> QuerySet[Any]:
    """The visits to the children of whom this guardian is informed, the latest first, one row for each day, post,
    child and kind. What was opened about a talk with the other guardian alone is not in it."""
    rows = AuditSubject.objects.filter(
        Q(guardian_id__isnull=True) | Q(guardian_id__in=[guardian.pk, *_taken_in(guardian)]),
        Q(pupil_id__in=children_of(guardian).values("pk")) | Q(pupil_id__in=_second_rows(guardian).values("pk")),
        at__gte=clock.now() - timedelta(days=settings.ACCESS_LOG_DAYS),
        entry__actor__isnull=False,
    )
    by = (
        "entry__assignment__role",
        "entry__assignment__school__name",
        "entry__assignment__clb_centre__name",
        "entry__assignment__project__name",
        "entry__assignment__partner__name",
        "entry__target_kind",
        "entry__verb",
    )
    grouped = rows.annotate(day=TruncDate("at", tzinfo=clock.BRUSSELS)).values("day", "pupil_id", *by)
    return grouped.annotate(times=Count("entry_id", distinct=True)).order_by("-day", "pupil_id", *by)


def _second_rows(guardian: Guardian) -> QuerySet[Pupil]:
    """Rows under which a child of the guardian stood a second time before."""
    return Pupil.objects.filter(merged_into__in=children_of(guardian).values("pk"))


def _taken_in(guardian: Guardian) -> QuerySet[Guardian, int]:
    """Rows under which the same person stood before."""
    return Guardian.objects.filter(merged_into=guardian).values_list("pk", flat=True)


def shown(rows: Any, guardian: Guardian) -> list[Visit]:
    """The rows of one page in words; what the words do not tell apart is one visit. One query, for the children's
    names."""
    of_guardian = Q(pk__in=children_of(guardian).values("pk")) | Q(pk__in=_second_rows(guardian).values("pk"))
    names = dict(Pupil.objects.filter(of_guardian).values_list("pk", "first_name"))
    times: Counter[Visit] = Counter()
    for row in rows:
        visit = _visit(row, names)
        times[replace(visit, times=0)] += visit.times
    return [replace(visit, times=count) for visit, count in times.items()]


def _visit(row: dict[str, Any], names: dict[int, str]) -> Visit:
    role = row["entry__assignment__role"]
    places = ("school", "clb_centre", "project", "partner")
    return Visit(
        day=row["day"],
        role=str(ROLES.get(role, _("somebody else"))),
        organisation=next((name for place in places if (name := row[f"entry__assignment__{place}__name"])), ""),
        child=names.get(row["pupil_id"], ""),
        what=str(WHAT.get((row["entry__target_kind"], row["entry__verb"]), _OTHER)),
        times=row["times"],
    )
