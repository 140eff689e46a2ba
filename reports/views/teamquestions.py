"""The questionnaire for the team, to somebody of the team."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.measuring import invited
from reports.models import MeasurementWave
from reports.views.questionnaire import Door, show
from schools.access import SCHOOL_TEAM, get_visible_or_404, member_of_staff, staff_required


@staff_required(*SCHOOL_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who does not work at the school as one of its team has nothing to answer here."""
    rows = MeasurementWave.objects.filter(audience=MeasurementWave.Audience.TEAM).select_related("school")
    wave: MeasurementWave = get_visible_or_404(rows, request.user, pk=pk)
    person = member_of_staff(request)
    if not invited.is_invited(wave, person):
        raise Http404
    here = reverse("measurement_answer", args=[pk])
    return show(
        request,
        wave,
        Door(person, here, reverse("measurement_list"), _("Measurements"), "reports/measurement_answer.html"),
    )
