"""The list of a class: to read, to print, to take along in a spreadsheet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parents.classlist import ListedPupil, as_table, class_list
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.confirming import confirmed_file
from schools.models import Role, SchoolClass
from schools.scope import scope_of
from schools.spreadsheet import XLSX, as_csv, as_xlsx


@staff_required(*FAMILY_WORKERS, Role.OFFICE)
@require_safe
def class_listed(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as a page that prints well."""
    school_class, rows = _listed(request, pk, "read")
    back = reverse("class_detail", args=[pk])
    if not scope_of(request.user).roles & {*FAMILY_WORKERS}:  # the office opens no class, but keeps its children
        back = f"{reverse('pupil_list')}?school={school_class.school_id}&klas={pk}"
    context = {"school_class": school_class, "rows": rows, "back_url": back}
    return render(request, "parents/class_list.html", context)


@staff_required(*FAMILY_WORKERS, Role.OFFICE)
@require_safe
@confirmed_file
def class_list_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The same as CSV or a workbook."""
    if form not in ("csv", "xlsx"):
        raise Http404
    school_class, rows = _listed(request, pk, "exported")
    head, cells = as_table(rows)
    made_by = member_of_staff(request).full_name
    if form == "csv":
        response = HttpResponse(as_csv(head, cells, made_by), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(as_xlsx(head, cells, made_by, school_class.name), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="klas-{school_class.pk}.{form}"'
    return response


def _listed(request: HttpRequest, pk: int, verb: str) -> tuple[SchoolClass, list[ListedPupil]]:
    """The class and its list, with a line in the access log about each child on it."""
    school_class = get_visible_or_404(SchoolClass.objects.select_related("school", "year"), request.user, pk=pk)
    rows = class_list(school_class, request.user)
    audit.record_reading(
        actor=request.user,
        verb=verb,
        target=school_class,
        school_id=school_class.school_id,
        pupils=[row.pupil.pk for row in rows],
    )
    return school_class, rows
