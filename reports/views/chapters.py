"""Writing a chapter of the evaluation: text, figures to put in, what is kept, earlier versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging.formats import hour
from parents.models import Consent, ConsentPurpose, Guardian
from reports import evaluation
from reports.evaluation.binding import blocks_of
from reports.evaluation.diary import notes_of
from reports.evaluation.differences import IN, OUT, differences, of_one
from reports.evaluation.picking import choices_of, placed_in
from reports.forms import LONGEST_TEXT, ChapterForm
from reports.forms_writing import FigureForm
from reports.models import ChapterDraft, DiaryNote, EvaluationReport, ReportChapter, ReportState
from reports.render.document import chapter_blocks
from reports.render.in_text import Figures
from reports.render.page import html_of, words_in
from reports.views.ownreports import own_report_or_404
from schools import clock
from schools.access import member_of_staff, staff_required
from schools.arriving import row_number
from schools.languages import MASTER
from schools.models import Role

AUTOSAVE = "X-Autosave"
#: Notes of the diary beside a chapter; the diary itself has them all.
NOTES_SHOWN = 12


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def chapter_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Write one chapter. Two people who write at once both keep their text."""
    chapter = _chapter(request, pk, number)
    if request.method != "POST":
        return _page(request, chapter, *_opened(chapter, member_of_staff(request)))
    form = ChapterForm(request.POST)
    if AUTOSAVE in request.headers:
        return _kept(request, chapter, form)
    if not form.is_valid():
        return _page(request, chapter, form, text=request.POST.get("text", "")[:LONGEST_TEXT], status=422)
    if "save" in request.POST:
        return _saved(request, chapter, form)
    text = form.cleaned_data["text"]
    if found := _put_in(request, chapter):
        text = f"{text.rstrip()}\n\n{found}\n".lstrip()
    form = _kept_form(request, chapter, form.cleaned_data, text)
    return _page(request, chapter, form, text=text, put_in=found, looked_at="preview" in request.POST)


@staff_required(Role.JOINT_CLB)
@require_POST
def draft_discard(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Throw away what one typed in a chapter and did not save."""
    chapter = _chapter(request, pk, number)
    by = member_of_staff(request)
    if evaluation.discard_draft(chapter=chapter, mark=request.POST.get("mark", ""), by=by):
        messages.success(request, _("What you had not saved is thrown away."))
    else:
        messages.warning(request, _("That text changed in another window meanwhile, so it was not thrown away."))
    return redirect("chapter_edit", pk, number)


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def chapter_versions(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Who saved this chapter when, what each save changed, and a way back to an earlier text."""
    chapter = _chapter(request, pk, number)
    versions = evaluation.versions_of(chapter)
    given = request.POST if request.method == "POST" else request.GET
    wanted = row_number(given.get("versie", ""))
    place = next((at for at, one in enumerate(versions) if one.edition == wanted), 0)
    if request.method == "POST" and versions and versions[place].edition == wanted:
        return _restored(request, chapter, versions[place])
    shown = versions[place] if versions else None
    before = versions[place + 1] if place + 1 < len(versions) else None
    context = {
        "report": chapter.report,
        "chapter": chapter,
        "back_url": reverse("chapter_edit", args=[pk, number]),
        "versions": versions,
        "shown": shown,
        "before": before,
        "parts": differences(before.text if before else "", shown.text) if shown else [],
    }
    return render(request, "reports/chapter_versions.html", context)


def _chapter(request: HttpRequest, pk: int, number: int) -> ReportChapter:
    report = own_report_or_404(request, pk, EvaluationReport.objects.select_related("project__year"))
    chapter: ReportChapter = get_object_or_404(report.chapters, number=number)
    chapter.report = report
    return chapter


def _opened(chapter: ReportChapter, by: Any) -> tuple[ChapterForm, ChapterDraft | None]:
    """The form as it opens: with what one typed here last and did not save, else with the chapter."""
    draft = evaluation.drafts_of(chapter, by).first()
    if draft is None:
        return ChapterForm(initial={"text": chapter.text, "edition": chapter.edition}), None
    return ChapterForm(initial={"text": draft.text, "edition": draft.edition, "revision": draft.mark}), draft


def _kept(request: HttpRequest, chapter: ReportChapter, form: ChapterForm) -> JsonResponse:
    """What the page saves by itself: kept for who typed it, the chapter stays as it is."""
    if not form.is_valid():
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"message": _("Not kept yet: %(why)s") % {"why": why}}, status=422)
    given = form.cleaned_data
    try:
        draft = evaluation.keep_draft(
            chapter=chapter, text=given["text"], edition=given["edition"], mark=given["revision"],
            by=member_of_staff(request),
        )  # fmt: skip
    except evaluation.ReportError as error:
        return JsonResponse({"message": str(error)}, status=409)
    said = _("Kept at %(hour)s, not saved in the chapter yet.") % {"hour": _hour(clock.now())}
    return JsonResponse(
        {"message": said if draft else "", "url": request.path, "revision": draft.mark if draft else ""}
    )


def _kept_form(request: HttpRequest, chapter: ReportChapter, given: dict[str, Any], text: str) -> ChapterForm:
    """The form with a text that is kept already, so that who leaves the page finds it again."""
    edition, mark, by = given["edition"], given["revision"], member_of_staff(request)
    try:
        draft = evaluation.keep_draft(chapter=chapter, text=text, edition=edition, mark=mark, by=by)
    except evaluation.ReportError as error:
        messages.warning(request, str(error))
        return ChapterForm(initial={"text": text, "edition": edition, "revision": mark})
    return ChapterForm(initial={"text": text, "edition": edition, "revision": draft.mark if draft else ""})


def _put_in(request: HttpRequest, chapter: ReportChapter) -> str:
    """What a button puts at the end of the text: a figure's placeholder or a note of the diary. Script puts it where
    one is writing."""
    if "insert" in request.POST:
        picked = FigureForm(request.POST, choices=choices_of(chapter, blocks_of(chapter.report)))
        return picked.cleaned_data["figure"] if picked.is_valid() else ""
    wanted = row_number(request.POST.get("note", "")) or 0
    note = DiaryNote.objects.visible_to(request.user).filter(pk=wanted, project=chapter.report.project).first()
    return note.text if note else ""


def _saved(request: HttpRequest, chapter: ReportChapter, form: ChapterForm) -> HttpResponse:
    given, was_frozen = form.cleaned_data, chapter.report.state != ReportState.DRAFT
    try:
        saved = evaluation.save_chapter(
            chapter=chapter, text=given["text"], edition=given["edition"], draft=given["revision"],
            by=member_of_staff(request),
        )  # fmt: skip
    except evaluation.ChapterChangedError as conflict:
        return _beside(request, conflict, given)
    except evaluation.ReportError as error:
        messages.error(request, str(error))
        return redirect("report_detail", pk=chapter.report_id)
    if (other := saved.together_with) and other.written_by:
        said = _("Chapter saved, brought together with what %(name)s saved meanwhile. Read it once more.")
        messages.success(request, said % {"name": other.written_by.full_name})
    else:
        messages.success(request, _("Chapter saved."))
    _tell_draft(request, was_frozen)
    return redirect(f"{reverse('report_detail', args=[chapter.report_id])}#hoofdstuk-{chapter.number}")


def _beside(request: HttpRequest, conflict: Any, given: dict[str, Any]) -> HttpResponse:
    """Both texts of each place that both changed, and a field in which they stand together; that is kept already."""
    theirs, text = conflict.theirs, conflict.merged.text
    form = _kept_form(request, theirs, {**given, "edition": theirs.edition}, text)
    pairs = [differences(one.theirs, one.mine) for one in conflict.conflicts]
    beside = [(of_one(parts, OUT), of_one(parts, IN)) for parts in pairs]
    return _page(request, theirs, form, text=text, status=409, theirs=theirs, beside=beside)


def _restored(request: HttpRequest, chapter: ReportChapter, version: Any) -> HttpResponse:
    edition, by = row_number(request.POST.get("edition", "")) or 0, member_of_staff(request)
    was_frozen = chapter.report.state != ReportState.DRAFT
    try:
        evaluation.restore_version(chapter=chapter, version=version, edition=edition, by=by)
    except evaluation.ReportError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The earlier text stands in the chapter again. What stood there stays in this list.")
        )
        _tell_draft(request, was_frozen)
    return redirect("chapter_versions", chapter.report_id, chapter.number)


def _tell_draft(request: HttpRequest, was_frozen: bool) -> None:
    """Who began to write before the report was frozen saw no warning."""
    if was_frozen:
        messages.warning(
            request, _("The report was frozen and is a draft again. Freeze it anew; whoever signed signs again.")
        )


def _page(
    request: HttpRequest,
    chapter: ReportChapter,
    form: ChapterForm,
    draft: ChapterDraft | None = None,
    *,
    text: str = "",
    status: int = 200,
    looked_at: bool = False,
    **more: Any,
) -> HttpResponse:
    """The page: form, preview of ``text``, and beside it what can be put in. ``looked_at``: names are searched too."""
    report, by = chapter.report, member_of_staff(request)
    text = text or (draft.text if draft else chapter.text)
    bound = blocks_of(report)
    own = [block for block in bound if block.chapter_id == chapter.pk]
    agreed = Guardian.objects.visible_to(request.user)
    looked_at = looked_at or "nazien" in request.GET
    blocks = chapter_blocks(text, own, Figures(bound))
    context = {
        "report": report,
        "chapter": chapter,
        "back_url": f"{reverse('report_detail', args=[report.pk])}#hoofdstuk-{chapter.number}",
        "form": form,
        "draft": draft,
        "others": [one for one in evaluation.drafts_of(chapter, by) if one.mark != (form["revision"].value() or "")],
        "writers": [(name, _hour(at)) for name, at in evaluation.writing_now(chapter, by)],
        "plan": evaluation.plan_for(chapter),
        "preview": html_of(blocks) if chapter.number else "",
        "words": words_in(blocks),
        "figures": FigureForm(choices=choices_of(chapter, bound)),
        "placed": placed_in(own),
        "flags": [
            *(evaluation.people_in(chapter, text) if looked_at else ()),
            *evaluation.numbers_in(chapter, text, bound),
        ],
        "looked_at": looked_at,
        "notes": notes_of(report.project, chapter=chapter.plan)[:NOTES_SHOWN],
        "last": report.chapters.count() - 1,
        "stories": Consent.objects.running().filter(purpose=ConsentPurpose.STORY, guardian__in=agreed).count(),
    }
    return render(request, "reports/chapter_edit.html", context | more, status=status)


def _hour(moment: datetime) -> str:
    return hour(f"{moment.astimezone(clock.BRUSSELS):%H:%M}", get_language() or MASTER)
