"""Doors for Celery. Each may run twice or never: what was done stands in the tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from celery import shared_task

from reports import breaches, measuring
from reports.cardmails import tell_of_questions
from reports.cardversions import keep_versions
from reports.evaluation.calendar import draft_due
from reports.evaluation.deadline import fix_due
from reports.evaluation.reminding import remind_of_deadline
from reports.keeping import keep_due
from reports.keptlists import keep_list, mark_of
from reports.planner.planning import carry_plans, follow_calendars
from reports.planner.reminding import remind_owners
from reports.prints import print_editions
from reports.silence import SILENT, silent_ids
from reports.week import SILENT_CLASSES, silent_classes
from schools.models import User

#: For what counts all figures of a project of very many schools.
COUNTING_SECONDS = 900


@shared_task(name="reports.tasks.draft_evaluation", soft_time_limit=COUNTING_SECONDS)
def draft_evaluation() -> int:
    """Make the drafts whose day has come: of many schools minutes of counting, kept whole or not at all."""
    return len(draft_due())


@shared_task(name="reports.tasks.remind_of_evaluation")
def remind_of_evaluation() -> int:
    """Mail whoever has the next step of an evaluation that is nearly due."""
    return remind_of_deadline()


@shared_task(name="reports.tasks.fix_evaluation")
def fix_evaluation() -> int:
    """Fix what both centres signed, at the end of the last school day."""
    return fix_due()


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


@shared_task(name="reports.tasks.print_playbook")
def print_playbook() -> int:
    """Print what a process that was stopped left out of an edition."""
    return print_editions()


@shared_task(name="reports.tasks.keep_figures", soft_time_limit=COUNTING_SECONDS)
def keep_figures() -> int:
    """Count ahead the figures of projects of many schools that are due."""
    return keep_due()


@shared_task(name="reports.tasks.make_list")
def make_list(user_id: int, name: str, chosen: list[Any]) -> bool:
    """Make a kept list again for whoever still follows many schools; whether it was."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not (mark := mark_of(user)):
        return False
    if name == SILENT:
        keep_list(mark, name, tuple(chosen), lambda: silent_ids(user, *chosen))
    elif name == SILENT_CLASSES:
        since = date.fromisoformat(chosen[0])
        keep_list(mark, name, tuple(chosen), lambda: silent_classes(user, since))
    else:
        return False
    return True


@shared_task(name="reports.tasks.remind_of_breaches")
def remind_of_breaches() -> int:
    """Mail who keeps a data breach that its time runs, and runs out."""
    return breaches.remind_of_breaches()
