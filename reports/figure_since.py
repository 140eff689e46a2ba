"""Why a figure changed since a day: what was noted, put right, taken back or closed since, who came and who left.

The rows are those that the figure counts now, or counted before they were put right or taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from messaging.models import Notice
from parents.models import ContactKind, ContactMoment, ContactRevision, Guardian
from reports.contact_queries import kept
from reports.figure_queries import moments
from reports.figure_scope import FigureScope, Period
from reports.figure_specials import questions
from reports.meeting_queries import attended
from reports.notice_queries import complete_data
from schools.clock import BRUSSELS
from schools.models import Enrolment

Rows = QuerySet[Any]
Source = Callable[[FigureScope, Period, date], Rows]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that can change a figure; ``key`` stands in the address of its list."""

    key: str
    words: str
    rows: Source


def changes_of(code: str) -> tuple[Change, ...]:
    """What can change this figure; nothing for answers, hours and methods, which have pages of their own."""
    return _CHANGES.get(code, ())


def rows_since(code: str, key: str, scope: FigureScope, period: Period, since: date) -> Rows:
    """The rows of one kind of change. LookupError for one that this figure does not have."""
    for change in changes_of(code):
        if change.key == key:
            return change.rows(scope, period, since)
    raise LookupError(key)


def counted_since(code: str, scope: FigureScope, period: Period, since: date) -> Iterator[tuple[Change, int]]:
    """How many rows each kind of change has; one query each."""
    for change in changes_of(code):
        yield change, change.rows(scope, period, since).count()


def _start(since: date) -> datetime:
    return datetime.combine(since, time.min, BRUSSELS)


def _noted(condition: Q) -> Source:
    return lambda scope, period, since: (
        moments(scope, period).filter(condition, recorded_at__gte=_start(since)).order_by("-held_on")
    )


def _put_right(scope: FigureScope, period: Period, since: date) -> Rows:
    """Also those whose day was put right, out of the period or into it."""
    then = ContactRevision.objects.filter(contact_moment=OuterRef("pk"), at__gte=_start(since))
    moved = then.filter(was__has_key="held_on")
    rows = ContactMoment.objects.filter(
        Q(held_on__range=(period.first, period.last)) | Q(Exists(moved)),
        Exists(then),
        school_id__in=scope.school_ids(),
        withdrawn_at__isnull=True,
    )
    return _of_classes(rows, scope, period)


def _taken_back(scope: FigureScope, period: Period, since: date) -> Rows:
    rows = ContactMoment.objects.filter(
        school_id__in=scope.school_ids(),
        held_on__range=(period.first, period.last),
        withdrawn_at__gte=_start(since),
    )
    return _of_classes(rows, scope, period)


def _of_classes(rows: Rows, scope: FigureScope, period: Period) -> Rows:
    if not scope.classes:
        return rows
    return rows.filter(pupils__enrolments__school_class_id__in=scope.class_ids()).distinct()


def _places(scope: FigureScope) -> Rows:
    places = Enrolment.objects.filter(school_id__in=scope.school_ids())
    return places.filter(school_class_id__in=scope.class_ids()) if scope.classes else places


def _came(scope: FigureScope, period: Period, since: date) -> Rows:
    """Children who had no place here before that day."""
    before = _places(scope).filter(pupil=OuterRef("pupil"), starts_on__lt=OuterRef("starts_on"))
    return _places(scope).filter(~Exists(before), starts_on__range=(since, period.last))


def _left(scope: FigureScope, period: Period, since: date) -> Rows:
    """Children who have no place here after that day."""
    after = _places(scope).filter(pupil=OuterRef("pupil"), starts_on__gt=OuterRef("starts_on"))
    return _places(scope).filter(~Exists(after), ends_on__range=(since, period.last))


def _agreed(scope: FigureScope, period: Period, since: date) -> Rows:
    return kept(scope, period, "").rows.filter(created_at__gte=_start(since))


def _closed(scope: FigureScope, period: Period, since: date) -> Rows:
    return kept(scope, period, "").rows.filter(done_on__gte=since)


def _asked(scope: FigureScope, period: Period, since: date) -> Rows:
    return questions(scope, period).filter(asked_on__gte=since)


def _answered(scope: FigureScope, period: Period, since: date) -> Rows:
    return questions(scope, period).filter(first_reply_on__gte=since)


def _sent(scope: FigureScope, period: Period, since: date) -> Rows:
    first = max(period.first, since)
    last = datetime.combine(period.last, time.max, BRUSSELS)
    return Notice.objects.sent().filter(
        school_id__in=scope.school_ids(), published_at__gte=_start(first), published_at__lte=last
    )


def _met(scope: FigureScope, period: Period, since: date) -> Rows:
    rows = attended(scope, period, "").rows.filter(own_day__gte=since)
    return rows.model.objects.filter(pk__in=rows.values("pk"))


def _confirmed(scope: FigureScope, period: Period, since: date) -> Rows:
    rows = complete_data(scope, period, "").rows.filter(guardian__language_confirmed_on__gte=since)
    return Guardian.objects.filter(pk__in=rows.values("guardian_id"))


CORRECTED = (
    Change("hersteld", gettext_noop("Contacts put right since"), _put_right),
    Change("ingetrokken", gettext_noop("Contacts taken back since"), _taken_back),
)
PEOPLE = (
    Change("gekomen", gettext_noop("Children who came since"), _came),
    Change("vertrokken", gettext_noop("Children who left since"), _left),
)


def _talks(**wanted: Any) -> tuple[Change, ...]:
    return (Change("nieuw", gettext_noop("Contacts noted since"), _noted(Q(**wanted))), *CORRECTED)


_OF_FAMILIES = (*_talks(is_reach=True), *PEOPLE)
_OF_TALKS = _talks(is_two_way=True)
_OF_NOTICES = (Change("verstuurd", gettext_noop("Notices sent since"), _sent),)
_OF_MEETINGS = (Change("oudercontact", gettext_noop("Meetings whose day came since"), _met), *PEOPLE)

_CHANGES: dict[str, tuple[Change, ...]] = {
    **dict.fromkeys(("I01", "I03", "I22", "I23", "I24", "I31"), _OF_FAMILIES),
    **dict.fromkeys(("I02", "I04", "I29"), (*_OF_TALKS, *PEOPLE)),
    "I09": (*_talks(is_reach=True, kind=ContactKind.HOME_VISIT), *PEOPLE),
    "I10": _talks(kind=ContactKind.HOME_VISIT),
    **dict.fromkeys(("I11", "I12"), _OF_TALKS),
    **dict.fromkeys(("I17", "I18", "I28"), _talks(is_reach=True)),
    "I19": _talks(),
    "I06": _OF_MEETINGS,
    "I07": _OF_MEETINGS,
    **dict.fromkeys(("I08", "I14", "I15", "I16", "I32"), _OF_NOTICES),
    "I13": (
        Change("gevraagd", gettext_noop("Questions asked since"), _asked),
        Change("beantwoord", gettext_noop("Questions answered since"), _answered),
    ),
    "I20": (
        Change("afgesproken", gettext_noop("Agreements made since"), _agreed),
        Change("gedaan", gettext_noop("Agreements kept since"), _closed),
    ),
    "I27": (Change("bevestigd", gettext_noop("Parents who confirmed their language since"), _confirmed), *PEOPLE),
}
