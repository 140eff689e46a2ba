"""What the forms about a contact offer: kinds, outcomes, who may read it, where a referral led to."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from parents.models import ContactKind, Outcome, Visibility
from parents.models.kinds import ARRIVED
from schools.models import Partner, Role
from schools.scope import Scope

#: What a teacher does at the gate or on the phone comes first; the rest is one tap further.
QUICK_KINDS = (
    ContactKind.GATE_TALK,
    ContactKind.PHONE,
    ContactKind.HOME_VISIT,
    ContactKind.CONFERENCE,
    ContactKind.INTAKE,
    ContactKind.VIDEO,
)
OUTCOME_ICONS = {
    Outcome.REACHED_AGREED: "handshake",
    Outcome.REACHED_FOLLOW_UP: "list-todo",
    Outcome.NOT_REACHED: "door-closed",
    Outcome.DECLINED: "ban",
    Outcome.RESCHEDULED: "calendar-clock",
    Outcome.REFERRED: "forward",
    Outcome.CANCELLED_FAMILY: "user-x",
    Outcome.CANCELLED_SCHOOL: "calendar-x",
}


def kinds_for(scope: Scope) -> list[tuple[str, str]]:
    """Kinds of contact in the order of use; those of the CLB only for its people."""
    clb = scope.roles & {Role.CLB, Role.JOINT_CLB, Role.CLB_DIRECTOR}
    rest = [kind for kind in ContactKind if kind not in QUICK_KINDS]
    if not clb:
        rest = [kind for kind in rest if kind != ContactKind.CLB_TALK]
    return [(kind.value, str(kind.label)) for kind in (*QUICK_KINDS, *rest)]


def visibilities_for(scope: Scope) -> list[tuple[str, str]]:
    """Who may read the line: what the writer may choose, the usual first (domain 6.2)."""
    usual = [Visibility.SCHOOL_TEAM, Visibility.PARENT]
    if scope.care_schools or scope.note_centres:
        usual.append(Visibility.SCHOOL_CARE)
    if scope.note_centres:
        usual.insert(0, Visibility.CLB)
    return [(entry.value, str(entry.label)) for entry in usual]


class ArrivedField(forms.TypedChoiceField):
    """Whether a family arrived where it was referred to: yes, no, or None while nobody knows."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Referral: did the family arrive there?"),
            choices=[("", _("not known")), *ARRIVED],
            coerce=lambda typed: typed == "True",
            empty_value=None,
            required=False,
            help_text=_("Of a referral only. It can be noted later, with “Put right”."),
        )


class PartnerField(forms.ModelChoiceField):
    """The organisation that a referral leads to."""

    def __init__(self) -> None:
        super().__init__(
            Partner.objects.all(),
            label=_("Referral: to which organisation?"),
            required=False,
            empty_label="—",
            help_text=_("Of a referral only."),
        )
