"""What the project agreed and spent: targets, hours, budget, and which school uses which method."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from ingroeibloei.demo.world import World, write
from reports.models import BudgetLine, MethodAdoption, Target, TimeEntry

#: Indicators of the home row: percent, but school days for I13 and percentage points for I23.
TARGETS = {
    "I01": ("80", "Vier op de vijf gezinnen horen dit jaar minstens één keer persoonlijk van de school."),
    "I02": ("65", "Met twee op de drie gezinnen is er een echt gesprek."),
    "I06": ("70", "Zeven op de tien oudercontacten gaan door, inhaalgesprekken inbegrepen."),
    "I13": ("2", "Een vraag van een ouder krijgt binnen twee schooldagen antwoord."),
    "I17": ("75", "Wie een tolk nodig heeft, krijgt er in drie van de vier gesprekken een."),
    "I23": ("10", "De kloof tussen taalgroepen is kleiner dan tien procentpunten."),
}
HOURS = {
    TimeEntry.Activity.CONTACT: 15,
    TimeEntry.Activity.PREPARATION: 7,
    TimeEntry.Activity.COACHING: 6,
    TimeEntry.Activity.ADMINISTRATION: 5,
    TimeEntry.Activity.TRAVEL: 4,
}
#: Budget lines in euros: granted, and the part spent in a whole year.
BUDGET = (
    ("Loonkosten gezamenlijke medewerkster", "46500", "0.97"),
    ("Sociaal tolken en vertalingen", "6200", "0.88"),
    ("Groepsmomenten en materiaal", "2800", "0.79"),
    ("Vorming van schoolteams", "1900", "0.66"),
    ("Verplaatsingen", "1100", "0.92"),
)
#: Methods: the pilot school where each began, and the schools that took it over with their state.
ADOPTIONS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "warm-welcome": (
        "kersenboom",
        (
            ("haspenland", "IN_USE"),
            ("appelgaard", "EMBEDDED"),
        ),
    ),
    "good-news-call": (
        "appelgaard",
        (
            ("kersenboom", "IN_USE"),
            ("bloesem", "IN_USE"),
        ),
    ),
    "home-visit": (
        "haspenland",
        (
            ("kersenboom", "IN_USE"),
            ("veldhof", "PLANNED"),
        ),
    ),
    "gate-presence": (
        "kersenboom",
        (
            ("haspenland", "EMBEDDED"),
            ("bloesem", "EMBEDDED"),
            ("hubertushof", "IN_USE"),
        ),
    ),
    "coffee-moment": (
        "bloesem",
        (
            ("kersenboom", "IN_USE"),
            ("hubertushof", "STOPPED"),
        ),
    ),
    "conference-interpreter": (
        "kersenboom",
        (
            ("haspenland", "EMBEDDED"),
            ("veldhof", "IN_USE"),
        ),
    ),
    "conference-catch-up": ("veldhof", (("kersenboom", "IN_USE"),)),
    "plain-language-letter": (
        "hubertushof",
        (
            ("kersenboom", "IN_USE"),
            ("appelgaard", "PLANNED"),
        ),
    ),
    "pictogram-calendar": ("appelgaard", (("bloesem", "IN_USE"),)),
    "open-class-morning": ("veldhof", (("haspenland", "PLANNED"),)),
    "library-visit": (
        "haspenland",
        (
            ("kersenboom", "IN_USE"),
            ("hubertushof", "IN_USE"),
        ),
    ),
    "language-sensitive-mdo": ("bloesem", ()),
}


def build(world: World) -> None:
    agreed = world.year.starts_on + timedelta(days=20)
    write(
        Target,
        [
            Target(project=world.project, indicator=code, value=Decimal(value), objective=text, agreed_on=agreed)
            for code, (value, text) in TARGETS.items()
        ],
    )
    write(TimeEntry, _hours(world))
    write(BudgetLine, _budget(world))
    write(MethodAdoption, _adoptions(world))


def _hours(world: World) -> list[TimeEntry]:
    """Hours of every week with class, up to last week."""
    rows = []
    days = world.days[world.pilots[0].pk].days
    weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
    for week in weeks[:-1]:
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
    gone = Decimal((world.today - world.year.starts_on).days) / 303
    return [
        BudgetLine(
            project=world.project,
            name=name,
            granted=Decimal(granted),
            spent=(Decimal(granted) * Decimal(share) * min(gone, Decimal(1))).quantize(Decimal("0.01")),
            position=position,
        )
        for position, (name, granted, share) in enumerate(BUDGET)
    ]


def _adoptions(world: World) -> list[MethodAdoption]:
    rows = []
    for place, (slug, (origin, takers)) in enumerate(ADOPTIONS.items()):
        method = world.methods[slug]
        since = world.year.starts_on + timedelta(days=9 * place)
        rows.append(
            MethodAdoption(method=method, school=world.schools[origin], status="IN_USE", since=since, is_origin=True)
        )
        for number, (school, status) in enumerate(takers, start=1):
            rows.append(
                MethodAdoption(
                    method=method,
                    school=world.schools[school],
                    status=status,
                    since=since + timedelta(days=28 * number),
                    why_stopped="Te weinig ouders op donderdagochtend." if status == "STOPPED" else "",
                )
            )
    return [row for row in rows if row.since <= world.today]
