"""Whom somebody may appoint, and where: heads their school, directors their centre, an administrator all the rest."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from schools import clock
from schools.models import Assignment, CLBCentre, Role, School, User
from schools.scope import Scope

#: What a head gives at the own school. Who follows the head is for the administrator.
OF_A_SCHOOL = (Role.TEACHER, Role.CARE_COORDINATOR, Role.LIAISON, Role.OFFICE, Role.TRANSLATOR)
#: What a director gives at the own centre.
OF_A_CENTRE = (Role.CLB,)
#: Who manages the people of a place.
MANAGERS = (Role.HEAD, Role.CLB_DIRECTOR, Role.ADMIN)
#: Who may be the second of two for a colleague of the own place.
CONFIRMERS = (*MANAGERS, Role.CARE_COORDINATOR, Role.OFFICE, Role.CLB)


@dataclass(frozen=True, slots=True)
class Remit:
    """The roles and places that somebody may give, and the posts that are theirs to change."""

    user_id: int | None
    is_administrator: bool
    school_ids: frozenset[int]
    centre_ids: frozenset[int]

    @property
    def roles(self) -> list[Role]:
        if self.is_administrator:
            return list(Role)
        return [*(OF_A_SCHOOL if self.school_ids else ()), *(OF_A_CENTRE if self.centre_ids else ())]

    @property
    def schools(self) -> QuerySet[School]:
        rows = School.objects.order_by("name")
        return rows if self.is_administrator else rows.filter(pk__in=self.school_ids)

    @property
    def centres(self) -> QuerySet[CLBCentre]:
        rows = CLBCentre.objects.order_by("name")
        return rows if self.is_administrator else rows.filter(pk__in=self.centre_ids)

    @property
    def posts(self) -> QuerySet[Assignment]:
        """Posts that may be changed, ended ones too; one's own are for somebody else."""
        rows = Assignment.objects.with_places().exclude(user_id=self.user_id or 0)
        if self.is_administrator:
            return rows
        of_schools = Q(school__in=self.school_ids, role__in=OF_A_SCHOOL)
        return rows.filter(of_schools | Q(clb_centre__in=self.centre_ids, role__in=OF_A_CENTRE))

    @property
    def people(self) -> QuerySet[User]:
        """Accounts with a post that may be changed."""
        return User.objects.filter(pk__in=self.posts.order_by().values("user_id"))

    @property
    def wards(self) -> QuerySet[User]:
        """Accounts whose way in is theirs to restore: with a running post that they give, and none that others give.
        Whoever runs the portal or another place is no ward of the head who gives them a post."""
        if self.is_administrator:
            return self.people
        running = Assignment.objects.exclude(ends_on__lt=clock.today())
        here = self.posts.filter(pk__in=running.values("pk")).order_by()
        of_others = running.exclude(role__in=self.roles)
        rows = User.objects.filter(pk__in=here.values("user_id"))
        return rows.exclude(pk__in=of_others.values("user_id"))

    def may_give(self, role: str, *, school: School | None, centre: CLBCentre | None) -> bool:
        if self.is_administrator:
            return True
        if role in OF_A_SCHOOL:
            return school is not None and school.pk in self.school_ids and centre is None
        return role in OF_A_CENTRE and centre is not None and centre.pk in self.centre_ids and school is None


def remit_of(scope: Scope) -> Remit:
    return Remit(
        user_id=scope.user_id,
        is_administrator=scope.is_administrator,
        school_ids=scope.led_schools,
        centre_ids=scope.directed_centres,
    )


def second_of(person: User, first: User) -> list[str]:
    """Who at a place of this person can be the second of two after ``first``; an administrator always can."""
    posts = Assignment.objects.current()
    places = posts.filter(user=person)
    at_schools = Q(school__in=places.exclude(school=None).values("school"))
    at_centres = Q(clb_centre__in=places.exclude(clb_centre=None).values("clb_centre"))
    able = posts.filter(at_schools | at_centres, role__in=CONFIRMERS).exclude(user__in=[person, first])
    return list(
        User.objects.filter(pk__in=able.values("user")).order_by("full_name").values_list("full_name", flat=True)
    )


def colleagues_of(scope: Scope) -> QuerySet[User]:
    """Accounts for which somebody may be the second of two: with a running post at a place where one has a post
    oneself; for an administrator all."""
    others = User.objects.exclude(pk=scope.user_id or 0)
    if scope.is_administrator:
        return others
    posts = [row for row in scope.assignments if row.role in CONFIRMERS]
    at_schools = Q(school__in=[row.school_id for row in posts if row.school_id])
    at_centres = Q(clb_centre__in=[row.clb_centre_id for row in posts if row.clb_centre_id])
    running = Assignment.objects.current().filter(at_schools | at_centres)
    return others.filter(pk__in=running.order_by().values("user_id"))
