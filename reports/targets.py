"""What was agreed to reach: which target holds on a day, who agreed with it, and what it was before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from reports.indicators import HOME, INDICATORS, Unit
from reports.models import Target, TargetAgreement
from reports.ownproject import day_within, schools_of
from schools import audit, clock
from schools.days import full_day
from schools.models import Project, School, User
from schools.scope import scope_of

#: The least and the most that a target may be, in the unit of its indicator. Hours are spent, not aimed at.
RANGES: dict[Unit, tuple[int, int]] = {"%": (0, 100), "pp": (0, 100), "school days": (0, 60), "contacts": (0, 50)}
#: Indicators that may have a target, those of the home row first.
CODES: tuple[str, ...] = (
    *HOME,
    *(code for code, one in INDICATORS.items() if one.unit in RANGES and code not in HOME),
)
#: A target of a school stands under the school's number, the project's under None.
Held = dict[tuple[str, int | None], Target]


def in_force(project: Project | None, day: date) -> Held:
    """The targets that hold on a day, by indicator and school; one query."""
    rows = Target.objects.filter(project=project, holds_from__lte=day).order_by("holds_from", "pk")
    held = {(row.indicator, row.school_id): row for row in rows}
    return {key: row for key, row in held.items() if row.value is not None}


def target_for(held: Held, code: str, school: School | None) -> Target | None:
    """The school's own target, else the project's."""
    own = held.get((code, school.pk)) if school else None
    return own or held.get((code, None))


def newest(project: Project, code: str) -> Target | None:
    """The target of an indicator that was set last, whoever it is for."""
    return Target.objects.filter(project=project, indicator=code).order_by("-pk").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is to be reached from a day on; without a value there is no target from that day on. ``school`` is None for
    the whole project."""

    code: str
    value: Decimal | None
    holds_from: date
    school: School | None = None
    objective: str = ""
    reason: str = ""


def set_target(*, project: Project, aim: Aim, by: User, seen: int | None = None) -> Target:
    """A target in the place of the one before. ``seen`` is the newest target of the indicator that its author saw.

    Twice is once. Raises ValidationError when somebody set another one meanwhile, for a value outside its unit, and for
    a day before the one on which the present one began.
    """
    school, code, holds_from = aim.school, aim.code, aim.holds_from
    _check_place(project, school, by)
    _check_value(code, aim.value)
    last = project.ends_on or project.year.ends_on
    if not project.starts_on <= holds_from <= last:
        words = _("Choose a day of the project: %(first)s to %(last)s.")
        raise ValidationError({"holds_from": words % {"first": full_day(project.starts_on), "last": full_day(last)}})
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        latest = newest(project, code)
        if latest is not None and latest.pk != seen and latest.set_by_id == by.pk and _aim_of(latest) == aim:
            return latest  # pressed twice
        if (latest.pk if latest else None) != seen:
            raise ValidationError(
                _("Somebody else set a target here meanwhile. Look at it below, then save once more.")
            )
        before = Target.objects.filter(project=project, indicator=code, school=school).order_by("pk").last()
        if before is not None and holds_from < before.holds_from:
            words = _("The present target holds from %(day)s: begin on that day or later.")
            raise ValidationError({"holds_from": words % {"day": full_day(before.holds_from)}})
        row = Target.objects.create(
            project=project,
            school=school,
            indicator=code,
            value=aim.value,
            objective=aim.objective,
            reason=aim.reason,
            holds_from=holds_from,
            set_at=clock.now(),
            set_by=by,
        )
        audit.record(actor=by, verb="set a target", target=row, school_id=school.pk if school else None, indicator=code)
    return row


def _aim_of(row: Target) -> Aim:
    return Aim(
        code=row.indicator,
        value=row.value,
        holds_from=row.holds_from,
        school=row.school,
        objective=row.objective,
        reason=row.reason,
    )


def confirm(*, target: Target, by: User) -> list[TargetAgreement]:
    """A head agrees for the own schools that take part. Raises ValidationError when the target was replaced."""
    return _agree(
        target, [one for one in concerned(target) if one.pk in scope_of(by).led_schools], by, clock.today(), "CONFIRMED"
    )


def note_agreement(*, target: Target, schools: Collection[School], agreed_on: date, by: User) -> list[TargetAgreement]:
    """The worker notes with which schools the target was agreed in a talk, and when."""
    _check_place(target.project, None, by)
    if not target.project.starts_on - timedelta(days=183) <= agreed_on <= clock.today():
        raise ValidationError({"agreed_on": _("A talk is not later than today, nor half a year before the project.")})
    known = {one.pk for one in concerned(target)}
    return _agree(target, [one for one in schools if one.pk in known], by, agreed_on, "TALK")


def unit_in_words(unit: Unit) -> str:
    """The unit of a target, after "in"."""
    words = {
        "%": _("per cent"),
        "pp": _("percentage points"),
        "school days": _("school days"),
        "contacts": _("contacts"),
    }
    return words[unit]


def day_of_new(project: Project, present: Target | None) -> date:
    """The first day for which a new target is proposed: today within the project, never before the present one."""
    return max(day_within(project), present.holds_from if present else project.starts_on)


def concerned(target: Target) -> list[School]:
    """The schools that are asked whether they agree."""
    return [target.school] if target.school else schools_of(target.project)


def is_replaced(target: Target) -> bool:
    rows = Target.objects.filter(project=target.project_id, indicator=target.indicator, school=target.school_id)
    return rows.filter(pk__gt=target.pk).exists()


def _agree(target: Target, schools: Collection[School], by: User, day: date, way: str) -> list[TargetAgreement]:
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=target.project_id)
        if target.value is None or is_replaced(target):
            raise ValidationError(_("This target was replaced meanwhile. Look at the new one first."))
        found = [
            TargetAgreement.objects.get_or_create(
                target=target,
                school=school,
                defaults={"way": way, "agreed_on": day, "noted_at": clock.now(), "noted_by": by},
            )
            for school in schools
        ]
        for row, is_new in found:
            if is_new:
                audit.record(actor=by, verb="agreed with a target", target=target, school_id=row.school_id, way=way)
    return [row for row, _is_new in found]


def _check_place(project: Project, school: School | None, by: User) -> None:
    if project.pk not in scope_of(by).joint_projects:
        raise ValidationError(_("Only the joint worker of the project sets its targets."))
    if school is not None and school not in schools_of(project):
        raise ValidationError({"school": _("This school does not take part in the project.")})


def _check_value(code: str, value: Decimal | None) -> None:
    least, most = RANGES[INDICATORS[code].unit]
    if value is not None and not least <= value <= most:
        raise ValidationError(
            {"value": _("A target here lies between %(least)d and %(most)d.") % {"least": least, "most": most}}
        )
