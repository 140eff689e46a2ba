"""A guardian's other number or address, taken into use: what waits for the old one goes there too."""

from __future__ import annotations

from django.db import transaction

from messaging import outbox
from parents.models import ContactPoint, ContactRequest, Guardian
from parents.services import accept_contact, replace_contact
from parents.signin import Reachable
from schools.models import School, User


@transaction.atomic
def use_new_contact(*, request: ContactRequest, by: User, school: School) -> ContactPoint:
    """Accept the request. Raises ValidationError when somebody decided it already."""
    new = accept_contact(request=request, by=by, school=school)
    if request.replaces is not None and request.replaces != new:
        outbox.readdress(request.guardian, request.replaces, new)
        outbox.ring()
    return new


@transaction.atomic
def use_told_contact(
    *, guardian: Guardian, contact: Reachable, replaces: ContactPoint | None, by: User, school: School
) -> ContactPoint:
    """The same for what a guardian told the school itself."""
    new = replace_contact(guardian=guardian, contact=contact, replaces=replaces, by=by, school=school)
    if replaces is not None and replaces != new:
        outbox.readdress(guardian, replaces, new)
        outbox.ring()
    return new
