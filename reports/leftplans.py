"""What a colleague planned for a day on which that colleague no longer works at the school: talks with parents, and
notices that leave by themselves. Nobody else would see them: who leads the school passes them on. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Count, DateField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncDate

from messaging.models import Notice, NoticeStatus
from messaging.models.notices import HELD_FOR
from parents.models import ConferenceHost, ConferenceHour, SlotStatus
from schools import clock
from schools.models import Assignment, Role, User
from schools.models.periods import running_on
from schools.posts import accompanies

_WHOLE_SCHOOL = (Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON)
_CLB = (Role.CLB, Role.CLB_DIRECTOR)
May = Callable[[Assignment], bool]


def left_hosts(schools: Any) -> QuerySet[Any, Any]:
    """Teachers in rounds of these schools who have times on days on which they do not work there any more, with
    ``booked`` (how many of these were chosen), ``first_at`` and ``last_at``."""
    unattended = ConferenceHour.objects.filter(starts_at__gt=clock.now(), host__round__school__in=schools).exclude(
        pk__in=ConferenceHour.objects.attended().values("pk")
    )
    mine = Q(hours__in=unattended)
    return (
        ConferenceHost.objects.filter(pk__in=unattended.values("host_id"))
        .annotate(
            booked=Count("hours", filter=mine & Q(hours__slot__status=SlotStatus.BOOKED), distinct=True),
            first_at=Min("hours__starts_at", filter=mine),
            last_at=Max("hours__starts_at", filter=mine),
        )
        .select_related("round__school", "school_class", "teacher")
        .order_by("first_at", "pk")
    )


def left_notices(schools: Any) -> QuerySet[Notice]:
    """Notices of these schools that wait for an hour at which their author does not work there any more, or did not
    leave at it. A draft without an hour, or that was taken back before it, is its author's own."""
    now, today = clock.now(), clock.today()
    at = TruncDate("send_at", tzinfo=clock.BRUSSELS)
    waits = Q(status=NoticeStatus.SCHEDULED, send_at__gt=now)
    rows = Notice.objects.filter(school__in=schools, send_at__gt=now - HELD_FOR).filter(
        Q(status=NoticeStatus.SCHEDULED) | Q(status=NoticeStatus.DRAFT, send_at__lte=now)
    )
    rows = rows.exclude(status=NoticeStatus.DRAFT, earliest_at=F("send_at"))
    rows = rows.annotate(day=Case(When(waits, then=at), default=Value(today), output_field=DateField()))
    posts = Assignment.objects.filter(
        running_on(OuterRef("day")), user=OuterRef("author"), user__is_active=True
    ).filter(
        Q(school=OuterRef("school"))
        | Q(role__in=_CLB, clb_centre=OuterRef("school__clb"))
        | accompanies(OuterRef("school"))
    )
    return rows.filter(~Exists(posts)).select_related("school", "author").order_by("send_at", "pk")


def waiting_plans(schools: Any, user: User) -> int:
    """How many of both wait for ``user``, in one query: it stands on a page that everybody opens first."""
    hosts, notices = (
        rows.order_by().values(one=Value(1)).annotate(n=Count("pk", distinct=True)).values("n")
        for rows in (ConferenceHost.objects.filter(pk__in=left_hosts(schools).values("pk")), left_notices(schools))
    )
    found = User.objects.values(hosts=Subquery(hosts), notices=Subquery(notices)).get(pk=user.pk)
    return (found["hosts"] or 0) + (found["notices"] or 0)


def may_receive(host: Any) -> May:
    """A teacher of the class, or who works for the whole school, on all of these days."""
    last = clock.local_date(host.last_at)

    def may(post: Assignment) -> bool:
        lasts = post.ends_on is None or post.ends_on >= last
        teaches = post.role == Role.TEACHER and post.school_class_id == host.school_class_id
        return lasts and (teaches or (post.role in _WHOLE_SCHOOL and post.school_id == host.round.school_id))

    return may


def may_send(notice: Any) -> May:
    """Who may address them all: a teacher what goes to the own class, others of the school anything."""

    def may(post: Assignment) -> bool:
        lasts = post.ends_on is None or post.ends_on >= notice.day
        teaches = post.role == Role.TEACHER and post.school_class_id == notice.school_class_id is not None
        return lasts and (teaches or (post.role in _WHOLE_SCHOOL and post.school_id == notice.school_id))

    return may
