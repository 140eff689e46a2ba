"""The joint worker's diary of a project year."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.chapters import plan_of
from reports.evaluation.diary import (
    NamesSomebodyError,
    change_note,
    named_by_note,
    notes_of,
    remove_note,
    write_note,
)
from reports.forms_writing import DiaryFilterForm, DiaryNoteForm
from reports.models import DiaryNote
from reports.ownproject import SHOWN, chosen_project, project_tabs
from schools.access import get_editable_or_404, member_of_staff, staff_required
from schools.models import Project, Role
from schools.scope import scope_of

PER_PAGE = 30


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def diary_list(request: HttpRequest) -> HttpResponse:
    """The notes of a project year, the newest first, with a field for the next one."""
    projects = list(Project.objects.filter(pk__in=scope_of(request.user).joint_projects).select_related("year")
                    .order_by("-starts_on")[:SHOWN])  # fmt: skip
    project = chosen_project(request, projects)
    if project is None:
        return render(request, "reports/diary_list.html", {"project": None})
    form, refused = DiaryNoteForm(request.POST or None, project=project), None
    if request.method == "POST":
        form, refused = _without_names(request, form, project)
        if form.is_valid() and refused is None:
            refused = _kept(request, form, lambda content: write_note(
                project=project, client_id=form.cleaned_data["client_id"], by=member_of_staff(request), **content
            ))  # fmt: skip
            if refused is None:
                messages.success(request, _("The note stands in the diary."))
                return redirect(f"{reverse('diary_list')}?project={project.pk}")
    narrow = DiaryFilterForm(request.GET if request.GET.keys() - {"project", "page"} else None, project=project)
    asked = narrow.narrowed()
    is_narrowed = any(asked.values()) or asked["chapter"] == 0
    page = Paginator(notes_of(project, **asked), PER_PAGE).get_page(request.GET.get("page"))
    names = named_by_note(page.object_list)
    context = {
        "project": project,
        "projects": project_tabs(projects, project),
        "form": form,
        "refused": refused,
        "filter": narrow,
        "is_narrowed": is_narrowed,
        "all_url": f"{reverse('diary_list')}?project={project.pk}" if is_narrowed else "",
        "page": page,
        "query": urlencode({name: value for name, value in request.GET.items() if name != "page" and value}),
        "notes": [(note, _chapter_name(note), names.get(note.pk, [])) for note in page.object_list],
    }
    return render(request, "reports/diary_list.html", context, status=422 if request.method == "POST" else 200)


@staff_required(Role.JOINT_CLB)
@require_http_methods(["GET", "HEAD", "POST"])
def diary_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a note right, or take it out."""
    note = get_editable_or_404(DiaryNote.objects.select_related("project__year"), request.user, pk=pk)
    back_url = f"{reverse('diary_list')}?project={note.project_id}"
    by = member_of_staff(request)
    if "remove" in request.POST:
        remove_note(note=note, by=by)
        messages.success(request, _("The note is taken out of the diary."))
        return redirect(back_url)
    form, refused = DiaryNoteForm(request.POST or None, project=note.project, note=note), None
    if request.method == "POST":
        form, refused = _without_names(request, form, note.project, note)
        if form.is_valid() and refused is None:
            refused = _kept(request, form, lambda content: change_note(note=note, by=by, **content))
            if refused is None:
                messages.success(request, _("The note is changed."))
                return redirect(back_url)
    context = {"note": note, "project": note.project, "form": form, "refused": refused, "back_url": back_url}
    return render(request, "reports/diary_note.html", context, status=422 if request.method == "POST" else 200)


def _kept(request: HttpRequest, form: DiaryNoteForm, keep: Any) -> NamesSomebodyError | None:
    """Keep the note; what it names when it was refused for that."""
    try:
        keep(form.content())
    except NamesSomebodyError as error:
        form.add_error("text", str(error))
        return error
    return None


def _without_names(
    request: HttpRequest, form: DiaryNoteForm, project: Project, note: DiaryNote | None = None
) -> tuple[DiaryNoteForm, NamesSomebodyError | None]:
    """After the button that takes the names out: the form with the rest of the note, to be read before it is kept."""
    if "without" not in request.POST:
        return form, None
    data = request.POST.copy()
    error = NamesSomebodyError(data.get("text", "")[: DiaryNote.LONGEST])
    data["text"] = error.without
    messages.info(request, _("The names are taken out. Read the note and keep it."))
    again = DiaryNoteForm(project=project, note=note)
    again.initial = {name: data.get(name) for name in again.fields}
    return again, error


def _chapter_name(note: DiaryNote) -> str:
    return f"{note.chapter} {plan_of(note.chapter).title}" if note.chapter is not None else ""
