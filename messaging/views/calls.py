"""The last rung: the calls to make, and what came of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from messaging.announcements import announce_new_contact, announcement_for
from messaging.calllist import call_rows, calls_to_make
from messaging.forms_calls import CallForm, ToldForm
from messaging.models import CallTask
from messaging.services import finish_call, use_new_contact
from messaging.views.reached import say_saved
from parents.models import FollowUp, FollowUpStatus, Outcome
from parents.services import decline_contact
from parents.services.reachability import note_told_contact
from parents.signin import Reachable
from schools import clock
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.answerfirst import AnswerFirst
from schools.arriving import back_address
from schools.delicate import delicate_words
from schools.pagelanguage import page_lives_at
from schools.scope import scope_of
from schools.twice import SAME_PRESS

ROWS_ON_A_PAGE = 25


@staff_required(*FAMILY_WORKERS)
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """Who is to be called, the first due first, each with number, script and interpreter line. It prints."""
    return render(request, "messaging/call_list.html", _listed(request, request.GET, request.get_full_path()))


def _listed(request: HttpRequest, query: QueryDict, here: str, again: FollowUp | None = None) -> dict[str, Any]:
    """A page of the list, with the call that is asked ``again`` on top where it is not among its rows."""
    own = query.get("van") == "mij"
    page = Paginator(calls_to_make(request.user, own=own), ROWS_ON_A_PAGE).get_page(query.get("page"))
    tasks = list(page.object_list)
    if again and again not in tasks:
        tasks = [*calls_to_make(request.user).filter(pk=again.pk), *tasks]
    rows = call_rows(tasks, member_of_staff(request))
    all_calls = reverse("call_list")
    tabs = [
        {"label": _("All calls"), "url": all_calls, "current": not own},
        {"label": _("Mine"), "url": f"{all_calls}?van=mij", "current": own},
    ]
    mine = {"own_only": own, "query_string": "van=mij" if own else ""}
    several = scope_of(request.user).spans_schools
    return {"page": page, "rows": rows, "tabs": tabs, "here": here, "shows_school": several, **mine}


def _asked_again(
    request: HttpRequest, task: FollowUp, form: CallForm | ToldForm, wrong: str, back: str
) -> HttpResponse:
    """The list with what was typed about one call, and what is wrong with it beside it: nothing typed is lost."""
    messages.warning(request, wrong)
    came_from = urlsplit(back)
    query = QueryDict(came_from.query if came_from.path == reverse("call_list") else "")
    page_lives_at(request, "call_list")
    context = _listed(request, query, back, again=task) | {"refused": task.pk, "form": form}
    return render(request, "messaging/call_list.html", context, status=422)


@staff_required(*FAMILY_WORKERS)
@require_POST
def contact_told(request: HttpRequest, pk: int) -> HttpResponse:
    """A guardian told a new address or number, outside a call about a notice."""
    tasks = FollowUp.objects.select_related("guardian", "school")
    task = get_visible_or_404(tasks, request.user, pk=pk)
    form, back = ToldForm(request.POST), back_address(request, reverse("call_list"))
    if task.guardian is None or not form.is_valid():
        return _asked_again(request, task, form, _("Type an e-mail address or a phone number."), back)
    contact = form.cleaned_data["contact"]
    facts = {"by": member_of_staff(request), "school": task.school}
    say_saved(request, note_told_contact(guardian=task.guardian, contact=contact, **facts), task.guardian)
    return redirect(back)


@staff_required(*FAMILY_WORKERS)
@require_POST
def contact_decided(request: HttpRequest, pk: int) -> HttpResponse:
    """What a guardian asked for is used from now on, and the old contact points and the new one hear it; or not."""
    tasks = FollowUp.objects.select_related("contact_request__guardian", "contact_request__replaces", "school")
    task = get_visible_or_404(tasks.exclude(contact_request=None), request.user, pk=pk)
    back = back_address(request, reverse("call_list"))
    wanted, facts = task.contact_request, {"by": member_of_staff(request), "school": task.school}
    try:
        if request.POST.get("decision") == "use":
            announcement = announcement_for(wanted.guardian, by=task.school)
            point = use_new_contact(request=wanted, **facts)
            contact = Reachable(point.kind, point.value)
            say_saved(request, point, wanted.guardian)
            return AnswerFirst(back, lambda: announce_new_contact(announcement, contact, wanted.guardian, task.school))
        decline_contact(request=wanted, **facts)
        messages.success(request, _("Noted. Everything stays as it was."))
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    return redirect(back)


@staff_required(*FAMILY_WORKERS)
@require_POST
def call_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Reached or not: the call becomes a contact moment, and the task is done."""
    visible = CallTask.objects.filter(follow_up__in=FollowUp.objects.visible_to(request.user).values("pk"))
    rows = visible.select_related("delivery__notice", "follow_up__contact_moment", "delivery__guardian")
    call = get_object_or_404(rows, pk=pk)
    back = back_address(request, f"{reverse('notice_detail', args=[call.delivery.notice_id])}#bellen")
    form = CallForm(request.POST)
    if call.follow_up.status != FollowUpStatus.OPEN:
        messages.warning(request, _why_closed(request, call))
    elif not form.is_valid():
        wrong = _("Say how the call went: spoken with, or no answer.")
        if "contact" in form.errors:
            wrong = _("Nothing was saved: the new e-mail address or phone number is not right.")
        elif "note" in form.errors:
            wrong = str(form.errors["note"][0])
        return _asked_again(request, call.follow_up, form, wrong, back)
    else:
        _finish(request, call, form)
    return redirect(back)


def _why_closed(request: HttpRequest, call: CallTask) -> str:
    """Somebody else, or another tab, was earlier, or nobody needs the call by now: what was typed here stands nowhere,
    and is said so that it can."""
    typed = " · ".join(words for name in ("note", "contact") if (words := request.POST.get(name, "").strip()[:500]))
    moment = call.follow_up.contact_moment
    is_pressed_twice = (
        moment is not None
        and moment.recorded_by_id == request.user.pk
        and moment.recorded_at > clock.now() - SAME_PRESS
    )
    is_dropped = call.follow_up.status == FollowUpStatus.DROPPED
    closed = _("This call is no longer needed.") if is_dropped else _("This call was already noted.")
    if not typed or is_pressed_twice:
        return closed
    lost = _("What you typed here was not saved: “%(words)s”. Log it with the family.") % {"words": typed}
    return " ".join([closed, lost])


def _finish(request: HttpRequest, call: CallTask, form: CallForm) -> None:
    facts = form.cleaned_data
    try:
        finish_call(
            call_task=call,
            by=member_of_staff(request),
            outcome=facts["outcome"],
            note=facts["note"],
            contact=facts["contact"],
        )
    except ValidationError as error:
        call.refresh_from_db()
        is_noted = call.follow_up.status != FollowUpStatus.OPEN
        messages.warning(request, _why_closed(request, call) if is_noted else " ".join(error.messages))
        return
    if words := delicate_words(facts["note"]):
        said = _("Is this needed in the line: %(words)s? Its writer can put the contact right.")
        messages.warning(request, said % {"words": ", ".join(words)})
    if facts["outcome"] == Outcome.REACHED_FOLLOW_UP:
        messages.success(request, _("Noted. Whoever sent the notice is asked to explain it."))
    elif facts["outcome"] == Outcome.REACHED_AGREED:
        messages.success(request, _("Noted as a contact with this family. Thank you for calling."))
    else:
        messages.success(request, _("Noted: no answer. The call stays on the list."))
