"""Which posts go on next school year: what waits for a decision, what was decided, and until when it holds. Reads only.

A post is decided when somebody said so, when it reaches into that year by itself, or when its holder was appointed
to the same role at the same place again.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from schools import clock
from schools.models import Assignment, PostDecision, Project, Role, SchoolYear
from schools.staffing import OF_A_CENTRE, OF_A_SCHOOL, Remit

#: A post that ended this long before the school year, as a project's does in June, may still go on in it.
ENDED_LATELY = timedelta(days=70)
#: What was not decided by 1 September can be for so long.
LATE = timedelta(days=30)
#: Reminders leave from 15 August.
REMINDED_BEFORE = timedelta(days=17)
_OF_A_PROJECT = (Role.JOINT_CLB, Role.COORDINATOR)


def year_to_decide() -> SchoolYear | None:
    """The coming school year; in September still the one that has just begun. None when it has not been laid."""
    return SchoolYear.objects.filter(starts_on__gt=clock.today() - LATE).order_by("starts_on").first()


def is_asked(year: SchoolYear) -> bool:
    """Whether it is time to decide: from 15 August until a month of the school year has passed."""
    return year.starts_on - REMINDED_BEFORE <= clock.today() < year.starts_on + LATE


def first_day(year: SchoolYear) -> date:
    """From when a post that is renewed now holds: nobody gets access for days that have passed."""
    return max(year.starts_on, clock.today())


def until_when(post: Assignment, year: SchoolYear, project: Project | None) -> date:
    """The proposal: 31 August, or the end of the project with the days in which its report is finished."""
    if post.role not in _OF_A_PROJECT or project is None or project.ends_on is None:
        return year.last_day
    # "For ever" is written as the last day that there is, to which nothing can be added.
    return min(year.last_day, min(year.last_day, project.ends_on) + timedelta(days=settings.REPORT_GRACE_DAYS))


def posts_of(rows: QuerySet[Assignment], year: SchoolYear) -> QuerySet[Assignment]:
    """Posts about which is decided: those of the year before, by place. One of a single day was taken back."""
    before = year.starts_on - timedelta(days=1)
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=before - ENDED_LATELY) & ~Q(ends_on=F("starts_on"))
    place = Coalesce("school__name", "clb_centre__name", "project__name", "partner__name")
    return rows.filter(lasting, starts_on__lte=before, user__is_active=True).order_by(
        place.asc(nulls_first=True), F("school_class__name").asc(nulls_first=True), "role", "user__full_name", "pk"
    )


def undecided(rows: QuerySet[Assignment], year: SchoolYear) -> QuerySet[Assignment]:
    """Those about which nobody decided yet."""
    return posts_of(rows, year).exclude(_is_decided(year))


def decided(rows: QuerySet[Assignment], year: SchoolYear) -> QuerySet[Assignment]:
    return posts_of(rows, year).filter(_is_decided(year))


def _is_decided(year: SchoolYear) -> Q:
    said = PostDecision.objects.filter(post=OuterRef("pk"), year=year)
    again = Assignment.objects.filter(
        _same("school"),
        _same("clb_centre"),
        _same("partner"),
        user=OuterRef("user"),
        role=OuterRef("role"),
        starts_on__gte=year.starts_on,
        starts_on__lte=year.last_day,
    )
    return Q(ends_on__gte=year.starts_on) | Q(Exists(said)) | Q(Exists(again))


def _same(place: str) -> Q:
    return Q(**{place: OuterRef(place)}) | Q(**{f"{place}__isnull": True})


def waiting_for(remit: Remit, year: SchoolYear) -> QuerySet[Assignment]:
    """What waits for this person first: for an administrator what no head and no director decides."""
    rows = undecided(remit.posts, year)
    return rows.exclude(_has_a_nearer_manager()) if remit.is_administrator else rows


def waiting_for_others(remit: Remit, year: SchoolYear) -> QuerySet[Assignment]:
    """What an administrator may decide and a head or director decides first."""
    return undecided(remit.posts, year).filter(_has_a_nearer_manager())


def _has_a_nearer_manager() -> Q:
    others = Assignment.objects.current().exclude(user=OuterRef("user")).filter(user__is_active=True)
    head = others.filter(role=Role.HEAD, school=OuterRef("school"))
    director = others.filter(role=Role.CLB_DIRECTOR, clb_centre=OuterRef("clb_centre"))
    return Q(Exists(head), role__in=OF_A_SCHOOL) | Q(Exists(director), role__in=OF_A_CENTRE)
