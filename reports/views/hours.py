"""Hours: the joint worker notes the own week, others see the sums of the months."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.amounts import in_hours
from reports.forms_means import HoursForm
from reports.hours import (
    Hours,
    Month,
    by_centre,
    by_month,
    copy_last_week,
    corrections_in,
    hours_in,
    missing_weeks,
    note_week,
    totals,
    week_within,
)
from reports.means import facts_of
from reports.models import TimeEntry
from reports.ownproject import chosen_project, project_tabs, projects_of
from reports.render.workbook import book_of
from reports.views.tabs import MEANS_READERS, figure_tabs
from schools import clock
from schools.access import member_of_staff, staff_required
from schools.days import month_letter
from schools.languages import MASTER
from schools.models import Project, Role
from schools.scope import scope_of
from schools.spreadsheet import XLSX, as_csv, made_by_line

_WEEK = timedelta(weeks=1)
_FILES = (("XLSX", "hours_workbook"), ("CSV", "hours_csv"))
#: The activities in the order of ``ACTIVITIES``, as heads of columns.
_SHORT = (
    gettext_noop("Contact"),
    gettext_noop("Preparation"),
    gettext_noop("Coaching"),
    gettext_noop("Administration"),
    gettext_noop("Travel"),
)


@staff_required(*MEANS_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def hours_page(request: HttpRequest) -> HttpResponse:
    """The worker's week with what is missing; below it, for all, the sums by month and by centre."""
    projects, tabs = projects_of(request.user), figure_tabs(request, "hours")
    project = chosen_project(request, projects)
    if project is None:
        return render(request, "reports/hours.html", {"tabs": tabs})
    notes = _notes_in(request, project)
    if request.method == "POST" and not notes:
        raise Http404
    week = week_within(project, _asked(request))
    form, noted = None, hours_in(project, member_of_staff(request), week)
    if notes:
        form = HoursForm(request.POST or None, hours=noted)
        if form.is_bound and form.is_valid() and _noted(request, project, week, form):
            return redirect(_address(project, week))
    months = by_month(project)
    context = {
        "project": project,
        "projects": project_tabs(projects, project),
        "tabs": tabs,
        "form": form,
        "months": _rows(months, _reader()),
        "columns": _columns(),
        "foot": _sums(months, _reader()),
        "shares": [
            (name, share, in_hours(part, _reader(), decimals=2))
            for name, share, part in by_centre(project, totals(months)[-1])
        ],
        "facts": facts_of(project, request.user),
        "files": [(kind, f"{reverse(name)}?project={project.pk}") for kind, name in _FILES],
        **(_week_of(request, project, week, noted) if notes else {}),
    }
    return render(request, "reports/hours.html", context, status=422 if request.method == "POST" else 200)


@staff_required(Role.JOINT_CLB)
@require_POST
def hours_copy(request: HttpRequest) -> HttpResponse:
    """The hours of the week before, in one tap."""
    project = chosen_project(request, projects_of(request.user))
    if project is None or not _notes_in(request, project):
        raise Http404
    week = week_within(project, _asked(request))
    try:
        copy_last_week(project=project, week=week, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Last week's hours stand in this week. Change what was different."))
    return redirect(_address(project, week))


@staff_required(*MEANS_READERS)
@require_safe
def hours_csv(request: HttpRequest) -> HttpResponse:
    project, head, rows = _table(request)
    text = as_csv(head, [[str(project)], *rows], str(request.user))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="uren.csv"'
    return response


@staff_required(*MEANS_READERS)
@require_safe
def hours_workbook(request: HttpRequest) -> HttpResponse:
    project, head, rows = _table(request)
    title = " ".join((_("Hours"), str(project)))
    book = book_of(title, made_by_line(str(request.user)), (_("Hours"), head, rows))
    response = HttpResponse(book, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="uren.xlsx"'
    return response


def _table(request: HttpRequest) -> tuple[Project, list[str], list[list[str]]]:
    """The sums of the months as head and rows, with a comma: so spreadsheets of Belgium read them."""
    project = chosen_project(request, projects_of(request.user))
    if project is None:
        raise Http404
    months = by_month(project)
    rows = [*_rows(months), _sums(months)]
    return project, [str(column["label"]) for column in _columns()], rows


def _notes_in(request: HttpRequest, project: Project) -> bool:
    return project.pk in scope_of(request.user).joint_projects


def _asked(request: HttpRequest) -> date:
    """The day in the address; one that is none is today."""
    try:
        return parse_date(request.GET.get("week", "")) or clock.today()
    except ValueError:
        return clock.today()


def _address(project: Project, week: date) -> str:
    return f"{reverse('hours')}?project={project.pk}&week={week.isoformat()}"


def _noted(request: HttpRequest, project: Project, week: date, form: HoursForm) -> bool:
    try:
        number = note_week(project=project, week=week, hours=form.hours(), by=member_of_staff(request))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The hours of this week are kept.") if number else _("Nothing changed in this week."))
    return True


def _week_of(request: HttpRequest, project: Project, week: date, noted: Hours) -> dict[str, Any]:
    """What stands around the form of a week."""
    colleague = member_of_staff(request)
    last = hours_in(project, colleague, week - _WEEK)
    before, after = week_within(project, week - _WEEK), week_within(project, week + _WEEK)
    return {
        "week": week,
        "last_day": week + timedelta(days=4),
        "before": _address(project, before) if before < week else "",
        "after": _address(project, after) if after > week else "",
        "copy": bool(last) and not noted,
        "copy_url": f"{reverse('hours_copy')}?project={project.pk}&week={week.isoformat()}",
        "total": in_hours(sum(noted.values(), Decimal(0)), _reader()) if noted else "",
        "missing": [(day, _address(project, day)) for day in missing_weeks(project, colleague)],
        "corrections": [
            (TimeEntry.Activity(row.entry.activity).label, in_hours(row.hours, _reader()), row.corrected_at)
            for row in corrections_in(project, colleague, week)
        ],
    }


def _reader() -> str:
    return get_language() or MASTER


def _sums(months: list[Month], code: str = MASTER) -> list[str]:
    *activities, whole = totals(months)
    return [_("Together"), in_hours(whole, code), *(in_hours(value, code) for value in activities)]


def _columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Month")},
        *({"label": _(label), "numeric": True} for label in (gettext_noop("Together"), *_SHORT)),
    ]


def _rows(months: list[Month], code: str = MASTER) -> list[list[str]]:
    return [
        [
            date_format(month.first, f"{month_letter()} Y"),
            in_hours(month.total, code),
            *(in_hours(one, code) for one in month.hours),
        ]
        for month in months
    ]
