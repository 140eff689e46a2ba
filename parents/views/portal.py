"""The parents' own pages about their children and choices. Notices stand in ``messaging``."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents.access import children_of, guardian_required, points_of, sign_out
from parents.childpage import child_page
from parents.forms_portal import ANY_WAY, LanguageForm, NewContactForm, ReadingForm
from parents.models import Guardian
from parents.services import change_language
from parents.services.wishes import ask_to_change_contact, choose_reading
from schools import pagelanguage


@require_POST
def guardian_sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session, its language too: the next person at a shared phone may read another one."""
    sign_out(request)
    pagelanguage.activate_for(request, pagelanguage.from_browser(request))
    messages.success(request, _("You are signed out."))
    return redirect("guardian_sign_in")


@require_safe
@guardian_required
def portal_child(request: HttpRequest, pk: int) -> HttpResponse:
    """One child of the guardian who is signed in."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    child = get_object_or_404(children_of(guardian), pk=pk)
    page = child_page(guardian=guardian, child=child)
    notices_url = f"{reverse('portal_home')}?kind={child.pk}"
    return render(request, "parents/portal/child.html", {"child": child, "page": page, "notices_url": notices_url})


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_choices(request: HttpRequest) -> HttpResponseBase:
    """Language, way of reading and being reached, contact points: three forms, each saved by itself."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    bound = _forms(guardian, request.POST if request.method == "POST" else None, request.POST.get("form", ""))
    form = bound.get(request.POST.get("form", "")) if request.method == "POST" else None
    if form is not None and form.is_valid():
        _KEEP[request.POST["form"]](request, guardian, form)
        return redirect("portal_choices")
    context = {"forms": bound, "points": points_of(guardian), "guardian": guardian}
    return render(request, "parents/portal/choices.html", context)


def _forms(guardian: Guardian, data: object, sent: str) -> dict[str, forms.Form]:
    """All forms of the page with what is stored; only the one that was sent is bound."""
    chosen = {"reading_mode": guardian.reading_mode, "preferred_channel": guardian.preferred_channel or ANY_WAY}
    offered: dict[str, tuple[type[forms.Form], dict[str, str]]] = {
        "language": (LanguageForm, {"language": guardian.contact_language}),
        "reading": (ReadingForm, chosen),
        "contact": (NewContactForm, {}),
    }
    return {
        name: form(data if name == sent else None, initial=initial, prefix=name)  # type: ignore[arg-type]
        for name, (form, initial) in offered.items()
    }


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


def _ask_contact(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    ask_to_change_contact(guardian=guardian, children=children_of(guardian), value=form.cleaned_data["contact"].value)
    messages.success(request, _("Thank you. The school will contact you."))


_KEEP: dict[str, Callable[[HttpRequest, Guardian, forms.Form], None]] = {
    "language": _keep_language,
    "reading": _keep_reading,
    "contact": _ask_contact,
}
