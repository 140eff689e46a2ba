"""Data breaches: anybody reports one in a minute, and who answers for the place keeps the register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reports.breaches import close_breach, note_step, reopen_breach, report_breach
from reports.breaches.keeping import left_to_do
from reports.breaches.lines import head_of_file, history_of, places_of, rows_of_file
from reports.forms_breaches import FORMS, ReportForm
from reports.models import BreachLine, DataBreach
from schools import audit, clock
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.confirming import confirmed_file
from schools.days import full_day
from schools.models import Role
from schools.scope import scope_of
from schools.spreadsheet import as_csv
from schools.staffing import remit_of

KEEPERS = (Role.HEAD, Role.CLB_DIRECTOR, Role.ADMIN)
ROWS_ON_A_PAGE = 25
#: On paper; older ones are in the file.
PRINTED = 100
Step = BreachLine.Step


@staff_required(*KEEPERS)
@require_safe
def breach_list(request: HttpRequest) -> HttpResponse:
    """Open ones first, the most urgent on top."""
    page = Paginator(_register(request), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/breach_list.html", {"page": page})


@staff_required()
@require_http_methods(["GET", "HEAD", "POST"])
def breach_new(request: HttpRequest) -> HttpResponse:
    """The short form for every colleague."""
    form = ReportForm(request.POST or None, user=request.user, places=places_of(request.user))
    if form.is_valid():
        breach = report_breach(by=member_of_staff(request), **form.content())
        messages.success(request, _("Thank you. Who answers for it gets a mail now. Tell them as well."))
        seen = DataBreach.objects.visible_to(request.user).filter(pk=breach.pk).exists()
        return redirect("breach", breach.pk) if seen else redirect("home")
    context = {"form": form, "is_keeper": _keeps_register(request)}
    return render(request, "reports/breach_new.html", context, status=422 if form.is_bound else 200)


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def breach(request: HttpRequest, pk: int) -> HttpResponse:
    """One breach, with a form for each step and its history; the next step stands open. A POST names its step."""
    row = _row(request, pk)
    forms: dict[str, Any] = {}
    if request.method == "POST":
        step = request.POST.get("step", "")
        if step in (Step.CLOSED, Step.REOPENED):
            _close_or_open(request, row, step)
            return redirect("breach", pk)
        if step in FORMS:
            form = forms[step] = FORMS[step](request.POST, user=request.user, breach=row)
            if form.is_valid() and _noted(request, row, step, form):
                return redirect("breach", pk)
        row = _row(request, pk)
    left = left_to_do(row)
    opened = next(iter([*forms, *left]), "")
    if row.closed_at is None:
        for step, kind in FORMS.items():
            forms.setdefault(step, kind(user=request.user, breach=row))
    context = {
        "row": row,
        "steps": [(step, _TITLES[Step(step)](), forms[step], step == opened) for step in FORMS if step in forms],
        "left": left,
        "history": history_of(row),
    }
    return render(request, "reports/breach_detail.html", context, status=422 if request.method == "POST" else 200)


@staff_required(*KEEPERS)
@require_safe
def breach_print(request: HttpRequest) -> HttpResponse:
    """The register on paper, the newest first."""
    rows = list(_register(request).order_by("-known_at", "-pk")[: PRINTED + 1])
    context = {"rows": rows[:PRINTED], "has_more": len(rows) > PRINTED}
    return render(request, "reports/breach_print.html", context)


@staff_required(*KEEPERS)
@require_safe
@confirmed_file
def breach_csv(request: HttpRequest) -> HttpResponse:
    """The register for a spreadsheet; a line in the access log."""
    rows = _register(request).order_by("known_at", "pk")
    by = member_of_staff(request)
    response = HttpResponse(
        as_csv(head_of_file(), rows_of_file(rows), by.full_name), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="datalekken.csv"'
    audit.record(actor=by, verb="exported the register of data breaches", target=by)
    return response


_TITLES = {
    Step.DESCRIBED: lambda: _("What happened, and what was done"),
    Step.JUDGED: lambda: _("The risk"),
    Step.AUTHORITY: lambda: _("The supervisor"),
    Step.PEOPLE: lambda: _("The persons concerned"),
}


def _noted(request: HttpRequest, row: DataBreach, step: str, form: Any) -> bool:
    try:
        changed = note_step(breach=row, step=step, by=member_of_staff(request), **form.facts())
    except ValidationError as error:
        # What one step says can want a word of another one, which has a form of its own.
        named = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, words in named.items():
            form.add_error(name if name in form.fields else None, words)
        return False
    messages.success(request, _("Kept.") if changed else _("Nothing was changed."))
    return True


def _close_or_open(request: HttpRequest, row: DataBreach, step: str) -> None:
    by = member_of_staff(request)
    if step == Step.REOPENED:
        reopen_breach(breach=row, by=by)
        messages.success(request, _("Open again."))
        return
    try:
        close_breach(breach=row, by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        until = full_day(clock.today() + timedelta(days=settings.BREACH_DAYS))
        messages.success(request, _("Closed. It stays in the register until %(day)s.") % {"day": until})


def _keeps_register(request: HttpRequest) -> bool:
    """Heads, directors and who administers the portal. Who administers a school does not: an empty register would tell
    them that nothing went wrong there."""
    scope = scope_of(request.user)
    return bool(remit_of(scope).is_administrator or scope.led_schools or scope.directed_centres)


def _register(request: HttpRequest) -> QuerySet[DataBreach]:
    if not _keeps_register(request):
        raise PermissionDenied
    rows = DataBreach.objects.visible_to(request.user).select_related("school", "centre")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "due_at", "pk")


def _row(request: HttpRequest, pk: int) -> DataBreach:
    rows = DataBreach.objects.select_related("school", "centre", "reported_by")
    row: DataBreach = get_visible_or_404(rows, request.user, pk=pk)
    return row
