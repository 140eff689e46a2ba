"""Questions of parents and how soon the school answered: about two school days at pilot schools, longer elsewhere."""

from __future__ import annotations

from datetime import date, time, timedelta

from ingroeibloei.demo import lines
from ingroeibloei.demo.moments import talk
from ingroeibloei.demo.world import Home, World, moment_of
from messaging.models import Thread, ThreadPost
from parents.models.kinds import ContactKind, Initiative, Purpose, Visibility
from schools.languages import language

QUESTIONS = {True: 150, False: 34}
#: School days until the first reply, and their shares: pilot schools in the first and second half, others always.
REPLIES = {
    "first": ((0, 1, 2, 3, 4, 6, 9, None), (9, 20, 24, 18, 11, 9, 5, 4)),
    "second": ((0, 1, 2, 3, 4, 6, None), (22, 31, 22, 11, 6, 5, 3)),
    "other": ((0, 1, 2, 3, 5, 7, 11, None), (4, 9, 13, 18, 20, 15, 11, 10)),
}
#: A message thread is a two-way contact when both sides wrote within this many days (domain 2.3).
TWO_WAY_DAYS = 14


def build(world: World) -> None:
    threads: list[Thread] = []
    posts: list[ThreadPost] = []
    for is_pilot, number in QUESTIONS.items():
        homes = [
            home
            for home in world.homes
            if home.is_reached
            and not home.silent_after
            and world.is_pilot(home.seats[0].school) == is_pilot
            and any(guardian.contact_language in lines.QUESTIONS for guardian in home.guardians)
        ]
        part = len(world.days[world.pilots[0].pk].days) / 165
        for _ in range(round(number * min(1.0, part))):
            _question(world, world.rng.choice(homes), is_pilot, threads, posts)
    _open_question(world, threads, posts)
    world.write_after_moments(Thread, threads)
    world.write_after_moments(ThreadPost, posts)


def _question(world: World, home: Home, is_pilot: bool, threads: list[Thread], posts: list[ThreadPost]) -> None:
    seat = home.seats[0]
    days = world.days[seat.school.pk]
    asked = days.choose(world.rng, seat.starts_on + timedelta(days=10), seat.ends_on or world.today)
    if asked is None:
        return
    half = "second" if asked.year > world.year.starts_on.year else "first"
    wait = world.rng.choices(*REPLIES[half if is_pilot else "other"])[0]
    replied = None if wait is None else days.after(asked, wait)
    _write(world, home, asked, replied, threads, posts)


def _write(
    world: World, home: Home, asked: date, replied: date | None, threads: list[Thread], posts: list[ThreadPost]
) -> None:
    """``asked`` and answered on the same day: in the morning and in the afternoon."""
    seat = home.seats[0]
    guardian = next(row for row in home.guardians if row.contact_language in lines.QUESTIONS)
    teacher = world.teachers[seat.school_class.pk]
    asked_at = moment_of(asked, world.rng.randint(7, 8), world.rng.randint(0, 59))
    replied_at = moment_of(replied, world.rng.randint(12, 16), world.rng.randint(0, 59)) if replied else None
    thread = Thread(
        school=seat.school,
        family=home.family,
        guardian=guardian,
        pupil=seat.pupil,
        asked_at=asked_at,
        asked_on=asked,
        first_reply_at=replied_at,
        first_reply_on=replied,
        assigned_to=world.teachers[seat.school_class.pk],
        waits_on=asked if replied is None else None,
    )
    threads.append(thread)
    code = language(guardian.contact_language).text
    question = world.rng.choice(lines.QUESTIONS[code])
    posts.append(ThreadPost(thread=thread, by_guardian=guardian, language=code, text=question, written_at=asked_at))
    if replied is None or replied_at is None:
        return
    posts.append(
        ThreadPost(
            thread=thread,
            by_user=teacher,
            language="nl",
            text=world.rng.choice(lines.REPLIES),
            written_at=replied_at,
            told_at=replied_at,
        )
    )
    if (replied - asked).days <= TWO_WAY_DAYS:
        thread.contact_moment = talk(
            world,
            home,
            seat,
            ContactKind.MESSAGE,
            replied,
            teacher,
            initiative=Initiative.FAMILY,
            purpose=Purpose.QUESTION,
            with_guardians=[guardian],
            starts_at=time(replied_at.hour, replied_at.minute),
            visibility=Visibility.PARENT,
        )


def _open_question(world: World, threads: list[Thread], posts: list[ThreadPost]) -> None:
    """A question to the teacher of 3B that waits since yesterday."""
    home = world.home("pools")
    days = world.days[home.seats[0].school.pk].days
    if len(days) > 1:
        _write(world, home, days[-2], None, threads, posts)
