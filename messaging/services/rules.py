"""What a school or a network allows about translations: set, or given back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from messaging.models import TranslationPolicy
from messaging.translationrules import Rules, rules_for, rules_of_network
from schools import audit, clock
from schools.models import School, User


def set_rules(*, by: User, needs_reason: bool, machine: str, school: School | None = None, network: str = "") -> Rules:
    """Rules of a school, or of all schools of a network that have none of their own."""
    with transaction.atomic():
        row, _is_new = TranslationPolicy.objects.update_or_create(
            **_place(school, network),
            defaults={
                "needs_reason": needs_reason,
                "machine": machine,
                "changed_at": clock.now(),
                "changed_by": by,
            },
        )
        audit.record(
            actor=by,
            verb="set the rules for translations",
            target=row,
            school_id=school.pk if school else None,
            network=network,
            needs_reason=needs_reason,
            machine=machine,
        )
    return rules_for(school) if school else rules_of_network(network)


def reset_rules(*, by: User, school: School | None = None, network: str = "") -> Rules:
    """Give them back: a school follows its network again, a network the institution."""
    with transaction.atomic():
        row = TranslationPolicy.objects.filter(**_place(school, network)).first()
        if row is not None:
            number = school.pk if school else None
            audit.record(
                actor=by, verb="gave up its rules for translations", target=row, school_id=number, network=network
            )
            row.delete()
    return rules_for(school) if school else rules_of_network(network)


def _place(school: School | None, network: str) -> dict[str, Any]:
    return {"school": school, "network": ""} if school else {"school": None, "network": network}
