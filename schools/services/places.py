"""Keeping schools, centres, partners and projects; each change leaves a line in the access log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Model

from schools import audit, clock
from schools.models import CentreShare, Participation, Project, User

#: So long schools of a project are added one by one: they are of it from the start.
_SETTING_UP = timedelta(days=61)


def keep_place(*, row: Model, is_new: bool, by: User) -> None:
    """The line of a school, centre or partner that was saved."""
    audit.record(actor=by, verb="added a place" if is_new else "changed a place", target=row)


def has_ended(row: Participation) -> bool:
    """Whether the school left; one that stays until the end of the project has not."""
    return row.ends_on is not None and row.ends_on < clock.today()


def keep_project(*, project: Project, shares: dict[int, int], roles: dict[int, str], by: User) -> None:
    """Who carries the joint worker and which schools take part from now on. A school that joins one that is well under
    way takes part from today; one that leaves took part until yesterday; one that comes back goes on. In figures each
    counts for the whole project year, whenever it came or left (README, decisions)."""
    with transaction.atomic():
        CentreShare.objects.filter(project=project).exclude(centre__in=shares).delete()
        for centre, share in shares.items():
            CentreShare.objects.update_or_create(project=project, centre_id=centre, defaults={"share": share})
        known = {row.school_id: row for row in Participation.objects.select_for_update().filter(project=project)}
        _begin_together(project, known.values())
        since, yesterday = _joins_on(project, bool(known)), clock.today() - timedelta(days=1)
        for school, role in roles.items():
            row = known.get(school)
            if role and row is None:
                Participation.objects.create(project=project, school_id=school, role=role, starts_on=since)
            elif role and row and (row.role != role or has_ended(row)):
                row.role, row.ends_on = role, None if has_ended(row) else row.ends_on
                row.save(update_fields=["role", "ends_on"])
            elif not role and row and not has_ended(row):
                row.starts_on, row.ends_on = min(row.starts_on, yesterday), yesterday
                row.save(update_fields=["starts_on", "ends_on"])
        audit.record(
            actor=by,
            verb="kept a project",
            target=project,
            schools=sum(bool(role) for role in roles.values()),
            shares=shares,
        )


def _joins_on(project: Project, has_schools: bool) -> date:
    """From when a school takes part that comes in today."""
    today = clock.today()
    is_under_way = has_schools and project.starts_on + _SETTING_UP < today <= (project.ends_on or today)
    return today if is_under_way else project.starts_on


def _begin_together(project: Project, rows: Collection[Participation]) -> None:
    """The schools with which a project began go with its first day when that is put earlier."""
    first = min((row.starts_on for row in rows), default=project.starts_on)
    for row in rows:
        if row.starts_on == first > project.starts_on:
            row.starts_on = project.starts_on
            row.save(update_fields=["starts_on"])
