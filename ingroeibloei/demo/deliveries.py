"""What became of the notices: every way out, opened or not, answered, failed, climbed to a letter or a call.

The rows are history, so they come in with their last state. They obey the table of the outbox: what is still to come
waits as QUEUED for a person (letters, calls), never for the worker.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ingroeibloei.demo.answers import chosen, one_for_each_family
from ingroeibloei.demo.letters import write_letters
from ingroeibloei.demo.moments import talk
from ingroeibloei.demo.ways import Reach, reach_of
from ingroeibloei.demo.world import Home, World, moment_of, write
from messaging.models import (
    Answer,
    CallTask,
    Channel,
    Delivery,
    DeliveryEvent,
    DeliveryStatus,
    Explanation,
    Notice,
    NoticeKind,
    NoticePupil,
    NoticeText,
    Reason,
    TextKind,
)
from messaging.outbox.planning import NEVER
from parents.models import FollowUp, Guardian
from parents.models.followups import FollowUpKind, FollowUpStatus
from parents.models.kinds import ContactKind, Initiative, Purpose
from parents.ownwords import CALL_ABOUT, DAY_IS_OVER, EXPLAIN, kept
from schools.languages import MASTER, language

#: Share that opens each way out, by whether Dutch is the contact language; pilot schools do better after Christmas.
OPENS = {
    Channel.EMAIL: {True: 0.78, False: 0.52},
    Channel.SMS: {True: 0.62, False: 0.58},
    Channel.LETTER: {True: 0.20, False: 0.16},
}
ANSWERS = 0.72
NOT_UNDERSTOOD = 0.03
#: Days since a parent did not understand a notice, and nobody explained it yet.
EXPLAINED_AFTER = 30
RUNG_DAYS = 3
SMS_FAILS = 0.035


@dataclass(slots=True)
class Book:
    """Rows of all deliveries, written together at the end."""

    deliveries: list[Delivery] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    calls: list[CallTask] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    homes: dict[int, Home] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    letters: dict[int, list[Delivery]] = field(default_factory=lambda: defaultdict(list))


def build(world: World) -> None:
    book = Book(titles=dict(NoticeText.objects.filter(language=MASTER).values_list("notice_id", "title")))
    book.homes = {guardian.pk: home for home in world.homes for guardian in home.guardians}
    reach = reach_of(world)
    open_from = world.days[world.pilots[0].pk].days[-6:][0]
    pupils: dict[int, set[int]] = defaultdict(set)
    for row in NoticePupil.objects.all():
        pupils[row.notice_id].add(row.pupil_id)
    for notice in world.notices:
        is_open = notice.author == world.cast["leerkracht"] and sent_at(notice).date() >= open_from
        for homes in reach.homes_of(pupils[notice.pk]):
            _family(world, book, notice, homes, reach, is_open=is_open)
    _ask_to_explain(world, book)
    write(Delivery, book.deliveries)
    write(DeliveryEvent, [event for row in book.deliveries for event in _history(row)])
    write(Answer, one_for_each_family(book.answers))
    world.write_after_moments(FollowUp, book.follow_ups)
    world.write_after_moments(CallTask, book.calls)
    world.write_after_moments(Explanation, book.explanations)
    write_letters(world, book.letters)
    reach.settle()


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
        is_dead = world.chance(0.5) and not book.homes[guardian.pk].key  # the story keeps its numbers
        row.reason = Reason.UNKNOWN_NUMBER if is_dead else Reason.OUTCOME_UNKNOWN
        if is_dead and point is not None:
            reach.end(point, day)
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
        _explain(world, book, notice, row, guardian, row.not_understood_at)
    elif notice.answers and world.chance(ANSWERS):
        keys = [option["key"] for option in notice.answers]
        answered = opened + timedelta(minutes=world.rng.randint(1, 40))
        key = chosen(world, keys, guardian)
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


def _ask_to_explain(world: World, book: Book) -> None:
    """One of the newest notices to 3B is not clear to a parent of the story."""
    people = {guardian.pk for guardian in world.home("pools").guardians}
    for row in book.deliveries:
        if row.guardian.pk not in people or row.notice.author != world.cast["leerkracht"]:
            continue
        if row.status != DeliveryStatus.SENT or row.opened_at or row.sent_at is None:
            continue
        if (world.today - row.sent_at.date()).days in range(1, EXPLAINED_AFTER):
            row.opened_at = row.sent_at + timedelta(hours=2)
            row.not_understood_at = row.opened_at + timedelta(minutes=3)
            _explain(world, book, row.notice, row, row.guardian, row.not_understood_at)
            return


def _explain(world: World, book: Book, notice: Notice, row: Delivery, guardian: Guardian, asked_at: datetime) -> None:
    """A parent did not understand it: somebody of the school explains, and is to do so of the newest."""
    days, day = world.days[notice.school_id], asked_at.date()
    done_on = days.after(day, world.rng.randint(1, 2)) if (world.today - day).days > EXPLAINED_AFTER else None
    task = _task(book, notice, guardian, FollowUpKind.NOT_UNDERSTOOD, EXPLAIN)
    task.due_on, task.created_at = days.calendar.add_school_days(day, 1), asked_at
    if done_on:
        task.status, task.done_on = FollowUpStatus.DONE, done_on
    book.explanations.append(Explanation(delivery=row, follow_up=task))


def _call(world: World, book: Book, notice: Notice, row: Delivery, guardian: Guardian, day: date) -> None:
    """The last rung: a follow-up of the author. Of old ones most were done, each with its talk; the newest stand
    open. With whom nobody ever speaks nobody spoke now."""
    calendar, home = world.days[notice.school_id].calendar, book.homes[guardian.pk]
    done_on = world.days[notice.school_id].after(day, world.rng.randint(1, 3))
    is_open = home.is_reached and (home.silent_after is None or (done_on or world.today) <= home.silent_after)
    is_done = done_on is not None and done_on < world.today and world.chance(0.85) and is_open
    task = _task(book, notice, guardian, FollowUpKind.CALL, CALL_ABOUT)
    task.due_on, task.created_at = calendar.add_school_days(day, 2), row.created_at
    book.calls.append(CallTask(delivery=row, follow_up=task))
    if is_done and done_on:
        row.status, row.sent_at = DeliveryStatus.DELIVERED, moment_of(done_on, 16, 20)
        row.understood_at = row.sent_at
        task.status, task.done_on = FollowUpStatus.DONE, done_on
        task.contact_moment = talk(
            world,
            home,
            next((seat for seat in home.seats if seat.school == notice.school), home.seats[0]),
            ContactKind.PHONE,
            done_on,
            notice.author,
            initiative=Initiative.TEACHER,
            purpose=Purpose.INFORMATION,
            with_guardians=[guardian],
            starts_at=time(16, 20),
            note="",
        )
    elif (world.today - day).days > 30:
        row.status, row.reason = DeliveryStatus.CANCELLED, Reason.OVER
        task.status, task.closed_because = FollowUpStatus.DROPPED, kept(DAY_IS_OVER)
    else:
        row.status, row.due_at = DeliveryStatus.QUEUED, NEVER


def _task(book: Book, notice: Notice, guardian: Guardian, kind: FollowUpKind, sentence: str) -> FollowUp:
    """Something that the author of a notice is to do for one of its readers."""
    home = book.homes[guardian.pk]
    task = FollowUp(
        school=notice.school,
        family=home.family,
        pupil=next((seat.pupil for seat in home.seats if seat.school == notice.school), home.seats[0].pupil),
        guardian=guardian,
        kind=kind,
        what=kept(sentence, title=book.titles[notice.pk]),
        owner=notice.author,
    )
    book.follow_ups.append(task)
    return task


def _history(row: Delivery) -> list[DeliveryEvent]:
    if row.sent_at is None:
        return []
    first = DeliveryStatus.SENT
    events = [DeliveryEvent(delivery=row, at=row.sent_at, status=first)]
    if row.status in (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED):
        later = row.sent_at + timedelta(seconds=20)
        events.append(DeliveryEvent(delivery=row, at=later, status=row.status, reason=row.reason))
    return events
