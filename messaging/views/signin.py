"""Parents sign in: an address or number, the code that was sent there, and at a shared phone who they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.codes import send_code
from messaging.forms_parents import BirthdayForm, ChooseForm, CodeForm, ContactForm
from messaging.views.secondfact import who_says_birthday
from parents import access, signin
from parents.models import Guardian
from schools import clock, pagelanguage
from schools.answerfirst import AnswerFirst
from schools.limits import client_address

#: What a sign-in that is under way keeps in the session.
CONTACT, NEXT, PEOPLE, AT_GATE = "sign_in_contact", "sign_in_next", "sign_in_people", "sign_in_at_gate"
PROVEN = "sign_in_proven"
_form_page = require_http_methods(["GET", "HEAD", "POST"])


@_form_page
def guardian_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Asks for an e-mail address or phone number; the answer is the same whether anybody uses it or not."""
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        contact: signin.Reachable = form.cleaned_data["contact"]
        if may_ask_for_code(request, contact):
            begin(request, contact)
            language: str = request.page_language  # type: ignore[attr-defined]
            return AnswerFirst(reverse("guardian_code"), lambda: send_code(signin.issue_code(contact), language))
        form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
    return render(request, "messaging/parents/sign_in.html", {"form": form})


@_form_page
def guardian_code(request: HttpRequest) -> HttpResponseBase:
    """Asks for the code."""
    contact = _contact(request)
    if contact is None:
        return redirect("guardian_sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        guardians = signin.check_code(contact, form.cleaned_data["code"])
        if guardians and signin.needs_second_fact(contact, guardians):
            request.session[PEOPLE] = [guardian.pk for guardian in guardians]
            return redirect("guardian_choose")
        if guardians:
            return _enter(request, guardians[0], contact)
        form.add_error("code", _("This code is wrong or too old. Ask for a new code."))
    again = reverse("gate_sign_in") if request.session.get(AT_GATE) else ""
    return render(request, "messaging/parents/code.html", {"form": form, "contact": contact, "again_url": again})


@_form_page
def guardian_choose(request: HttpRequest) -> HttpResponseBase:
    """At a shared contact point: the birthday of a child that only the parents know, and then, where several people
    have that child, who of them is here. Before it the page names nobody (rulings 6)."""
    contact, people = _contact(request), request.session.get(PEOPLE, [])
    if contact is None or not people:
        return redirect("guardian_sign_in")
    guardians = signin.guardians_at(contact).filter(pk__in=people)
    if proven := _proven(request):
        return _who(request, contact, guardians.filter(pk__in=proven))
    form = BirthdayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if signin.FACTS_OF_VALUE.is_spent(contact.value):
            _forget(request)
        known = who_says_birthday(form, guardians, limit=signin.FACTS_OF_VALUE, key=contact.value)
        if len(known) == 1:
            return _enter(request, known[0], contact)
        if known:
            until = clock.now() + timedelta(minutes=settings.SIGN_IN_CODE_MINUTES)
            request.session[PROVEN] = [[guardian.pk for guardian in known], until.isoformat()]
            return redirect("guardian_choose")
    return render(request, "messaging/parents/choose.html", {"form": form})


def _who(request: HttpRequest, contact: signin.Reachable, guardians: QuerySet[Guardian]) -> HttpResponseBase:
    form = ChooseForm(request.POST or None, guardians=guardians)
    if request.method == "POST" and form.is_valid():
        return _enter(request, form.chosen(), contact)
    return render(request, "messaging/parents/choose.html", {"form": form})


def _proven(request: HttpRequest) -> list[int]:
    """Whom the birthday showed on this device, no longer ago than a code holds: the phone is others' too."""
    people, until = request.session.get(PROVEN, ([], ""))
    return people if until and clock.now() < datetime.fromisoformat(until) else []


def begin(request: HttpRequest, contact: signin.Reachable, *, at_gate: bool = False) -> None:
    """A code is asked for: what the next pages need to know, and nothing of another contact point asked before."""
    _forget(request)
    request.session[CONTACT] = [contact.kind, contact.value]
    request.session[NEXT] = _safe_next(request)
    request.session[AT_GATE] = at_gate


def may_ask_for_code(request: HttpRequest, contact: signin.Reachable) -> bool:
    """Both limits count, known address or not. What the first refuses is not counted by the second, or one machine
    would spend the tries of all parents."""
    return signin.CODES_FROM_ADDRESS.spend(client_address(request)) and signin.CODES_OF_VALUE.spend(contact.value)


def _contact(request: HttpRequest) -> signin.Reachable | None:
    kept: Any = request.session.get(CONTACT)
    return signin.Reachable(*kept) if kept else None


def _safe_next(request: HttpRequest) -> str:
    """Where the guardian wanted to go, if that is one of the parents' pages."""
    wanted = request.GET.get("volgende", "")
    is_ours = wanted.startswith("/ouders/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else ""


def _forget(request: HttpRequest) -> None:
    for key in (CONTACT, NEXT, PEOPLE, PROVEN, AT_GATE):
        request.session.pop(key, None)


def _enter(request: HttpRequest, guardian: Guardian, contact: signin.Reachable) -> HttpResponseBase:
    """Start the session, in the guardian's own language unless another was chosen on the way in. At the gate it is a
    short one: people lend each other a phone there."""
    goal = request.session.get(NEXT) or reverse("portal_home")
    at_gate = request.session.get(AT_GATE, False)
    language = pagelanguage.chosen(request) or guardian.page_language
    _forget(request)
    minutes = settings.GATE_SESSION_MINUTES if at_gate else None
    access.sign_in(request, guardian, minutes=minutes, points=signin.points_at(contact, guardian))
    signin.log_sign_in(guardian, contact, door="gate" if at_gate else "")
    pagelanguage.keep(request, language)
    return redirect(goal)
