"""A guardian's other number or address, taken into use: what waits for the old one goes there too, and the links that
went to the old one end."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from messaging import outbox
from messaging.models import Delivery
from messaging.tokens import oldest_living
from parents.models import ContactPoint, ContactRequest, Guardian
from parents.services import accept_contact, replace_contact
from parents.signin import Reachable
from schools.models import School, User


@transaction.atomic
def use_new_contact(*, request: ContactRequest, by: User, school: School) -> ContactPoint:
    """Accept the request. Raises ValidationError when somebody decided it already."""
    new = accept_contact(request=request, by=by, school=school)
    _leave(request.guardian, request.replaces, new)
    return new


@transaction.atomic
def use_told_contact(
    *, guardian: Guardian, contact: Reachable, replaces: ContactPoint | None, by: User, school: School
) -> ContactPoint:
    """The same for what a guardian told the school itself."""
    new = replace_contact(guardian=guardian, contact=contact, replaces=replaces, by=by, school=school)
    _leave(guardian, replaces, new)
    return new


def _leave(guardian: Guardian, old: ContactPoint | None, new: ContactPoint) -> None:
    """What waits for the old one goes to the new one. What had left opens nothing any more: the old phone was lost, the
    old number is a stranger's."""
    if old is None or old == new:
        return
    outbox.readdress(guardian, old, new)
    left = Delivery.objects.filter(guardian=guardian, contact_point=old, created_at__gte=oldest_living())
    left.update(token_version=F("token_version") + 1)
    outbox.ring()
