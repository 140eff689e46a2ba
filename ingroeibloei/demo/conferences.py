"""Two rounds of parents' evenings: fewer families come in November whose language is not Dutch, more in March."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ingroeibloei.demo.moments import talk
from ingroeibloei.demo.world import Home, Seat, World, moment_of, write
from parents.models import (
    ConferenceHost,
    ConferenceHour,
    ConferenceRound,
    ConferenceSlot,
    ContactMoment,
    FollowUp,
    InterpreterRequest,
    MeetingWay,
    SlotStatus,
)
from parents.models.followups import FollowUpKind, FollowUpStatus
from parents.models.kinds import (
    ContactKind,
    Initiative,
    InterpreterMode,
    Outcome,
    Purpose,
    Visibility,
)
from parents.ownwords import OFFER_AGAIN, kept
from schools.models import School

#: (month, day on or after which, whether it lies in the second half of the year)
ROUNDS = (("Oudercontact november", 11, 18), ("Oudercontact maart", 3, 16))
#: Share of reached families that come on the evening: (pilot, Dutch at home) in November and in March.
ATTENDANCE = {
    (True, True): (0.86, 0.89),
    (True, False): (0.46, 0.74),
    (False, True): (0.84, 0.85),
    (False, False): (0.45, 0.48),
}
#: Of those who did not come, this share comes later: (pilot) in November and in March.
CAUGHT_UP = {True: (0.12, 0.42), False: (0.08, 0.08)}
#: Of the families that nobody reaches, this share has a time all the same, and does not come.
BOOKED_IN_VAIN = 0.3
CATCH_UP_DAYS = 10
SLOT_MINUTES = 10
AGENCY = "Tolkendienst Haspengouw"
#: What the agency asks for a talk, in euros: on the spot with the way there, or at a distance.
ON_THE_SPOT, AT_A_DISTANCE = Decimal("48.50"), Decimal("22.00")
#: Talks of the story that are still to come: family, school days ahead, kind, whether an interpreter is booked.
AHEAD = (("moeder", 3, ContactKind.HOME_VISIT, False), ("turks", 8, ContactKind.ORIENTATION, True))
_QUALIFIED = (InterpreterMode.ON_SITE, InterpreterMode.PHONE, InterpreterMode.VIDEO, InterpreterMode.MEDIATOR)


def build(world: World) -> None:
    slots: list[ConferenceSlot] = []
    requests: list[InterpreterRequest] = []
    for number, (name, month, day) in enumerate(ROUNDS):
        wanted = date(world.year.starts_on.year + (month < 9), month, day)
        rounds = {}
        for school in world.schools.values():
            days = world.days[school.pk].between(wanted, world.today)
            if days:
                rounds[school.pk] = _round(world, school, name, days[0])
        write(ConferenceRound, rounds.values())
        for school in world.schools.values():
            if school.pk in rounds:
                slots += _slots(world, school, rounds[school.pk], number, requests)
    world.write_after_moments(ConferenceSlot, slots)
    world.write_after_moments(InterpreterRequest, [*requests, *_ahead(world)])
    world.write_after_moments(FollowUp, [_offer(world, slot) for slot in slots if slot.status == SlotStatus.NO_SHOW])


def _round(world: World, school: School, name: str, day: date) -> ConferenceRound:
    calendar = world.days[school.pk].calendar
    return ConferenceRound(
        school=school,
        name=name,
        held_on=day,
        catch_up_until=calendar.add_school_days(day, CATCH_UP_DAYS),
        books_until=moment_of(calendar.add_school_days(day, -1), 20),
        slot_minutes=SLOT_MINUTES,
        ways=[MeetingWay.SCHOOL],
    )


def _slots(
    world: World, school: School, of: ConferenceRound, number: int, requests: list[InterpreterRequest]
) -> list[ConferenceSlot]:
    """One slot for every pupil enrolled on the day; those with a time one after another in each class."""
    slots, hours = [], []
    hosts: dict[int, ConferenceHost] = {}
    taken: dict[int, int] = {}
    for home in world.homes:
        for seat in home.seats:
            room = seat.school_class
            if not seat.is_at(school) or not seat.covers(of.held_on):
                continue
            if room.pk not in hosts:
                teacher = world.teachers[room.pk]
                hosts[room.pk] = ConferenceHost(
                    round=of, school_class=room, teacher=teacher, room=f"lokaal {room.name}"
                )
            place = taken.setdefault(room.pk, 0)
            starts = moment_of(of.held_on, 15, 45) + timedelta(minutes=SLOT_MINUTES * place)
            slots.append(slot := _slot(world, home, seat, of, starts, number, requests))
            if slot.starts_at is not None:
                host, ends = hosts[room.pk], starts + timedelta(minutes=SLOT_MINUTES)
                hours.append(ConferenceHour(host=host, teacher=host.teacher, starts_at=starts, ends_at=ends))
                slot.hour, taken[room.pk] = hours[-1], place + 1
    write(ConferenceHost, hosts.values())
    write(ConferenceHour, hours)
    return slots


def _slot(
    world: World,
    home: Home,
    seat: Seat,
    of: ConferenceRound,
    starts: datetime,
    number: int,
    requests: list[InterpreterRequest],
) -> ConferenceSlot:
    slot = ConferenceSlot(round=of, pupil=seat.pupil, school_class=seat.school_class, family=home.family)
    is_pilot = world.is_pilot(seat.school)
    calendar = world.days[seat.school.pk].calendar
    later = world.days[seat.school.pk].after(of.held_on, world.rng.randint(2, CATCH_UP_DAYS))
    if _comes(world, home, of.held_on, ATTENDANCE[is_pilot, home.is_dutch][number]):
        slot.status, slot.starts_at = SlotStatus.HELD, starts
        slot.contact_moment = _held(world, home, seat, of.held_on, starts.time())
        _ask_interpreter(world, slot, requests)
    elif later and _comes(world, home, later, CAUGHT_UP[is_pilot][number]):
        slot.status = SlotStatus.CAUGHT_UP
        slot.contact_moment = _held(world, home, seat, later, time(16), method="conference-catch-up")
    elif not world.chance(0.06) and (home.is_reached or world.chance(BOOKED_IN_VAIN)):
        slot.status, slot.starts_at = SlotStatus.NO_SHOW, starts
        slot.contact_moment = _missed(world, home, seat, of.held_on, starts.time())
    if slot.starts_at is not None:
        slot.way, slot.sequence = MeetingWay.SCHOOL, 1
        slot.booked_at, slot.booked_by = moment_of(calendar.add_school_days(of.held_on, -3), 20), home.contact
    return slot


def _comes(world: World, home: Home, day: date, share: float) -> bool:
    if home.key:
        return _in_story(home, day)
    is_open = home.is_reached and (home.silent_after is None or day <= home.silent_after)
    return is_open and world.chance(share)


def _in_story(home: Home, day: date) -> bool:
    """In the story the Dutch and the Polish family come twice, the Punjabi and Turkish ones in March."""
    return home.key in ("ouder-nl", "pools") or (home.key in ("moeder", "turks", "een-naam") and day.month < 9)


def _held(world: World, home: Home, seat: Seat, day: date, starts: time, method: str = "") -> ContactMoment:
    is_other = home.contact.contact_language != "nl"
    card = method or ("conference-interpreter" if is_other and world.is_pilot(seat.school) else "")
    return talk(
        world,
        home,
        seat,
        ContactKind.CONFERENCE,
        day,
        world.teachers[seat.school_class.pk],
        initiative=Initiative.SCHOOL,
        purpose=Purpose.PROGRESS,
        outcome=Outcome.REACHED_FOLLOW_UP if world.chance(0.12) else Outcome.REACHED_AGREED,
        starts_at=starts,
        visibility=Visibility.PARENT,
        method=world.methods[card] if card else None,
    )


def _missed(world: World, home: Home, seat: Seat, day: date, starts: time) -> ContactMoment:
    """A time to which nobody came is a moment too."""
    return talk(
        world,
        home,
        seat,
        ContactKind.CONFERENCE,
        day,
        world.teachers[seat.school_class.pk],
        initiative=Initiative.SCHOOL,
        purpose=Purpose.PROGRESS,
        outcome=Outcome.NOT_REACHED,
        status="NO_SHOW",
        with_guardians=(),
        starts_at=starts,
        note="",
    )


def _offer(world: World, slot: ConferenceSlot) -> FollowUp:
    """Nobody came: the teacher is asked to offer another talk. Who was not caught up with did not want one."""
    moment = slot.contact_moment
    if moment is None:
        raise ValueError("Nobody came, and no moment says so.")
    return FollowUp(
        school=moment.school,
        family=moment.family,
        pupil=slot.pupil,
        guardian=slot.booked_by,
        contact_moment=moment,
        slot=slot,
        kind=FollowUpKind.MEETING,
        what=kept(OFFER_AGAIN),
        owner=moment.recorded_by,
        due_on=slot.round.catch_up_until,
        status=FollowUpStatus.OPEN if slot.round.catch_up_until >= world.today else FollowUpStatus.DROPPED,
        created_at=moment.recorded_at,
    )


def _ask_interpreter(world: World, slot: ConferenceSlot, requests: list[InterpreterRequest]) -> None:
    """A talk with a qualified interpreter was booked some days before; the agency never learns which family."""
    moment = slot.contact_moment
    if moment is None or slot.starts_at is None or moment.interpreter_mode not in _QUALIFIED:
        return
    asked_at = slot.starts_at - timedelta(days=world.rng.randint(6, 14))
    requests.append(
        InterpreterRequest(
            school=moment.school,
            slot=slot,
            family=moment.family,
            language=moment.language_used,
            needed_at=slot.starts_at,
            mode=moment.interpreter_mode,
            state=InterpreterRequest.State.CAME,
            asked_at=asked_at,
            pupil=slot.pupil,
            agency=AGENCY,
            asked_agency_on=asked_at.date(),
            confirmed_on=asked_at.date() + timedelta(days=2),
            cost=_price(moment.interpreter_mode),
        )
    )


def _price(mode: str) -> Decimal:
    return AT_A_DISTANCE if mode in (InterpreterMode.PHONE, InterpreterMode.VIDEO) else ON_THE_SPOT


def _ahead(world: World) -> list[InterpreterRequest]:
    """Talks outside the rounds for which an interpreter is asked: one is still to be booked, and time is short."""
    rows = []
    for key, days, kind, is_booked in AHEAD:
        home = world.home(key)
        seat = home.seats[0]
        calendar = world.days[seat.school.pk].calendar
        asked_on = calendar.add_school_days(world.today, -2)
        rows.append(
            InterpreterRequest(
                school=seat.school,
                family=home.family,
                pupil=seat.pupil,
                guardian=home.contact,
                kind=kind,
                language=home.contact.contact_language,
                needed_at=moment_of(calendar.add_school_days(world.today, days), 16),
                minutes=45,
                mode=InterpreterMode.ON_SITE,
                state=InterpreterRequest.State.BOOKED if is_booked else InterpreterRequest.State.ASKED,
                asked_at=moment_of(asked_on, 12),
                asked_by=world.cast["leerkracht"],
                agency=AGENCY if is_booked else "",
                asked_agency_on=asked_on if is_booked else None,
                confirmed_on=asked_on if is_booked else None,
            )
        )
    return rows
