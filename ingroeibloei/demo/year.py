"""A year of talks between teachers and families: at the gate, by phone, with the care coordinator."""

from __future__ import annotations

from datetime import date, timedelta

from ingroeibloei.demo.lines import AGREEMENTS
from ingroeibloei.demo.moments import attempt, talk
from ingroeibloei.demo.world import Home, Seat, World, write
from parents.models import ContactMoment
from parents.models.kinds import ContactKind, Initiative, Outcome, Purpose, Visibility
from schools.models import User

KINDS = (ContactKind.GATE_TALK, ContactKind.PHONE, ContactKind.VIDEO)
KIND_SHARES = (62, 34, 4)
PURPOSES = (
    Purpose.PRAISE, Purpose.INFORMATION, Purpose.INVITATION, Purpose.PROGRESS, Purpose.QUESTION, Purpose.CONCERN,
    Purpose.PRACTICAL,
)  # fmt: skip
PURPOSE_SHARES = (20, 20, 10, 16, 16, 8, 10)
#: Talks that a teacher writes down in the year for each family that is spoken with.
TALKS = {True: (1, 1, 1, 2, 2, 3, 4), False: (0, 0, 1, 1, 2)}
ATTEMPTED = {True: 0.55, False: 0.2}
CARE_TALKS_OF_SCHOOL, MDOS_OF_SCHOOL, CLB_TALKS_OF_SCHOOL = 9, 4, 4


def build(world: World) -> None:
    for home in world.homes:
        if home.is_reached:
            _talks(world, home)
        elif world.chance(ATTEMPTED[world.is_pilot(home.seats[0].school)]):
            _attempts(world, home)
    for school in world.schools.values():
        reached = [home for home in world.homes if home.is_reached and home.seats[0].school == school]
        _care(world, reached)


def last_day(world: World, home: Home) -> date:
    """The last day on which anybody spoke with the family."""
    return home.silent_after or world.today


def teacher_of(world: World, seat: Seat) -> User:
    return world.teachers[seat.school_class.pk]


def _talks(world: World, home: Home) -> None:
    seat = world.rng.choice(home.seats)
    number = world.rng.choice(TALKS[world.is_pilot(seat.school)])
    if home.family.pk not in world.spoken:
        number = max(1, number)
    for _ in range(number):
        first, last = seat.starts_on, min(last_day(world, home), seat.ends_on or world.today)
        day = world.days[seat.school.pk].choose(world.rng, first, last)
        if day is None:
            continue
        _one_talk(world, home, seat, day)


def _one_talk(world: World, home: Home, seat: Seat, day: date) -> None:
    is_early = day < world.year.starts_on + timedelta(days=21)
    purpose = Purpose.WELCOME if is_early else world.rng.choices(PURPOSES, PURPOSE_SHARES)[0]
    needs_more = world.chance(0.16)
    asks_itself = world.chance(_family_initiative(world, seat, day))
    is_for_parents = world.chance(0.25)
    talk(
        world,
        home,
        seat,
        world.rng.choices(KINDS, KIND_SHARES)[0],
        day,
        teacher_of(world, seat),
        initiative=Initiative.FAMILY if asks_itself else Initiative.TEACHER,
        purpose=purpose,
        outcome=Outcome.REACHED_FOLLOW_UP if needs_more else Outcome.REACHED_AGREED,
        visibility=Visibility.PARENT if is_for_parents else Visibility.SCHOOL_TEAM,
        agreement=world.rng.choice(AGREEMENTS) if is_for_parents else "",
        method=world.methods["good-news-call"] if purpose == Purpose.PRAISE else None,
    )


def _family_initiative(world: World, seat: Seat, day: date) -> float:
    """Share of talks that the family begins: it grows where the threshold falls."""
    if not world.is_pilot(seat.school):
        return 0.14
    return 0.15 + 0.02 * ((day - world.year.starts_on).days // 30)


def _attempts(world: World, home: Home) -> None:
    seat = world.rng.choice(home.seats)
    days = world.days[seat.school.pk]
    for _ in range(world.rng.choice((1, 1, 2, 3))):
        day = days.choose(world.rng, seat.starts_on + timedelta(days=30), seat.ends_on or world.today)
        if day:
            attempt(world, home, seat, day, teacher_of(world, seat), initiative=Initiative.TEACHER)


def _care(world: World, reached: list[Home]) -> None:
    """Talks of the care team: read in the care team, and by the CLB that accompanies the school."""
    plan = (
        (CARE_TALKS_OF_SCHOOL, ContactKind.PHONE, Purpose.CARE, Initiative.SCHOOL, None),
        (MDOS_OF_SCHOOL, ContactKind.MDO, Purpose.CARE, Initiative.SCHOOL, "language-sensitive-mdo"),
        (CLB_TALKS_OF_SCHOOL, ContactKind.CLB_TALK, Purpose.CONCERN, Initiative.CLB, None),
    )
    for number, kind, purpose, initiative, method in plan:
        for home in world.rng.sample(reached, min(number, len(reached))):
            seat = home.seats[0]
            day = world.days[seat.school.pk].choose(
                world.rng, seat.starts_on + timedelta(days=20), min(last_day(world, home), seat.ends_on or world.today)
            )
            if day is None:
                continue
            by_clb = kind == ContactKind.CLB_TALK
            centre = "vclb" if seat.school.clb == world.centres["vclb"] else "go"
            talk(
                world,
                home,
                seat,
                kind,
                day,
                world.cast[f"clb-{centre}"] if by_clb else world.carers[seat.school.pk],
                initiative=initiative,
                purpose=purpose,
                visibility=Visibility.CLB if by_clb else Visibility.SCHOOL_CARE,
                centre=world.centres[centre] if by_clb else None,
                method=world.methods[method] if method else None,
            )


def write_moments(world: World) -> None:
    """All contact moments of the world: the moments, their pupils, their guardians, then what refers to them."""
    write(ContactMoment, [row for row, _, _ in world.moments])
    about, present = ContactMoment.pupils.through, ContactMoment.guardians.through
    write(
        about,
        [about(contactmoment_id=row.pk, pupil_id=pupil.pk) for row, pupils, _ in world.moments for pupil in pupils],
    )
    write(
        present,
        [
            present(contactmoment_id=row.pk, guardian_id=adult.pk)
            for row, _, adults in world.moments
            for adult in adults
        ],
    )
    for model, waiting in world.after_moments:
        write(model, waiting)
