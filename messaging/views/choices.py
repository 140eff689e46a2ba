"""The page on which a signed-in guardian chooses language, way of reading and being reached."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.announcements import announcement_for
from messaging.refusals import refusals_of
from messaging.services import get_again
from messaging.views.signin import AnswerFirst
from parents.access import children_of, guardian_required, points_of
from parents.forms_portal import ANY_WAY, DigestForm, LanguageForm, NewContactForm, ReadingForm
from parents.models import Guardian, PointKind
from parents.services import change_language
from parents.services.wishes import ask_to_change_contact, choose_digest, choose_reading
from schools import pagelanguage
from schools.arriving import row_number

#: What is announced when it changes.
LASTING = ("contact_language", "reading_mode", "preferred_channel", "wants_digest")


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_choices(request: HttpRequest) -> HttpResponseBase:
    """Language, way of reading and being reached, weekly mail, contact points: each form is saved by itself.

    A lasting change is announced to the guardian's contact points, after the answer.
    """
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    bound = _forms(guardian, request.POST if request.method == "POST" else None, sent)
    form = bound.get(sent)
    if form is not None and form.is_valid():
        announcement = announcement_for(guardian) if _changes(guardian, form) else None
        _KEEP[sent](request, guardian, form)
        if announcement is None:
            return redirect("portal_choices")
        return AnswerFirst(reverse("portal_choices"), announcement.send)
    if sent == "again":
        _get_again(request, guardian)
        return redirect("portal_choices")
    context = {
        "forms": bound,
        "points": points_of(guardian),
        "guardian": guardian,
        "refusals": refusals_of([guardian]),
    }
    return render(request, "parents/portal/choices.html", context)


def _changes(guardian: Guardian, form: forms.Form) -> bool:
    """Whether the form asks for something else than what is stored."""
    wanted = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "contact"}
    if "language" in wanted:
        wanted["contact_language"] = wanted.pop("language")
    return any(getattr(guardian, name) != wanted.get(name, getattr(guardian, name)) for name in LASTING)


def _forms(guardian: Guardian, data: object, sent: str) -> dict[str, forms.Form]:
    """All forms of the page with what is stored; only the one that was sent is bound. The weekly mail is offered to
    who has an e-mail address that works."""
    chosen = {"reading_mode": guardian.reading_mode, "preferred_channel": guardian.preferred_channel or ANY_WAY}
    offered: dict[str, tuple[type[forms.Form], dict[str, str]]] = {
        "language": (LanguageForm, {"language": guardian.contact_language}),
        "reading": (ReadingForm, chosen),
        "contact": (NewContactForm, {}),
    }
    if points_of(guardian).filter(kind=PointKind.EMAIL).exists():
        offered["digest"] = DigestForm, {"wants_digest": "week" if guardian.wants_digest else "each"}
    return {
        name: form(data if name == sent else None, initial=initial, prefix=name)  # type: ignore[arg-type]
        for name, (form, initial) in offered.items()
    }


def _get_again(request: HttpRequest, guardian: Guardian) -> None:
    """Undo an own refusal: nothing is announced, for more notices harm nobody."""
    number = row_number(request.POST.get("refusal", ""))
    if number is not None and get_again(guardian=guardian, refusal=number):
        messages.success(request, _("Saved. You get these notices this way again."))


def _keep_language(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    change_language(guardian=guardian, language=form.cleaned_data["language"])
    pagelanguage.keep(request, guardian.contact_language)
    messages.success(request, _("Saved."))


def _keep_reading(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    choose_reading(
        guardian=guardian,
        reading_mode=form.cleaned_data["reading_mode"],
        preferred_channel=form.cleaned_data["preferred_channel"],
    )
    messages.success(request, _("Saved."))


def _keep_digest(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    choose_digest(guardian=guardian, wants_digest=form.cleaned_data["wants_digest"])
    messages.success(request, _("Saved."))


def _ask_contact(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    ask_to_change_contact(guardian=guardian, children=children_of(guardian), value=form.cleaned_data["contact"].value)
    messages.success(request, _("Thank you. The school will contact you."))


_KEEP: dict[str, Callable[[HttpRequest, Guardian, forms.Form], None]] = {
    "language": _keep_language,
    "reading": _keep_reading,
    "digest": _keep_digest,
    "contact": _ask_contact,
}
