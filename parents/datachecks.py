"""What is wrong or missing in a school's data, check by check, with the people it is about. Reads only.

Each check is two queries, a count and the first rows, however large the school is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from parents import doublepupils, ownwords
from parents.models import ContactPoint, ContactPointUse, Guardian, Guardianship
from parents.services.forgetting import FORGOTTEN
from parents.services.reachability import REPLACED
from schools import clock
from schools.models import Assignment, Enrolment, Pupil, Role, School, SchoolClass

SHOWN = 10
#: Children who stand twice among whom the other row of one is looked for.
MOST_TWINS = 200
#: An assignment that ends within so many days is shown.
ENDS_WITHIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Check:
    """``rows`` are what is wrong at a school. ``ask`` is the sentence of a follow-up about a guardian, for checks whose
    remedy is to ask at the next contact."""

    key: str
    title: Any
    why: Any
    rows: Callable[[School], QuerySet[Any]]
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A check at one school, with how many and the first of them."""

    check: Check
    number: int
    rows: list[Any]

    @property
    def more(self) -> int:
        return self.number - len(self.rows)


def checked(school: School) -> list[Found]:
    """All checks of a school, in the order of the page."""
    found = []
    for check in CHECKS:
        rows = in_order(check, school)
        found.append(Found(check, rows.count(), list(rows[:SHOWN])))
    return found


def in_order(check: Check, school: School) -> QuerySet[Any]:
    """What a check finds at a school, each time in the same order, so that it can be turned page by page."""
    rows = check.rows(school)
    return rows if rows.ordered else rows.order_by("pk")


def at_school(school: School) -> Q:
    """The condition on children that they are at the school today."""
    return Q(pk__in=_here(school))


def _here(school: School) -> QuerySet[Any]:
    return Enrolment.objects.current().filter(school=school).values("pupil_id")


def guardians_of_school(school: School) -> QuerySet[Guardian]:
    """Guardians who are informed about a child of the school today."""
    ties = Guardianship.objects.informed().filter(pupil_id__in=_here(school))
    return Guardian.objects.filter(pk__in=ties.values("guardian_id"))


def _usable_points(guardian: str) -> QuerySet[ContactPointUse]:
    usable = ContactPoint.objects.usable().values("pk")
    return ContactPointUse.objects.filter(guardian_id=OuterRef(guardian), contact_point_id__in=usable)


def _unreachable(school: School) -> QuerySet[Pupil]:
    ties = Guardianship.objects.informed().filter(Exists(_usable_points("guardian_id")), pupil_id=OuterRef("pk"))
    return Pupil.objects.filter(~Exists(ties), pk__in=_here(school))


def _without_language(school: School) -> QuerySet[Guardian]:
    return guardians_of_school(school).filter(language_confirmed_on__isnull=True)


def _second_without_data(school: School) -> QuerySet[Guardian]:
    """Guardians without any way, of a child whose other guardian has one: the one whom nobody misses."""
    others = Guardianship.objects.informed().filter(
        Exists(_usable_points("guardian_id")), pupil_id__in=_children_of(OuterRef(OuterRef("pk")))
    )
    silent = guardians_of_school(school).filter(~Exists(_usable_points("pk")), household__isnull=True)
    return silent.filter(Exists(others))


def _children_of(guardian: Any) -> QuerySet[Any]:
    return Guardianship.objects.current().filter(guardian_id=guardian).values("pupil_id")


def _dead_points(school: School) -> QuerySet[Guardian]:
    """Guardians with a number or address that stopped working, and none of that kind that works."""
    dead = ContactPointUse.objects.filter(
        ~Q(contact_point__ended_because__in=["", REPLACED, FORGOTTEN]),
        ~Exists(
            ContactPointUse.objects.filter(
                guardian_id=OuterRef("guardian_id"),
                contact_point__in=ContactPoint.objects.usable(),
                contact_point__kind=OuterRef("contact_point__kind"),
            )
        ),
        guardian_id=OuterRef("pk"),
    )
    return guardians_of_school(school).filter(Exists(dead))


def _unconfirmed(school: School) -> QuerySet[Guardian]:
    """Guardians with a number or address that works, but that nobody confirmed for settings.CONFIRM_POINT_DAYS."""
    since = clock.today() - timedelta(days=settings.CONFIRM_POINT_DAYS)
    old = Q(contact_point__verified_on__lt=since) | Q(
        contact_point__verified_on__isnull=True, contact_point__valid_from__lt=since
    )
    uses = ContactPointUse.objects.filter(old, contact_point_id__in=ContactPoint.objects.usable().values("pk"))
    return guardians_of_school(school).filter(pk__in=uses.values("guardian_id"))


def _double_pupils(school: School) -> QuerySet[Pupil]:
    """Children of the school with the same name and birthday. Counted in one pass: asked of each child by itself, the
    page of a large school took seconds."""
    named = Pupil.objects.filter(pk__in=_here(school)).exclude(first_name="")
    here = named.annotate(first=Lower("first_name"), last=Lower("last_name"))
    same = Window(Count("pk"), partition_by=[F("first"), F("last"), F("birth_date")])
    return here.annotate(alike=same).filter(alike__gt=1).order_by("last", "first", "pk")


def twins(children: list[Pupil], school: School) -> dict[int, int]:
    """Of each of these children the other row at the school. One query."""
    rows = list(_double_pupils(school)[:MOST_TWINS])
    return doublepupils.twins([*children, *(row for row in rows if row not in children)])


def _double_guardians(school: School) -> QuerySet[Guardian]:
    """Guardians of the same child with the same name."""
    here = guardians_of_school(school).annotate(first=Lower("first_name"), last=Lower("last_name"))
    ties = Guardianship.objects.current().annotate(
        first=Lower("guardian__first_name"), last=Lower("guardian__last_name")
    )
    others = ties.filter(
        ~Q(guardian_id=OuterRef("pk")),
        first=OuterRef("first"),
        last=OuterRef("last"),
        pupil_id__in=_children_of(OuterRef(OuterRef("pk"))),
    )
    return here.filter(Exists(others)).order_by("last", "first", "pk")


def partners(guardians: list[Guardian]) -> dict[int, int]:
    """Of each guardian that stands here twice the other row: the first one with the same name and a child in common.
    One query."""
    pupils = Guardianship.objects.current().filter(guardian__in=guardians).values("pupil_id")
    ties = Guardianship.objects.current().filter(pupil_id__in=pupils).select_related("guardian").order_by("guardian_id")
    rows: dict[tuple[int, str], list[int]] = {}
    for tie in ties:
        rows.setdefault((tie.pupil_id, tie.guardian.full_name.casefold()), []).append(tie.guardian_id)
    found: dict[int, int] = {}
    for same in rows.values():
        for one in same:
            other = next((pk for pk in same if pk != one), None)
            if other is not None:
                found.setdefault(one, other)
    return found


def both_rows(school: School, first: int, second: int) -> QuerySet[Guardian]:
    """The rows of two guardians who answer for one child of the school, whatever each may know; else none."""
    ties = Guardianship.objects.current().filter(pupil_id__in=_here(school))
    together = ties.filter(guardian_id=first, pupil_id__in=ties.filter(guardian_id=second).values("pupil_id"))
    return Guardian.objects.filter(Exists(together), pk__in={first, second}).select_related("household")


def _classes_without_teacher(school: School) -> QuerySet[SchoolClass]:
    posts = Assignment.objects.current().filter(role=Role.TEACHER, school_class_id=OuterRef("pk"), user__is_active=True)
    pupils = Enrolment.objects.current().filter(school_class_id=OuterRef("pk"))
    return SchoolClass.objects.of_running_year().filter(Exists(pupils), ~Exists(posts), school=school)


def ending_assignments(school: School) -> QuerySet[Assignment]:
    """Assignments at the school that end soon."""
    last = clock.today() + timedelta(days=ENDS_WITHIN_DAYS)
    rows = Assignment.objects.current().filter(school=school, ends_on__lte=last)
    return rows.with_places().order_by("ends_on", "pk").annotate(name=F("user__full_name"))


CHECKS = (
    Check(
        "onbereikbaar",
        _("Children of whom no parent can be reached"),
        _("No phone number and no e-mail address of a parent works. Ask at the gate, or send a letter along."),
        _unreachable,
        ownwords.ASK_ANY_CONTACT,
    ),
    Check(
        "taal",
        _("Parents whose language nobody confirmed"),
        _("The language is a guess. Ask in which language they like to read."),
        _without_language,
        ownwords.ASK_LANGUAGE,
    ),
    Check(
        "tweede-ouder",
        _("Parents and guardians without any contact data, beside one who has some"),
        _("Who has the right to information gets all of it. Of this one the school knows no number, mail or address."),
        _second_without_data,
        ownwords.ASK_FOR_DATA,
    ),
    Check(
        "vervallen",
        _("Parents with a number or address that no longer works"),
        _("It bounced or does not exist, and there is no other one."),
        _dead_points,
        ownwords.ASK_NEW_ONE,
    ),
    Check(
        "niet-bevestigd",
        _("Parents whose number or address nobody confirmed for a year"),
        _("Who signs in with it confirms it. Ask whether it is still right."),
        _unconfirmed,
        ownwords.ASK_STILL_RIGHT,
    ),
    Check(
        "dubbele-kinderen",
        _("Children who stand here twice"),
        _("The same name and birthday. Join the two here, or mend it in the school's own system."),
        _double_pupils,
    ),
    Check(
        "dubbele-ouders",
        _("Parents who stand twice with one child"),
        _("The same name with the same child. Join the two here, or mend it in the school's own system."),
        _double_guardians,
    ),
    Check(
        "zonder-leerkracht",
        _("Classes without a teacher"),
        _("Nobody gets the questions and calls of this class. The head appoints a teacher."),
        _classes_without_teacher,
    ),
    Check(
        "aanstellingen",
        _("Assignments that end within a month"),
        _("On the day after, this colleague sees nothing any more."),
        ending_assignments,
    ),
)
BY_KEY = {check.key: check for check in CHECKS}
