"""What schools make of the cards: the log of taking them up, adaptations, questions and answers."""

from __future__ import annotations

from datetime import timedelta

from ingroeibloei.demo.world import World, moment_of, write
from reports.models import Adaptation, AdoptionChange, CardQuestion, MethodAdoption

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
            ("veldhof", "EMBEDDED"),
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
    "pictogram-calendar": ("appelgaard", (("bloesem", "TRYING"),)),
    "open-class-morning": ("veldhof", (("haspenland", "IN_USE"),)),
    "library-visit": (
        "haspenland",
        (
            ("kersenboom", "IN_USE"),
            ("hubertushof", "IN_USE"),
        ),
    ),
    "language-sensitive-mdo": ("bloesem", ()),
}
#: School, card, how it does it otherwise, the state, and the joint worker's answer.
ADAPTED = (
    (
        "hubertushof", "plain-language-letter",
        "Wij lezen elke brief eerst voor aan twee ouders van de ouderraad. Wat zij niet meteen kunnen navertellen, "
        "schrijven we opnieuw.",
        "SHARED", "",
    ),
    (
        "bloesem", "gate-presence",
        "Bij ons staat er ook een ouder met de taal van de buurt mee aan de poort, telkens een andere.",
        "SHARED", "",
    ),
    (
        "kersenboom", "coffee-moment",
        "We houden het koffiemoment op vrijdag om 15 uur, vlak voor school uit is: dan komen ook vaders mee.",
        "PROPOSED", "",
    ),
    (
        "haspenland", "home-visit",
        "We gaan altijd met de fiets, ook in de winter.",
        "DECLINED", "Mooi, maar dit helpt een andere school niet verder. Schrijf eens hoe jullie de afspraak maken.",
    ),
)  # fmt: skip
#: School, card, question, days before today, and the answer.
ASKED = (
    (
        "kersenboom", "home-visit", "Wat doen we als een ouder de afspraak de avond zelf afzegt?", 40,
        "Stel meteen een nieuwe dag voor, liefst binnen twee weken, en noteer niets over de reden.",
    ),
    (
        "veldhof", "conference-interpreter", "Hoelang mag een gesprek met een tolk duren: ook tien minuten?", 21,
        "Reken dubbele tijd: twintig minuten. Zet die gesprekken op het einde van de avond.",
    ),
    ("bloesem", "library-visit", "Wie betaalt de bus als de bibliotheek te ver is om te wandelen?", 3, ""),
)  # fmt: skip


def build(world: World) -> None:
    rows = write(MethodAdoption, _adoptions(world))
    write(AdoptionChange, [change for row in rows for change in _log(row)])
    write(Adaptation, _adapted(world))
    write(CardQuestion, _asked(world))


def _log(row: MethodAdoption) -> list[AdoptionChange]:
    """What holds now, and before it that it was tried out."""
    changes = []
    if row.status in ("EMBEDDED", "STOPPED"):
        day = row.since - timedelta(days=24)
        changes.append(AdoptionChange(adoption=row, status="TRYING", since=day, noted_at=moment_of(day, 15)))
    now = AdoptionChange(
        adoption=row, status=row.status, since=row.since, why=row.why, noted_at=moment_of(row.since, 15, 30)
    )
    return [*changes, now]


def _adapted(world: World) -> list[Adaptation]:
    rows = []
    for place, (school, card, words, state, answer) in enumerate(ADAPTED):
        written = moment_of(world.today - timedelta(days=60 - 9 * place), 16)
        decided = None if state == "PROPOSED" else written + timedelta(days=2)
        rows.append(
            Adaptation(
                school=world.schools[school],
                method=world.methods[card],
                words=words,
                state=state,
                answer=answer,
                written_at=written,
                written_by=world.heads.get(world.schools[school].pk),
                decided_at=decided,
                decided_by=world.cast["gezamenlijke"] if decided else None,
            )
        )
    return rows


def _asked(world: World) -> list[CardQuestion]:
    rows = []
    for school, card, text, days, answer in ASKED:
        asked = moment_of(world.today - timedelta(days=days), 10)
        answered = asked + timedelta(days=1) if answer else None
        rows.append(
            CardQuestion(
                school=world.schools[school],
                method=world.methods[card],
                text=text,
                asked_at=asked,
                asked_by=world.heads.get(world.schools[school].pk),
                asked_told_at=asked,
                answer=answer,
                answered_at=answered,
                answered_by=world.cast["gezamenlijke"] if answer else None,
                answer_told_at=answered,
            )
        )
    return rows


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
                    why="Te weinig ouders op donderdagochtend." if status == "STOPPED" else "",
                )
            )
    return [row for row in rows if row.since <= world.today]
