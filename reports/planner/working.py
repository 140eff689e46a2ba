"""What colleagues do with a step: take it, pass it on, give it another day, do it, leave it out, open it again."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from reports.models import PlannedStep
from reports.planner.dates import first_day, remind_day
from reports.planner.planning import calendar_of
from reports.publication import nameless
from reports.scans import owners
from schools import audit, clock
from schools.models import User

State = PlannedStep.State


def take_step(*, step: PlannedStep, by: User) -> None:
    """Nobody's step becomes one's own. Raises ValidationError when a colleague was quicker."""
    _check(step, by)
    with transaction.atomic():
        rows = PlannedStep.objects.filter(pk=step.pk, state=State.OPEN).exclude(owner=by)
        if rows.filter(owner=None).update(owner=by, reminded_at=None):
            _record(step, by, "took a planned step")
        elif rows.exists():
            raise ValidationError(_("A colleague took this step meanwhile."))


def change_step(*, step: PlannedStep, owner: User | None, due_on: date, by: User) -> None:
    """Another owner, another day, or both; whose it becomes hears of it anew. Raises ValidationError for somebody who
    does not work at the school, a day without class, and one outside the plan's year."""
    _check(step, by)
    plan = step.plan
    if owner is not None and owner.pk != step.owner_id and owner not in owners(plan.school):
        raise ValidationError({"owner": _("Choose somebody of this school.")})
    with transaction.atomic():
        row = PlannedStep.objects.select_for_update(of=("self",)).select_related("step").get(pk=step.pk)
        if not row.is_open:
            raise ValidationError(_("This step is settled. Open it again first."))
        if due_on != row.due_on:
            row.due_on, row.remind_on = due_on, _reminder(row, due_on)
        elif (owner and owner.pk) == row.owner_id:
            return
        row.owner, row.reminded_at = owner, None
        row.save(update_fields=["due_on", "remind_on", "owner", "reminded_at"])
        _record(row, by, "changed a planned step")


def _reminder(row: PlannedStep, due_on: date) -> date:
    year, calendar = row.plan.year, calendar_of(row.plan.school)
    if not max(first_day(year), clock.today()) <= due_on <= year.ends_on:
        words = _("Choose a day from today to the end of the school year.")
        raise ValidationError({"due_on": words})
    if due_on >= year.starts_on and not calendar.is_school_day(due_on):
        raise ValidationError({"due_on": _("There is no class on that day. Choose a school day.")})
    return remind_day(due_on, row.step.lead, calendar)


def finish_step(*, step: PlannedStep, by: User) -> None:
    """Done today. Twice is once."""
    _settle(step, by, State.DONE, "")


def skip_step(*, step: PlannedStep, reason: str, by: User) -> None:
    """Left out this year. Raises ValidationError without a reason, or when the reason names or reaches somebody."""
    reason = nameless(reason, "reason")
    if not reason:
        raise ValidationError({"reason": _("Say why, so that next year you know.")})
    _settle(step, by, State.SKIPPED, reason)


def reopen_step(*, step: PlannedStep, by: User) -> None:
    """To do again."""
    _check(step, by)
    with transaction.atomic():
        rows = PlannedStep.objects.filter(pk=step.pk).exclude(state=State.OPEN)
        if rows.update(state=State.OPEN, settled_on=None, settled_by=None, reason=""):
            _record(step, by, "opened a planned step again")


def _settle(step: PlannedStep, by: User, state: PlannedStep.State, reason: str) -> None:
    _check(step, by)
    with transaction.atomic():
        rows = PlannedStep.objects.filter(pk=step.pk, state=State.OPEN)
        if rows.update(state=state, settled_on=clock.today(), settled_by=by, reason=reason):
            _record(step, by, "did a planned step" if state == State.DONE else "left a planned step out")


def _check(step: PlannedStep, by: User) -> None:
    if not PlannedStep.objects.editable_by(by).filter(pk=step.pk).exists():
        raise ValidationError(_("This step is a colleague’s. Its owner, the head or the joint worker changes it."))


def _record(step: PlannedStep, by: User, verb: str) -> None:
    audit.record(actor=by, verb=verb, target=step, school_id=step.plan.school_id)
