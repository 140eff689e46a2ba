"""The yearly log of notices and the share that was translated."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from messaging import translationlog
from schools import audit
from schools.access import CLB_STAFF, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Role, School, SchoolYear
from schools.spreadsheet import as_csv

ROWS_ON_A_PAGE = 25
_SCHOOLS_SHOWN = 200


@staff_required(Role.HEAD, *CLB_STAFF, Role.ADMIN)
@require_safe
def translation_log(request: HttpRequest) -> HttpResponse:
    """One school and school year: the share that was translated, and each notice."""
    schools = list(translationlog.schools_of(request.user).order_by("name")[:_SCHOOLS_SHOWN])
    years = list(translationlog.years())
    school, year = _chosen(request, schools, years)
    if school is None or year is None:
        return render(request, "messaging/translation_log.html", {"school": None})
    page = Paginator(translationlog.notices_of(school, year), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "school": school,
        "schools": schools,
        "year": year,
        "years": years,
        "totals": translationlog.totals_of(school, year),
        "page": page,
        "rows": list(translationlog.rows_for(page.object_list)),
        "query": f"school={school.pk}&jaar={year.pk}",
    }
    return render(request, "messaging/translation_log.html", context)


@staff_required(Role.HEAD, *CLB_STAFF, Role.ADMIN)
@require_safe
def translation_log_csv(request: HttpRequest) -> HttpResponse:
    """The whole log of a school year for a spreadsheet; a line in the access log."""
    schools = list(translationlog.schools_of(request.user).order_by("name")[:_SCHOOLS_SHOWN])
    school, year = _chosen(request, schools, list(translationlog.years()))
    if school is None or year is None:
        raise Http404
    by = member_of_staff(request)
    head, rows = translationlog.table_of(school, year)
    audit.record(actor=by, verb="exported", target=school, school_id=school.pk, what="translations")
    response = HttpResponse(as_csv(head, rows, by.full_name), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vertalingen-{school.pk}-{year.starts_on:%Y}.csv"'
    return response


def _chosen(
    request: HttpRequest, schools: list[School], years: list[SchoolYear]
) -> tuple[School | None, SchoolYear | None]:
    """School and year of the address, or the first of each; somebody else's school is not there."""
    school: School | None = schools[0] if schools else None
    if wanted := request.GET.get("school", ""):
        school = next((row for row in schools if row.pk == row_number(wanted)), None)
        if school is None:
            raise Http404
    year: SchoolYear | None = years[0] if years else None
    if wanted := request.GET.get("jaar", ""):
        year = next((row for row in years if row.pk == row_number(wanted)), None)
        if year is None:
            raise Http404
    return school, year
