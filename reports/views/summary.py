"""The page for the fund, in three languages: read, printed, and the worker's own sentences in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reports import evaluation
from reports.forms import SummaryForm
from reports.models import EvaluationReport, ReportSummary
from reports.views.ownreports import own_report_or_404
from reports.views.reportfiles import READERS, report_file
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import Role


@staff_required(*READERS)
@require_safe
def report_summary(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """One language's page as it reads now; frozen with the report."""
    report = get_visible_or_404(EvaluationReport.objects.select_related("project__year"), request.user, pk=pk)
    content = (evaluation.content_of(report).get("summaries") or {}).get(language)
    if content is None:
        raise Http404
    context = {
        "report": report,
        "language": language,
        "tabs": [
            {
                "label": name,
                "code": code,
                "url": reverse("report_summary", args=[pk, code]),
                "current": code == language,
            }
            for code, name in ReportSummary.Language.choices
        ],
        "content": content,
        "is_editable": EvaluationReport.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "reports/report_summary.html", context)


@staff_required(*READERS)
@require_safe
def report_summary_pdf(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The page as a PDF: the frozen file byte for byte, or the draft's of this moment."""
    report = get_visible_or_404(EvaluationReport.objects.select_related("project__year"), request.user, pk=pk)
    file = evaluation.summary_pdf(report, known_or_404(language))
    if file is None:
        raise Http404
    return report_file(report, file, f"samenvatting-{language}.pdf", "application/pdf", shown=True)


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def summary_edit(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Write the own sentences of one language. Two people who write at once both keep theirs."""
    report = own_report_or_404(request, pk, EvaluationReport.objects.select_related("project__year"))
    own = evaluation.own_sentences(report, known_or_404(language))
    form, theirs = SummaryForm(request.POST or None, initial=_initial(own), language=language), None
    if request.method == "POST" and form.is_valid():
        try:
            evaluation.save_summary(
                report=report, language=language, by=member_of_staff(request), **form.sentences_and_edition()
            )
        except evaluation.SummaryChangedError as conflict:
            theirs = conflict.theirs
            kept = form.sentences_and_edition()["sentences"]
            form = SummaryForm(initial={**kept, "edition": theirs.edition}, language=language)
        except evaluation.ReportError as error:
            messages.error(request, str(error))
            return redirect("report_detail", pk=pk)
        else:
            messages.success(request, _("Your sentences were saved."))
            return redirect("report_summary", pk=pk, language=language)
    context = {
        "report": report,
        "form": form,
        "theirs": theirs,
        "language": language,
        "language_name": ReportSummary.Language(language).label,
        "back_url": reverse("report_summary", args=[pk, language]),
    }
    return render(request, "reports/summary_edit.html", context, status=409 if theirs else 422 if form.errors else 200)


def known_or_404(language: str) -> str:
    """A language in which the fund gets the page."""
    if language not in ReportSummary.Language.values:
        raise Http404
    return language


def _initial(own: ReportSummary) -> dict[str, object]:
    return {"done": own.done, "schools": own.schools, "next_year": own.next_year, "edition": own.edition}
