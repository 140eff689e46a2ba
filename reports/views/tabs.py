"""What we learned, and what it took: the pages beside the figures, as far as the reader may open them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from schools.access import CLB_STAFF
from schools.models import Role
from schools.scope import scope_of

FIGURE_READERS = (*CLB_STAFF, Role.HEAD, Role.COORDINATOR)
TARGET_READERS = (Role.JOINT_CLB, Role.CLB_DIRECTOR, Role.HEAD, Role.COORDINATOR)
#: Who reads what the project costs.
MEANS_READERS = (Role.JOINT_CLB, Role.CLB_DIRECTOR, Role.COORDINATOR)
#: Who reads how easy schools make it for parents: the coordinator only the mean.
SCAN_READERS = (Role.HEAD, Role.JOINT_CLB, Role.COORDINATOR)
#: Who reads the official figures about schools, which are public.
EQUITY_READERS = TARGET_READERS

_TABS = (
    (gettext_noop("Figures"), "dashboard", FIGURE_READERS),
    (gettext_noop("Targets"), "target_list", TARGET_READERS),
    (gettext_noop("Pupils"), "equity_list", EQUITY_READERS),
    (gettext_noop("Accessibility"), "scan_list", SCAN_READERS),
    (gettext_noop("Hours"), "hours", MEANS_READERS),
    (gettext_noop("Budget"), "budget", MEANS_READERS),
)


def figure_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    roles = scope_of(request.user).roles
    return [
        {"label": _(label), "url": reverse(name), "current": name == current}
        for label, name, readers in _TABS
        if roles & frozenset(readers)
    ]
