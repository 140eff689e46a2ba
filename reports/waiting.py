"""Lists that wait for who opens "my week", each as one sentence with the way there. They are few, and counted only for
the roles that decide about what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from messaging.models import Notice
from parents.clbfile import waiting_notes
from parents.models import DataRequest, FamilyMatch, ReadingAlert
from reports.leftplans import waiting_plans
from schools import clock
from schools.access import CLB_STAFF, FAMILY_WORKERS
from schools.days import full_day
from schools.models import FactorReset, Role, User
from schools.scope import scope_of
from schools.staffing import CONFIRMERS, colleagues_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """``n`` rows of the list at ``url``; ``detail`` says by when, where a law says so."""

    slug: str
    title: str
    n: int
    text: str
    action: str
    url: str
    tone: str
    detail: str = ""


def waiting_for(user: User) -> list[Waiting]:
    """What waits for this user; at most one query for each of the lists that the user decides about."""
    roles = scope_of(user).roles
    lists = [look(user) for readers, look in _LISTS if roles & readers]
    return [one for one in lists if one.n]


def _held_back(user: User) -> Waiting:
    n = Notice.objects.held_back(user).count()
    return Waiting(
        slug="held",
        title=gettext("Notices"),
        n=n,
        text=ngettext(
            "%(found)s notice of yours did not leave at its hour",
            "%(found)s notices of yours did not leave at their hour",
            n,
        )
        % {"found": n},
        action=gettext("See why"),
        url=f"{reverse('notice_list')}?van=mij",
        tone="blossom",
    )


def _data_requests(user: User) -> Waiting:
    asked = DataRequest.objects.editable_by(user).order_by().aggregate(n=Count("pk"), first=Min("due_on"))
    return Waiting(
        slug="data",
        title=gettext("Requests about data"),
        n=asked["n"],
        text=ngettext(
            "%(found)s request about data waits for an answer",
            "%(found)s requests about data wait for an answer",
            asked["n"],
        )
        % {"found": asked["n"]},
        detail=_due(asked["first"]) if asked["n"] else "",
        action=gettext("See the requests"),
        url=reverse("data_requests"),
        tone="blossom",
    )


def _due(day: date) -> str:
    words = gettext("The answer is too late: it was due on %(day)s.")
    if day >= clock.today():
        words = gettext("By law the first answer is due on %(day)s.")
    return words % {"day": full_day(day)}


def _unusual_reading(user: User) -> Waiting:
    n = ReadingAlert.objects.editable_by(user).count()
    return Waiting(
        slug="reading",
        title=gettext("Unusual reading"),
        n=n,
        text=ngettext(
            "%(found)s time somebody read more than usual", "%(found)s times somebody read more than usual", n
        )
        % {"found": n},
        action=gettext("See who read what"),
        url=reverse("reading_alerts"),
        tone="sun",
    )


def _same_families(user: User) -> Waiting:
    n = FamilyMatch.objects.editable_by(user).count()
    return Waiting(
        slug="same",
        title=gettext("Same family?"),
        n=n,
        text=ngettext(
            "%(found)s pair of families may be one family", "%(found)s pairs of families may be one family", n
        )
        % {"found": n},
        action=gettext("Compare and decide"),
        url=reverse("same_families"),
        tone="sky",
    )


def _left_plans(user: User) -> Waiting:
    n = waiting_plans(scope_of(user).led_schools, user)
    return Waiting(
        slug="left",
        title=gettext("Of colleagues who left or are leaving"),
        n=n,
        text=ngettext(
            "%(found)s talk with parents or notice to send waits for another colleague",
            "%(found)s talks with parents and notices to send wait for another colleague",
            n,
        )
        % {"found": n},
        action=gettext("Pass on or cancel"),
        url=reverse("left_tasks"),
        tone="blossom",
    )


def _notes(user: User) -> Waiting:
    n = waiting_notes(user).count()
    return Waiting(
        slug="notes",
        title=gettext("Into the file of the CLB"),
        n=n,
        text=ngettext(
            "%(found)s note, of last school year or of a child that left, waits for the file of the CLB",
            "%(found)s notes, of last school year or of children who left, wait for the file of the CLB",
            n,
        )
        % {"found": n},
        action=gettext("Look at it"),
        url=reverse("clb_files_waiting"),
        tone="sky",
    )


def _lost_factors(user: User) -> Waiting:
    """They lapse after a day, and only two people together take one away."""
    asked = FactorReset.objects.open().filter(user__in=colleagues_of(scope_of(user))).exclude(asked_by=user)
    n = asked.count()
    return Waiting(
        slug="factors",
        title=gettext("Lost second factors"),
        n=n,
        text=ngettext(
            "%(found)s colleague lost the second factor and waits for a second person",
            "%(found)s colleagues lost their second factor and wait for a second person",
            n,
        )
        % {"found": n},
        action=gettext("Look at it"),
        url=reverse("factor_resets"),
        tone="sun",
    )


#: What the law gives a day stands first.
_LISTS: tuple[tuple[frozenset[Role], Callable[[User], Waiting]], ...] = (
    (frozenset({Role.HEAD, *CLB_STAFF}), _data_requests),
    (frozenset(FAMILY_WORKERS), _held_back),
    (frozenset({Role.HEAD}), _left_plans),
    (frozenset({Role.HEAD, Role.CLB_DIRECTOR}), _unusual_reading),
    (frozenset({Role.JOINT_CLB}), _same_families),
    (frozenset(CLB_STAFF), _notes),
    (frozenset(CONFIRMERS), _lost_factors),
)
