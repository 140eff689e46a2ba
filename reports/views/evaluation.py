"""The evaluation: draft, read, freeze, sign, submit. Its chapters are written in ``reports.views.chapters``."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports import evaluation
from reports.chapters import plan_of
from reports.evaluation.calendar import drafts_by_itself, drafts_interim
from reports.evaluation.deadline import deadline_of, deadlines, not_handed_in
from reports.models import EvaluationReport, ReportKind, ReportState, ReportSummary
from reports.render.document import NOBODY, signing_people
from reports.render.page import chapters_of
from reports.views.ownreports import own_report_or_404
from reports.views.reportfiles import READERS, visible_report
from schools import clock
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.confirming import confirmed_lately
from schools.models import Assignment, Project, Role
from schools.pagelanguage import page_lives_at
from schools.scope import scope_of

#: In the order in which a report passes them.
STATES = (ReportState.DRAFT, ReportState.REVIEW, ReportState.SIGNED, ReportState.SUBMITTED)


@staff_required(*READERS)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Every evaluation the reader may see, the newest first; the joint worker can begin one."""
    reports = EvaluationReport.objects.visible_to(request.user).select_related("project__year")
    projects = Project.objects.filter(pk__in=scope_of(request.user).joint_projects).select_related("year")
    coordinated = scope_of(request.user).coordinated_projects
    going_on = Project.objects.filter(pk__in=scope_of(request.user).joint_projects | coordinated)
    going_on = going_on.select_related("year")
    days = {one.report.pk: one for one in deadlines(not_handed_in().filter(pk__in=reports.values("pk")))}
    shown = [(report, days.get(report.pk)) for report in reports[:50]]
    drafts = [(project, _to_begin(project)) for project in projects]
    context = {
        "reports": shown, "projects": drafts, "going_on": going_on,
        "reads_when_signed": bool(coordinated), "drafts_by_itself": drafts_by_itself(clock.today()),
        "drafts_interim": drafts_interim(clock.today()),
    }  # fmt: skip
    return render(request, "reports/report_list.html", context)


def _to_begin(project: Project) -> list[str]:
    """The kinds of report of which none is being written."""
    kinds = (ReportKind.FINAL, ReportKind.INTERIM)
    return [kind for kind in kinds if evaluation.unfinished_report(project, kind) is None]


@staff_required(Role.JOINT_CLB)
@require_POST
def report_new(request: HttpRequest) -> HttpResponse:
    """Draft the next version for the chosen project of the worker, or for the newest one."""
    mine = Project.objects.filter(pk__in=scope_of(request.user).joint_projects)
    chosen = request.POST.get("project")
    if chosen is not None:
        mine = mine.filter(pk=row_number(chosen) or 0)
    project = get_object_or_404(mine.order_by("-starts_on")[:1])
    kind = request.POST.get("kind", ReportKind.FINAL)
    if kind not in (ReportKind.INTERIM, ReportKind.FINAL):
        kind = ReportKind.FINAL
    if (unfinished := evaluation.unfinished_report(project, kind)) is not None:
        messages.info(request, _("This report is not handed in yet: write on in it. A next version comes after that."))
        return redirect("report_detail", pk=unfinished.pk)
    report = evaluation.draft_evaluation(project=project, kind=kind, by=member_of_staff(request))
    messages.success(request, _("The draft is ready. Every figure in it is counted until the last full month."))
    if report.version > 1:
        messages.info(request, _("Its chapters begin as they stand in the version before."))
    return redirect("report_detail", pk=report.pk)


@staff_required(*READERS)
@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it reads now: live while it is a draft, from the frozen content from then on."""
    report = visible_report(request, pk)
    is_application = report.kind == ReportKind.APPLICATION
    asks_for_changes = "cijfers" in request.GET and report.state == ReportState.DRAFT and not is_application
    counted = {"changes": [], "tables": [], "counted": asks_for_changes}
    if asks_for_changes:
        now = evaluation.counting_for(report.project)
        counted |= {
            "changes": evaluation.figure_changes(report, now),
            "tables": evaluation.table_changes(report, now),
        }
    if asks_for_changes and getattr(request, "htmx", False):
        return render(request, "reports/_report_changes.html", {"report": report, **counted})
    frozen = evaluation.current_frozen(report)
    document = frozen.content if frozen else evaluation.content_of(report)
    editable = EvaluationReport.objects.editable_by(request.user).filter(pk=report.pk).exists()
    may_comment = EvaluationReport.objects.discussed_by(request.user).filter(pk=report.pk).exists()
    # Handed in, nobody settles a comment any more: what was open then asks for nothing.
    settles = may_comment and report.state != ReportState.SUBMITTED
    comments = evaluation.open_comments(report) if settles else []
    context = {
        "report": report,
        "frozen": frozen,
        "deadline": deadline_of(report),
        "document": document,
        "chapters": _with_comments(chapters_of(document), comments),
        "steps": [state.label for state in STATES],
        "step": STATES.index(ReportState(report.state)) + 1,
        "is_editable": editable,
        "may_submit": _may_submit(request, report),
        "open_points": _open_points(report, comments, editable),
        "may_comment": may_comment,
        "sheet_comments": sum(point.chapter == 0 for point in comments),
        "signatures": _signatures(report, document, frozen),
        "signs_for": _signs_for(request, report, frozen),
        **counted,
        "summaries": ReportSummary.Language.choices if document.get("summaries") else [],
        "is_application": is_application,
        "application": evaluation.application_of(report) if editable else None,
        "since": evaluation.evaluation_since(report) if editable else None,
        "may_correct": _may_correct(request, report),
        "needs_its_post": _is_correctable(report) and not _is_written_by_somebody(report),
        "may_apply": _writes(request, report) and evaluation.can_apply(report),
    }
    return render(request, "reports/report_detail.html", context)


@staff_required(Role.JOINT_CLB)
@require_POST
def report_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Count all figures of a draft again; an application takes over those of its evaluation."""
    report = own_report_or_404(request, pk)
    if report.kind == ReportKind.APPLICATION:
        return _step(request, report, lambda: evaluation.follow_evaluation(report, member_of_staff(request)),
                     _("The application tells of the evaluation as it is frozen now."))  # fmt: skip
    return _step(request, report, lambda: evaluation.refresh_figures(report, member_of_staff(request)),
                 _("All figures were counted again."))  # fmt: skip


@staff_required(Role.JOINT_CLB)
@require_POST
def report_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze a candidate and hand it to the directors. With a family named in it, it is not frozen; with points still
    open, or a number that contradicts its figure, it asks once more."""
    report = own_report_or_404(request, pk)
    is_draft = report.state == ReportState.DRAFT
    points = _open_points(report, evaluation.open_comments(report), editable=True) if is_draft else []
    flags = evaluation.flags_of(report) if is_draft else []
    is_blocked = any(flag.must_go for flag in flags)
    if is_blocked or ((points or flags) and "anyway" not in request.POST):
        context = {
            "report": report,
            "open_points": points,
            "flags": flags,
            "is_blocked": is_blocked,
        }
        page_lives_at(request, "report_detail", pk)
        return render(request, "reports/report_review.html", context)
    by = member_of_staff(request)
    return _step(request, report, lambda: evaluation.submit_for_review(report=report, by=by),
                 _("The report is frozen. The directors can now read and sign it."))  # fmt: skip


@staff_required(Role.CLB_DIRECTOR)
@require_POST
@confirmed_lately
def report_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the frozen content the director has read, soon after showing the second factor."""
    report = get_visible_or_404(EvaluationReport.objects, request.user, pk=pk)
    by, checksum = member_of_staff(request), request.POST.get("checksum", "")
    centre = row_number(request.POST.get("centre", ""))
    return _step(request, report, lambda: evaluation.sign(report=report, checksum=checksum, by=by, centre_id=centre),
                 _("You signed this report."))  # fmt: skip


@staff_required(Role.JOINT_CLB, Role.CLB_DIRECTOR)
@require_POST
def report_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the signed report to the city."""
    report = get_object_or_404(EvaluationReport.objects.submittable_by(request.user), pk=pk)
    by = member_of_staff(request)
    return _step(request, report, lambda: evaluation.submit_report(report=report, by=by),
                 _("The report was submitted."))  # fmt: skip


def _writes(request: HttpRequest, report: EvaluationReport) -> bool:
    return report.project_id in scope_of(request.user).joint_projects


def _is_written_by_somebody(report: EvaluationReport) -> bool:
    """Whether the post of the joint worker of its year still runs."""
    return Assignment.objects.current().filter(role=Role.JOINT_CLB, project_id=report.project_id).exists()


def _may_correct(request: HttpRequest, report: EvaluationReport) -> bool:
    return _writes(request, report) and _is_correctable(report)


def _is_correctable(report: EvaluationReport) -> bool:
    """A next version is begun from the newest one only: another one may be in the making."""
    if report.state != ReportState.SUBMITTED or report.kind == ReportKind.APPLICATION:
        return False
    later = EvaluationReport.objects.filter(project_id=report.project_id, kind=report.kind, version__gt=report.version)
    return not later.exists()


def _may_submit(request: HttpRequest, report: EvaluationReport) -> bool:
    if report.state != ReportState.SIGNED:
        return False
    return EvaluationReport.objects.submittable_by(request.user).filter(pk=report.pk).exists()


def _step(request: HttpRequest, report: EvaluationReport, take: Any, done: str) -> HttpResponse:
    """Take one step of the report and say how it went."""
    try:
        take()
    except evaluation.ReportError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("report_detail", pk=report.pk)


def _open_points(
    report: EvaluationReport, comments: list[evaluation.OpenPoint], editable: bool
) -> list[evaluation.OpenPoint]:
    """What a draft still asks of who writes it, and which comments are open; once frozen the comments only."""
    asks = editable and report.state == ReportState.DRAFT
    points = evaluation.open_points(report) if asks else []
    if asks and evaluation.evaluation_since(report) is not None:
        points.insert(0, evaluation.OpenPoint(0, plan_of(0).title, _("The evaluation was frozen anew since.")))
    return [*points, *comments]


def _with_comments(chapters: list[dict[str, Any]], comments: list[evaluation.OpenPoint]) -> list[dict[str, Any]]:
    """The chapters with how many of their comments are open."""
    number = Counter(point.chapter for point in comments)
    return [{**chapter, "comments": number[chapter["number"]]} for chapter in chapters]


def _signatures(report: EvaluationReport, document: dict[str, Any], frozen: Any) -> list[dict[str, Any]]:
    """Each centre with the signature it gave under this candidate; until all have, with who directs it today: whoever
    did when it was frozen may be gone."""
    given = {row.centre_id: row for row in frozen.signatures.all()} if frozen else {}
    is_waiting = report.state == ReportState.REVIEW
    people = signing_people(report) if is_waiting else document["people"]
    rows = [
        {**person, "is_directed": person["name"] != NOBODY, "signature": given.pop(person["centre"], None)}
        for person in people
    ]
    rows += [{"organisation": row.centre.name, "signature": row} for row in given.values()]
    return rows if is_waiting else [row for row in rows if row["signature"]]


def _signs_for(request: HttpRequest, report: EvaluationReport, frozen: Any) -> Any:
    if frozen is None or report.state != ReportState.REVIEW:
        return None
    centre = evaluation.centre_to_sign_for(report, request.user)
    if centre is None or any(row.centre_id == centre.pk for row in frozen.signatures.all()):
        return None
    return centre
