"""What became of the notices: every way out, opened or not, answered, failed, climbed to a letter or a call.

The rows are history, so they come in with their last state. They obey the table of the outbox: what is still to come
waits as QUEUED for a person (letters, calls), never for the worker.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ingroeibloei.demo.letters import write_letters
from ingroeibloei.demo.ways import Reach, reach_of
from ingroeibloei.demo.world import World, moment_of, write
from messaging.models import (
    Answer,
    CallTask,
    Channel,
    Delivery,
    DeliveryEvent,
    DeliveryStatus,
    Notice,
    NoticeKind,
    NoticePupil,
    NoticeText,
    Reason,
    TextKind,
)
from messaging.outbox.planning import NEVER
from messaging.readers import families_answered_for
from parents.models import FollowUp, Guardian
from parents.models.followups import FollowUpKind, FollowUpStatus
from parents.ownwords import CALL_ABOUT, kept
from schools.languages import MASTER, language

#: Share that opens each way out, by whether Dutch is the contact language; pilot schools do better after Christmas.
OPENS = {
    Channel.EMAIL: {True: 0.78, False: 0.52},
    Channel.SMS: {True: 0.62, False: 0.58},
    Channel.LETTER: {True: 0.20, False: 0.16},
}
ANSWERS = 0.72
FIRST_ANSWER_SHARE = 0.7
NOT_UNDERSTOOD = 0.03
RUNG_DAYS = 3
SMS_FAILS = 0.035


@dataclass(slots=True)
class Book:
    """Rows of all deliveries, written together at the end."""

    deliveries: list[Delivery] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    calls: list[CallTask] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    letters: dict[int, list[Delivery]] = field(default_factory=lambda: defaultdict(list))


def build(world: World) -> None:
    book = Book(titles=dict(NoticeText.objects.filter(language=MASTER).values_list("notice_id", "title")))
    reach = reach_of(world)
    open_from = world.days[world.pilots[0].pk].days[-6:][0]
    pupils: dict[int, set[int]] = defaultdict(set)
    for row in NoticePupil.objects.all():
        pupils[row.notice_id].add(row.pupil_id)
    for notice in world.notices:
        is_open = notice.author == world.cast["leerkracht"] and sent_at(notice).date() >= open_from
        for homes in reach.homes_of(pupils[notice.pk]):
            _family(world, book, notice, homes, reach, is_open=is_open)
    write(Delivery, book.deliveries)
    write(DeliveryEvent, [event for row in book.deliveries for event in _history(row)])
    write(Answer, _one_for_each_family(book.answers))
    write(FollowUp, book.follow_ups)
    write(CallTask, book.calls)
    write_letters(world, book.letters)
    reach.settle()


def _one_for_each_family(answers: list[Answer]) -> list[Answer]:
    """Where a notice asks one answer of each family, the first one given is the family's."""
    answered_for = families_answered_for(
        {row.notice_id: row.notice for row in answers}.values(), {row.guardian_id for row in answers}
    )
    kept, known = [], set[tuple[int, int]]()
    for row in sorted(answers, key=lambda row: row.answered_at):
        families = answered_for.get((row.notice_id, row.guardian_id), [])
        open_ones = [family for family in families if (row.notice_id, family) not in known]
        if families and not open_ones:
            continue
        row.family_id = open_ones[0] if open_ones else None
        known |= {(row.notice_id, family) for family in open_ones[:1]}
        kept.append(row)
    return kept


def sent_at(notice: Notice) -> datetime:
    """When a notice of the world was sent; a draft has no deliveries."""
    if notice.published_at is None:
        raise ValueError(f"{notice} was never sent.")
    return notice.published_at


def _family(
    world: World, book: Book, notice: Notice, guardians: list[Guardian], reach: Reach, *, is_open: bool
) -> None:
    """One family climbs the ladder until anybody opened, or the notice was only to inform."""
    day: date | None = sent_at(notice).date()
    tried: dict[int, set[str]] = defaultdict(set)
    days = world.days[notice.school_id]
    while day is not None:
        reached = failed = False
        texted: set[int] = set()
        for guardian in guardians:
            channel = reach.next_way(guardian, tried[guardian.pk], texted)
            if channel is None:
                continue
            tried[guardian.pk].add(channel)
            row = _delivery(world, notice, guardian, channel, day, reach)
            book.deliveries.append(row)
            _end(world, book, notice, row, guardian, day, reach, is_open)
            reached |= row.opened_at is not None or (channel == Channel.CALL and row.status == DeliveryStatus.DELIVERED)
            failed |= row.status == DeliveryStatus.FAILED
        if reached or is_open or not (failed or notice.kind != NoticeKind.INFO):
            return
        if not any(reach.next_way(guardian, tried[guardian.pk], set()) for guardian in guardians):
            return
        day = days.after(day, RUNG_DAYS + 1)


def _delivery(world: World, notice: Notice, guardian: Guardian, channel: str, day: date, reach: Reach) -> Delivery:
    is_first = day == sent_at(notice).date()
    created = sent_at(notice) if is_first else moment_of(day, 8, 10)
    point, code = reach.point(guardian, channel), language(guardian.contact_language).text
    return Delivery(
        notice=notice,
        guardian=guardian,
        channel=channel,
        language=code,
        text_kind=TextKind.MASTER if code == MASTER else TextKind.TEMPLATE,
        contact_point=point,
        address=point.value if point else "",
        attempts=1 if channel in (Channel.EMAIL, Channel.SMS) else 0,
        created_at=created,
    )


def _end(
    world: World, book: Book, notice: Notice, row: Delivery, guardian: Guardian, day: date, reach: Reach, is_open: bool
) -> None:
    """The last state of one delivery and what people did with it."""
    point = row.contact_point
    if row.channel == Channel.CALL:
        _call(world, book, notice, row, guardian, day)
        return
    if row.channel == Channel.LETTER:
        _letter(world, book, notice, row, day)
    elif point is not None and point.ended_because and reach.bounces(point, day):
        row.status, row.reason = DeliveryStatus.FAILED, Reason.BOUNCED
    elif row.channel == Channel.SMS and world.chance(SMS_FAILS):
        row.status = DeliveryStatus.FAILED
        row.reason = world.rng.choice((Reason.UNKNOWN_NUMBER, Reason.OUTCOME_UNKNOWN))
    else:
        row.status = DeliveryStatus.DELIVERED if row.channel == Channel.SMS else DeliveryStatus.SENT
    if row.status == DeliveryStatus.QUEUED:
        return
    row.sent_at = gone = row.created_at + timedelta(seconds=world.rng.randint(2, 90))
    if row.status in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED) and not is_open:
        _open(world, book, notice, row, guardian, gone)


def _open(world: World, book: Book, notice: Notice, row: Delivery, guardian: Guardian, gone: datetime) -> None:
    is_dutch = guardian.contact_language == "nl"
    share = OPENS[Channel(row.channel)][is_dutch]
    is_later = sent_at(notice).year > world.year.starts_on.year
    share += 0.09 if is_later and world.is_pilot(notice.school) else -0.05
    if not world.chance(share):
        return
    opened = gone + timedelta(minutes=world.rng.choice((4, 25, 90, 240, 600, 1500)))
    if opened.date() > world.today:
        return
    row.opened_at = opened
    if not is_dutch and world.chance(NOT_UNDERSTOOD):
        row.not_understood_at = opened + timedelta(minutes=3)
    elif notice.answers and world.chance(ANSWERS):
        keys = [option["key"] for option in notice.answers]
        answered = opened + timedelta(minutes=world.rng.randint(1, 40))
        key = _answer(world, keys, guardian)
        book.answers.append(
            Answer(
                notice=notice,
                guardian=guardian,
                key=key,
                answered_at=answered,
                by_channel=row.channel,
                seen_by_author_at=moment_of(answered.date(), 23) if answered.date() < world.today else None,
            )
        )


def _answer(world: World, keys: list[str], guardian: Guardian) -> str:
    """Mostly the first, kindest answer; with an interpreter where that is offered and needed."""
    wished = [key for key in keys if "interpreter" in key and guardian.contact_language not in ("nl", "fr", "en")]
    if wished and world.chance(0.6):
        return wished[0]
    others = [key for key in keys[1:] if "interpreter" not in key]
    return keys[0] if not others or world.chance(FIRST_ANSWER_SHARE) else world.rng.choice(others)


def _letter(world: World, book: Book, notice: Notice, row: Delivery, day: date) -> None:
    """Printed and given along after the deadline of a day; today's and yesterday's still wait at the printer."""
    given = world.days[notice.school_id].after(day, 1)
    if given is None or given >= world.today:
        row.status, row.due_at = DeliveryStatus.QUEUED, NEVER
        return
    row.status = DeliveryStatus.DELIVERED
    if world.chance(0.02):
        row.status, row.reason = DeliveryStatus.FAILED, Reason.RETURNED
    book.letters[notice.pk].append(row)


def _call(world: World, book: Book, notice: Notice, row: Delivery, guardian: Guardian, day: date) -> None:
    """The last rung: a follow-up of the author. Of old ones most were done; the newest stand open."""
    calendar = world.days[notice.school_id].calendar
    home = next(home for home in world.homes if any(one.pk == guardian.pk for one in home.guardians))
    done_on = world.days[notice.school_id].after(day, world.rng.randint(1, 3))
    is_done = done_on is not None and done_on < world.today and world.chance(0.85)
    is_old = (world.today - day).days > 30
    row.status, row.due_at = (DeliveryStatus.DELIVERED, None) if is_done else (DeliveryStatus.QUEUED, NEVER)
    row.sent_at = moment_of(done_on, 16, 20) if is_done and done_on else None
    dropped = not is_done and is_old
    if dropped:
        row.status, row.reason, row.due_at = DeliveryStatus.CANCELLED, Reason.WITHDRAWN, None
    status = FollowUpStatus.DONE if is_done else FollowUpStatus.DROPPED if dropped else FollowUpStatus.OPEN
    task = FollowUp(
        school=notice.school,
        family=home.family,
        pupil=next((seat.pupil for seat in home.seats if seat.school == notice.school), home.seats[0].pupil),
        guardian=guardian,
        kind=FollowUpKind.CALL,
        what=kept(CALL_ABOUT, title=book.titles[notice.pk]),
        owner=notice.author,
        due_on=calendar.add_school_days(day, 2),
        status=status,
        done_on=done_on if is_done else None,
        closed_because="De dag is voorbij." if dropped else "",
        created_at=row.created_at,
    )
    book.follow_ups.append(task)
    book.calls.append(CallTask(delivery=row, follow_up=task))


def _history(row: Delivery) -> list[DeliveryEvent]:
    if row.sent_at is None:
        return []
    first = DeliveryStatus.SENT
    events = [DeliveryEvent(delivery=row, at=row.sent_at, status=first)]
    if row.status in (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED):
        later = row.sent_at + timedelta(seconds=20)
        events.append(DeliveryEvent(delivery=row, at=later, status=row.status, reason=row.reason))
    return events
