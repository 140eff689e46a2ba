"""Doors for Celery. Each may run twice or never: what was done stands in the tables."""

from __future__ import annotations

from celery import shared_task

from reports import measuring
from reports.cardmails import tell_of_questions
from reports.cardversions import keep_versions
from reports.evaluation.calendar import draft_due
from reports.evaluation.deadline import hand_in_due
from reports.evaluation.reminding import remind_of_deadline
from reports.planner.planning import carry_plans, follow_calendars
from reports.planner.reminding import remind_owners


@shared_task(name="reports.tasks.draft_evaluation")
def draft_evaluation() -> int:
    """Make the drafts whose day has come."""
    return len(draft_due())


@shared_task(name="reports.tasks.remind_of_evaluation")
def remind_of_evaluation() -> int:
    """Mail whoever has the next step of an evaluation that is nearly due."""
    return remind_of_deadline()


@shared_task(name="reports.tasks.hand_evaluation_in")
def hand_evaluation_in() -> int:
    """Hand in what both centres signed, on the last school day."""
    return hand_in_due()


@shared_task(name="reports.tasks.carry_measurements")
def carry_measurements() -> int:
    """Close the measurements whose last day has passed, and write to who is asked and did not answer."""
    measuring.close_due()
    return measuring.send_due_rounds()


@shared_task(name="reports.tasks.carry_year_plans")
def carry_year_plans() -> int:
    """Begin the new school year's plans of the schools that planned last year, and move steps with the calendars."""
    return carry_plans() + follow_calendars()


@shared_task(name="reports.tasks.remind_of_steps")
def remind_of_steps() -> int:
    """Mail the owners of steps of the year planner that come near."""
    return remind_owners()


@shared_task(name="reports.tasks.tell_of_card_questions")
def tell_of_card_questions() -> int:
    """Mail that a question about a card was asked, or answered."""
    return tell_of_questions()


@shared_task(name="reports.tasks.keep_card_versions")
def keep_card_versions() -> int:
    """Keep what cards say that changed since their last version."""
    return keep_versions()
