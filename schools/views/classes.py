"""A class that no list brings."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schools.access import chosen_school, member_of_staff, schools_run_by, staff_required
from schools.forms_classes import ClassForm
from schools.models import Role, School, SchoolClass, SchoolYear
from schools.roster.keys import year_of
from schools.roster.rows import Roster
from schools.scope import scope_of
from schools.services.classes import drop_class, keep_class

SCHOOLS_SHOWN = 200
_MAY = (Role.HEAD, Role.OFFICE, Role.ADMIN)


@staff_required(*_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def class_new(request: HttpRequest) -> HttpResponse:
    """A class of the running year, in summer of the next; ``?school=`` chooses the school."""
    schools = list(schools_run_by(request.user).order_by("name")[:SCHOOLS_SHOWN])
    school = chosen_school(request, schools)
    if school is None:
        raise Http404
    return _class_page(request, school, year_of(Roster("")), None, schools)


@staff_required(*_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for a class of this year or the next: what was, stays as it was called. One that nothing stands with
    is removed."""
    own = SchoolClass.objects.filter(school__in=schools_run_by(request.user).order_by().values("pk"))
    years = [year.pk for year in (SchoolYear.objects.running(), year_of(Roster(""))) if year and year.pk]
    room = get_object_or_404(own.filter(year__in=years).select_related("school", "year"), pk=pk)
    if request.method == "POST" and request.POST.get("act") == "remove":
        return _removed(request, room)
    return _class_page(request, room.school, room.year, room, [room.school])


def _removed(request: HttpRequest, room: SchoolClass) -> HttpResponse:
    name = room.name
    try:
        drop_class(room=room, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("class_edit", room.pk)
    messages.success(request, _("Removed: class %(name)s.") % {"name": name})
    return redirect(_after(request, room.school))


def _class_page(
    request: HttpRequest, school: School, year: SchoolYear, room: SchoolClass | None, schools: list[School]
) -> HttpResponse:
    form = ClassForm(request.POST if request.method == "POST" else None, room=room)
    if form.is_bound and form.is_valid():
        by, words = member_of_staff(request), form.cleaned_data
        try:
            kept = keep_class(school=school, year=year, name=words["name"], level=words["level"], by=by, room=room)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("Saved: class %(name)s.") % {"name": kept.name})
            return redirect(_after(request, school))
    context = {
        "form": form,
        "school": school,
        "schools": schools,
        "room": room,
        "year": year,
        "back_url": _after(request, school) if _keeps(request, school) else "",
    }
    return render(request, "schools/class_edit.html", context, status=422 if form.is_bound else 200)


def _after(request: HttpRequest, school: School) -> str:
    """To the school's children, for whom that page is."""
    return f"{reverse('pupil_list' if _keeps(request, school) else 'class_new')}?school={school.pk}"


def _keeps(request: HttpRequest, school: School) -> bool:
    """Whether the page of the school's children is this user's."""
    return school.pk in scope_of(request.user).kept_schools
