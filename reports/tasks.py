"""Doors for Celery. Each may run twice or never: what was done stands in the tables."""

from __future__ import annotations

from celery import shared_task

from reports import measuring
from reports.evaluation.calendar import draft_due


@shared_task(name="reports.tasks.draft_evaluation")
def draft_evaluation() -> int:
    """Make the drafts whose day has come."""
    return len(draft_due())


@shared_task(name="reports.tasks.carry_measurements")
def carry_measurements() -> int:
    """Close the measurements whose last day has passed, and write to who is asked and did not answer."""
    measuring.close_due()
    return measuring.send_due_rounds()
