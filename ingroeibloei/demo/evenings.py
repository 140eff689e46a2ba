"""A round of parents' meetings that is still to come in a class of the story: times, some of them chosen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ingroeibloei.demo.world import World, moment_of
from parents.models import ConferenceHost, ConferenceHour, ConferenceRound, ConferenceSlot, MeetingWay, SlotStatus
from schools.clock import BRUSSELS

#: School days from today; the talks from four to half past seven, ten minutes each: as many as a large class needs.
AHEAD, FIRST, TALKS, MINUTES = 8, time(16), 21, 10
#: Families of the class, by place, that have a time; the mother of the story has none yet.
CHOSEN = (1, 3, 4, 6)
BEFORE_SUMMER = (4, 5, 6)


def name_of_round(day: date) -> str:
    """As a school calls it; the demo lives in any month."""
    return "Oudercontact voor de zomer" if day.month in BEFORE_SUMMER else "Oudercontact"


def build(world: World) -> None:
    home = world.home("moeder")
    seat = home.seats[0]
    room, teacher = seat.school_class, world.teachers[seat.school_class.pk]
    calendar = world.days[seat.school.pk].calendar
    day = calendar.add_school_days(world.today, AHEAD)
    world.coming_round = round_ = ConferenceRound.objects.create(
        school=seat.school,
        name=name_of_round(day),
        held_on=day,
        catch_up_until=calendar.add_school_days(day, 10),
        books_until=moment_of(calendar.add_school_days(day, -1), 20),
        slot_minutes=MINUTES,
        ways=[MeetingWay.SCHOOL, MeetingWay.PHONE, MeetingWay.VIDEO],
    )
    host = ConferenceHost.objects.create(round=round_, school_class=room, teacher=teacher, room=f"lokaal {room.name}")
    begin = datetime.combine(day, FIRST, tzinfo=BRUSSELS)
    starts = [begin + timedelta(minutes=MINUTES * number) for number in range(TALKS)]
    hours = ConferenceHour.objects.bulk_create(
        ConferenceHour(host=host, teacher=teacher, starts_at=start, ends_at=start + timedelta(minutes=MINUTES))
        for start in starts
    )
    homes = [one for one in world.homes if any(place.school_class.pk == room.pk for place in one.seats)]
    slots = []
    for place, one in enumerate(homes):
        child = next(row for row in one.seats if row.school_class.pk == room.pk)
        if not child.covers(world.today):
            continue
        slot = ConferenceSlot(round=round_, pupil=child.pupil, school_class=room, family=one.family)
        if place in CHOSEN and one is not home:
            slot.hour = hours[CHOSEN.index(place) * 2]
            slot.starts_at, slot.status, slot.way = slot.hour.starts_at, SlotStatus.BOOKED, MeetingWay.SCHOOL
            slot.booked_at, slot.booked_by, slot.sequence = moment_of(world.today, 8), one.contact, 1
        slots.append(slot)
    ConferenceSlot.objects.bulk_create(slots)
