"""Reports of which one step is the reader's, whatever their day: interim reports and corrections have none, and what is
frozen early waits all the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from reports.models import EvaluationReport, FrozenReport, ReportKind, ReportSignature, ReportState
from schools import clock
from schools.models import Assignment, CentreShare, Project, Role, User
from schools.scope import Scope, scope_of


@dataclass(frozen=True, slots=True)
class ReportStep:
    """A report to sign, or else to hand in."""

    report: EvaluationReport
    is_to_sign: bool


def steps_of(user: User, but: Collection[int]) -> list[ReportStep]:
    """What waits for the signature of a director, and what the joint worker can hand in, or a director where she is
    not there any more, ``but`` those that "my week" names already. An interim report asks for nothing once its year is
    over."""
    scope = scope_of(user)
    if not (scope.joint_projects or scope.directed_centres):
        return []
    written = Q(pk__in=EvaluationReport.objects.written_by(user).values("pk"))
    to_hand_in = Q(written | _left_to_directors(scope), state=ReportState.SIGNED)
    going_on = Project.objects.overlapping(clock.today(), clock.today())
    reports = EvaluationReport.objects.filter(to_hand_in | to_sign(scope)).exclude(pk__in=but)
    reports = reports.exclude(Q(kind=ReportKind.INTERIM) & ~Q(project__in=going_on.values("pk")))
    return [ReportStep(one, one.state == ReportState.REVIEW) for one in reports.order_by("pk")]


def _left_to_directors(scope: Scope) -> Q:
    """Of a project that a directed centre carries, and that nobody writes any more: the worker's post has ended, or her
    account is off. An application is written in the years after it too."""
    workers = Assignment.objects.current().filter(role=Role.JOINT_CLB, user__is_active=True)
    carried = CentreShare.objects.filter(centre_id__in=scope.directed_centres, project_id=OuterRef("project_id"))
    of_its_year = workers.filter(project_id=OuterRef("project_id"))
    of_any_year = workers.filter(project__name=OuterRef("project__name"))
    nobody = Q(~Exists(of_any_year), kind=ReportKind.APPLICATION) | Q(~Exists(of_its_year)) & ~Q(
        kind=ReportKind.APPLICATION
    )
    return Q(Exists(carried)) & nobody


def to_sign(scope: Scope) -> Q:
    """Frozen, and without the signature of a centre that the reader directs under what is frozen now."""
    directed = CentreShare.objects.filter(centre_id__in=scope.directed_centres, project_id=OuterRef("project_id"))
    newer = FrozenReport.objects.filter(report=OuterRef("frozen__report"), pk__gt=OuterRef("frozen_id"))
    given = ReportSignature.objects.filter(frozen__report=OuterRef(OuterRef("pk")), centre=OuterRef("centre_id"))
    return Q(Exists(directed.filter(~Exists(given.filter(~Exists(newer))))), state=ReportState.REVIEW)
