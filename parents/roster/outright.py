"""Brings rosters of one or several schools in at once, for the shell: everything in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from parents.roster.whole import WholePlan, apply_whole, plan_whole
from schools import audit
from schools.bell import ring
from schools.models import School
from schools.roster.progress import Progress
from schools.roster.rows import Roster
from schools.roster.splitting import schools_named


class NoSchool(Exception):
    """The file does not say for which school it is, or names one that the portal does not know."""

    def __init__(self, named: Sequence[str]) -> None:
        super().__init__()
        self.named = named


def schools_of(roster: Roster, number: str = "") -> list[School]:
    """The school with this institution number, or those that the file names. Raises NoSchool."""
    numbers = [number] if number else schools_named(roster)
    known = {school.institution_number: school for school in School.objects.filter(institution_number__in=numbers)}
    missing = [one for one in numbers if one not in known]
    if missing or not numbers:
        raise NoSchool(missing)
    return [known[one] for one in numbers]


def bring_in(roster: Roster, schools: Sequence[School], *, many_leave: bool) -> list[WholePlan]:
    """Plan and apply, each school once; nothing stays when one plan has errors, or lets so many pupils leave that
    ``many_leave`` must say it is right. Then families that may be one are looked for, as after a list on the page.
    Returns the plans."""
    with transaction.atomic():
        plans: list[WholePlan] = []
        has_stopped = False
        for school in schools:  # a child that moves between them is planned after the first is written
            plans.append(plan := plan_whole(roster, school))
            if any(is_stopped(one, many_leave=many_leave) for one in plans):
                has_stopped = True  # the others are planned all the same, to say at once what is wrong with them
                continue
            apply_whole(plan, Progress())
            audit.record(actor=None, verb="applied a roster", target=school, school_id=school.pk, counts=plan.counts())
        if has_stopped:
            transaction.set_rollback(True)
        else:
            ring("parents.tasks.offer_same_families")
    return plans


def is_stopped(plan: WholePlan, *, many_leave: bool) -> bool:
    return plan.has_errors or (plan.lets_many_leave and not many_leave)
