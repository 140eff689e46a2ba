"""A child that is not at school: reported by a parent in two taps, seen by the class team and the office."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents import absences
from parents.access import children_of, guardian_required
from parents.forms_absences import AbsenceForm
from parents.models import Absence, Guardian
from parents.services.absences import report_absence, see_absence, take_back_absence
from parents.views.conferences import RECEIVERS
from schools import audit, clock
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.arriving import back_address
from schools.models import Pupil

ROWS_ON_A_PAGE = 50


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
    row = get_object_or_404(Absence.objects.filter(pupil=child, reported_by=guardian), pk=absence)
    try:
        take_back_absence(absence=row, by=guardian)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Taken back. The school expects your child."))
    return redirect("portal_absence", pk=pk)


@staff_required(*RECEIVERS)
@require_safe
def absence_list(request: HttpRequest) -> HttpResponse:
    """Who is not at school now and in the coming days, of own classes or the own school."""
    rows = Absence.objects.visible_to(request.user).of_now().with_class()
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    audit.record(actor=request.user, verb="listed absences", target=member_of_staff(request))
    return render(request, "parents/absence_list.html", {"page": page, "today": clock.today()})


@staff_required(*RECEIVERS)
@require_POST
def absence_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: the class team knows."""
    row: Absence = get_visible_or_404(Absence.objects, request.user, pk=pk)
    see_absence(absence=row, by=member_of_staff(request))
    return redirect(back_address(request, reverse("absence_list")))


def _child(request: HttpRequest, pk: int) -> tuple[Guardian, Pupil]:
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return guardian, get_object_or_404(children_of(guardian), pk=pk)
