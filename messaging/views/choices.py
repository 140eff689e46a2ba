"""The page on which a guardian chooses language, way of reading and being reached, signed in or by link and code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.announcements import announcement_for
from messaging.firstquestion import ANSWERED, SET_ASIDE, question_of
from messaging.refusals import refusals_of
from messaging.services import get_again, get_all_again
from parents.access import children_of, guardian_required, points_of
from parents.forms_portal import ANY_WAY, DigestForm, LanguageForm, NewContactForm, ReadingForm
from parents.models import Guardian, PointKind, RequestState
from parents.services import (
    answer_first_question,
    ask_to_change_contact,
    change_language,
    set_first_question_aside,
)
from parents.services.wishes import choose_digest, choose_reading
from schools import pagelanguage
from schools.answerfirst import AnswerFirst
from schools.arriving import row_number
from schools.limits import Limit

#: What is announced when it changes.
LASTING = ("contact_language", "second_language", "reading_mode", "preferred_channel", "wants_digest")
REQUESTS_OF_GUARDIAN = Limit("contact requests of a guardian", 5, 3600)


@dataclass(frozen=True, slots=True)
class ChoicesDoor:
    """From where a guardian reached the choices. Who ``is_proven`` opened a code, and may change what lasts; who has
    no contact point that works can open none, and may ask only. Own numbers and addresses are whole to who is signed
    in (``shows_points``)."""

    url: str
    #: Where the first question is asked, and its answer leads back to.
    home: str
    template: str
    is_proven: bool = True
    shows_points: bool = False
    context: dict[str, object] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_choices(request: HttpRequest) -> HttpResponseBase:
    """The choices of a guardian who is signed in."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return choices_page(request, guardian, own_door(reverse("portal_home")))


def own_door(home: str) -> ChoicesDoor:
    """That of a guardian who is signed in; the first question leads back to ``home``."""
    return ChoicesDoor(reverse("portal_choices"), home, "parents/portal/choices.html", shows_points=True)


def choices_page(request: HttpRequest, guardian: Guardian, door: ChoicesDoor) -> HttpResponseBase:
    """Language, way of reading and being reached, weekly mail, contact points: each form is saved by itself.

    A lasting change is announced to the guardian's contact points, after the answer.
    """
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    points = list(points_of(guardian))
    shown = {"points": points, "as_whole": door.shows_points}
    bound = _forms(guardian, shown, request.POST if request.method == "POST" else None, sent)
    if not door.is_proven:
        bound = {"contact": bound["contact"]}
    form = bound.get(sent)
    if form is not None and form.is_valid() and _may_still_ask(guardian, sent, form):
        announcement = announcement_for(guardian) if changes_what_lasts(guardian, form) else None
        if isinstance(form, NewContactForm):
            if _ask_contact(request, guardian, form, is_proven=door.is_proven):
                return redirect(f"{door.url}#messages")
        else:
            _KEEP[sent](request, guardian, form)
            goal = door.home if sent == ANSWERED else door.url
            return AnswerFirst(goal, announcement.send) if announcement else redirect(goal)
    if sent == SET_ASIDE and door.is_proven:
        set_first_question_aside(guardian=guardian)
        return redirect(door.home)
    if sent == "again" and door.is_proven:
        _get_again(request, guardian)
        return redirect(door.url)
    context = {
        "forms": bound,
        "points": points,
        "guardian": guardian,
        "refusals": refusals_of([guardian]) if door.is_proven else [],
        "asked": guardian.contact_requests.filter(state=RequestState.OPEN).order_by("asked_at", "pk"),
    }
    return render(request, door.template, context | door.context)


def _may_still_ask(guardian: Guardian, sent: str, form: forms.Form) -> bool:
    """Requests are read by people: no machine fills their list."""
    if sent != "contact" or REQUESTS_OF_GUARDIAN.spend(str(guardian.pk)):
        return True
    form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
    return False


def changes_what_lasts(guardian: Guardian, form: forms.Form) -> bool:
    """Whether the form asks for something else than what is stored."""
    wanted = dict(form.cleaned_data)
    if "language" in wanted:
        wanted["contact_language"] = wanted.pop("language")
    if "second" in wanted:
        second = wanted.pop("second")
        wanted["second_language"] = "" if second == wanted["contact_language"] else second
    return any(getattr(guardian, name) != wanted.get(name, getattr(guardian, name)) for name in LASTING)


def _forms(guardian: Guardian, shown: dict[str, Any], data: object, sent: str) -> dict[str, forms.Form]:
    """All forms of the page with what is stored; only the one that was sent is bound. The weekly mail is offered to
    who has an e-mail address that works."""
    chosen = {"reading_mode": guardian.reading_mode, "preferred_channel": guardian.preferred_channel or ANY_WAY}
    spoken = {"language": guardian.contact_language, "second": guardian.second_language}
    offered: dict[str, tuple[type[forms.Form], dict[str, Any]]] = {
        "language": (LanguageForm, {"initial": spoken}),
        "reading": (ReadingForm, {"initial": chosen}),
        ANSWERED: (question_of(guardian), {"initial": {"language": guardian.contact_language}}),
        "contact": (NewContactForm, shown),
    }
    if any(point.kind == PointKind.EMAIL for point in shown["points"]):
        digest = {"wants_digest": "week" if guardian.wants_digest else "each"}
        offered["digest"] = DigestForm, {"initial": digest}
    return {
        name: form(data if name == sent else None, prefix=name, **more)  # type: ignore[arg-type]
        for name, (form, more) in offered.items()
    }


def _get_again(request: HttpRequest, guardian: Guardian) -> None:
    """Undo an own refusal: nothing is announced, for more notices harm nobody."""
    number = row_number(request.POST.get("refusal", ""))
    if number is not None and get_again(guardian=guardian, refusal=number):
        messages.success(request, _("Saved. You get these notices this way again."))


def _keep_language(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    wanted = form.cleaned_data
    change_language(guardian=guardian, language=wanted["language"], second=wanted["second"])
    pagelanguage.keep(request, guardian.page_language)
    messages.success(request, _("Saved."))


def _keep_reading(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    way = form.cleaned_data["preferred_channel"]
    is_new = way != guardian.preferred_channel
    choose_reading(guardian=guardian, reading_mode=form.cleaned_data["reading_mode"], preferred_channel=way)
    if is_new and get_all_again(guardian=guardian, channel=way):
        messages.success(request, _("Saved. You get these notices this way again."))
    else:
        messages.success(request, _("Saved."))


def keep_first_answer(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    wanted = form.cleaned_data
    language = wanted.get("language", "")
    answer_first_question(guardian=guardian, language=language, reading_mode=wanted["reading_mode"])
    if language:
        pagelanguage.keep(request, guardian.page_language)
    messages.success(request, _("Saved."))


def _keep_digest(request: HttpRequest, guardian: Guardian, form: forms.Form) -> None:
    choose_digest(guardian=guardian, wants_digest=form.cleaned_data["wants_digest"])
    messages.success(request, _("Saved."))


def _ask_contact(request: HttpRequest, guardian: Guardian, form: NewContactForm, *, is_proven: bool) -> bool:
    try:
        ask_to_change_contact(
            guardian=guardian,
            children=children_of(guardian),
            contact=form.cleaned_data["contact"],
            replaces=form.replaced(),
            is_proven=is_proven,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Thank you. The school will contact you."))
    return True


_KEEP: dict[str, Callable[[HttpRequest, Guardian, forms.Form], None]] = {
    "language": _keep_language,
    "reading": _keep_reading,
    ANSWERED: keep_first_answer,
    "digest": _keep_digest,
}
