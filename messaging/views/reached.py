"""What a colleague reads who wrote down a new number or address of a parent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parents.access import others_at
from parents.models import ContactPoint, Guardian


def say_saved(request: HttpRequest, point: ContactPoint, guardian: Guardian) -> None:
    """That it is used, and who else uses it."""
    messages.success(request, _("Saved. The next notice goes there."))
    if names := others_at(point, guardian, request.user):
        said = _(
            "Also used by: %(names)s. What goes there names nobody, and each of them can open it. Is it not shared? "
            "Ask for the right number or address."
        )
        messages.warning(request, said % {"names": ", ".join(names)})
