"""A school that has just begun: its lists are empty because nobody was brought in, not because all is well."""

from __future__ import annotations

from django.urls import reverse

from schools.models import Enrolment, Role
from schools.scope import scope_of


def nobody_yet(user: object) -> bool:
    """Whether no child ever had a place that this user may see."""
    return not Enrolment.objects.visible_to(user).exists()


def lists_of(user: object) -> str:
    """Where the user brings the own school's list in; empty for who does not."""
    return reverse("roster_list") if scope_of(user).roles & {Role.HEAD, Role.OFFICE} else ""
