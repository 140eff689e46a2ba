"""Plain Dutch beside a form: hints while somebody types, and after a button without script."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from messaging.plain_dutch import LONGEST_TEXT, Replacement, as_typed
from messaging.plainpage import DutchField, Plain, accepted, of_texts
from schools.access import staff_required
from schools.pagelanguage import page_lives_at

#: The header with which a page asks for its hints alone.
ONLY_HINTS = "X-Plain"
#: The buttons of the hints: look at the words as they are, put these in.
LOOK, PUT_IN = "plain", "put_in"
#: Fields that one page may ask about.
_MOST_FIELDS = 40


def is_asked(request: HttpRequest) -> bool:
    """Whether a form was posted to get hints, and not to be kept or sent."""
    return request.method == "POST" and (
        ONLY_HINTS in request.headers or LOOK in request.POST or PUT_IN in request.POST
    )


def put_in(request: HttpRequest, names: Sequence[str]) -> tuple[QueryDict, Replacement | None]:
    """What was typed, with the words whose button was pressed in it, and what takes them out again."""
    wanted = accepted(request.POST, names, request.POST.get(PUT_IN, ""))
    if wanted is None:
        return request.POST, None
    data = request.POST.copy()
    data[wanted.field] = wanted.applied(as_typed(request.POST.get(wanted.field, ""))) or ""
    return data, wanted.undone


def hints(request: HttpRequest, plain: Plain) -> HttpResponse:
    """The hints alone, for the page that stands open."""
    return render(request, "messaging/_plain_hints.html", {"plain": plain})


@staff_required()
@require_POST
def plain_hints(request: HttpRequest) -> HttpResponse:
    """Hints on the texts in the fields that ``plain_field`` names, ``plain_label`` in words; for a page without script
    in a page of their own.

    Nothing is kept, and nothing of it is logged.
    """
    names, labels = request.POST.getlist("plain_field"), request.POST.getlist("plain_label")
    texts = [
        DutchField(name, request.POST.get(name, ""), label, f"id_{name}")
        for name, label in zip_longest(names[:_MOST_FIELDS], labels[: len(names)], fillvalue="")
    ]
    if len(names) > _MOST_FIELDS or sum(len(row.text) for row in texts) > LONGEST_TEXT:
        return HttpResponse(status=413)
    if ONLY_HINTS in request.headers:
        return hints(request, of_texts(texts, form=request.POST.get("plain_form", "")))
    elsewhere = [DutchField(row.name, row.text, row.label) for row in texts]
    page_lives_at(request, "home")  # this page cannot be asked for again
    return render(request, "messaging/plain_page.html", {"plain": of_texts(elsewhere, form="")})
