"""The register of processing (GDPR art. 30), for the operator and the directors of the CLBs."""

from __future__ import annotations

from dataclasses import astuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parents.models import LegalHold
from parents.services import release_family
from reports.register import PROCESSING
from schools.access import member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Role
from schools.processing import lines
from schools.scope import scope_of
from schools.spreadsheet import as_csv

#: The first to end come first.
HOLDS_SHOWN = 50


@staff_required(Role.ADMIN, Role.CLB_DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def processing_register(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why and how long, by kind of row. For the administrator also the legal holds of families
    without a child at any school, whose page nobody opens; a POST ends one."""
    is_operator = scope_of(request.user).is_administrator
    if request.method == "POST":
        if not is_operator:
            raise PermissionDenied
        _release(request)
        return redirect("processing_register")
    holds = LegalHold.objects.running().without_place().select_related("held_by", "school").order_by("until", "pk")
    context = {"entries": PROCESSING, "holds": list(holds[:HOLDS_SHOWN]) if is_operator else []}
    return render(request, "reports/processing_register.html", context)


def _release(request: HttpRequest) -> None:
    rows = LegalHold.objects.running().without_place()
    hold = rows.filter(pk=row_number(request.POST.get("hold", "")) or 0).first()
    if hold is not None:
        release_family(hold=hold, by=member_of_staff(request), school_id=hold.school_id)
        messages.success(request, _("The hold is over."))


@staff_required(Role.ADMIN, Role.CLB_DIRECTOR)
@require_safe
def processing_register_csv(request: HttpRequest) -> HttpResponse:
    """The same, field by field, for a spreadsheet."""
    head = [_("What"), _("Field"), _("Of whom"), _("Why"), _("Kept"), _("Legal ground")]
    head += [_("Table in the database"), _("Field in the database")]
    rows = (astuple(line) for line in lines(PROCESSING))
    made_by = member_of_staff(request).full_name
    response = HttpResponse(as_csv(head, rows, made_by), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verwerkingsregister.csv"'
    return response
