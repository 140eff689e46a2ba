"""A child that is not at school: reported by a parent in two taps."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parents import absences
from parents.access import children_of, guardian_required
from parents.forms_absences import AbsenceForm
from parents.models import Absence, Guardian
from parents.services.absences import report_absence, take_back_absence
from schools import clock
from schools.models import Pupil


@guardian_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_absence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Today with one tap, or other days. The report is sent when it is tapped; no reason is asked."""
    guardian, child = _child(request, pk)
    place = absences.place_of(child)
    if place is None or not absences.may_report(guardian, child):
        raise Http404
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report_absence(
                place=place, by=guardian, starts_on=form.cleaned_data["starts_on"], ends_on=form.cleaned_data["ends_on"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Thank you. The school knows."))
            return redirect("portal_absence", pk=pk)
    context = {
        "child": child,
        "school": place.school,
        "form": form,
        "days": absences.days_to_tap(place),
        "today": clock.today(),
        "reported": absences.reported_for(guardian, child),
    }
    return render(request, "parents/portal/absence.html", context, status=422 if form.errors else 200)


@guardian_required
@require_POST
def portal_absence_back(request: HttpRequest, pk: int, absence: int) -> HttpResponseBase:
    """The child comes after all."""
    guardian, child = _child(request, pk)
    own = Absence.objects.filter(pupil=child, reported_by=guardian)
    row = own.filter(pk=absence).first()
    if row is None and Absence.objects.filter(pk=absence).exists():
        raise Http404
    try:
        if row is not None:  # else it was pressed twice
            take_back_absence(absence=row, by=guardian)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Taken back. The school expects your child."))
    return redirect("portal_absence", pk=pk)


def _child(request: HttpRequest, pk: int) -> tuple[Guardian, Pupil]:
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return guardian, get_object_or_404(children_of(guardian), pk=pk)
