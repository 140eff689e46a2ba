"""The reach ladder: how far a family has been reached, from what was sent and from who spoke with whom.

The levels are those of a notice (messaging.levels), here over a period and with all contacts. The highest rung counts.
*Answered* is also any question, or coming to a group moment. *Understood* is also a talk that reached its purpose and
was held in a contact language of the family or through an interpreter, or a talk beside an answer after which nobody
said "I do not understand".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from messaging import levels
from messaging.levels import LABELS as LABELS
from messaging.levels import Level as Rung
from messaging.models import Answer, Delivery, Thread
from parents.models import ContactMoment, Family, FamilyMembership, Guardianship, InterpreterMode, Outcome
from schools import clock
from schools.clock import BRUSSELS
from schools.models.places import SchoolIds

REACHED = (Outcome.REACHED_AGREED, Outcome.REACHED_FOLLOW_UP)
QUALIFIED = (InterpreterMode.ON_SITE, InterpreterMode.PHONE, InterpreterMode.VIDEO, InterpreterMode.MEDIATOR)
_OF_NOTICE = "notice__notice_pupils__pupil__"
_FAMILY_OF_NOTICE = f"{_OF_NOTICE}family_memberships__family"


@dataclass(frozen=True, slots=True)
class RungState:
    """The highest rung in the period, and since which day; None for a family that nobody tried."""

    rung: Rung
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows that put a family on a rung: ``family`` leads to it, ``day`` to the moment.

    Rows of notices lead there through a child that the notice is about *and* for whom the recipient is a guardian:
    both conditions must meet in one ``filter``, or a guardian's other children would count.
    """

    rung: Rung
    rows: QuerySet[Any]
    day: str
    family: str = "family"

    def with_family(self, **family: Any) -> QuerySet[Any]:
        """The rows of these families, by a lookup on the family (``in=…`` or ``exact=…``)."""
        lookups = {f"{self.family}__{lookup}": value for lookup, value in family.items()}
        if self.family == _FAMILY_OF_NOTICE:
            lookups[f"{_OF_NOTICE}guardianships__guardian"] = F("guardian")
        return self.rows.filter(**lookups).order_by()

    def at(self, schools: SchoolIds) -> Evidence:
        """What happened at these schools."""
        place = "notice__school_id" if self.family == _FAMILY_OF_NOTICE else "school_id"
        return replace(self, rows=self.rows.filter(**{f"{place}__in": schools}))

    def of(self, reference: str) -> Exists:
        """Whether the outer row's family has any."""
        return Exists(self.with_family(exact=OuterRef(reference)))


def rungs_of(
    families: QuerySet[Family],
    first: date,
    last: date,
    *,
    schools: SchoolIds | None = None,
    talks: QuerySet[ContactMoment] | None = None,
) -> dict[int, RungState]:
    """The rung of every family, by what happened at ``schools`` where they are named: a school does not learn what
    another one did; and by these ``talks``, of one reader those that may be read. The number of queries does not depend
    on how many families there are."""
    ids = list(families.order_by().values_list("pk", flat=True))
    found = {pk: RungState(Rung.NOT_TRIED) for pk in ids}
    for evidence in evidences(first, last, schools=schools, talks=talks):
        rows = evidence.with_family(**{"in": ids})
        for pk, moment in rows.values_list(evidence.family).annotate(earliest=Min(evidence.day)):
            known = found[pk]
            day = clock.local_date(moment) if isinstance(moment, datetime) else moment
            if evidence.rung > known.rung or (evidence.rung == known.rung and known.since and day < known.since):
                found[pk] = RungState(evidence.rung, day)
    return found


def handed_over(first: date, last: date, reference: str, *, schools: SchoolIds) -> Exists:
    """Whether these schools handed over anything to the outer row's family in the period."""
    return _handed_over(moments_of(first, last)).at(schools).of(reference)


def evidences(
    first: date, last: date, *, schools: SchoolIds | None = None, talks: QuerySet[ContactMoment] | None = None
) -> list[Evidence]:
    """Everything that can put a family on a rung between the two days, lowest rung first."""
    moments, days = moments_of(first, last), (first, last)
    talks = ContactMoment.objects.all() if talks is None else talks
    contacts = talks.filter(held_on__range=days, withdrawn_at__isnull=True)
    spoken = contacts.filter(is_two_way=True)
    questions = Thread.objects.filter(asked_by_family=True, asked_on__range=days)
    found = [
        _notices(Rung.TRIED, Delivery.objects.filter(created_at__range=moments), "created_at"),
        Evidence(Rung.TRIED, contacts, "held_on"),
        _handed_over(moments),
        _notices(Rung.OPENED, Delivery.objects.filter(opened_at__range=moments), "opened_at"),
        _answered(moments),
        Evidence(Rung.ANSWERED, contacts.filter(is_reach=True), "held_on"),
        Evidence(Rung.ANSWERED, questions, "asked_on"),
        Evidence(Rung.SPOKEN, spoken, "held_on"),
        _notices(
            Rung.UNDERSTOOD,
            Delivery.objects.filter(levels.understood(), understood_at__range=moments),
            "understood_at",
        ),
        Evidence(Rung.UNDERSTOOD, spoken.filter(_is_understood(moments, schools)), "held_on"),
    ]
    return found if schools is None else [evidence.at(schools) for evidence in found]


def _notices(rung: Rung, rows: QuerySet[Any], day: str) -> Evidence:
    return Evidence(rung, rows, day, _FAMILY_OF_NOTICE)


def _handed_over(moments: tuple[datetime, datetime]) -> Evidence:
    rows = Delivery.objects.filter(levels.handed_over(), sent_at__range=moments)
    return _notices(Rung.HANDED_OVER, rows, "sent_at")


def _answered(moments: tuple[datetime, datetime]) -> Evidence:
    return _notices(Rung.ANSWERED, Answer.objects.filter(answered_at__range=moments), "answered_at")


def _is_understood(moments: tuple[datetime, datetime], schools: SchoolIds | None) -> Q:
    """Spoken with to some purpose, and in a language the family understands as far as anybody can tell."""
    children = FamilyMembership.objects.filter(family=OuterRef(OuterRef("family"))).values("pupil_id")
    own_language = Guardianship.objects.filter(
        pupil_id__in=children, guardian__contact_language=OuterRef("language_used")
    )
    in_dutch = Guardianship.objects.filter(pupil_id__in=children, guardian__contact_language="nl")
    doubted = Delivery.objects.filter(
        notice=OuterRef("notice_id"), guardian=OuterRef("guardian_id"), not_understood_at__gt=OuterRef("answered_at")
    )
    answers = _answered(moments) if schools is None else _answered(moments).at(schools)
    answered = answers.with_family(exact=OuterRef("family")).filter(~Exists(doubted))
    language = Q(interpreter_mode__in=QUALIFIED) | Exists(own_language) | (Q(language_used="") & Exists(in_dutch))
    return (Q(outcome__in=REACHED) & language) | Q(Exists(answered))


def moments_of(first: date, last: date) -> tuple[datetime, datetime]:
    """The days as moments: from the first midnight to just before the last one ends."""
    start = datetime.combine(first, time.min, BRUSSELS)
    return start, datetime.combine(last + timedelta(days=1), time.min, BRUSSELS) - timedelta(microseconds=1)
