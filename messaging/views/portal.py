"""The parents' start page and their notices, for a guardian who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from messaging import inbox
from messaging.firstquestion import question_for
from messaging.forms_parents import QuestionForm
from messaging.mailbox import deliveries_for, notice_lines, posts_about, thread_about, thread_lines
from messaging.models import Delivery
from messaging.views import acts, opened
from messaging.views.attachments import served
from messaging.views.opened import SeeOther
from messaging.views.playing import sounding
from parents.access import children_of, guardian_required
from parents.bookings import rounds_for
from parents.consenting import places_known_to
from parents.gatherings import invitations_for
from parents.models import Guardian
from schools.models import Pupil

_ACTIONS: dict[str, Callable[[HttpRequest, Delivery], QuestionForm | None]] = {
    "read": acts.confirm,
    "listened": acts.listened,
    "understood": acts.understood,
    "not_understood": acts.not_understood,
    "question": acts.ask,
}


@require_safe
@guardian_required
def portal_home(request: HttpRequest) -> HttpResponse:
    """What needs an answer, the latest notices, the children as doors; with ``?kind=`` notices of one child."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    children = list(children_of(guardian))
    child = _chosen_child(request.GET.get("kind", ""), children)
    code: str = request.page_language  # type: ignore[attr-defined]
    lines = notice_lines(guardian=guardian, code=code, child=child)
    context = {
        "guardian": guardian,
        "children": children,
        "child": child,
        "waiting": [line for line in lines if line.needs_answer],
        "threads": [] if child else thread_lines(guardian),
        "others": [line for line in lines if not line.needs_answer],
    }
    if not children:
        context["places"] = places_known_to(guardian)
    if not child:
        context["meetings"] = rounds_for(guardian)
        context["gatherings"] = invitations_for(guardian)
        context |= question_for(request, guardian, reverse("portal_choices"))
    return render(request, "messaging/parents/home.html", context)


def _chosen_child(text: str, children: list[Pupil]) -> Pupil | None:
    """The child whose notices are asked for; somebody else's is not there."""
    if not text:
        return None
    for child in children:
        if str(child.pk) == text:
            return child
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of the guardian's own deliveries; its buttons post here."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    delivery = get_object_or_404(deliveries_for(guardian), pk=pk)
    url = reverse("portal_notice", args=[pk])
    refused = None
    if request.method == "POST":
        act = acts.answer if "answer" in request.POST else _ACTIONS.get(request.POST.get("action", ""))
        refused = act(request, delivery) if act is not None else None
        if refused is None:
            return SeeOther(url)
    code: str = request.page_language  # type: ignore[attr-defined]
    posts = posts_about(guardian=guardian, notice=delivery.notice)
    thread = thread_about(guardian=guardian, notice=delivery.notice) if posts else None
    expected = inbox.expectation(thread) if thread else None
    context = opened.notice_context(request, delivery, _address, refused) | {
        "urls": dict.fromkeys((*_ACTIONS, "answer"), url),
        "attachments": opened.files_of(request, delivery, lambda row: reverse("portal_file", args=[pk, row.pk])),
        "posts": inbox.posts_for_parent(posts, code),
        "expected": expected.sentence(code) if expected else "",
    }
    context |= opened.voices_for(request, delivery, lambda row: reverse("portal_recording", args=[pk, row.pk]))
    if "meetings" in context:
        context["booking_url"] = reverse("portal_bookings")
    if "invitation" in context:
        context["gathering_url"] = reverse("portal_gathering", args=[context["invitation"].gathering.pk])
    if context["questions"] == "open":
        context["questions_url"] = reverse("portal_measurement", args=[pk])
    return render(request, "messaging/parents/portal_notice.html", context, status=422 if refused else 200)


@require_safe
@guardian_required
def portal_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file of a notice that the guardian got."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return served(request, get_object_or_404(deliveries_for(guardian), pk=pk).notice, file)


@require_safe
@guardian_required
def portal_recording(request: HttpRequest, pk: int, recording: int) -> HttpResponseBase:
    """A notice that the guardian got, read aloud."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    delivery = get_object_or_404(deliveries_for(guardian), pk=pk)
    return sounding(request, get_object_or_404(delivery.notice.recordings, pk=recording))


def _address(delivery: Delivery) -> str:
    return reverse("portal_notice", args=[delivery.pk])
