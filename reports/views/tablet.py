"""The questionnaire on a tablet at the gate: a language, the faces, thank you, the next parent."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging.recordings import voices_of
from messaging.views.opened import SeeOther
from messaging.views.playing import sounding
from reports.forms_questionnaire import QuestionnaireForm
from reports.measuring import put_in, tablet
from reports.measuring.answering import GATE
from reports.models import MeasurementWave
from schools import languages

View = Callable[..., HttpResponseBase]


def on_the_tablet(view: View) -> View:
    """Opens a view to a browser that a colleague made the tablet of a running wave."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        wave = tablet.wave_of(request)
        if wave is None:
            return render(request, "reports/questionnaire/tablet_over.html", status=404)
        return view(request, wave=wave, **kwargs)

    return guarded


@require_safe
def tablet_scanned(request: HttpRequest, token: str) -> HttpResponse:
    """Where the QR code leads: the token leaves the address at once."""
    if tablet.open_by_code(request, token):
        return redirect("tablet_start")
    return render(request, "reports/questionnaire/tablet_over.html", status=404)


@require_safe
@on_the_tablet
def tablet_start(request: HttpRequest, wave: MeasurementWave) -> HttpResponse:
    """In which language? Nothing of the parent before is left."""
    tablet.forget_language(request)
    return render(request, "reports/questionnaire/tablet_start.html", _frame(wave) | {"tiles": _tiles()})


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_tablet
def tablet_questions(request: HttpRequest, wave: MeasurementWave) -> HttpResponse:
    """The same questionnaire; nobody is asked who it is."""
    form = QuestionnaireForm(request.POST or None, wave=wave)
    if request.method == "POST" and form.is_valid():
        try:
            if not tablet.may_send(request, wave):
                raise ValidationError(_("Too many tries. Wait one hour, or call the school."))
            if form.given().is_empty or not tablet.is_sent_again(request.POST.get("form") or tablet.new_form_key()):
                put_in(wave=wave, given=form.given(), way=GATE)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return SeeOther(reverse("tablet_thanks"))
    code: str = request.page_language  # type: ignore[attr-defined]
    context = _frame(wave) | {
        "form": form,
        "rows": form.rows(),
        "is_running": True,
        "voices": _voices(wave, code),
        "form_key": tablet.new_form_key(),
    }
    return render(
        request, "reports/questionnaire/tablet_questions.html", context, status=422 if request.method == "POST" else 200
    )


@require_safe
@on_the_tablet
def tablet_thanks(request: HttpRequest, wave: MeasurementWave) -> HttpResponse:
    return render(request, "reports/questionnaire/tablet_thanks.html", _frame(wave))


@require_safe
@on_the_tablet
def tablet_voice(request: HttpRequest, wave: MeasurementWave, recording: int) -> HttpResponseBase:
    """The questions read aloud, as the notice that asks for them is."""
    rows = wave.notice.recordings if wave.notice else None
    if rows is None:
        return render(request, "reports/questionnaire/tablet_over.html", status=404)
    return sounding(request, get_object_or_404(rows, pk=recording))


def _voices(wave: MeasurementWave, code: str) -> list[object]:
    if wave.notice is None or not wave.notice.was_sent:
        return []
    voices = voices_of(wave.notice.recordings.all(), lambda row: reverse("tablet_voice", args=[row.pk]))
    return [voice for voice in voices if voice.code == code]


def _frame(wave: MeasurementWave) -> dict[str, object]:
    return {"wave": wave, "school_name": wave.school.name, "is_tablet": True}


def _tiles() -> list[dict[str, str]]:
    """All languages, each in its own words."""
    found = []
    for entry in languages.LANGUAGES.values():
        if entry.spoken_only or not entry.has_pages:
            continue
        with translation.override(entry.interface):
            title = _("What do you think of the school?")
        found.append({"code": entry.code, "own_name": entry.own_name, "title": title})
    return found
