"""Doors for Celery. Each may run twice or never: what was done stands in the tables."""

from __future__ import annotations

from celery import shared_task

from reports.evaluation.calendar import draft_due


@shared_task(name="reports.tasks.draft_evaluation")
def draft_evaluation() -> int:
    """Make the drafts whose day has come."""
    return len(draft_due())
