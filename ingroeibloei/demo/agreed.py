"""What the project and its schools agreed to reach, and how it changed in the year."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ingroeibloei.demo.world import World, write
from reports.models import Target, TargetAgreement
from schools import clock

#: Indicators of the home row: percent, but school days for I13 and percentage points for I23.
TARGETS = {
    "I01": ("80", "Vier op de vijf gezinnen horen dit jaar minstens één keer persoonlijk van de school."),
    "I02": ("65", "Met twee op de drie gezinnen is er een echt gesprek."),
    "I06": ("70", "Zeven op de tien oudercontacten gaan door, inhaalgesprekken inbegrepen."),
    "I13": ("3", "Een vraag van een ouder krijgt binnen drie schooldagen antwoord."),
    "I17": ("75", "Wie een tolk nodig heeft, krijgt er in drie van de vier gesprekken een."),
    "I23": ("10", "De kloof tussen taalgroepen is kleiner dan tien procentpunten."),
}
FIRST_REASON = "Afgesproken op de stuurgroep van september, na de nulmeting."
#: Changed later: indicator, school (none: the project), value, days after the first ones, sentence, reason.
LATER = (
    ("I01", "kersenboom", "75", 21, "", "Veel nieuwe gezinnen in de derde kleuterklas: eerst iedereen leren kennen."),
    ("I17", "bloesem", "60", 35, "", "Voor Pashtu en Somali vinden we nog te weinig tolken ter plaatse."),
    (
        "I13", None, "2", 112, "Een vraag van een ouder krijgt binnen twee schooldagen antwoord.",
        "Drie dagen werd in elke school gehaald; de directies vroegen om een scherper doel.",
    ),
)  # fmt: skip
#: Schools whose heads did not answer yet to what was asked last.
SILENT = ("veldhof",)


def build(world: World) -> None:
    first = world.year.starts_on + timedelta(days=20)
    rows = [_row(world, code, None, value, first, words, FIRST_REASON) for code, (value, words) in TARGETS.items()]
    for code, school, value, days, words, reason in LATER:
        day = first + timedelta(days=days)
        if day <= world.today:
            rows.append(_row(world, code, school, value, day, words, reason))
    rows = [row for row in rows if row.holds_from <= world.today]
    write(Target, rows)
    write(TargetAgreement, [agreement for row in rows for agreement in _agreements(world, row)])


def _row(world: World, code: str, school: str | None, value: str, day: date, words: str, reason: str) -> Target:
    return Target(
        project=world.project,
        school=world.schools[school] if school else None,
        indicator=code,
        value=Decimal(value),
        objective=words,
        reason=reason,
        holds_from=day,
        set_at=_at(day, 14),
        set_by=world.cast["gezamenlijke"],
    )


def _agreements(world: World, target: Target) -> list[TargetAgreement]:
    """The head of De Kersenboom has still to confirm the sharper target; the others agreed in the talk."""
    is_sharper = target.reason != FIRST_REASON and target.school is None
    schools = [target.school] if target.school else world.pilots
    silent = {world.schools[key].pk for key in (*SILENT, "kersenboom")} if is_sharper else set()
    return [
        TargetAgreement(
            target=target,
            school=school,
            way="TALK",
            agreed_on=target.holds_from,
            noted_at=_at(target.holds_from, 16),
            noted_by=world.cast["gezamenlijke"],
        )
        for school in schools
        if school is not None and school.pk not in silent
    ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.BRUSSELS)
