"""The day on which an evaluation is due, and what the portal then does: it fixes what every centre signed (rulings 1).

Due is the last school day up to the fund's date, and never later than that of June: in July nobody is there any more
to sign. A report that is signed after that day is fixed within the hour, for as long as the joint worker's days of
grace last. People hand it in; what is corrected later is a next version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from reports.evaluation.states import fix_report, sign_off
from reports.evaluation.steps import to_sign
from reports.models import EvaluationReport, ReportState
from reports.models.evaluation import EvaluationReportQuerySet
from schools import clock
from schools.calendar import SchoolCalendar
from schools.models import CentreShare, Holiday, Project, User
from schools.scope import scope_of

#: After this day there is no class until the next school year (schools.calendar).
JUNE_ENDS = (6, 30)
OPEN = (ReportState.DRAFT, ReportState.REVIEW, ReportState.SIGNED)


@dataclass(frozen=True, slots=True)
class Deadline:
    """An evaluation that is not handed in, its day, and the school days until it: fewer than none when it is over."""

    report: EvaluationReport
    due_on: date
    school_days: int
    #: Whether it waits for the very reader's signature.
    is_mine_to_sign: bool = False

    @property
    def is_over(self) -> bool:
        return clock.today() > self.due_on

    @property
    def is_ready(self) -> bool:
        """Whether only handing in is left: it was fixed, or signed after its day, when nobody is there to change it."""
        return self.report.fixed_at is not None or (self.report.state == ReportState.SIGNED and self.is_over)

    @property
    def is_near(self) -> bool:
        """Whether one hears of it by now."""
        return self.school_days <= max(settings.EVALUATION_REMIND_DAYS)


def due_day(project: Project, calendar: SchoolCalendar) -> date:
    """The last school day on which the project's evaluation can be handed in."""
    june = date(project.year.ends_on.year, *JUNE_ENDS)
    return calendar.last_school_day(min(project.report_due_on, june))


def deadlines(reports: Iterable[EvaluationReport]) -> list[Deadline]:
    """The day of each of those reports that is to be handed in; one query for the calendar."""
    rows = list(reports)
    calendar = Holiday.objects.all().calendar() if rows else SchoolCalendar(())
    today = clock.today()
    found = ((row, due_day(row.project, calendar)) for row in rows)
    return [Deadline(row, day, calendar.school_days_between(today, day)) for row, day in found]


def deadline_of(report: EvaluationReport) -> Deadline | None:
    """The day of one report; None for one that is handed in, is no evaluation or has a later version."""
    return next(iter(deadlines(not_handed_in().filter(pk=report.pk))), None)


def near_deadlines(user: User) -> list[Deadline]:
    """Evaluations of which one hears by now, for "my week": of the worker's projects, those that wait for the
    signature of a director, who has none to give after it, and those that wait to be handed in. The worker's post ends
    with her days of grace; what waits for a director waits longer."""
    scope = scope_of(user)
    if not (scope.joint_projects or scope.directed_centres):
        return []
    directed = CentreShare.objects.filter(centre_id__in=scope.directed_centres, project_id=OuterRef("project_id"))
    waits = to_sign(scope)
    signed = Q(Exists(directed), state=ReportState.SIGNED)
    written = Q(pk__in=open_reports().filter(project_id__in=scope.joint_projects).values("pk"))
    reports = not_handed_in().filter(written | waits | signed)
    asked = set(reports.filter(waits).values_list("pk", flat=True)) if scope.directed_centres else set()
    found = [replace(one, is_mine_to_sign=one.report.pk in asked) for one in deadlines(reports)]
    mine = (
        one for one in found if one.is_mine_to_sign or one.is_ready or one.report.project_id in scope.joint_projects
    )
    return [one for one in mine if one.is_near]


def not_handed_in() -> EvaluationReportQuerySet:
    """Evaluations of every project year that are not handed in."""
    reports = EvaluationReport.objects.deciding().filter(state__in=OPEN)
    return reports.select_related("project__year").order_by("pk")


def open_reports() -> EvaluationReportQuerySet:
    """Those of the running project years, and of those in grace: the portal reminds of them and fixes them."""
    grace = timedelta(days=settings.REPORT_GRACE_DAYS)
    running = Project.objects.overlapping(clock.today() - grace, clock.today())
    return not_handed_in().filter(project__in=running.values("pk"))


def fix_due() -> int:
    """Fix every signed evaluation whose day ends or has ended; how many. Signed is also what misses no signature but
    that of a centre that carries the project no more. Whatever number of beats asks, each is fixed once: the step is a
    conditional update with its audit line in one transaction."""
    for report in open_reports().filter(state=ReportState.REVIEW):
        sign_off(report)
    signed = open_reports().filter(state=ReportState.SIGNED, fixed_at=None)
    return sum(fix_report(one.report) for one in deadlines(signed) if _has_ended(one.due_on))


def _has_ended(day: date) -> bool:
    now = clock.now().astimezone(clock.BRUSSELS)
    return (now.date(), now.hour) >= (day, settings.EVALUATION_FIX_HOUR) or now.date() > day
