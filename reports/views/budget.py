"""The budget: what was granted, what was spent by dated bookings, what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.amounts import in_euros
from reports.budget import State, add_line, book, change_line, may_write, reverse_booking, states, together
from reports.forms_means import BookingForm, LineForm
from reports.means import facts_of
from reports.models import BudgetBooking, BudgetLine
from reports.ownproject import chosen_project, project_tabs, projects_of
from reports.render.workbook import book_of
from reports.views.tabs import MEANS_READERS, figure_tabs
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.languages import MASTER
from schools.models import Project, Role
from schools.spreadsheet import XLSX, as_csv, made_by_line

#: Newest bookings of a line on its page; the workbook has all.
BOOKINGS_SHOWN = 200
_FILES = (("XLSX", "budget_workbook"), ("CSV", "budget_csv"))


@staff_required(*MEANS_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def budget_page(request: HttpRequest) -> HttpResponse:
    """Every line with granted, spent, left and per cents; a form for one more line."""
    projects, tabs = projects_of(request.user), figure_tabs(request, "budget")
    project = chosen_project(request, projects)
    if project is None:
        return render(request, "reports/budget.html", {"tabs": tabs})
    writes = may_write(project, member_of_staff(request))
    if request.method == "POST" and not writes:
        raise Http404
    form = LineForm(request.POST or None) if writes else None
    if form is not None and form.is_bound and form.is_valid():
        added = _done(form, lambda: add_line(project=project, by=member_of_staff(request), **form.cleaned_data))
        if added:
            messages.success(request, _("The line is there. Book what is spent of it on its own page."))
            return redirect(_address(project))
    found = states(project)
    context = {
        "project": project,
        "projects": project_tabs(projects, project),
        "tabs": tabs,
        "form": form,
        "lines": [(one, _in_words(one)) for one in found],
        "whole": _in_words(together(found)),
        "facts": facts_of(project, request.user),
        "files": [(kind, f"{reverse(name)}?project={project.pk}") for kind, name in _FILES],
    }
    return render(request, "reports/budget.html", context, status=422 if request.method == "POST" else 200)


@staff_required(*MEANS_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def budget_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: its bookings with who and when, a form for the next one, and what the line said before."""
    line = get_visible_or_404(BudgetLine.objects.select_related("project__year"), request.user, pk=pk)
    writes = may_write(line.project, member_of_staff(request))
    asked = request.POST.get("form", "") if request.method == "POST" else ""
    if request.method == "POST" and not writes:
        raise Http404
    booking = BookingForm(request.POST if asked == "booking" else None) if writes else None
    change = LineForm(request.POST if asked == "line" else None, line=line) if writes else None
    if _is_booked(request, line, booking) or _is_changed(request, line, change):
        return redirect("budget_line", line.pk)
    state = next(one for one in states(line.project) if one.line and one.line.pk == line.pk)
    rows = line.bookings.select_related("booked_by", "reversed_by")[:BOOKINGS_SHOWN]
    context = {
        "line": line,
        "facts": _facts(state),
        "bookings": [(row, _euros(row.amount)) for row in rows],
        "is_cut": state.bookings > BOOKINGS_SHOWN,
        "changes": [(row, _euros(row.granted)) for row in line.changes.all()[:BOOKINGS_SHOWN]],
        "booking_form": booking,
        "line_form": change,
        "back": _address(line.project),
    }
    return render(request, "reports/budget_line.html", context, status=422 if request.method == "POST" else 200)


@staff_required(Role.JOINT_CLB, Role.CLB_DIRECTOR)
@require_POST
def booking_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a booking right with its opposite."""
    lines = BudgetLine.objects.editable_by(request.user).values("pk")
    booking = get_object_or_404(BudgetBooking.objects.filter(line__in=lines).select_related("line__project"), pk=pk)
    try:
        reverse_booking(booking=booking, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Reversed: both bookings stay to be read, and together they are nothing."))
    return redirect("budget_line", booking.line_id)


@staff_required(*MEANS_READERS)
@require_safe
def budget_csv(request: HttpRequest) -> HttpResponse:
    """The lines, then every booking."""
    _project, (head, rows), (more_head, more_rows) = _tables(request)
    text = as_csv(head, [*rows, [], more_head, *more_rows], str(request.user))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="begroting.csv"'
    return response


@staff_required(*MEANS_READERS)
@require_safe
def budget_workbook(request: HttpRequest) -> HttpResponse:
    project, lines, bookings = _tables(request)
    made_by = made_by_line(str(request.user))
    sheets = ((_("Budget"), *lines), (_("Bookings"), *bookings))
    book = book_of(" ".join((_("Budget"), str(project))), made_by, *sheets)
    response = HttpResponse(book, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="begroting.xlsx"'
    return response


def _is_booked(request: HttpRequest, line: BudgetLine, form: BookingForm | None) -> bool:
    if form is None or not form.is_bound or not form.is_valid():
        return False
    key, by = form.cleaned_data["client_id"], member_of_staff(request)
    done = _done(form, lambda: book(line=line, spending=form.spending(), client_id=key, by=by))
    if done:
        messages.success(request, _("Booked."))
    return done


def _is_changed(request: HttpRequest, line: BudgetLine, form: LineForm | None) -> bool:
    if form is None or not form.is_bound or not form.is_valid():
        return False
    done = _done(form, lambda: change_line(line=line, by=member_of_staff(request), **form.cleaned_data))
    if done:
        messages.success(request, _("The line is changed; what it said before stays below."))
    return done


_Table = tuple[list[str], list[list[str]]]


def _tables(request: HttpRequest) -> tuple[Project, _Table, _Table]:
    """Lines and bookings, amounts as numbers with a comma. Who booked is not told: others read it too."""
    project = chosen_project(request, projects_of(request.user))
    if project is None:
        raise Http404
    found = states(project)
    lines = [[one.name, *_numbers(one)] for one in found]
    lines.append([_("Together"), *_numbers(together(found))])
    rows = BudgetBooking.objects.filter(line__project=project).select_related("line").order_by("booked_on", "pk")
    bookings = [
        [f"{row.booked_on:%Y-%m-%d}", row.line.name, written_money(row.amount), row.what, row.proof] for row in rows
    ]
    head = [_("Line"), _("Granted"), _("Spent"), _("Left"), "%"]
    return project, (head, lines), ([_("Spent on"), _("Line"), _("Amount"), _("For what"), _("Proof")], bookings)


def _numbers(one: State) -> list[str]:
    amounts = [written_money(amount) for amount in (one.granted, one.spent, one.left)]
    return [*amounts, "" if one.percent is None else str(one.percent)]


def written_money(amount: Any) -> str:
    """With two decimals and a comma, as a spreadsheet of Belgium reads it."""
    return f"{amount:.2f}".replace(".", ",")


def _address(project: Project) -> str:
    return f"{reverse('budget')}?project={project.pk}"


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Whether it was done; else the form says what is wrong, under its own field names."""
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _euros(amount: Any) -> str:
    """As the reader's language writes it."""
    return in_euros(amount, get_language() or MASTER)


def _in_words(one: State) -> dict[str, Any]:
    return {
        "granted": _euros(one.granted),
        "spent": _euros(one.spent),
        "left": _euros(one.left),
        "percent": "–" if one.percent is None else f"{one.percent}\u00a0%",
        "is_over": one.is_over,
    }


def _facts(state: State) -> list[dict[str, Any]]:
    words = _in_words(state)
    return [
        {"term": _("Granted"), "value": words["granted"]},
        {"term": _("Spent"), "value": f"{words['spent']} ({words['percent']})"},
        {"term": _("Left"), "value": words["left"]},
    ]
