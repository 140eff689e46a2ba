"""Answers to the whole checklist, for tests."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from reports.accessibility import POINTS
from reports.models import AccessScan
from reports.scans import keep_scan
from schools import clock
from schools.models import School, User


def answers(everywhere: str = "YES", **others: str) -> dict[str, tuple[str, str]]:
    """The same answer everywhere, but at the points named (``welcome_1="NO"``)."""
    named = {key.replace("_", "-"): answer for key, answer in others.items()}
    return {key: (named.get(key, everywhere), "") for key in POINTS}


def scanned(school: School, by: User, given: dict[str, tuple[str, str]] | None = None, *, days: int = 0) -> AccessScan:
    """A measurement so many days ago."""
    day = clock.today() - timedelta(days=days)
    return keep_scan(school=school, measured_on=day, answers=given or answers(), client_id=uuid4(), by=by)
