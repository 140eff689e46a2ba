"""What each notice template is for, in the words of the staff who choose one, and how the choice is laid out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.models import NoticeTemplate
from messaging.models.templates import BLANK_SHEET, MEASUREMENT, ROUND_INVITATION
from messaging.refusable import OTHER

#: Groups of categories, in the order of the page: title, categories.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Meet and talk"), ("appointment", "parenting_support")),
    (_("With the class"), ("trip", "practical", "library")),
    (_("School life"), ("school_life", "language_activity", "survey", "money")),
    (_("Absence and urgent"), ("absence", "health", "urgent")),
    (_("Something else"), (OTHER,)),
)
CATEGORY_ICONS = {
    "appointment": "calendar-check",
    "parenting_support": "coffee",
    "trip": "bus",
    "practical": "backpack",
    "library": "library",
    "school_life": "school",
    "language_activity": "speech",
    "survey": "smile",
    "money": "wallet",
    "absence": "user-x",
    "health": "heart-pulse",
    "urgent": "bell-ring",
    OTHER: "pencil",
}
OTHER_ICON = "send"
PURPOSES = {
    "parent-meeting-invitation": _("Invite each parent to a talk about the child, with a free interpreter."),
    ROUND_INVITATION: _("Invite to a round of talks in which each parent chooses a time, with a free interpreter."),
    "parent-meeting-reminder": _("Confirm or remind of a meeting that was agreed."),
    "absence-please-call": _("The child is not at school and nobody knows why: ask for a call, today."),
    "illness-certificate": _("Ask for a doctor's certificate after more than three days of illness."),
    "school-trip-consent": _("Announce a trip, ask whether the child may come, offer help with the price."),
    "swimming-bag": _("Say what goes into the swimming bag, and offer help with swimwear."),
    "school-bill-help": _("Send the school bill and offer help or instalments, in confidence."),
    "library-class-visit": _("Announce a class visit to the library and invite parents along."),
    "dutch-through-play": _("Invite children to practise Dutch through play."),
    "coffee-morning": _("Invite parents to a free coffee morning at school."),
    "parents-gathering": _("Invite parents to a gathering: information, reading, a workshop."),
    "home-visit": _("Propose a visit at home; the parent may choose another day or place."),
    "school-closed": _("Say that the school is closed on a day."),
    "enrolment-transition": _("Explain enrolment for the first year of primary or secondary school."),
    "urgent-early-closing": _("The school closes early today: children must be fetched."),
    "short-survey": _("Three short questions, with one smiley for the three together."),
    MEASUREMENT: _("Ask parents what they think of the school: five sentences with faces, anonymous."),
    BLANK_SHEET: _("None of these texts fits: write the Dutch yourself, then look how other languages get it."),
}


#: Why a notice of these templates cannot wait, as its sender mostly would write it.
URGENT_REASONS = {
    "absence-please-call": _("The child is not at school and nobody knows why."),
    "urgent-early-closing": _("The school closes early today."),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A template as somebody chooses it."""

    template: NoticeTemplate
    icon: str
    purpose: Any


@dataclass(frozen=True, slots=True)
class Group:
    title: Any
    cards: list[Card] = field(default_factory=list)


def purpose_of(template: NoticeTemplate) -> Any:
    """What the template is for; its neutral subject where nobody wrote a purpose yet."""
    return PURPOSES.get(template.slug) or template.subject


def grouped(templates: Iterable[NoticeTemplate]) -> list[Group]:
    """Templates as cards in their groups; categories of no group come last."""
    rest = list(templates)
    groups = []
    for title, categories in GROUPS:
        groups.append(Group(title, [_card(row) for row in rest if row.category in categories]))
        rest = [row for row in rest if row.category not in categories]
    groups.append(Group(_("Other"), [_card(row) for row in rest]))
    return [group for group in groups if group.cards]


def _card(template: NoticeTemplate) -> Card:
    return Card(template, CATEGORY_ICONS.get(template.category, OTHER_ICON), purpose_of(template))
