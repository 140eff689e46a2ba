"""What a school allows about translations: its own rules, those of its network, or the institution's.

Language law asks for a purpose (domain 4.4); who is no municipal or school service may be free of that. Whether a
machine's words may go to parents is for the school to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from messaging.models import MachineUse, TranslationPolicy
from schools.models import School


@dataclass(frozen=True, slots=True)
class Rules:
    """``source`` is whose they are: "school", "network" or "portal"."""

    needs_reason: bool
    machine: str
    source: str = "portal"

    @property
    def machine_words(self) -> str:
        return str(MachineUse(self.machine).label)


def rules_for(school: School) -> Rules:
    rows = list(TranslationPolicy.objects.filter(Q(school=school) | Q(network=school.network)))
    own = next((row for row in rows if row.school_id), None)
    row = own or next(iter(rows), None)
    if row is None:
        return usual_rules()
    return Rules(row.needs_reason, row.machine, "school" if own else "network")


def rules_of_network(network: str) -> Rules:
    row = TranslationPolicy.objects.filter(network=network).first()
    return Rules(row.needs_reason, row.machine, "network") if row else usual_rules()


def usual_rules() -> Rules:
    """The institution's."""
    return Rules(settings.TRANSLATION_NEEDS_REASON, settings.TRANSLATION_MACHINE_USE)
