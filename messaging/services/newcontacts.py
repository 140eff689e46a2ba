"""A guardian's other number or address, taken into use: what waits for the old one goes there too."""

from __future__ import annotations

from django.db import transaction

from messaging import outbox
from parents.models import ContactPoint, ContactRequest
from parents.services import accept_contact
from schools.models import School, User


@transaction.atomic
def use_new_contact(*, request: ContactRequest, by: User, school: School) -> ContactPoint:
    """Accept the request. Raises ValidationError when somebody decided it already."""
    new = accept_contact(request=request, by=by, school=school)
    if request.replaces is not None and request.replaces != new:
        outbox.readdress(request.guardian, request.replaces, new)
        outbox.ring()
    return new
