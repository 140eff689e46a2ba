"""What people promised: from talks that need more, from bounced addresses; done, due, late."""

from __future__ import annotations

from datetime import date, timedelta

from ingroeibloei.demo.lines import FOLLOW_UPS
from ingroeibloei.demo.world import World, moment_of, write
from parents.models import ContactMoment, ContactPointUse, FollowUp
from parents.models.followups import FollowUpKind, FollowUpStatus
from parents.models.kinds import Outcome
from parents.ownwords import DEAD_MAIL, DEAD_PHONE, kept
from schools.models import Pupil, User

DONE, DONE_IN_TIME = 0.72, 0.78
#: What the school is told when an address or number turns out not to exist.
_DEAD = {"BOUNCED": DEAD_MAIL, "UNKNOWN_NUMBER": DEAD_PHONE}
#: Follow-ups of the teacher of 3B: (family of the story, school days from today until due).
STORY = (("turks", 0, "Bellen over de bril"), ("vader", -3, "Terugbellen over het rapport"))


def build(world: World) -> None:
    rows = [
        _of_moment(world, row, pupils[0], row.recorded_by)
        for row, pupils, _ in world.moments
        if row.outcome == Outcome.REACHED_FOLLOW_UP
    ]
    rows += _of_story(world)
    rows += _of_bounces(world)
    write(FollowUp, rows)


def _of_moment(world: World, moment: ContactMoment, pupil: Pupil, owner: User) -> FollowUp:
    days = world.days[moment.school_id]
    due = days.calendar.add_school_days(moment.held_on, world.rng.choice((3, 5, 8, 10)))
    row = FollowUp(
        school=moment.school,
        family=moment.family,
        pupil=pupil,
        contact_moment=moment,
        kind=FollowUpKind.PROMISE,
        what=world.rng.choice(FOLLOW_UPS),
        owner=owner,
        due_on=due,
        created_at=moment.recorded_at,
    )
    is_old = due < world.today - timedelta(days=45)
    if due < world.today and (is_old or world.chance(DONE)):
        _finish(world, row, moment.held_on)
    return row


def _finish(world: World, row: FollowUp, since: date) -> None:
    """Done in time mostly; some late, a few dropped with the reason."""
    days = world.days[row.school_id]
    if world.chance(0.03):
        row.status, row.closed_because = FollowUpStatus.DROPPED, "Niet meer nodig, zegt de ouder."
        return
    late = world.rng.randint(1, 6)
    done = row.due_on if world.chance(DONE_IN_TIME) else days.after(row.due_on, late)
    row.status = FollowUpStatus.DONE
    row.done_on = days.choose(world.rng, since, row.due_on) if done == row.due_on else done
    row.done_on = row.done_on or world.today


def _of_story(world: World) -> list[FollowUp]:
    rows = []
    for key, ahead, what in STORY:
        home = world.home(key)
        seat = home.seats[0]
        calendar = world.days[seat.school.pk].calendar
        rows.append(
            FollowUp(
                school=seat.school,
                family=home.family,
                pupil=seat.pupil,
                guardian=home.guardians[-1],
                kind=FollowUpKind.PROMISE,
                what=what,
                owner=world.cast["leerkracht"],
                due_on=calendar.add_school_days(world.today, ahead),
                created_at=moment_of(calendar.add_school_days(world.today, -6), 16),
            )
        )
    return [*rows, _left(world)]


def _left(world: World) -> FollowUp:
    """What the teacher who left had promised, and nobody does now."""
    seat = world.home("turks").seats[0]
    return FollowUp(
        school=seat.school,
        family=world.home("turks").family,
        pupil=seat.pupil,
        what="Boekje uit de bib meegeven",
        owner=world.cast["oud-collega"],
        due_on=world.days[seat.school.pk].calendar.add_school_days(world.today, -8),
        created_at=moment_of(world.days[seat.school.pk].calendar.add_school_days(world.today, -70), 16),
    )


def _of_bounces(world: World) -> list[FollowUp]:
    """Somebody asks a family for a new address after a mail came back, or for a number."""
    rows = []
    homes = {guardian.pk: home for home in world.homes for guardian in home.guardians}
    ended = ContactPointUse.objects.filter(contact_point__ended_because__in=_DEAD).select_related("contact_point")
    for use in ended.order_by("pk"):
        home = homes[use.guardian_id]
        guardian = next(one for one in home.guardians if one.pk == use.guardian_id)
        seat = home.seats[0]
        day = use.contact_point.valid_until
        if day is None or day > world.today:
            continue
        is_open = home.key == "teruggekomen" or (world.today - day).days < 30
        due = world.days[seat.school.pk].calendar.add_school_days(day, 5)
        rows.append(
            FollowUp(
                school=seat.school,
                family=home.family,
                pupil=seat.pupil,
                guardian_id=use.guardian_id,
                kind=FollowUpKind.CONTACT_DATA,
                what=kept(_DEAD[use.contact_point.ended_because], guardian=guardian.full_name, day=day),
                owner=world.teachers[seat.school_class.pk],
                due_on=due,
                status=FollowUpStatus.OPEN if is_open else FollowUpStatus.DONE,
                done_on=None if is_open else due,
                created_at=moment_of(day, 17),
            )
        )
    return rows
