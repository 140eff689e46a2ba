"""A conversation with the school, for the guardian who began it and is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging import inbox, services
from messaging.forms_parents import QuestionForm
from messaging.mailbox import threads_for
from messaging.views.acts import QUESTIONS
from messaging.views.opened import SeeOther
from parents.access import guardian_required
from parents.models import Guardian


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_thread(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was asked and answered, each in its own language, with a translation where there is one."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    thread = get_object_or_404(threads_for(guardian), pk=pk)
    code: str = request.page_language  # type: ignore[attr-defined]
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if QUESTIONS.spend(f"thread {thread.pk}"):
            services.write_back(thread=thread, guardian=guardian, text=form.cleaned_data["text"], language=code)
            messages.success(request, _("Thank you. The school has your question."))
            return SeeOther(reverse("portal_thread", args=[pk]))
        form.add_error(None, _("This did not work. Call the school."))
    posts = thread.posts.select_related("by_user", "by_guardian").prefetch_related("translations")
    expected = inbox.expectation(thread)
    context = {
        "thread": thread,
        "school": thread.school,
        "school_name": thread.school.name,
        "posts": inbox.posts_for_parent(posts, code),
        "expected": expected.sentence(code) if expected else "",
        "form": form,
    }
    return render(request, "messaging/parents/thread.html", context, status=422 if form.is_bound else 200)
