"""What of this app's rows goes, and when (``schools.keeping``, domain 6.4)."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet

from reports.models import AccessScan, FreeAnswer, ScanAction
from schools.keeping import Rule
from schools.retention import days_ago, ended_before


def _old_originals() -> QuerySet[FreeAnswer]:
    """Free answers of a school year that is over, as they were written; released ones stay in the reviewer's words."""
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return FreeAnswer.objects.none()
    return FreeAnswer.objects.filter(wave__closes_on__lte=last).exclude(state=FreeAnswer.State.RELEASED, original="")


def _forget_originals(rows: QuerySet[FreeAnswer]) -> int:
    number = rows.count()
    rows.exclude(state=FreeAnswer.State.RELEASED).delete()
    rows.update(original="")
    return number


def _scans() -> QuerySet[AccessScan]:
    return AccessScan.objects.filter(measured_on__lt=days_ago(settings.SCAN_NAMES_DAYS), kept_by__isnull=False)


def _actions() -> QuerySet[ScanAction]:
    named = Q(owner__isnull=False) | Q(planned_by__isnull=False)
    return ScanAction.objects.filter(named, due_on__lt=days_ago(settings.SCAN_NAMES_DAYS), done_on__isnull=False)


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
)
