"""What the directors and the worker say to each other about a chapter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from reports import evaluation
from reports.forms import CommentForm
from reports.models import EvaluationReport, ReportState
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import Role

COMMENTING = (Role.JOINT_CLB, Role.CLB_DIRECTOR)


@staff_required(*COMMENTING)
@require_http_methods(["GET", "HEAD", "POST"])
def chapter_comments(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The threads of one chapter, with a field for the next comment and one for an answer to each."""
    mine = EvaluationReport.objects.discussed_by(request.user).select_related("project__year")
    report = get_visible_or_404(mine, request.user, pk=pk)
    chapter = get_object_or_404(report.chapters.select_related("report"), number=number)
    given = CommentForm(request.POST) if request.method == "POST" else None
    if given is not None and given.is_valid():
        try:
            comment = evaluation.add_comment(chapter=chapter, by=member_of_staff(request), **given.cleaned_data)
        except evaluation.ReportError as error:
            given.add_error("text", str(error))
        else:
            thread = comment.answers_id or comment.pk
            return redirect(f"{reverse('chapter_comments', args=[pk, number])}#opmerking-{thread}")
    threads = evaluation.threads_of(chapter)
    answered = given.answered if given is not None else None
    context = {
        "report": report,
        "chapter": chapter,
        "back_url": f"{reverse('report_detail', args=[pk])}#hoofdstuk-{number}",
        "threads": [(thread, _form(given, answered, thread.start.pk)) for thread in threads],
        "form": _form(given, answered, None),
        "is_closed": report.state == ReportState.SUBMITTED,
    }
    return render(request, "reports/chapter_comments.html", context, status=422 if given is not None else 200)


@staff_required(*COMMENTING)
@require_POST
def comment_resolve(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Resolve a thread or open it again."""
    report = get_visible_or_404(EvaluationReport.objects.discussed_by(request.user), request.user, pk=pk)
    is_resolved = request.POST.get("resolved") == "1"
    try:
        row = evaluation.resolve_comment(
            report=report, comment=comment, is_resolved=is_resolved, by=member_of_staff(request)
        )
    except evaluation.ReportError as error:
        messages.error(request, str(error))
        return redirect("report_detail", pk=pk)
    return redirect(f"{reverse('chapter_comments', args=[pk, row.chapter.number])}#opmerking-{comment}")


def _form(given: CommentForm | None, answered: int | None, thread: int | None) -> CommentForm:
    """The form that was sent, where it was sent from; an empty one elsewhere."""
    if given is not None and answered == thread:
        return given
    return CommentForm(initial={"answers": thread}, auto_id=f"id_{thread or 'nieuw'}_%s")
