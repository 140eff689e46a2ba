"""When the portal drafts by itself: an interim report in January, the evaluation on the day of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from reports.evaluation.draft import draft_evaluation
from reports.models import EvaluationReport, OnceJob, ReportKind
from schools import clock
from schools.calendar import first_year_of
from schools.models import Project

#: The fund is paid in instalments, so halfway the year it gets an interim report (domain 3.1).
INTERIM_DAY = (1, 15)
#: A machine that was off in January still drafts; after this an interim report has no reader.
INTERIM_UNTIL_DAYS = 45
_JOB = "draft evaluation"


def draft_due() -> list[EvaluationReport]:
    """Draft what is due today and was not drafted yet; each project and kind once, whoever else asks meanwhile."""
    made = [_draft_once(project, kind) for project in _running() for kind in _due_kinds(project, clock.today())]
    return [report for report in made if report is not None]


def drafts_by_itself(today: date) -> bool:
    """Whether the day on which the portal drafts the evaluation is still to come in this school year."""
    return today < date(first_year_of(today) + 1, *settings.EVALUATION_DRAFT_DAY)


def drafts_interim(today: date) -> bool:
    """The same of the interim report."""
    return today < date(first_year_of(today) + 1, *INTERIM_DAY)


def _running() -> Iterator[Project]:
    grace = timedelta(days=settings.REPORT_GRACE_DAYS)
    today = clock.today()
    yield from Project.objects.overlapping(today - grace, today).select_related("year")


def _due_kinds(project: Project, today: date) -> Iterator[ReportKind]:
    spring = project.year.ends_on.year
    interim = date(spring, *INTERIM_DAY)
    if interim <= today <= interim + timedelta(days=INTERIM_UNTIL_DAYS):
        yield ReportKind.INTERIM
    if today >= date(spring, *settings.EVALUATION_DRAFT_DAY):
        yield ReportKind.FINAL


def _draft_once(project: Project, kind: ReportKind) -> EvaluationReport | None:
    period = f"{project.pk} {kind} {project.year.starts_on.year}"
    if OnceJob.objects.filter(name=_JOB, period=period).exists():
        return None
    try:
        with transaction.atomic():
            OnceJob.objects.create(name=_JOB, period=period, done_at=clock.now())
            if EvaluationReport.objects.filter(project=project, kind=kind).exists():
                return None
            return draft_evaluation(project=project, kind=kind)
    except IntegrityError:
        # Another worker took this draft between the look and the row.
        return None
