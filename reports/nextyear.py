"""A project's next year: the same schools and centres, goals of its own, and what was measured as the new baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.evaluation import goals_for_next_year
from reports.measuring.carrying import carry_along
from reports.models import BudgetLine, MeasurementWave, Target, TargetAgreement
from reports.targets import Held, in_force
from schools import audit, clock
from schools.models import (
    Assignment,
    AuditEntry,
    CentreShare,
    Participation,
    PostDecision,
    Project,
    SchoolYear,
    User,
)
from schools.postreview import until_when

STARTED = "started next project year"
UNDO_DAYS = 7
_WRITTEN = gettext_lazy("Something was counted or written in this project year already. It cannot be taken back.")
#: Posts at a project; the others stand at a school or a centre and are confirmed there.
_POSTS = ("JOINT_CLB", "COORDINATOR")


def year_after(project: Project) -> SchoolYear | None:
    """The school year after the project's; None when it has not been laid."""
    return SchoolYear.objects.filter(starts_on__gt=project.year.starts_on).order_by("starts_on").first()


def next_of(project: Project) -> Project | None:
    """The same project in the year after, once it was started."""
    year = year_after(project)
    return Project.objects.filter(name=project.name, year=year).select_related("year").first() if year else None


def posts_of(project: Project, by: User) -> list[Assignment]:
    """Posts at the project that run on its last day. Nobody decides about the own: an administrator does, with those
    that nobody confirmed (``schools.postreview``)."""
    last = project.ends_on or project.year.ends_on
    rows = Assignment.objects.on(last).filter(project=project, role__in=_POSTS).exclude(user=by)
    return list(rows.select_related("user", "project__year").order_by("role", "user__full_name"))


def due_a_year_later(project: Project) -> date:
    """The day of next year's report: the same day of the year, also when that year is a leap year."""
    day, year = project.report_due_on, project.report_due_on.year + 1
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 2, 28)


def last_targets(project: Project) -> Held:
    """What was agreed to reach at the end of the project's year."""
    return in_force(project, project.ends_on or project.year.ends_on)


def start_next_year(
    *,
    project: Project,
    by: User,
    goals: Mapping[str, Decimal],
    report_due_on: date,
    posts: Collection[int] = (),
) -> Project:
    """The project in its next school year. ``goals`` are indicator → value (per cents, or school days for I13); posts
    not named in ``posts`` end as they would have. The baseline of each school is its end measurement, which may still
    come (``measuring.carrying``), or its old baseline where there is none. Raises ValidationError when that year was
    started before.
    """
    year = year_after(project)
    if year is None:
        raise ValidationError(_("The next school year has not been laid yet. The portal lays it at night."))
    if not year.starts_on < report_due_on <= year.ends_on + timedelta(days=62):
        raise ValidationError(_("The report is due within that school year or in the summer after it."))
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if next_of(project) is not None:
            raise ValidationError(_("This project has its next year already."))
        fresh = Project.objects.create(
            name=project.name,
            year=year,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            report_due_on=report_due_on,
            funder=project.funder,
        )
        fresh.partners.set(project.partners.all())
        _take_along(project, fresh)
        Target.objects.bulk_create(
            Target(
                project=fresh,
                indicator=code,
                value=value,
                objective=objective,
                holds_from=fresh.starts_on,
                set_at=clock.now(),
                set_by=by,
            )
            for code, value, objective in _goals(project, goals)
        )
        _confirm(project, fresh, posts, by)
        audit.record(actor=by, verb=STARTED, target=fresh)
    return fresh


def undo_next_year(*, project: Project, by: User) -> None:
    """Take a project year back that was started within a week and in which nothing was counted or written yet."""
    if not is_undoable(project):
        raise ValidationError(
            _("This can be taken back within %(number)d days; they are over.") % {"number": UNDO_DAYS}
        )
    with transaction.atomic():
        if not Project.objects.select_for_update(of=("self",)).filter(pk=project.pk).exists():
            return  # pressed twice
        if _is_written_in(project):
            raise ValidationError(_WRITTEN)
        audit.record(actor=by, verb="took next project year back", target=project)
        try:
            Assignment.objects.filter(project=project).delete()
            MeasurementWave.objects.filter(project=project, opens_on__lt=project.starts_on).delete()  # carried along
            project.participations.all().delete()
            Project.objects.get(pk=project.pk).delete()
        except models.ProtectedError as error:
            raise ValidationError(_WRITTEN) from error


def is_undoable(project: Project) -> bool:
    return _started(project).filter(at__gte=clock.now() - timedelta(days=UNDO_DAYS)).exists()


def _started(project: Project) -> models.QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(verb=STARTED, target_kind=project._meta.label_lower, target_id=project.pk)


def _is_written_in(project: Project) -> bool:
    """Whether somebody wrote since it was started what would go with the project, unlike what keeps it from going."""
    since = _started(project).order_by("-at").values("at")[:1]
    return (
        BudgetLine.objects.filter(project=project).exists()
        or TargetAgreement.objects.filter(target__project=project).exists()
        or Target.objects.filter(project=project, set_at__gt=models.Subquery(since)).exists()
        or AuditEntry.objects.filter(
            verb="kept a project", target_kind=project._meta.label_lower, target_id=project.pk
        ).exists()
        or _is_appointed_in(project)
    )


def _is_appointed_in(project: Project) -> bool:
    """Whether somebody holds a post there that a colleague gave, or confirmed, after it was started."""
    posts = Assignment.objects.filter(project=project, ends_on__gte=project.starts_on) | Assignment.objects.filter(
        project=project, ends_on=None
    )
    given = AuditEntry.objects.filter(
        verb="appointed a colleague", target_kind=Assignment._meta.label_lower, target_id__in=posts.values("pk")
    )
    return given.exists() or PostDecision.objects.filter(renewal__project=project).exists()


def _take_along(project: Project, fresh: Project) -> None:
    CentreShare.objects.bulk_create(
        CentreShare(project=fresh, centre_id=row.centre_id, share=row.share) for row in project.shares.all()
    )
    last = project.ends_on or project.year.ends_on
    # Without a last day, as where an administrator adds a school: in the days of grace the report is still written.
    Participation.objects.bulk_create(
        Participation(project=fresh, school_id=row.school_id, role=row.role, starts_on=fresh.starts_on)
        for row in project.participations.on(last)
    )
    carry_along(project, fresh)


def _goals(project: Project, goals: Mapping[str, Decimal]) -> list[tuple[str, Decimal, str]]:
    """With the words of the application, else with those of this year's targets."""
    words = {code: target.objective for (code, school), target in last_targets(project).items() if school is None}
    words |= {goal.indicator: goal.objective for goal in goals_for_next_year(project.pk) if goal.objective}
    return [(code, value, words.get(code, "")) for code, value in sorted(goals.items())]


def _confirm(project: Project, fresh: Project, posts: Collection[int], by: User) -> None:
    Assignment.objects.bulk_create(
        Assignment(
            user=row.user,
            role=row.role,
            project=fresh,
            share=row.share,
            works_on=row.works_on,
            starts_on=fresh.starts_on,
            ends_on=until_when(row, fresh.year, fresh),
        )
        for row in posts_of(project, by)
        if row.pk in posts
    )
