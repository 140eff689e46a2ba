"""A school goes into its next school year, in one transaction, and can come back within a week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from schools import audit, clock
from schools.models import Assignment, Enrolment, PostDecision, Rollover, School, SchoolClass, SchoolYear, User
from schools.rollover import Choices, Plan, plan_rollover

UNDO_DAYS = 7


class PlanChangedError(ValidationError):
    """The rows changed since the plan was looked at."""


def roll_over(*, plan: Plan, choices: Choices, by: User) -> Rollover:
    """Carry out a plan: classes of the next year, enrolments from its first day, posts until the next 31 August.

    History stays: what ends gets a last day, nothing is renamed or moved. Raises PlanChangedError when the rows are
    not those that were looked at, ValidationError when the school went into that year before.
    """
    with transaction.atomic():
        School.objects.select_for_update(of=("self",)).get(pk=plan.school.pk)
        if gone_into(plan.school, plan.to_year):
            raise ValidationError(_("This school is in that school year already."))
        fresh = plan_rollover(
            school=plan.school, from_year=plan.from_year, to_year=plan.to_year, choices=choices, by=by
        )
        if fresh.basis != plan.basis:
            raise PlanChangedError(_("Something changed in the meantime. Look at the plan once more."))
        try:
            record = _carry_out(fresh, by)
        except IntegrityError as error:
            raise ValidationError(
                _("A pupil has a place in the next school year already. Nothing was changed: look at that pupil first.")
            ) from error
        row = Rollover.objects.create(
            school=plan.school,
            from_year=plan.from_year,
            to_year=plan.to_year,
            made_at=clock.now(),
            made_by=by,
            record=record,
        )
        audit.record(
            actor=by, verb="went into the next school year", target=row, school_id=plan.school.pk, moved=fresh.moving
        )
    return row


def undo_rollover(*, rollover: Rollover, by: User) -> None:
    """Take a change of school year back. Raises ValidationError after a week, or when something hangs on it by now."""
    with transaction.atomic():
        row = Rollover.objects.select_for_update(of=("self",)).select_related("to_year").get(pk=rollover.pk)
        if row.undone_at is not None:
            raise ValidationError(_("This was taken back already."))
        if clock.now() - row.made_at > timedelta(days=UNDO_DAYS):
            raise ValidationError(
                _("This can be taken back within %(number)d days; they are over.") % {"number": UNDO_DAYS}
            )
        record = row.record
        PostDecision.objects.filter(post__in=map(int, record["ended_assignments"]), year=row.to_year).delete()
        for model, key in ((Enrolment, "enrolments"), (Assignment, "assignments"), (SchoolClass, "classes")):
            _remove(model, record[key])
        last = _last_day_before(row.to_year)
        _give_back(Enrolment, record["ended_enrolments"], last)
        _give_back(Assignment, record["ended_assignments"], last)
        row.undone_at = clock.now()
        row.save(update_fields=["undone_at"])
        audit.record(actor=by, verb="took the next school year back", target=row, school_id=row.school_id)


def undoable(school: School) -> Rollover | None:
    """The change of school year that this school can still take back."""
    since = clock.now() - timedelta(days=UNDO_DAYS)
    return Rollover.objects.filter(school=school, undone_at=None, made_at__gte=since).select_related("to_year").first()


def gone_into(school: School, year: SchoolYear) -> bool:
    """Whether the school went into this year."""
    return Rollover.objects.filter(school=school, to_year=year, undone_at=None).exists()


def _carry_out(plan: Plan, by: User) -> dict[str, Any]:
    first, last = plan.to_year.starts_on, _last_day_before(plan.to_year)
    classes = SchoolClass.objects.bulk_create(
        SchoolClass(school=plan.school, year=plan.to_year, name=name, level=plan.classes[name])
        for name in plan.new_classes
    )
    by_name = {row.name: row for row in SchoolClass.objects.filter(school=plan.school, year=plan.to_year)}
    seats = [seat for move in plan.moves for seat in move.seats]
    ended = {seat.enrolment.pk: _day(seat.enrolment.ends_on) for seat in seats}
    # Who moves up is in the old class through the summer; who leaves before it is not brought back.
    _lasting(Enrolment, last, pk__in=ended).update(ends_on=last)
    Enrolment.objects.filter(pk__in=[seat.enrolment.pk for seat in seats if seat.target]).update(ends_on=last)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(pupil=seat.pupil, school=plan.school, school_class=by_name[seat.target], starts_on=first)
        for seat in seats
        if seat.target
    )
    posts = {post.assignment.pk: _day(post.assignment.ends_on) for post in plan.posts}
    _lasting(Assignment, last, pk__in=posts).update(ends_on=last)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            user=post.assignment.user,
            role=post.assignment.role,
            school=plan.school,
            school_class=by_name[post.target] if post.target else None,
            share=post.assignment.share,
            works_on=post.assignment.works_on,
            languages=post.assignment.languages,
            starts_on=first,
            ends_on=plan.to_year.last_day,
        )
        for post in plan.posts
        if post.continues
    )
    _write_decisions(plan, assignments, by)
    return {
        "classes": [row.pk for row in classes],
        "enrolments": [row.pk for row in enrolments],
        "assignments": [row.pk for row in assignments],
        "ended_enrolments": ended,
        "ended_assignments": posts,
    }


def _write_decisions(plan: Plan, renewals: list[Assignment], by: User) -> None:
    """So that the page of next year's posts knows what was decided here."""
    kinds, following, now = PostDecision.Kind, iter(renewals), clock.now()
    said = [post for post in plan.posts if not post.is_followed]
    PostDecision.objects.bulk_create(
        PostDecision(
            post=post.assignment,
            year=plan.to_year,
            kind=kinds.KEPT if post.continues else kinds.ENDED,
            renewal=next(following) if post.continues else None,
            last_day=post.assignment.ends_on,
            decided_by=by,
            decided_at=now,
        )
        for post in said
    )


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _remove(model: type[models.Model], numbers: list[int]) -> None:
    """Delete our own rows, and refuse when anything else would go with them or holds them."""
    rows = model._default_manager.filter(pk__in=numbers)
    collector = Collector(using=DEFAULT_DB_ALIAS)
    try:
        collector.collect(rows)
    except (ProtectedError, RestrictedError) as error:
        raise ValidationError(_in_use()) from error
    hanging = [one for one, found in collector.data.items() if one is not model and found]
    hanging += [found.model for found in collector.fast_deletes if found.model is not model and found.exists()]
    # What refers to the rows and would only lose its reference counts too.
    if hanging or any(bool(rows) for updates in collector.field_updates.values() for rows in updates):
        raise ValidationError(_in_use())
    rows.delete()


def _in_use() -> str:
    return _("The new school year is in use already: something was written or sent in it. It cannot be taken back.")


def _last_day_before(year: SchoolYear) -> date:
    return year.starts_on - timedelta(days=1)


def _lasting(model: type[Enrolment] | type[Assignment], day: date, **which: Any) -> models.QuerySet[Any]:
    """Of these rows those that would go on after the day: nobody stays longer than was said."""
    return model._default_manager.filter(models.Q(ends_on=None) | models.Q(ends_on__gt=day), **which)


def _give_back(model: type[Enrolment] | type[Assignment], days: dict[str, str | None], last: date) -> None:
    """The last days of before, for rows that still have the one of the change: what was said since then stays."""
    by_day: dict[str | None, list[int]] = {}
    for number, day in days.items():
        by_day.setdefault(day, []).append(int(number))
    for day, numbers in by_day.items():
        model._default_manager.filter(pk__in=numbers, ends_on=last).update(ends_on=day)
