"""Questions of parents and how soon the school answered: about two school days at pilot schools, longer elsewhere."""

from __future__ import annotations

from datetime import date, time, timedelta

from ingroeibloei.demo import lines
from ingroeibloei.demo.moments import talk
from ingroeibloei.demo.world import Home, World, moment_of
from messaging.models import PostTranslation, Thread, ThreadPost, TranslationState
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
#: School days after which a question that nobody answered was settled at the gate, and closed.
CLOSED_AFTER = 8


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
    translations = _translated_question(world, threads, posts)
    world.write_after_moments(Thread, threads)
    world.write_after_moments(ThreadPost, posts)
    world.write_after_moments(PostTranslation, translations)


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
    )
    if replied is None:
        closed = world.days[seat.school.pk].after(asked, CLOSED_AFTER)
        thread.waits_on = asked if closed is None else None
        thread.closed_at = moment_of(closed, 15, 45) if closed else None
    threads.append(thread)
    code = language(guardian.contact_language).text
    question = world.rng.choice(lines.QUESTIONS[code])
    replies = lines.REPLIES[lines.QUESTIONS[code].index(question)]
    posts.append(ThreadPost(thread=thread, by_guardian=guardian, language=code, text=question, written_at=asked_at))
    if replied is None or replied_at is None:
        return
    posts.append(
        ThreadPost(
            thread=thread,
            by_user=teacher,
            language="nl",
            text=world.rng.choice(replies),
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


def _translated_question(world: World, threads: list[Thread], posts: list[ThreadPost]) -> list[PostTranslation]:
    """Simran's mother asked in Punjabi; the liaison's words stand beside both sides. She wrote back yesterday."""
    home = world.home("moeder")
    mother, seat = home.guardians[0], home.seats[0]
    days = world.days[seat.school.pk].days
    if len(days) < 4:
        return []
    asked, replied, again = days[-4], days[-3], days[-2]
    teacher = world.teachers[seat.school_class.pk]
    thread = Thread(
        school=seat.school,
        family=home.family,
        guardian=mother,
        pupil=seat.pupil,
        asked_at=moment_of(asked, 19, 40),
        asked_on=asked,
        first_reply_at=moment_of(replied, 12, 15),
        first_reply_on=replied,
        assigned_to=teacher,
        waits_on=again,
    )
    thread.contact_moment = talk(
        world,
        home,
        seat,
        ContactKind.MESSAGE,
        replied,
        teacher,
        initiative=Initiative.FAMILY,
        purpose=Purpose.QUESTION,
        with_guardians=[mother],
        starts_at=time(12, 15),
        visibility=Visibility.PARENT,
        note="Vraag over de turnles beantwoord.",
    )
    threads.append(thread)
    answer_at = moment_of(replied, 12, 15)
    said = [
        ThreadPost(thread=thread, by_guardian=mother, language="pa", text=question, written_at=moment_of(day, 19, 40))
        for day, question in ((asked, lines.TRANSLATED["asked"][0]), (again, lines.TRANSLATED["again"][0]))
    ]
    reply = ThreadPost(
        thread=thread,
        by_user=teacher,
        language="nl",
        text=lines.TRANSLATED["replied"][0],
        written_at=answer_at,
        told_at=answer_at,
    )
    posts += [said[0], reply, said[1]]
    facts = {"state": TranslationState.PERSON, "by": teacher, "made_at": answer_at}
    return [
        PostTranslation(post=said[0], language="nl", text=lines.TRANSLATED["asked"][1], **facts),
        PostTranslation(post=reply, language="pa", text=lines.TRANSLATED["replied"][1], **facts),
    ]
