"""The joint worker's year: about 107 families, 218 talks and 50 home visits in six schools (domain 2.2)."""

from __future__ import annotations

from datetime import date, timedelta

from ingroeibloei.demo.moments import talk
from ingroeibloei.demo.world import Home, Seat, World
from ingroeibloei.demo.year import last_day
from parents.models.kinds import ContactKind, Initiative, Outcome, Purpose, Visibility
from schools.models import Partner

FAMILIES, TALKS, HOME_VISITS = 107, 218, 50
#: School days of a whole year: a world that is younger has had its part of the talks.
DAYS_OF_YEAR = 160
KINDS = (ContactKind.GATE_TALK, ContactKind.PHONE, ContactKind.VIDEO, ContactKind.ORIENTATION, ContactKind.REFERRAL)
#: What became of a referral, by the day of the month: the last is not known.
ARRIVED = (True, True, False, None)
KIND_SHARES = (46, 38, 5, 5, 6)
PURPOSES = (
    Purpose.WELCOME, Purpose.INFORMATION, Purpose.INVITATION, Purpose.QUESTION, Purpose.CARE, Purpose.PRACTICAL,
)  # fmt: skip
PURPOSE_SHARES = (14, 22, 20, 20, 12, 12)
#: Of a hundred visits that were agreed: held, nobody home, moved.
VISIT_OUTCOMES = (Outcome.REACHED_AGREED, Outcome.REACHED_FOLLOW_UP, Outcome.DECLINED)
VISIT_SHARES = (68, 28, 4)
VISITS_NOT_HELD = 11
#: Of so many of them the first was cancelled by the family, the third by the school.
CANCELLED_EVERY = 5
CANCELLED = {0: Outcome.CANCELLED_FAMILY, 2: Outcome.CANCELLED_SCHOOL}


def build(world: World) -> None:
    homes = _families(world)
    if not homes:
        return
    days = len(world.days[world.pilots[0].pk].days)
    part = min(1.0, days / DAYS_OF_YEAR)
    talks, visits = round(TALKS * part), round(HOME_VISITS * part)
    for number in range(talks):
        home = homes[number] if number < len(homes) else world.rng.choice(homes)
        _talk(world, home)
    for home in world.rng.sample(homes, min(visits, len(homes))):
        _visit(world, home, world.rng.choices(VISIT_OUTCOMES, VISIT_SHARES)[0])
    for number, home in enumerate(world.rng.sample(homes, min(round(VISITS_NOT_HELD * part), len(homes)))):
        outcome = world.rng.choice((Outcome.NOT_REACHED, Outcome.RESCHEDULED))
        _visit(world, home, CANCELLED.get(number % CANCELLED_EVERY, outcome))


def _families(world: World) -> list[Home]:
    """Families of the pilot schools, nearly all of whom speak another language than Dutch at home."""
    possible = [
        home
        for home in world.homes
        if home.is_reached
        and home.silent_after is None
        and world.is_pilot(home.seats[0].school)
        and home.seats[0].ends_on is None
        and home.key not in ("ouder-nl", "pools", "vader", "teruggekomen")
    ]
    others = [home for home in possible if not home.is_dutch]
    dutch = [home for home in possible if home.is_dutch]
    number = min(round(FAMILIES * 0.9), len(others))
    chosen = world.rng.sample(others, number)
    return [*chosen, *world.rng.sample(dutch, min(FAMILIES - number, len(dutch)))]


def _day(world: World, home: Home, seat: Seat) -> date | None:
    return world.days[seat.school.pk].choose(world.rng, seat.starts_on, last_day(world, home))


def _talk(world: World, home: Home) -> None:
    seat = world.rng.choice(home.seats)
    if not world.is_pilot(seat.school) or (day := _day(world, home, seat)) is None:
        seat = home.seats[0]
        day = _day(world, home, seat)
    if day is None:
        return
    grows = 0.18 + 0.03 * ((day - world.year.starts_on).days // 30)
    kind = world.rng.choices(KINDS, KIND_SHARES)[0]
    talk(
        world,
        home,
        seat,
        kind,
        day,
        world.cast["gezamenlijke"],
        initiative=Initiative.FAMILY if world.chance(grows) else Initiative.PROJECT_WORKER,
        purpose=world.rng.choices(PURPOSES, PURPOSE_SHARES)[0],
        outcome=Outcome.REACHED_FOLLOW_UP if world.chance(0.2) else Outcome.REACHED_AGREED,
        visibility=Visibility.SCHOOL_TEAM if world.chance(0.75) else Visibility.SCHOOL_CARE,
        partner=_partner(world, day) if kind == ContactKind.REFERRAL else None,
        arrived=ARRIVED[day.day % len(ARRIVED)] if kind == ContactKind.REFERRAL else None,
        method=world.methods["gate-presence"] if world.chance(0.4) else None,
    )


def _partner(world: World, day: date) -> Partner | None:
    """One of the project's organisations, by the day of the month; of some referrals nobody said which."""
    partners = sorted(world.partners.values(), key=lambda one: one.name)
    place = day.day % (len(partners) + 1)
    return partners[place] if place < len(partners) else None


def _visit(world: World, home: Home, outcome: Outcome) -> None:
    seat = home.seats[0]
    first = seat.starts_on + timedelta(days=14)
    day = world.days[seat.school.pk].choose(world.rng, first, world.today)
    if day is None:
        return
    talk(
        world,
        home,
        seat,
        ContactKind.HOME_VISIT,
        day,
        world.cast["gezamenlijke"],
        initiative=Initiative.PROJECT_WORKER,
        purpose=Purpose.WELCOME if outcome != Outcome.NOT_REACHED else Purpose.INVITATION,
        outcome=outcome,
        pupils=[entry.pupil for entry in home.seats if entry.school == seat.school and entry.covers(day)],
        method=world.methods["home-visit"],
    )
