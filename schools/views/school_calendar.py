"""The school's calendar: the holidays of everybody and its own free days, from which all waiting is counted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from schools import clock
from schools.access import chosen_school, member_of_staff, schools_run_by, staff_required
from schools.forms_calendar import CalendarFileForm, FoundDaysForm, FreeDaysForm
from schools.models import Holiday, Role, School, SchoolYear
from schools.services import add_free_days, remove_free_days
from schools.views import rollover

SCHOOLS_SHOWN = 200
_MAY = (Role.HEAD, Role.OFFICE, Role.ADMIN)


@staff_required(*_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def school_calendar(request: HttpRequest) -> HttpResponse:
    """Free days of this and the next school year; a form for one more, and one for a calendar file."""
    schools = list(schools_run_by(request.user).order_by("name")[:SCHOOLS_SHOWN])
    school = chosen_school(request, schools)
    if school is None:
        return render(request, "schools/school_calendar.html", {"school": None})
    years = _years()
    asked = request.POST.get("form", "") if request.method == "POST" else ""
    one = FreeDaysForm(request.POST if asked == "one" else None)
    file = CalendarFileForm(
        request.POST if asked == "file" else None, request.FILES if asked == "file" else None, years=years
    )
    found = FoundDaysForm(request.POST if asked == "found" else None)
    known = set(Holiday.objects.filter(school=school).values_list("starts_on", "name"))
    if asked == "one" and one.is_valid():
        if _added(request, school, one, [one.days()]):
            return redirect(address(school))
    elif asked == "found" and found.is_valid() and _added(request, school, found, found.cleaned_data["days"]):
        return redirect(address(school))
    listed = found.offered()
    if asked == "file" and file.is_valid():
        listed = [(days, (days.starts_on, days.name) not in known) for days in file.found]
    context: dict[str, Any] = {
        "school": school,
        "schools": schools,
        "rollover_url": rollover.address(school),
        "years": _lines(years, school),
        "one": one,
        "file": file,
        "found_form": found,
        "found": [(days, (days.starts_on, days.name) in known, is_ticked) for days, is_ticked in listed],
    }
    is_wrong = bool(asked) and not (asked == "file" and listed)
    return render(request, "schools/school_calendar.html", context, status=422 if is_wrong else 200)


@staff_required(*_MAY)
@require_POST
def free_days_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """There is class on these days after all."""
    rows = Holiday.objects.filter(school__in=schools_run_by(request.user).values("pk"))
    holiday = get_object_or_404(rows.select_related("school"), pk=pk)
    school = holiday.school
    remove_free_days(holiday=holiday, by=member_of_staff(request))
    messages.success(request, _("Removed: there is class on these days."))
    return redirect(address(school))


def address(school: School | None) -> str:
    return f"{reverse('school_calendar')}?school={school.pk if school else ''}"


def _years() -> list[SchoolYear]:
    """The running school year and what comes after it, in order."""
    running = SchoolYear.objects.running()
    rows = SchoolYear.objects.filter(starts_on__gte=running.starts_on if running else clock.today())
    return list(rows.order_by("starts_on")[:2])


def _added(request: HttpRequest, school: School, form: Any, days: list[Any]) -> bool:
    try:
        number = add_free_days(school=school, days=days, by=member_of_staff(request))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(
        request,
        ngettext("%(number)d entry is new in the calendar.", "%(number)d entries are new in the calendar.", number)
        % {"number": number}
        if number
        else _("These days stood in the calendar already."),
    )
    return True


def _lines(years: list[SchoolYear], school: School) -> list[tuple[SchoolYear, list[Holiday]]]:
    """Each year with its free days until the next year begins."""
    if not years:
        return []
    first = years[0].starts_on
    last = years[-1].starts_on.replace(year=years[-1].starts_on.year + 1)
    rows = list(
        Holiday.objects.filter(Q(school__isnull=True) | Q(school=school), ends_on__gte=first, starts_on__lt=last)
    )
    edges = [*(year.starts_on for year in years[1:]), last]
    return [
        (year, [row for row in rows if year.starts_on <= row.starts_on < edge])
        for year, edge in zip(years, edges, strict=True)
    ]
