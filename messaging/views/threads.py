"""Questions of families and the school's answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging.forms import ReplyForm
from messaging.models import Notice, NoticeText, Thread
from messaging.services import reply
from schools import clock
from schools.access import FAMILY_WORKERS, get_visible_or_404, staff_required
from schools.languages import MASTER
from schools.models.years import Holiday

ROWS_ON_A_PAGE = 25


@staff_required(*FAMILY_WORKERS)
@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """Questions that wait, the longest first; then those that were answered."""
    page = Paginator(_waiting_first(request.user), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    threads = list(page.object_list)
    calendar = Holiday.objects.calendar()
    today = clock.today()
    rows = [
        {
            "thread": thread,
            "is_waiting": _is_waiting(thread),
            "days": calendar.school_days_between(thread.asked_on, today) if _is_waiting(thread) else None,
            "first": thread.posts.all()[0] if thread.posts.all() else None,
        }
        for thread in threads
    ]
    waiting = Thread.objects.visible_to(request.user).unanswered().count()
    return render(request, "messaging/thread_list.html", {"page": page, "rows": rows, "waiting": waiting})


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def thread_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One conversation, each contribution in the writer's language; reading it changes nothing."""
    related = ("guardian", "pupil", "school", "notice", "contact_moment")
    thread = get_visible_or_404(Thread.objects.select_related(*related), request.user, pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reply(thread=thread, by=request.user, text=form.cleaned_data["text"])  # type: ignore[arg-type]
        messages.success(request, _("Your answer is sent."))
        return redirect("thread_detail", pk)
    context: dict[str, Any] = {
        "thread": thread,
        "form": form,
        "posts": thread.posts.select_related("by_user", "by_guardian"),
        "about": _title_of(thread),
        "about_url": _notice_url(request, thread),
    }
    return render(request, "messaging/thread_detail.html", context, status=422 if form.is_bound else 200)


def _waiting_first(user: object) -> QuerySet[Thread]:
    """Questions without an answer by age, then the others from new to old."""
    waiting = When(first_reply_at__isnull=True, asked_by_family=True, then=Value(0))
    return (
        Thread.objects.visible_to(user)
        .annotate(group=Case(waiting, default=Value(1)), contributions=Count("posts"))
        .annotate(since=Case(When(group=0, then="asked_on")))
        .select_related("guardian", "pupil", "school")
        .prefetch_related("posts")
        .order_by("group", "since", "-asked_at")
    )


def _is_waiting(thread: Thread) -> bool:
    return thread.asked_by_family and thread.first_reply_at is None


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
