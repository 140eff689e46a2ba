"""What of this app's rows goes, and when (``schools.keeping``, domain 6.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from reports.models import (
    AccessScan,
    Adaptation,
    CardFile,
    CardQuestion,
    CardReminder,
    DataBreach,
    FreeAnswer,
    PlannedStep,
    PlaybookPackage,
    ScanAction,
    SchoolPlan,
)
from schools import clock
from schools.keeping import Rule, delete
from schools.retention import days_ago, ended_before


def _old_originals() -> QuerySet[FreeAnswer]:
    """Free answers of a school year that is over, as they were written; released ones stay in the reviewer's words."""
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return FreeAnswer.objects.none()
    done = {"state": FreeAnswer.State.RELEASED, "original": "", "reviewed_by__isnull": True}
    return FreeAnswer.objects.filter(wave__closes_on__lte=last).exclude(**done)


def _forget_originals(rows: QuerySet[FreeAnswer]) -> int:
    number = rows.count()
    rows.exclude(state=FreeAnswer.State.RELEASED).delete()
    rows.update(original="", reviewed_by=None)
    return number


def _scans() -> QuerySet[AccessScan]:
    return AccessScan.objects.filter(measured_on__lt=days_ago(settings.SCAN_NAMES_DAYS), kept_by__isnull=False)


def _actions() -> QuerySet[ScanAction]:
    named = Q(owner__isnull=False) | Q(planned_by__isnull=False)
    return ScanAction.objects.filter(named, due_on__lt=days_ago(settings.SCAN_NAMES_DAYS), done_on__isnull=False)


def _packages() -> QuerySet[PlaybookPackage]:
    return PlaybookPackage.objects.filter(
        brought_at__date__lt=days_ago(settings.PACKAGE_DAYS), installed_at__isnull=True, kept={}
    )


def _planned() -> QuerySet[PlannedStep]:
    named = Q(owner__isnull=False) | Q(settled_by__isnull=False)
    return PlannedStep.objects.filter(named, due_on__lt=days_ago(settings.SCAN_NAMES_DAYS))


def _plans() -> QuerySet[SchoolPlan]:
    old = days_ago(settings.SCAN_NAMES_DAYS)
    return SchoolPlan.objects.filter(started_by__isnull=False, year__ends_on__lt=old)


def _forget_planner(rows: QuerySet[SchoolPlan]) -> int:
    return rows.update(started_by=None)


def _forget_settled(rows: QuerySet[PlannedStep]) -> int:
    return rows.update(owner=None, settled_by=None)


def _adaptations() -> QuerySet[Adaptation]:
    named = Q(written_by__isnull=False) | Q(decided_by__isnull=False)
    return Adaptation.objects.filter(named, written_at__lt=_before(settings.SCAN_NAMES_DAYS))


def _forget_writer(rows: QuerySet[Adaptation]) -> int:
    return rows.update(written_by=None, decided_by=None)


def _questions() -> QuerySet[CardQuestion]:
    mailed = CardReminder.objects.filter(question=OuterRef("pk"))
    named = Q(asked_by__isnull=False) | Q(answered_by__isnull=False) | Exists(mailed)
    return CardQuestion.objects.filter(named, asked_at__lt=_before(settings.SCAN_NAMES_DAYS))


def _forget_asker(rows: QuerySet[CardQuestion]) -> int:
    CardReminder.objects.filter(question__in=rows).delete()
    return rows.update(asked_by=None, answered_by=None)


def _files() -> QuerySet[CardFile]:
    return CardFile.objects.filter(added_by__isnull=False, added_at__lt=_before(settings.SCAN_NAMES_DAYS))


def _forget_adder(rows: QuerySet[CardFile]) -> int:
    return rows.update(added_by=None)


def _breaches() -> QuerySet[DataBreach]:
    return DataBreach.objects.filter(closed_at__lt=_before(settings.BREACH_DAYS))


def _before(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _forget_keeper(rows: QuerySet[AccessScan]) -> int:
    return rows.update(kept_by=None)


def _forget_owner(rows: QuerySet[ScanAction]) -> int:
    return rows.update(owner=None, planned_by=None)


RULES = (
    Rule(
        key="free answers",
        words="free answers of measurements as they were written, and those that were withheld",
        until="NOTES_UNTIL after the school year",
        due=_old_originals,
        take=_forget_originals,
    ),
    Rule(
        key="scans",
        words="names at accessibility scans",
        until="SCAN_NAMES_DAYS days; what was answered stays",
        due=_scans,
        take=_forget_keeper,
    ),
    Rule(
        key="scan actions",
        words="names at done actions of accessibility scans",
        until="SCAN_NAMES_DAYS days after they were due",
        due=_actions,
        take=_forget_owner,
    ),
    Rule(
        key="packages of draaiboeken",
        words="packages of draaiboeken about which nobody decided",
        until="PACKAGE_DAYS days",
        due=_packages,
        take=delete,
    ),
    Rule(
        key="planned steps",
        words="names at steps of year planners",
        until="SCAN_NAMES_DAYS days after their day; the steps stay",
        due=_planned,
        take=_forget_settled,
    ),
    Rule(
        key="adaptations of cards",
        words="who wrote and decided adaptations of cards",
        until="SCAN_NAMES_DAYS days; what was written stays",
        due=_adaptations,
        take=_forget_writer,
    ),
    Rule(
        key="questions about cards",
        words="who asked and answered questions about cards",
        until="SCAN_NAMES_DAYS days; what was written stays",
        due=_questions,
        take=_forget_asker,
    ),
    Rule(
        key="files of cards",
        words="who added files to cards",
        until="SCAN_NAMES_DAYS days; the files stay",
        due=_files,
        take=_forget_adder,
    ),
    Rule(
        key="year plans",
        words="who began a year planner",
        until="SCAN_NAMES_DAYS days after the school year",
        due=_plans,
        take=_forget_planner,
    ),
    Rule(
        key="data breaches",
        words="data breaches with their history",
        until="BREACH_DAYS days after they were closed",
        due=_breaches,
        take=delete,
    ),
)
