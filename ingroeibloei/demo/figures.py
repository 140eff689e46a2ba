"""What the project spent: hours, bookings; and official figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from ingroeibloei.demo import agreed, breaches, diary, scans
from ingroeibloei.demo.world import World, moment_of, write
from reports.models import BudgetBooking, BudgetLine, SchoolEquityProfile, TimeEntry

HOURS = {
    TimeEntry.Activity.CONTACT: 15,
    TimeEntry.Activity.PREPARATION: 7,
    TimeEntry.Activity.COACHING: 6,
    TimeEntry.Activity.ADMINISTRATION: 5,
    TimeEntry.Activity.TRAVEL: 4,
}
#: Budget lines in euros: granted, the part spent in a whole year, and what is paid of it.
BUDGET = (
    ("Loonkosten gezamenlijke medewerker", "46500", "0.97", "Loon en werkgeversbijdragen"),
    ("Sociaal tolken en vertalingen", "6200", "0.88", "Factuur tolken van de maand"),
    ("Groepsmomenten en materiaal", "2800", "0.79", "Koffie, fruit en spelmateriaal"),
    ("Vorming van schoolteams", "1900", "0.66", "Vormingsmoment over klare taal"),
    ("Verplaatsingen", "1100", "0.92", "Fiets- en kilometervergoeding"),
)
#: Official traits of a school, in per cents, least and most: language, education, allowance, neighbourhood.
OFFICIAL = ((28, 58), (16, 34), (24, 44), (6, 38))
#: Of a project year in which something is paid.
MONTHS = 10


def build(world: World) -> None:
    agreed.build(world)
    write(TimeEntry, _hours(world))
    write(BudgetBooking, _bookings(world, write(BudgetLine, _budget(world))))
    scans.build(world)
    diary.build(world)
    breaches.build(world)
    write(SchoolEquityProfile, _official(world))


def _hours(world: World) -> list[TimeEntry]:
    """Hours of every week with class, up to last week."""
    rows = []
    days = world.days[world.pilots[0].pk].days
    weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
    for week in (week for week in weeks[:-1] if week not in weeks[-5:-3:2]):  # one was forgotten
        worked = sum(week <= day < week + timedelta(days=7) for day in days)
        for activity, hours in HOURS.items():
            spent = Decimal(str(round(hours * worked / 5 * world.rng.uniform(0.8, 1.2) * 2) / 2))
            rows.append(
                TimeEntry(
                    project=world.project, user=world.cast["gezamenlijke"], week_of=week, activity=activity, hours=spent
                )
            )
    return rows


def _budget(world: World) -> list[BudgetLine]:
    return [
        BudgetLine(project=world.project, name=name, granted=Decimal(granted), position=position)
        for position, (name, granted, _share, _words) in enumerate(BUDGET)
    ]


def _bookings(world: World, lines: list[BudgetLine]) -> list[BudgetBooking]:
    """Once a month, on its last working day, until today."""
    rows, number = [], 0
    months = [world.year.starts_on.replace(day=28) + timedelta(days=30 * place) for place in range(MONTHS)]
    for day in months:
        last = day.replace(day=27)
        day = last - timedelta(days=max(0, last.weekday() - 4))
        if day > world.today:
            break
        for line, (_name, granted, share, words) in zip(lines, BUDGET, strict=True):
            number += 1
            part = Decimal(granted) * Decimal(share) / MONTHS
            is_steady = line.position == 0
            swing = 1 if is_steady else world.rng.uniform(0.6, 1.4)
            rows.append(
                BudgetBooking(
                    line=line,
                    booked_on=day,
                    amount=(part * Decimal(f"{swing:.3f}")).quantize(Decimal("0.01")),
                    what=words,
                    proof=f"{day.year}-{number:03d}",
                    booked_at=moment_of(day, 15),
                    booked_by=world.cast["directeur-vclb" if is_steady else "gezamenlijke"],
                )
            )
    return rows


def _official(world: World) -> list[SchoolEquityProfile]:
    """What the government counted at the pilot schools in the last three Februaries."""
    rows = []
    for school in world.pilots:
        pupils, shares = world.rng.randrange(180, 340), [world.rng.uniform(*ends) for ends in OFFICIAL]
        for back in range(3, 0, -1):
            first = world.year.starts_on.year - back
            shares = [share + world.rng.uniform(-0.5, 2) for share in shares]
            rows.append(
                SchoolEquityProfile(
                    school=school,
                    first_year=first,
                    counted_on=date(first + 1, 2, 1),
                    pupils=pupils + world.rng.randrange(-9, 9),
                    home_language=_tenth(shares[0]),
                    mother_education=_tenth(shares[1]),
                    allowance=_tenth(shares[2]),
                    neighbourhood=_tenth(shares[3]),
                    oki=Decimal(f"{sum(shares) / 100:.2f}"),
                    source=f"leerlingenkenmerken_bao_{first}-{first + 1}.xlsx",
                    brought_in_at=moment_of(world.year.starts_on, 10),
                    brought_in_by=world.cast["gezamenlijke"],
                )
            )
    return rows


def _tenth(share: float) -> Decimal:
    return Decimal(f"{share:.1f}")
