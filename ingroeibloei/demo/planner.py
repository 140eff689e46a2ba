"""Year planners of the pilot schools: what was done, what is late, what was left out and why."""

from __future__ import annotations

from datetime import timedelta

from ingroeibloei.demo.world import World, moment_of, write
from reports.models import PlannedStep, PlannerStep, SchoolPlan
from reports.planner.dates import first_day
from reports.planner.planning import rows_of
from schools.models import School, User

#: A school that took part without planning.
NEVER = "veldhof"
#: Steps left out by De Kersenboom, and why.
LEFT_OUT = {
    "other-network-visited": "De buurschool had in april zelf geen ruimte.",
    "library-spring": "De bibliotheek was in maart dicht voor werken.",
}
#: Steps of De Kersenboom that are still to do after their day.
LATE = ("letters-read-with-parents",)
#: Of the other schools' steps that are past, so many were done.
DONE = 0.86


def build(world: World) -> None:
    steps = list(PlannerStep.objects.all())
    begun = first_day(world.year) + timedelta(days=19)
    plans = [
        SchoolPlan(
            school=school, year=world.year, started_at=moment_of(begun, 11), started_by=world.heads.get(school.pk)
        )
        for key, school in sorted(world.schools.items())
        if school in world.pilots and key != NEVER
    ]
    rows = []
    for plan in write(SchoolPlan, plans):
        teachers = _teachers(world, plan.school)
        for row in rows_of(plan, steps, begun):
            if row.owner_id is None and teachers and world.chance(0.8):
                row.owner = world.rng.choice(teachers)
            _settle(world, row, is_told=plan.school.pk == world.schools["kersenboom"].pk)
            rows.append(row)
    write(PlannedStep, rows)


def _settle(world: World, row: PlannedStep, *, is_told: bool) -> None:
    """As it stands today: De Kersenboom as told above, the others by chance."""
    if row.remind_on <= world.today and row.owner_id:
        row.reminded_at = moment_of(row.remind_on, 7, 15)
    if row.due_on >= world.today:
        return
    if is_told and row.step.key in LEFT_OUT:
        row.state, row.reason = PlannedStep.State.SKIPPED, LEFT_OUT[row.step.key]
    elif (is_told and row.step.key in LATE) or (not is_told and not world.chance(DONE)):
        return
    else:
        row.state = PlannedStep.State.DONE
    row.settled_on, row.settled_by = row.due_on, row.owner or world.heads.get(row.plan.school_id)


def _teachers(world: World, school: School) -> list[User]:
    mine = {room.pk for rooms in world.classes.values() for room in rooms if room.school_id == school.pk}
    return [user for class_id, user in sorted(world.teachers.items()) if class_id in mine]
