"""Questions of families and the school's answers: the shared inbox and one conversation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import inbox, machine
from messaging.forms_threads import InboxForm, ReplyForm
from messaging.hearing import unheard
from messaging.models import Notice, NoticeText, Thread
from messaging.plainpage import DutchField, Plain, of_texts
from messaging.services import assign_thread, close_thread, reopen_thread, reply, translate_by_machine, translate_post
from messaging.views import plain
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import back_address, row_number
from schools.languages import MASTER
from schools.models import SchoolClass, User

ROWS_ON_A_PAGE = 25
_STATES = (inbox.WAITING, inbox.OPEN, inbox.CLOSED)
#: The field with the words of an answer.
_ANSWER = "text"
_RELATED = ("guardian", "pupil", "school", "notice", "contact_moment", "assigned_to")


@staff_required(*FAMILY_WORKERS)
@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """The shared inbox: what waits, the longest first; or all that is open, or what is done."""
    classes = SchoolClass.objects.visible_to(request.user).of_running_year().select_related("school")
    form = InboxForm(request.GET, classes=classes)
    chosen = form.cleaned_data if form.is_valid() else {}
    state = request.GET.get("stand", "")
    state = state if state in _STATES else inbox.WAITING
    threads = Thread.objects.visible_to(request.user)
    if chosen.get("wie") == "mij":
        threads = threads.filter(assigned_to_id=request.user.pk)
    elif chosen.get("wie") == "niemand":
        threads = threads.nobodys()
    if chosen.get("klas"):
        threads = inbox.of_class(threads, chosen["klas"].pk)
    rows = inbox.of_state(threads, state).select_related("guardian", "pupil", "school", "assigned_to")
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    filters = {name: str(getattr(chosen[name], "pk", chosen[name])) for name in ("wie", "klas") if chosen.get(name)}
    context = {
        "page": page,
        "rows": inbox.inbox_rows(page.object_list),
        "waiting": Thread.objects.visible_to(request.user).waiting().count(),
        "form": form,
        "state": state,
        "clear_url": f"?stand={state}" if filters else "",
        "tabs": _tabs(state, filters),
        "query": urlencode({"stand": state, **filters}),
        "show_school": len({row.school_id for row in page.object_list}) > 1,
    }
    return render(request, "messaging/thread_list.html", context)


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def thread_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One conversation, each contribution in the writer's language; reading it is a line in the access log."""
    thread = get_visible_or_404(Thread.objects.select_related(*_RELATED), request.user, pk=pk)
    colleague = member_of_staff(request)
    form, hints = _reply_form(request, thread, colleague)
    if request.method == "POST" and not plain.is_asked(request) and form.is_valid():
        try:
            reply(thread=thread, by=colleague, seen=row_number(request.POST.get("seen", "")), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your answer is sent."))
            if Thread.objects.visible_to(request.user).waiting().filter(pk=pk).exists():
                messages.warning(request, _("The family wrote something more while you wrote. It waits for an answer."))
            return redirect("thread_detail", pk)
    if not form.is_bound:
        audit.record_reading(
            actor=colleague,
            verb="read",
            target=thread,
            school_id=thread.school_id,
            pupils=[thread.pupil_id] if thread.pupil_id else [],
            guardians=[thread.guardian_id],
        )
    posts, not_heard = inbox.posts_for_staff(thread), unheard(thread)
    context: dict[str, Any] = {
        "thread": thread,
        "form": form,
        "plain": hints,
        "posts": posts,
        "seen": posts[-1].post.pk if posts else "",
        "machine": machine.name(),
        "colleagues": [person for person in inbox.colleagues_of(thread) if person.pk != colleague.pk],
        "expected": None if not_heard and not_heard.is_barred else inbox.expectation(thread),
        "is_nobodys": bool(inbox.nobodys_of([thread])),
        "unheard": not_heard,
        "about": _title_of(thread),
        "about_url": _notice_url(request, thread),
    }
    is_refused = form.is_bound and not plain.is_asked(request)
    return render(request, "messaging/thread_detail.html", context, status=422 if is_refused else 200)


def _reply_form(request: HttpRequest, thread: Thread, colleague: User) -> tuple[ReplyForm, Plain | None]:
    """The form for an answer; beside it, for who writes Dutch, what could be plainer in it."""
    people: dict[str, Any] = {"reads": thread.guardian.reads, "writes": colleague.language}
    if not plain.is_asked(request):
        form, undo = ReplyForm(request.POST or None, **people), None
    else:
        data, undo = plain.put_in(request, [_ANSWER])
        form = ReplyForm(data, **people)
        form.errors.clear()
    if colleague.language != MASTER:
        return form, None
    answer = form[_ANSWER]
    text = DutchField(_ANSWER, str(answer.value() or ""), anchor=answer.id_for_label)
    return form, of_texts([text], form="antwoord", undo=undo)


@staff_required(*FAMILY_WORKERS)
@require_POST
def thread_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: take it, give it to a colleague, or release it."""
    thread = get_visible_or_404(Thread.objects.select_related("school"), request.user, pk=pk)
    colleague = member_of_staff(request)
    wanted = request.POST.get("to", "")
    to = _person(thread, wanted, colleague)
    if wanted and to is None:
        messages.warning(request, _("This colleague does not work with this child."))
        return redirect(_back(request, pk))
    try:
        assign_thread(thread=thread, by=colleague, to=to)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(_back(request, pk))
    if to is None:
        messages.success(request, _("This question is nobody's now. The whole team sees it."))
    elif to == colleague:
        messages.success(request, _("This question is yours now."))
    else:
        messages.success(request, _("%(name)s has this question now.") % {"name": to.full_name})
    return redirect(_back(request, pk))


@staff_required(*FAMILY_WORKERS)
@require_POST
def thread_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or open again."""
    thread = get_visible_or_404(Thread.objects.select_related("school"), request.user, pk=pk)
    if request.POST.get("state") == "open":
        reopen_thread(thread=thread, by=member_of_staff(request))
        messages.success(request, _("This conversation is open again."))
    else:
        try:
            close_thread(thread=thread, by=member_of_staff(request), seen=row_number(request.POST.get("seen", "")))
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, _("This conversation is done. It opens again when the family writes."))
    return redirect(_back(request, pk))


@staff_required(*FAMILY_WORKERS)
@require_POST
def thread_translate(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """A translation of one contribution: typed by a colleague, or asked from the machine."""
    thread = get_visible_or_404(Thread.objects.select_related("school", "guardian"), request.user, pk=pk)
    shown = next((row for row in inbox.posts_for_staff(thread) if row.post.pk == post), None)
    back = f"{reverse('thread_detail', args=[pk])}#bijdrage-{post}"
    if shown is None or not shown.target:
        messages.warning(request, _("There is nothing to translate here."))
        return redirect(back)
    colleague = member_of_staff(request)
    try:
        if "machine" in request.POST:
            translate_by_machine(post=shown.post, by=colleague, language=shown.target)
        else:
            translate_post(post=shown.post, by=colleague, text=request.POST.get("text", ""), language=shown.target)
    except machine.TranslationError as error:
        messages.warning(request, error.words)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The translation is there."))
    return redirect(back)


def _person(thread: Thread, wanted: str, colleague: User) -> User | None:
    """Who is meant, among those who may see the child."""
    if wanted == "ik":
        return colleague
    number = row_number(wanted)
    return next((person for person in inbox.colleagues_of(thread) if person.pk == number), None)


def _tabs(state: str, filters: dict[str, str]) -> list[dict[str, Any]]:
    labels = {
        inbox.WAITING: _("Waiting for an answer"),
        inbox.OPEN: _("All that are open"),
        inbox.CLOSED: _("Done"),
    }
    return [
        {"label": label, "url": f"?{urlencode({'stand': key, **filters})}", "current": key == state}
        for key, label in labels.items()
    ]


def _back(request: HttpRequest, pk: int) -> str:
    return back_address(request, reverse("thread_detail", args=[pk]))


def _notice_url(request: HttpRequest, thread: Thread) -> str:
    """Where the notice stands, for those who may see it."""
    if thread.notice_id is None or not Notice.objects.visible_to(request.user).filter(pk=thread.notice_id).exists():
        return ""
    return reverse("notice_detail", args=[thread.notice_id])


def _title_of(thread: Thread) -> str:
    if thread.notice_id is None:
        return ""
    found = NoticeText.objects.filter(notice_id=thread.notice_id, language=MASTER).values_list("title", flat=True)
    return found.first() or ""
