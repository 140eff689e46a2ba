"""What the page of a class says after an evening was written down: how many came, with the button that undoes it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import ngettext

from parents.services.evenings import just_written
from schools.access import member_of_staff
from schools.models import SchoolClass

#: How an address names the form that was written.
WRITTEN = "avond"


def uuid_of(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


def undo_of_evening(request: HttpRequest, school_class: SchoolClass) -> dict[str, Any] | None:
    """None but right after it was written, by who wrote it."""
    form = uuid_of(request.GET.get(WRITTEN, ""))
    by = member_of_staff(request)
    number = just_written(school_class=school_class, client_id=form, by=by).count() if form else 0
    words = ngettext("Written down: %(number)d family came.", "Written down: %(number)d families came.", number)
    return {"text": words % {"number": number}, "form": form} if number else None
