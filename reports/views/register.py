"""The register of processing (GDPR art. 30), for the operator and the directors of the CLBs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.register import PROCESSING
from schools.access import member_of_staff, staff_required
from schools.models import Role
from schools.processing import lines
from schools.spreadsheet import as_csv


@staff_required(Role.ADMIN, Role.CLB_DIRECTOR)
@require_safe
def processing_register(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why and how long, by kind of row."""
    return render(request, "reports/processing_register.html", {"entries": PROCESSING})


@staff_required(Role.ADMIN, Role.CLB_DIRECTOR)
@require_safe
def processing_register_csv(request: HttpRequest) -> HttpResponse:
    """The same, field by field, for a spreadsheet."""
    head = [_("Table"), _("Field"), _("Name"), _("Of whom"), _("Why"), _("Kept"), _("Legal ground")]
    rows = (
        [line.model, line.field, line.name, line.about, line.purpose, line.until, line.ground]
        for line in lines(PROCESSING)
    )
    made_by = member_of_staff(request).full_name
    response = HttpResponse(as_csv(head, rows, made_by), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verwerkingsregister.csv"'
    return response
