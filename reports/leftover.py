"""What colleagues who left had taken on and nobody does now: talks with parents, notices that wait for their hour,
agreements with families, questions, steps, actions.

A colleague has left a school when no running post reaches it: one at the school, at the centre that accompanies it,
or in its project. Heads pass on what was left at their school, directors what their own people left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.models import NoticeText, Thread
from messaging.services.handing import hand_notice
from messaging.services.inbox import assign_thread
from parents.models import FollowUp
from parents.ownwords import said
from parents.services import give_follow_up
from parents.services.conferencetalks import give_talks
from reports.leftplans import left_hosts, left_notices, may_receive, may_send
from reports.models import PlannedStep, ScanAction
from reports.planner.lines import words_of
from reports.planner.working import change_step
from reports.scans import give_action
from schools import clock
from schools.languages import MASTER
from schools.models import Assignment, Enrolment, Role, School, User
from schools.posts import accompanied, accompanies
from schools.scope import Scope, scope_of

#: Of each kind so many are listed at once; what is passed on makes room for the next.
OF_A_KIND = 50
_WHOLE_SCHOOL = (Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON)
_CLB = (Role.CLB, Role.CLB_DIRECTOR)


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that was left: of which kind, whose it was, and who may take it over."""

    kind: str
    row: Any
    school: School
    owner: User
    what: str
    #: The child's name; empty for what is about no child.
    about: str
    due_on: date | None
    #: Of a question without an answer.
    waits_since: date | None = None
    heirs: list[User] = field(default_factory=list)
    #: Where it can be ended instead, in words and as an address.
    instead: tuple[str, str] = ("", "")

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.row.pk}"


def left_behind(user: User) -> list[Left]:
    """What the user has to pass on, by kind and day; a dozen queries, whatever the number."""
    scope = scope_of(user)
    schools = School.objects.filter(Q(pk__in=scope.led_schools) | Q(clb__in=scope.directed_centres))
    found = [
        *_talks(scope),
        *_notices(scope),
        *_follow_ups(user, scope, schools),
        *_threads(user, scope, schools),
        *_steps(user, scope),
        *_actions(user, scope),
    ]
    _name_heirs(found)
    return found


def pass_on(*, left: Iterable[tuple[Left, User]], by: User) -> int:
    """Give each to its new owner, all or none; how many. Raises ValidationError for somebody who may not have it."""
    number = 0
    with transaction.atomic():
        for one, heir in left:
            if heir not in one.heirs:
                raise ValidationError(_("Choose a colleague of the list."))
            _GIVE[one.kind](one.row, heir, by)
            number += 1
    return number


def _talks(scope: Scope) -> list[Left]:
    return [
        Left(
            "gesprek",
            row,
            row.round.school,
            row.teacher,
            _("%(class)s, %(round)s: times chosen by parents: %(number)s")
            % {"class": row.school_class.name, "round": row.round.name, "number": row.booked},
            "",
            clock.local_date(row.first_at),
            instead=(_("See the talks, or cancel them"), reverse("conference_host", args=[row.pk])),
        )
        for row in left_hosts(scope.led_schools)[:OF_A_KIND]
    ]


def _notices(scope: Scope) -> list[Left]:
    rows = list(left_notices(scope.led_schools)[:OF_A_KIND])
    titles = NoticeText.objects.filter(notice__in=rows, language=MASTER).values_list("notice_id", "title")
    named = dict(titles)
    return [
        Left("bericht", row, row.school, row.author, named.get(row.pk, ""), "", clock.local_date(row.send_at))
        for row in rows
        if row.send_at
    ]


def _follow_ups(user: User, scope: Scope, schools: QuerySet[School]) -> list[Left]:
    rows = _of_who_left(FollowUp.objects.visible_to(user).open().filter(school__in=schools), scope, "owner", "school")
    return [
        Left("taak", row, row.school, row.owner, said(row.what), row.pupil.full_name if row.pupil else "", row.due_on)
        for row in rows.select_related("school", "owner", "pupil").order_by("due_on", "pk")[:OF_A_KIND]
        if row.owner
    ]


def _threads(user: User, scope: Scope, schools: QuerySet[School]) -> list[Left]:
    rows: QuerySet[Any] = Thread.objects.visible_to(user).filter(closed_at=None, school__in=schools)
    rows = _of_who_left(rows, scope, "assigned_to", "school")
    return [
        Left(
            "vraag",
            row,
            row.school,
            row.assigned_to,
            _("Conversation with the family"),
            row.pupil.full_name if row.pupil else "",
            None,
            waits_since=row.waits_on,
        )
        for row in rows.select_related("school", "assigned_to", "pupil").order_by("asked_at", "pk")[:OF_A_KIND]
        if row.assigned_to
    ]


def _steps(user: User, scope: Scope) -> list[Left]:
    """Of plans whose year is not over: an older one stands on no page any more on which a step would be done."""
    rows: QuerySet[Any] = PlannedStep.objects.editable_by(user).open().filter(plan__school__in=scope.led_schools)
    rows = rows.filter(plan__year__ends_on__gte=clock.today())
    rows = _of_who_left(rows, scope, "owner", "plan__school")
    rows = rows.select_related("plan__school", "plan__year", "owner", "step")
    return [
        Left("stap", row, row.plan.school, row.owner, words_of(row.step), "", row.due_on)
        for row in rows.order_by("due_on", "pk")[:OF_A_KIND]
        if row.owner
    ]


def _actions(user: User, scope: Scope) -> list[Left]:
    rows: QuerySet[Any] = ScanAction.objects.visible_to(user).filter(done_on=None, school__in=scope.led_schools)
    rows = _of_who_left(rows, scope, "owner", "school")
    return [
        Left("actie", row, row.school, row.owner, row.what, "", row.due_on)
        for row in rows.select_related("school", "owner").order_by("due_on", "pk")[:OF_A_KIND]
        if row.owner
    ]


def _of_who_left(rows: QuerySet[Any], scope: Scope, owner: str, school: str) -> QuerySet[Any]:
    posts = Assignment.objects.filter(user=OuterRef(owner))
    here = posts.current().filter(
        Q(school=OuterRef(school))
        | Q(role__in=_CLB, clb_centre=OuterRef(f"{school}__clb"))
        | accompanies(OuterRef(school))
    )
    is_gone = ~Exists(here) | Q(**{f"{owner}__is_active": False})
    of_centre = Q(Exists(posts.filter(clb_centre__in=scope.directed_centres)))
    return rows.filter(is_gone, Q(**{f"{school}__in": scope.led_schools}) | of_centre, **{f"{owner}__isnull": False})


def _name_heirs(found: list[Left]) -> None:
    """Who may see the child gets what is about it; steps and actions go to who works at the school or for it."""
    schools = {one.school.pk for one in found}
    centres = {one.school.clb_id for one in found}
    posts = list(
        Assignment.objects.current()
        .filter(
            Q(school__in=schools)
            | Q(role__in=_CLB, clb_centre__in=centres)
            | Q(role=Role.JOINT_CLB, project__participations__in=accompanied().filter(school__in=schools)),
            user__is_active=True,
        )
        .select_related("user")
        .prefetch_related(Prefetch("project__participations", accompanied(), to_attr="accompanied"))
        .distinct()
        .order_by("user__full_name", "pk")[:2000]
    )
    pupils = {one.row.pupil_id for one in found if one.kind in _OF_A_CHILD}
    rooms: dict[int, set[int]] = defaultdict(set)
    for pupil, room in Enrolment.objects.current().filter(pupil__in=pupils).values_list("pupil_id", "school_class_id"):
        rooms[pupil].add(room)
    for one in found:
        may = _heirs_of(one, rooms)
        one.heirs.extend(dict.fromkeys(post.user for post in posts if may(post)))


def _heirs_of(one: Left, rooms: dict[int, set[int]]) -> Callable[[Assignment], bool]:
    if one.kind == "gesprek":
        return may_receive(one.row)
    if one.kind == "bericht":
        return may_send(one.row)
    return _works_with_the_child(one, rooms) if one.kind in _OF_A_CHILD else _works_at(one.school)


def _works_with_the_child(one: Left, rooms: dict[int, set[int]]) -> Callable[[Assignment], bool]:
    classes, school = rooms.get(one.row.pupil_id, set()), one.school

    def may(post: Assignment) -> bool:
        if post.role == Role.TEACHER:
            return post.school_class_id in classes
        if post.role in _CLB:
            return post.clb_centre_id == school.clb_id
        return _is_joint(post, school) or (post.role in _WHOLE_SCHOOL and post.school_id == school.pk)

    return may


def _works_at(school: School) -> Callable[[Assignment], bool]:
    return lambda post: post.school_id == school.pk or _is_joint(post, school)


def _is_joint(post: Assignment, school: School) -> bool:
    return (
        post.role == Role.JOINT_CLB
        and post.project is not None
        and any(row.school_id == school.pk for row in post.project.accompanied)  # type: ignore[attr-defined]
    )


_OF_A_CHILD = ("taak", "vraag")
_GIVE: dict[str, Callable[[Any, User, User], object]] = {
    "gesprek": lambda row, heir, by: give_talks(host=row, to=heir, by=by),
    "bericht": lambda row, heir, by: hand_notice(notice=row, to=heir, by=by),
    "taak": lambda row, heir, by: give_follow_up(follow_up=row, to=heir, by=by),
    "vraag": lambda row, heir, by: assign_thread(thread=row, to=heir, by=by),
    "stap": lambda row, heir, by: change_step(step=row, owner=heir, due_on=row.due_on, by=by),
    "actie": lambda row, heir, by: give_action(action=row, to=heir, by=by),
}
