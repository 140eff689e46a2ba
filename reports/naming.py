"""A colleague's own word on being named in the draaiboek; nobody gives it for another."""

from __future__ import annotations

from django.db import transaction

from reports.models import NamingConsent
from schools import audit, clock
from schools.models import User


@transaction.atomic
def agree_to_be_named(user: User) -> None:
    """Twice is once."""
    row, is_new = NamingConsent.objects.get_or_create(user=user, defaults={"given_at": clock.now()})
    if is_new:
        audit.record(actor=user, verb="agreed to be named in the draaiboek", target=row)


@transaction.atomic
def withdraw_naming(user: User) -> None:
    """From now on texts with the name are refused; editions of before stay what they are."""
    row = NamingConsent.objects.select_for_update().filter(user=user).first()
    if row is not None:
        audit.record(actor=user, verb="withdrew being named in the draaiboek", target=row)
        row.delete()
