"""How easy the pilot schools make it for parents: measured in autumn and in spring, with what they do about it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from ingroeibloei.demo.world import World, moment_of, write
from reports.accessibility import POINTS
from reports.models import AccessScan, ScanAction, ScanAnswer
from schools.models import School

#: Days after the first of September, and the shares of yes, partly, no and not applicable.
MEASURED = ((40, (34, 36, 27, 3)), (198, (52, 34, 11, 3)))
#: Schools that measured once, in autumn, and not at all.
ONCE, NEVER = ("hubertushof",), ("veldhof",)
ANSWERS = ("YES", "PARTLY", "NO", "NA")
#: Of De Kersenboom: point → answers in autumn and in spring, and what was remarked in spring.
STORY = {
    "welcome-1": ("PARTLY", "YES", "De zorgcoördinator en een ouder, elke maandag en vrijdag."),
    "welcome-3": ("NO", "PARTLY", "De koffiehoek bij de refter, alleen ’s ochtends."),
    "language-2": ("NO", "YES", "Afspraak op het prikbord van het leraarslokaal."),
    "picture-2": ("PARTLY", "YES", "Met de modelberichten van het portaal."),
    "time-3": ("NO", "NO", "Er is geen opvang tijdens het avondcontact."),
    "place-1": ("NO", "NO", "De drempel aan de zijdeur."),
    "cost-2": ("PARTLY", "PARTLY", "In schijven kan, maar het staat niet op de rekening."),
    "digital-2": ("NO", "YES", "Elke woensdag na school met Samira."),
}
#: Point, what, days after the spring measurement until it is due, who, and whether it is done.
ACTIONS = (
    ("time-3", "Oudere leerlingen vragen voor opvang tijdens het oudercontact", 45, "carer", True),
    ("place-1", "Losse oprit aan de zijdeur leggen", 75, "head", False),
    ("cost-2", "Op elke rekening zetten dat betalen in schijven kan", 30, "head", False),
    ("welcome-3", "Ouderhoek met speelmat in het lokaal naast de refter", 90, "joint", False),
)


def build(world: World) -> None:
    scans, answers = [], []
    for key, school in sorted(world.schools.items()):
        if school not in world.pilots or key in NEVER:
            continue
        for place, (days, shares) in enumerate(MEASURED):
            day = _school_day(world.year.starts_on + timedelta(days=days + world.rng.randrange(9)))
            if day > world.today or (place and key in ONCE):
                continue
            scan = AccessScan(
                school=school,
                measured_on=day,
                client_id=UUID(int=world.rng.getrandbits(128)),
                kept_at=moment_of(day, 16),
                kept_by=world.heads.get(school.pk),
            )
            scans.append(scan)
            answers += [_answer(world, scan, key, place, point, shares) for point in POINTS]
    write(AccessScan, scans)
    write(ScanAnswer, answers)
    write(ScanAction, _actions(world, world.schools["kersenboom"], scans))


def _answer(world: World, scan: AccessScan, school: str, place: int, point: str, shares: tuple[int, ...]) -> ScanAnswer:
    answer, remark = world.rng.choices(ANSWERS, shares)[0], ""
    if school == "kersenboom" and point in STORY:
        answer = STORY[point][place]
        remark = STORY[point][2] if place else ""
    return ScanAnswer(scan=scan, point=point, answer=answer, remark=remark)


def _actions(world: World, school: School, scans: list[AccessScan]) -> list[ScanAction]:
    measured = [scan.measured_on for scan in scans if scan.school == school]
    if len(measured) < len(MEASURED):
        return []
    people = {
        "head": world.heads[school.pk],
        "carer": world.carers[school.pk],
        "joint": world.cast["gezamenlijke"],
    }
    rows = []
    for point, what, days, who, is_done in ACTIONS:
        due = _school_day(measured[-1] + timedelta(days=days))
        done = min(due - timedelta(days=6), world.today) if is_done else None
        rows.append(
            ScanAction(
                school=school,
                point=point,
                what=what,
                owner=people[who],
                due_on=due,
                done_on=done,
                planned_at=moment_of(measured[-1], 16, 30),
                planned_by=people["head"],
            )
        )
    return rows


def _school_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
