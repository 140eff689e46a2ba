"""What we learned, and what it took: the pages beside the figures, as far as the reader may open them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from schools.access import CLB_STAFF, WHOLE_SCHOOL
from schools.models import Role
from schools.scope import scope_of

#: A teacher reads figures of the own classes.
FIGURE_READERS = (*CLB_STAFF, Role.HEAD, Role.COORDINATOR, Role.TEACHER)
TARGET_READERS = (Role.JOINT_CLB, Role.CLB_DIRECTOR, Role.HEAD, Role.COORDINATOR)
#: Who reads what the project costs.
MEANS_READERS = (Role.JOINT_CLB, Role.CLB_DIRECTOR, Role.COORDINATOR)
#: Who reads how easy schools make it for parents: the coordinator only the mean.
SCAN_READERS = (Role.HEAD, Role.JOINT_CLB, Role.COORDINATOR)
#: Who reads the official figures about schools, which are public.
EQUITY_READERS = TARGET_READERS

_TABS = (
    (gettext_noop("Figures"), "dashboard", FIGURE_READERS),
    (gettext_noop("Work and data"), "figures_work", FIGURE_READERS),
    (gettext_noop("Targets"), "target_list", TARGET_READERS),
    (gettext_noop("Pupils"), "equity_list", EQUITY_READERS),
    (gettext_noop("Accessibility"), "scan_list", SCAN_READERS),
    (gettext_noop("Hours"), "hours", MEANS_READERS),
    (gettext_noop("Budget"), "budget", MEANS_READERS),
)


#: Who works with a school's plan and its cards; the coordinator reads how far they are taken over.
PLANNERS = (Role.TEACHER, *WHOLE_SCHOOL, Role.JOINT_CLB)
#: Who brings out editions of the draaiboek and gives them away.
PUBLISHERS = frozenset({Role.JOINT_CLB, Role.COORDINATOR})
#: The draaiboek at school: the year's steps, and what became of its cards.
_PLAYBOOK_TABS = (
    (gettext_noop("Year planner"), "plan_list", (*PLANNERS, Role.COORDINATOR)),
    (gettext_noop("Cards at school"), "card_list", PLANNERS),
    (gettext_noop("Questions about cards"), "card_questions", PLANNERS),
    (gettext_noop("Publish an edition"), "edition_new", tuple(sorted(PUBLISHERS))),
    (gettext_noop("My name in the draaiboek"), "own_name", PLANNERS),
)


def playbook_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    return _tabs(request, _PLAYBOOK_TABS, current)


def figure_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    return _tabs(request, _TABS, current)


def figure_pages(request: HttpRequest) -> frozenset[str]:
    """The names of the pages beside the figures that the reader may open: a line of text leads to no other."""
    roles = scope_of(request.user).roles
    return frozenset(name for _label, name, readers in _TABS if roles & frozenset(readers))


def _tabs(
    request: HttpRequest, tabs: tuple[tuple[str, str, tuple[Role, ...]], ...], current: str
) -> list[dict[str, Any]]:
    roles = scope_of(request.user).roles
    return [
        {"label": _(label), "url": reverse(name), "current": name == current}
        for label, name, readers in tabs
        if roles & frozenset(readers)
    ]
