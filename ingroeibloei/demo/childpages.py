"""What stands on the pages of a few children: what goes well, and days on which they are not at school."""

from __future__ import annotations

import uuid

from ingroeibloei.demo.world import World, moment_of, write
from parents.models import Absence, GrowthNote

#: (family of the story, school days ago, phrases, the teacher's own sentence).
GROWTH = (
    ("moeder", 4, ("SPEAKS_MORE_DUTCH", "HELPS_OTHERS"), "Ze legde een nieuw meisje de spelregels uit."),
    ("moeder", 31, ("READS_BETTER",), ""),
    ("vader", 9, ("KEEPS_WORKING", "TRIES_AGAIN"), ""),
    ("turks", 15, ("CREATIVE",), "Zijn maquette staat in de gang."),
)
#: (family of the story, school days from today, length in school days, whether the teacher has seen it).
AWAY = (("turks", 0, 2, False), ("vader", -6, 1, True))


def build(world: World) -> None:
    write(GrowthNote, [_told(world, *row) for row in GROWTH])
    write(Absence, [_away(world, *row) for row in AWAY])


def _told(world: World, key: str, ago: int, phrases: tuple[str, ...], sentence: str) -> GrowthNote:
    seat = world.home(key).seats[0]
    day = world.days[seat.school.pk].calendar.add_school_days(world.today, -ago)
    return GrowthNote(
        client_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{key} {ago}"),
        school=seat.school,
        pupil=seat.pupil,
        phrases=list(phrases),
        sentence=sentence,
        written_by=world.teachers[seat.school_class.pk],
        written_at=moment_of(day, 15, 40),
    )


def _away(world: World, key: str, ahead: int, length: int, is_seen: bool) -> Absence:
    home = world.home(key)
    seat = home.seats[0]
    calendar = world.days[seat.school.pk].calendar
    first = calendar.add_school_days(calendar.last_school_day(world.today), ahead)
    reported = moment_of(first, 7, 50)
    return Absence(
        school=seat.school,
        pupil=seat.pupil,
        starts_on=first,
        ends_on=calendar.add_school_days(first, length - 1),
        reported_by=home.contact,
        reported_at=reported,
        seen_by=world.teachers[seat.school_class.pk] if is_seen else None,
        seen_at=moment_of(first, 8, 30) if is_seen else None,
    )
