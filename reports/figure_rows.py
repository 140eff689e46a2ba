"""Rows of a list behind a number as their reader may see them; the others are only how many they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from messaging.models import Delivery, Notice, NoticePupil, Thread
from messaging.titles import with_titles
from parents.models import (
    ConferenceRound,
    ConferenceSlot,
    ContactMoment,
    Family,
    FollowUp,
    Guardian,
)
from parents.ownwords import said
from reports.figure_grounds import named
from reports.figure_lists import Which
from reports.figure_scope import FigureScope, Period
from schools import clock
from schools.days import day_of
from schools.languages import language
from schools.models import Enrolment, Pupil


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words: ``url`` leads to it, and is empty where nothing more is to be seen."""

    title: str
    detail: str = ""
    url: str = ""


def readable(
    rows: QuerySet[Any], user: Any, *, code: str, which: Which, scope: FigureScope, period: Period
) -> QuerySet[Any]:
    """Those of the rows that the user may read, in the order of a list."""
    narrowed, order = _DOORS[rows.model](rows, user)
    if rows.model is Family and (grounds := named(code, user, which, scope, period)) is not None:
        narrowed = narrowed.filter(grounds)
    return narrowed.order_by(*order)


def lines_of(page: Sequence[Any], model: type, user: Any) -> list[Line]:
    """The rows of one page in words; queries do not depend on how many there are."""
    return _LINES[model](page, user)


def others_in_words(model: type, number: int) -> str:
    """The rows that the reader may not see: "3 more contacts"; empty where there are none."""
    return _OTHERS[model](number) % {"number": number} if number else ""


def rows_in_words(model: type, number: int) -> str:
    """How many rows of which kind: "409 families"."""
    return _ROWS[model](number) % {"number": number}


def _families(page: Sequence[Any], user: Any) -> list[Line]:
    shown = Family.objects.filter(pk__in=[row.pk for row in page]).with_children_for(user)
    by_pk = {family.pk: family for family in shown}
    return [_family(by_pk[row.pk]) for row in page if row.pk in by_pk]


def _family(family: Any) -> Line:
    pupils = [member.pupil for member in family.shown]
    places = {f"{place.school_class.name}, {place.school.name}" for one in pupils for place in one.running}
    title = " & ".join(pupil.full_name for pupil in pupils)
    return Line(title, " · ".join(sorted(places)), reverse("family_detail", args=[family.pk]))


def _contacts(page: Sequence[Any], user: Any) -> list[Line]:
    rows = ContactMoment.objects.filter(pk__in=[row.pk for row in page]).with_people()
    by_pk = {row.pk: row for row in rows}
    return [_contact(by_pk[row.pk]) for row in page]


def _contact(row: ContactMoment) -> Line:
    kind = str(row.get_kind_display())
    people = " & ".join(pupil.full_name for pupil in row.pupils.all())
    return Line(
        f"{kind[:1].upper()}{kind[1:]}, {day_of(row.held_on)}",
        " · ".join(filter(None, [people, row.school.name, str(row.get_status_display())])),
        reverse("contact_detail", args=[row.pk]),
    )


def _follow_ups(page: Sequence[Any], user: Any) -> list[Line]:
    theirs = Family.objects.visible_to(user).filter(pk__in=[row.family_id for row in page])
    seen = set(theirs.values_list("pk", flat=True))
    return [
        Line(
            said(row.what),
            f"{day_of(row.due_on)} · {row.get_status_display()}",
            reverse("family_detail", args=[row.family_id]) if row.family_id in seen else "",
        )
        for row in page
    ]


def _slots(page: Sequence[Any], user: Any) -> list[Line]:
    rows = ConferenceSlot.objects.filter(pk__in=[row.pk for row in page])
    rows = rows.select_related("pupil", "round", "school_class")
    by_pk = {row.pk: row for row in rows}
    rounds = ConferenceRound.objects.received_by(user).filter(pk__in={row.round_id for row in by_pk.values()})
    open_to_them = set(rounds.visible_to(user).values_list("pk", flat=True))
    found = [by_pk[row.pk] for row in page]
    return [
        Line(
            row.pupil.full_name,
            f"{row.school_class.name} · {row.round.name}",
            reverse("conference_detail", args=[row.round_id]) if row.round_id in open_to_them else "",
        )
        for row in found
    ]


def _titles(notices: Iterable[int]) -> dict[int, str]:
    """What these notices are called."""
    rows: Iterable[Any] = with_titles(Notice.objects.filter(pk__in=set(notices)))
    return {row.pk: row.title for row in rows}


def _deliveries(page: Sequence[Any], user: Any) -> list[Line]:
    titles = _titles(row.notice_id for row in page)
    people = Guardian.objects.in_bulk({row.guardian_id for row in page})
    return [
        Line(
            people[row.guardian_id].full_name,
            f"{titles[row.notice_id]} · {language(people[row.guardian_id].contact_language).own_name}",
            reverse("notice_detail", args=[row.notice_id]),
        )
        for row in page
    ]


def _children_in_notices(page: Sequence[Any], user: Any) -> list[Line]:
    titles = _titles(row.notice_id for row in page)
    pupils = Pupil.objects.in_bulk({row.pupil_id for row in page})
    return [
        Line(pupils[row.pupil_id].full_name, titles[row.notice_id], reverse("notice_detail", args=[row.notice_id]))
        for row in page
    ]


def _notices(page: Sequence[Any], user: Any) -> list[Line]:
    titles = _titles(row.pk for row in page)
    days = {row.pk: day_of(clock.local_date(row.published_at)) for row in page if row.published_at}
    return [Line(titles[row.pk], days.get(row.pk, ""), reverse("notice_detail", args=[row.pk])) for row in page]


def _guardians(page: Sequence[Any], user: Any) -> list[Line]:
    return [Line(row.full_name, language(row.contact_language).own_name) for row in page]


def _threads(page: Sequence[Any], user: Any) -> list[Line]:
    people = Guardian.objects.in_bulk({row.guardian_id for row in page})
    return [
        Line(
            people[row.guardian_id].full_name,
            gettext("asked on %(day)s, answered on %(reply)s")
            % {"day": day_of(row.asked_on), "reply": day_of(row.first_reply_on)}
            if row.first_reply_on
            else gettext("asked on %(day)s, no answer yet") % {"day": day_of(row.asked_on)},
            reverse("thread_detail", args=[row.pk]),
        )
        for row in page
    ]


def _enrolments(page: Sequence[Any], user: Any) -> list[Line]:
    rows = Enrolment.objects.filter(pk__in=[row.pk for row in page]).select_related("pupil", "school_class", "school")
    by_pk = {row.pk: row for row in rows}
    found = [by_pk[row.pk] for row in page]
    return [Line(row.pupil.full_name, f"{row.school_class.name}, {row.school.name} · {_days(row)}") for row in found]


def _days(row: Enrolment) -> str:
    if row.ends_on is None:
        return gettext("since %(day)s") % {"day": day_of(row.starts_on)}
    return gettext("until %(day)s") % {"day": day_of(row.ends_on)}


_Door = Callable[[Any, Any], tuple[QuerySet[Any], tuple[str, ...]]]


def _door(*order: str) -> _Door:
    """The rows' own door."""
    return lambda rows, user: (rows.filter(pk__in=rows.model.objects.visible_to(user).values("pk")), (*order, "pk"))


def _of_deliveries(rows: Any, user: Any) -> tuple[QuerySet[Any], tuple[str, ...]]:
    seen = rows.filter(notice__in=Notice.objects.visible_to(user), guardian__in=Guardian.objects.visible_to(user))
    return seen, ("-notice_id", "guardian_id")


def _of_children(rows: Any, user: Any) -> tuple[QuerySet[Any], tuple[str, ...]]:
    seen = rows.filter(notice__in=Notice.objects.visible_to(user), pupil__in=Pupil.objects.visible_to(user))
    return seen, ("-notice_id", "pk")


_DOORS: dict[Any, _Door] = {
    Family: _door(),
    ContactMoment: _door("-held_on"),
    FollowUp: _door("due_on"),
    ConferenceSlot: _door("-round_id"),
    Notice: _door("-published_at"),
    Guardian: _door("last_name", "first_name"),
    Thread: _door("-asked_on"),
    Enrolment: _door("-starts_on"),
    Delivery: _of_deliveries,
    NoticePupil: _of_children,
}
_LINES: dict[Any, Callable[[Sequence[Any], Any], list[Line]]] = {
    Family: _families,
    ContactMoment: _contacts,
    FollowUp: _follow_ups,
    ConferenceSlot: _slots,
    Notice: _notices,
    Guardian: _guardians,
    Thread: _threads,
    Enrolment: _enrolments,
    Delivery: _deliveries,
    NoticePupil: _children_in_notices,
}
_OTHERS: dict[Any, Callable[[int], str]] = {
    Family: lambda n: ngettext("%(number)d more family", "%(number)d more families", n),
    ContactMoment: lambda n: ngettext("%(number)d more contact", "%(number)d more contacts", n),
    FollowUp: lambda n: ngettext("%(number)d more agreement", "%(number)d more agreements", n),
    ConferenceSlot: lambda n: ngettext("%(number)d more child", "%(number)d more children", n),
    Notice: lambda n: ngettext("%(number)d more notice", "%(number)d more notices", n),
    Guardian: lambda n: ngettext("%(number)d more parent", "%(number)d more parents", n),
    Thread: lambda n: ngettext("%(number)d more question", "%(number)d more questions", n),
    Enrolment: lambda n: ngettext("%(number)d more child", "%(number)d more children", n),
    Delivery: lambda n: ngettext("%(number)d more reader", "%(number)d more readers", n),
    NoticePupil: lambda n: ngettext("%(number)d more child", "%(number)d more children", n),
}
_ROWS: dict[Any, Callable[[int], str]] = {
    Family: lambda n: ngettext("%(number)d family", "%(number)d families", n),
    ContactMoment: lambda n: ngettext("%(number)d contact", "%(number)d contacts", n),
    FollowUp: lambda n: ngettext("%(number)d agreement", "%(number)d agreements", n),
    ConferenceSlot: lambda n: ngettext("%(number)d child", "%(number)d children", n),
    Notice: lambda n: ngettext("%(number)d notice", "%(number)d notices", n),
    Guardian: lambda n: ngettext("%(number)d parent", "%(number)d parents", n),
    Thread: lambda n: ngettext("%(number)d question", "%(number)d questions", n),
    Enrolment: lambda n: ngettext("%(number)d child", "%(number)d children", n),
    Delivery: lambda n: ngettext("%(number)d reader", "%(number)d readers", n),
    NoticePupil: lambda n: ngettext("%(number)d child", "%(number)d children", n),
}
