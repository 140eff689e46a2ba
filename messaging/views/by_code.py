"""What lasts, changed by a notice's link: first a code to a contact point of that guardian (rulings 6).

A link is forwarded, a phone is shared: the link says whose choices they are, the code that it is this guardian, and at
a shared phone a birthday too. What was shown holds for this delivery, this session and some minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.announcements import announcement_for
from messaging.codes import send_code
from messaging.firstquestion import ANSWERED, SET_ASIDE, first_form
from messaging.forms_parents import BirthdayForm, CodeForm
from messaging.models import Delivery
from messaging.views import opened
from messaging.views.choices import ChoicesDoor, changes_what_lasts, choices_page, keep_first_answer, own_door
from messaging.views.opened import SeeOther, by_token
from messaging.views.secondfact import says_birthday
from messaging.views.signin import may_ask_for_code
from parents import signin
from parents.access import guardian_of, points_of
from parents.forms_portal import PointForm
from parents.masking import masked
from parents.services import set_first_question_aside
from schools import clock
from schools.answerfirst import AnswerFirst

#: In the session: the contact point that a code went to, until when which delivery's guardian is proven, and an answer
#: to the first question that waits for the code.
ASKED, OPENED, PROVEN_UNTIL, WAITING = "choices_asked", "choices_opened", "choices_proven", "choices_waiting"
_page = require_http_methods(["GET", "HEAD", "POST"])


@_page
@by_token
def token_choices(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    """The guardian's choices once a code was opened; before that, where to send one. Who is signed in has own pages,
    and answers the first question from here without a code; who can be reached nowhere may ask for a new contact point
    only."""
    guardian = guardian_of(request)
    back = reverse("token_notice", args=[token])
    if guardian is not None and guardian.pk == delivery.guardian_id:
        if request.method != "POST":
            return redirect("portal_choices")
        return choices_page(request, guardian, own_door(back))
    sent = request.POST.get("form", "")
    if sent == SET_ASIDE:
        set_first_question_aside(guardian=delivery.guardian)
        return SeeOther(back)
    points = list(points_of(delivery.guardian))
    is_proven = _is_proven(request, delivery)
    if is_proven or not points:
        more = _shown(delivery, token) | {"masked_points": [(point.kind, masked(point)) for point in points]}
        here = reverse("token_choices", args=[token])
        return choices_page(
            request,
            delivery.guardian,
            ChoicesDoor(here, back, "messaging/parents/token_choices.html", is_proven=is_proven, context=more),
        )
    if sent == ANSWERED:
        name = "token_choices" if _let_wait(request, delivery) else "token_notice"
        return SeeOther(reverse(name, args=[token]))
    form = PointForm(request.POST or None, points=points)
    if request.method == "POST" and form.is_valid():
        contact = signin.Reachable(form.chosen().kind, form.chosen().value)
        if may_ask_for_code(request, contact):
            request.session[ASKED] = [delivery.pk, form.chosen().pk]
            request.session.pop(OPENED, None)
            language: str = request.page_language  # type: ignore[attr-defined]
            goal = reverse("token_code", args=[token])
            return AnswerFirst(goal, lambda: send_code(signin.issue_code(contact), language))
        form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
    return render(request, "messaging/parents/ask_code.html", _shown(delivery, token) | {"form": form})


@_page
@by_token
def token_code(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    """The code, and after one from a shared contact point the birthday."""
    asked = request.session.get(ASKED) or [None, None]
    point = points_of(delivery.guardian).filter(pk=asked[1]).first() if asked[0] == delivery.pk else None
    if point is None:
        return redirect("token_choices", token=token)
    contact = signin.Reachable(point.kind, point.value)
    if request.session.get(OPENED) == asked:
        return _ask_birthday(request, delivery, token, contact)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people = signin.check_code(contact, form.cleaned_data["code"])
        if delivery.guardian not in people:
            form.add_error("code", _("This code is wrong or too old. Ask for a new code."))
        elif signin.needs_second_fact(contact, people) and not opened.is_proven(request, delivery):
            request.session[OPENED] = asked
            return SeeOther(reverse("token_code", args=[token]))
        else:
            return _enter(request, delivery, token, contact)
    again = reverse("token_choices", args=[token])
    context = _shown(delivery, token) | {"form": form, "sent_to": masked(point), "again_url": again}
    return render(request, "messaging/parents/token_code.html", context)


def _ask_birthday(request: HttpRequest, delivery: Delivery, token: str, contact: signin.Reachable) -> HttpResponseBase:
    form = BirthdayForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and says_birthday(form, delivery.guardian, limit=signin.FACTS_OF_VALUE, key=contact.value):
        return _enter(request, delivery, token, contact)
    return render(request, "messaging/parents/token_birthday.html", _shown(delivery, token) | {"form": form})


def _enter(request: HttpRequest, delivery: Delivery, token: str, contact: signin.Reachable) -> HttpResponse:
    """The choices stand open, for this delivery and some minutes; nobody is signed in."""
    for key in (ASKED, OPENED):
        request.session.pop(key, None)
    until = clock.now() + timedelta(minutes=settings.SIGN_IN_CODE_MINUTES)
    request.session.cycle_key()
    request.session[PROVEN_UNTIL] = [delivery.pk, until.isoformat()]
    signin.log_proof(delivery.guardian, contact)
    return _keep_what_waited(request, delivery, token) or SeeOther(reverse("token_choices", args=[token]))


def _let_wait(request: HttpRequest, delivery: Delivery) -> bool:
    """The answer to the first question is kept until a code was opened: a link alone changes nothing that lasts. Not
    for long, for others may hold this browser by then."""
    form = first_form(delivery.guardian, request.POST)
    if not form.is_valid():
        messages.error(request, _("Please check this"))
        return False
    until = clock.now() + timedelta(minutes=2 * settings.SIGN_IN_CODE_MINUTES)  # to ask for a code, and to open it
    answer = [form.cleaned_data.get("language", ""), form.cleaned_data["reading_mode"]]
    request.session[WAITING] = [delivery.pk, until.isoformat(), *answer]
    return True


def _keep_what_waited(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponse | None:
    number, until, language, reading_mode = request.session.pop(WAITING, None) or (None, "", "", "")
    if number != delivery.pk or clock.now() >= datetime.fromisoformat(until):
        return None
    waited = {f"{ANSWERED}-language": language, f"{ANSWERED}-reading_mode": reading_mode}
    form = first_form(delivery.guardian, waited)
    if not form.is_valid():
        return None
    announcement = announcement_for(delivery.guardian) if changes_what_lasts(delivery.guardian, form) else None
    keep_first_answer(request, delivery.guardian, form)
    goal = reverse("token_notice", args=[token])
    return AnswerFirst(goal, announcement.send) if announcement else SeeOther(goal)


def _is_proven(request: HttpRequest, delivery: Delivery) -> bool:
    number, until = request.session.get(PROVEN_UNTIL) or (None, "")
    return number == delivery.pk and clock.now() < datetime.fromisoformat(until)


def _shown(delivery: Delivery, token: str) -> dict[str, object]:
    """What every page of this way shows: whose school, and the way back."""
    school = delivery.notice.school
    back = reverse("token_notice", args=[token])
    return {"school": school, "school_name": school.name, "back_url": back}
