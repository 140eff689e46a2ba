"""Interpreters for talks: what is still to book, one by one, for a talk outside a round, and the agency's sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parents import interpreters
from parents.choosing import children_to_tap
from parents.conferencelists import parents_of, schools_of
from parents.forms_interpreters import ArrangeForm, SentForm, TalkForm
from parents.models import InterpreterRequest
from parents.services.interpreters import Sheet, arrange, ask_agency, ask_interpreter
from parents.views.conferences import RECEIVERS
from schools import audit
from schools.access import chosen_school, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.confirming import confirmed_file
from schools.models import Enrolment, Pupil, School
from schools.spreadsheet import as_csv

ROWS_ON_A_PAGE = 30
#: In the address: with what is over.
EVERYTHING = "alles"


@staff_required(*RECEIVERS)
@require_safe
def interpreter_list(request: HttpRequest) -> HttpResponse:
    """What is still to arrange first, by day; languages and money by school year."""
    with_past = request.GET.get("toon") == EVERYTHING
    rows = interpreters.requests_of(request.user, with_past=with_past)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    schools = list(schools_of(request.user))
    for school_id in sorted({row.school_id for row in shown}):
        of_it = [row for row in shown if row.school_id == school_id]
        audit.record_reading(
            actor=request.user,
            verb="listed",
            target=of_it[0],
            school_id=school_id,
            pupils=[row.about.pk for row in of_it if row.about],
        )
    context = {
        "page": page,
        "parts": interpreters.parts_of(shown),
        "totals": interpreters.totals(request.user),
        "schools": schools,
        "sheets": [(school, _of_school("interpreter_sheet", school)) for school in schools],
        "with_past": with_past,
        "query_string": f"toon={EVERYTHING}" if with_past else "",
    }
    return render(request, "parents/interpreter_list.html", context)


@staff_required(*RECEIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def interpreter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, and how far it is with the agency."""
    rows = InterpreterRequest.objects.for_showing()
    row = get_visible_or_404(rows, request.user, pk=pk)
    form = ArrangeForm(request.POST or None, request=row)
    if request.method == "POST" and form.is_valid():
        try:
            arrange(request=row, to=form.arrangement(), by=member_of_staff(request), seen=form.cleaned_data["seen"])
        except ValidationError as error:
            row = get_visible_or_404(rows, request.user, pk=pk)
            kept = request.POST.copy()
            kept["seen"] = row.version
            form = ArrangeForm(kept, request=row)
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("interpreter_list")
    pupils = [row.about.pk] if row.about else []
    audit.record_reading(actor=request.user, verb="read", target=row, school_id=row.school_id, pupils=pupils)
    context = {
        "line": interpreters.lines_of([row])[0],
        "form": form,
        "agencies": interpreters.agencies_of(request.user),
    }
    return render(request, "parents/interpreter_detail.html", context, status=422 if form.errors else 200)


@staff_required(*RECEIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def interpreter_new(request: HttpRequest) -> HttpResponse:
    """For a home visit, a welcome talk, any talk outside a round: first the child, then the talk."""
    wanted = row_number(request.GET.get("pupil", ""))
    here = Enrolment.objects.current().filter(school__in=schools_of(request.user))
    children = Pupil.objects.filter(pk__in=here.values("pupil_id"))
    if wanted is None:
        context = children_to_tap(request, children, address=reverse("interpreter_new"))
        return render(request, "parents/interpreter_choose.html", context)
    pupil = get_visible_or_404(children, request.user, pk=wanted)
    form = TalkForm(request.POST or None, guardians=parents_of([pupil.pk])[pupil.pk])
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_interpreter(pupil=pupil, talk=form.talk(), by=member_of_staff(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The request is on the list. Say below which agency you asked."))
            return redirect("interpreter_detail", pk=made.pk)
    school_id = here.filter(pupil=pupil).values_list("school_id", flat=True).first()
    audit.record_reading(actor=request.user, verb="read", target=pupil, school_id=school_id, pupils=[pupil.pk])
    context = {"form": form, "pupil": pupil}
    return render(request, "parents/interpreter_new.html", context, status=422 if form.errors else 200)


@staff_required(*RECEIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def interpreter_sheet(request: HttpRequest) -> HttpResponse:
    """What an agency gets on paper: language, time, place and who of the school can be called. Nothing of a family.
    Once it is sent, the day is noted at each request that stood on it."""
    school, rows, cells = _sheet(request)
    form = SentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stood = [line.partition("-") for line in request.POST.getlist("row")]
        keys = {row_number(pk): key for pk, _dash, key in stood}
        sheet = ask_agency(
            lines={row.pk: keys[row.pk] for row in rows if row.pk in keys},
            agency=form.cleaned_data["agency"],
            by=member_of_staff(request),
        )
        return _say(request, sheet)
    context: dict[str, Any] = {
        "school": school,
        "csv_url": _of_school("interpreter_sheet_csv", school) if school else "",
        "head": interpreters.sheet_head(),
        "lines": list(zip(rows, cells, strict=True)),
        "rows": rows,
        "form": form,
        "agencies": interpreters.agencies_of(request.user),
    }
    return render(request, "parents/interpreter_sheet.html", context, status=422 if form.errors else 200)


def _say(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What became of the sheet; with lines that say something else by now it is to be printed again."""
    if sheet.noted:
        words = ngettext("%(number)d request was noted.", "%(number)d requests were noted.", sheet.noted)
        messages.success(request, words % {"number": sheet.noted})
    if not sheet.changed:
        return redirect("interpreter_list")
    words = ngettext(
        "%(number)d request was changed since you printed the sheet, so nothing was noted of it. Print the sheet "
        "again.",
        "%(number)d requests were changed since you printed the sheet, so nothing was noted of them. Print the sheet "
        "again.",
        len(sheet.changed),
    )
    messages.error(request, words % {"number": len(sheet.changed)})
    return redirect(request.get_full_path())


@staff_required(*RECEIVERS)
@require_safe
@confirmed_file
def interpreter_sheet_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    _school, _rows, cells = _sheet(request)
    text = as_csv(interpreters.sheet_head(), cells, member_of_staff(request).full_name)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tolken.csv"'
    return response


def _of_school(page: str, school: School) -> str:
    return f"{reverse(page)}?school={school.pk}"


def _sheet(request: HttpRequest) -> tuple[School | None, list[InterpreterRequest], list[list[str]]]:
    school = chosen_school(request, list(schools_of(request.user)))
    if school is None:
        return None, [], []
    rows = interpreters.for_agency(request.user, school)
    return school, rows, interpreters.sheet_rows(rows, member_of_staff(request), school)
