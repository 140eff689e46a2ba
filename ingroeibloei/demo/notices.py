"""Notices of the year: about sixty, to classes and whole schools, from the templates that belong to the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ingroeibloei.demo import leaflets, voices
from ingroeibloei.demo.measurements import ASKED_AGO
from ingroeibloei.demo.world import World, moment_of, write
from messaging.models import Attachment, Notice, NoticePupil, NoticeStatus, NoticeText, Recording
from messaging.models.notices import AudienceKind
from messaging.models.templates import MEASUREMENT, ROUND_INVITATION
from messaging.plainness import findings_of
from messaging.purposes import URGENT_REASONS
from messaging.selections import Selection
from messaging.services import create_notice
from schools.models import School, SchoolClass, User
from schools.roster.contacts import written_phone

#: Notices to classes of each school: (template, month of sending, school days until the day it is about).
TO_CLASSES = (
    ("swimming-bag", 9, 3),
    ("school-trip-consent", 10, 8),
    ("parent-meeting-invitation", 11, 6),
    ("library-class-visit", 1, 5),
    ("school-bill-help", 2, 10),
    ("parent-meeting-invitation", 3, 6),
    ("dutch-through-play", 4, 9),
)
#: Notices to whole schools.
TO_SCHOOLS = (("coffee-morning", 10, 5),)
COMPARISON_TEMPLATES = frozenset({"parent-meeting-invitation", "school-trip-consent"})
#: What the teacher of 3B sent lately: (template, school days ago, school days until the day it is about).
TO_3B = (("library-class-visit", 4, 6), ("school-trip-consent", 2, 12))
#: School days since it invited to the round of talks to come.
INVITED_AGO = 1
ACTIVITIES = {
    "school-trip-consent": "Een dag in de boomgaard",
    "dutch-through-play": "Spelen met woorden",
    "coffee-morning": "Samen lezen in elke taal",
}
PLACES = {
    "school-trip-consent": "Boomgaard De Bongerd",
    "library-class-visit": "Bibliotheek De Leidraad",
    "coffee-morning": "Ouderlokaal",
    "dutch-through-play": "Speelzaal",
}


@dataclass(frozen=True, slots=True)
class Plan:
    slug: str
    school: School
    school_class: SchoolClass | None
    author: User
    sent_on: date
    about: date
    is_open: bool = False


def build(world: World) -> None:
    plans = sorted(_plans(world), key=lambda plan: plan.sent_on)
    pupils: list[NoticePupil] = []
    for plan in plans:
        notice = _notice(world, plan)
        world.notices.append(notice)
        pupils += [
            NoticePupil(notice=notice, pupil=seat.pupil, school_class=seat.school_class)
            for home in world.homes
            for seat in home.seats
            if seat.is_at(plan.school)
            and (plan.school_class is None or plan.school_class.pk == seat.school_class.pk)
            and seat.covers(plan.sent_on)
        ]
    Notice.objects.bulk_update(world.notices, ["status", "created_at", "published_at", "plain_findings"])
    for frozen in (NoticeText, Attachment, Recording):
        frozen._default_manager.filter(notice__status=NoticeStatus.PUBLISHED).update(is_frozen=True)
    write(NoticePupil, pupils)


def _plans(world: World) -> list[Plan]:
    plans = []
    for number, (key, school) in enumerate(world.schools.items()):
        rows = world.classes[key]
        for place, (slug, month, ahead) in enumerate(TO_CLASSES):
            if not world.is_pilot(school) and slug not in COMPARISON_TEMPLATES:
                continue
            row = rows[(number + 3 * place) % len(rows)]
            plans += _plan(world, slug, school, row, month, ahead)
        for slug, month, ahead in TO_SCHOOLS:
            plans += _plan(world, slug, school, None, month, ahead) if world.is_pilot(school) else []
    plans += _plans_of_story(world)
    return plans


def _plan(world: World, slug: str, school: School, row: SchoolClass | None, month: int, ahead: int) -> list[Plan]:
    first = date(world.year.starts_on.year + (month < 9), month, 5)
    days = world.days[school.pk]
    sent_on = days.choose(world.rng, first, first + timedelta(days=11))
    if sent_on is None or sent_on >= world.today:
        return []
    author = world.teachers[row.pk] if row else world.heads[school.pk]
    if author == world.teachers.get(row.pk if row else 0) and row and _is_new(world, row, sent_on):
        author = world.cast["oud-collega"]
    return [Plan(slug, school, row, author, sent_on, days.calendar.add_school_days(sent_on, ahead))]


def _is_new(world: World, row: SchoolClass, day: date) -> bool:
    """Whether the class had another teacher on that day: 3A, until its teacher left."""
    return row == world.class_named("kersenboom", "3A") and day < date(world.year.starts_on.year + 1, 2, 1)


def _plans_of_story(world: World) -> list[Plan]:
    row = world.class_named("kersenboom", "3B")
    days = world.days[row.school_id]
    found = _plan(world, "parent-meeting-invitation", row.school, row, 3, 6)
    for slug, ago, ahead in TO_3B:
        if len(days.days) > ago:
            sent_on = days.days[-1 - ago]
            about = days.calendar.add_school_days(sent_on, ahead)
            found.append(Plan(slug, row.school, row, world.cast["leerkracht"], sent_on, about, is_open=True))
    if len(days.days) > INVITED_AGO:
        sent_on, held_on = days.days[-1 - INVITED_AGO], world.coming_round.held_on
        found.append(Plan(ROUND_INVITATION, row.school, row, world.cast["leerkracht"], sent_on, held_on, is_open=True))
    if len(days.days) > ASKED_AGO:
        # Its parents are asked what they think, a few days ago (``measurements``).
        asked_on, until = days.days[-1 - ASKED_AGO], world.today + timedelta(days=13)
        found.append(Plan(MEASUREMENT, row.school, None, world.heads[row.school_id], asked_on, until))
    return found


def _notice(world: World, plan: Plan) -> Notice:
    template = world.templates[plan.slug]
    meetings = world.coming_round if plan.slug == ROUND_INVITATION else None
    notice = create_notice(
        author=plan.author,
        template=template,
        school=plan.school,
        school_class=plan.school_class,
        to=Selection(AudienceKind.ROUND, plan.school, conference_round=meetings) if meetings else None,
        values={name: text for name, text in _values(plan).items() if name in template.variables},
        answer_by=plan.about - timedelta(days=1) if template.answers.exists() else None,
        urgent_reason=str(URGENT_REASONS.get(plan.slug, "")),
    )
    if plan.is_open:
        leaflets.attach(notice, plan.slug, plan.about)
        voices.read_aloud(notice)
    sent_at = moment_of(plan.sent_on, 16, world.rng.randint(0, 55))
    notice.status = NoticeStatus.PUBLISHED
    notice.created_at = sent_at - timedelta(minutes=12)
    notice.published_at = sent_at
    notice.plain_findings = findings_of(notice)
    return notice


def _values(plan: Plan) -> dict[str, str]:
    """Everything a template may ask for, as a notice stores what a teacher types (``variables.stored_values``)."""
    row = plan.school_class
    return {
        "teacher": plan.author.full_name,
        "date": plan.about.isoformat(),
        "deadline": (plan.about - timedelta(days=1)).isoformat(),
        "time": "15:45" if plan.slug.startswith(("parent-meeting", "school-trip")) else "09:00",
        "place": PLACES.get(plan.slug, f"Klas {row.name}" if row else plan.school.name),
        "phone": written_phone(plan.school.phone),
        "school": plan.school.name,
        "class_name": row.name if row else "",
        "activity": ACTIVITIES.get(plan.slug, ""),
        "amount": "6.50",
    }
