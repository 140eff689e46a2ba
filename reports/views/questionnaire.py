"""The questionnaire for parents, by the link of the notice and signed in. The page is the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging import services
from messaging.mailbox import deliveries_for
from messaging.models import Delivery, Notice
from messaging.views.opened import SeeOther, by_token, voices_for
from parents.access import guardian_required
from parents.models import Guardian
from reports.forms_questionnaire import QuestionnaireForm
from reports.measuring import answer, invited
from reports.models import MeasurementWave
from schools.models import User


@dataclass(frozen=True, slots=True)
class Door:
    """How somebody came to the questionnaire: where it stands, what it goes back to, who reads it aloud."""

    person: Guardian | User
    here: str
    back: str
    back_label: str
    template: str = "reports/questionnaire/page.html"
    voices: list[Any] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def token_measurement(request: HttpRequest, delivery: Delivery, token: str) -> HttpResponseBase:
    """By the link of the notice that asks, without an account."""
    here, notice_url = reverse("token_measurement", args=[token]), reverse("token_notice", args=[token])
    if _begins(request, delivery):
        return SeeOther(here)
    voices = voices_for(request, delivery, lambda row: reverse("token_recording", args=[token, row.pk]))
    door = Door(delivery.guardian, here, notice_url, _("Back to the notice"), voices=voices["voices"])
    return show(request, wave_behind(delivery.notice), door)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_measurement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """From the notice among the own notices."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    delivery = get_object_or_404(deliveries_for(guardian), pk=pk)
    here, notice_url = reverse("portal_measurement", args=[pk]), reverse("portal_notice", args=[pk])
    if _begins(request, delivery):
        return SeeOther(here)
    voices = voices_for(request, delivery, lambda row: reverse("portal_recording", args=[pk, row.pk]))
    door = Door(guardian, here, notice_url, _("Back to the notice"), voices=voices["voices"])
    return show(request, wave_behind(delivery.notice), door)


def wave_behind(notice: Notice) -> MeasurementWave:
    """The wave that a notice asks for; one that leads to none is not there."""
    found = invited.wave_behind(notice)
    if found is None or not notice.asks_for_measurement:
        raise Http404
    return found


def _begins(request: HttpRequest, delivery: Delivery) -> bool:
    """The button on the notice: who taps it has opened the notice. That is noted here, and not with the answer, which
    leaves no mark of when it came."""
    if request.method != "POST" or "begin" not in request.POST:
        return False
    services.mark_opened(delivery)
    return True


def show(request: HttpRequest, wave: MeasurementWave, door: Door) -> HttpResponse:
    """The questionnaire behind a door; thank you, once it was answered; or that it is closed."""
    form = QuestionnaireForm(request.POST or None, wave=wave)
    is_done = invited.has_answered(wave, door.person)
    if request.method == "POST" and not is_done and form.is_valid():
        try:
            answer(wave=wave, person=door.person, given=form.given())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return SeeOther(door.here)
    is_running = MeasurementWave.objects.running().filter(pk=wave.pk).exists()
    context = {
        "wave": wave,
        "school": wave.school,
        "school_name": wave.school.name,
        "door": door,
        "form": form,
        "rows": form.rows(),
        "voices": door.voices,
        "is_done": is_done,
        "is_running": is_running,
    }
    wrong = request.method == "POST" and not is_done
    return render(request, door.template, context, status=422 if wrong else 200)
