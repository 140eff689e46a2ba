"""A measurement on paper and on the tablet at the gate, as the colleague sees it who helps there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging.barcodes import qr_drawing
from reports import measuring
from reports.forms_measurements import PaperForm
from reports.measuring import tablet
from reports.measuring.paper import Typed
from reports.measuring.questions import FACES
from reports.measuring.statements import questions_for
from reports.models import MeasurementWave
from schools import clock, languages
from schools.access import SCHOOL_TEAM, get_visible_or_404, member_of_staff, staff_required
from schools.models import Role
from schools.scope import scope_of

#: Who reads what came of a measurement, and who stands at the gate and counts sheets.
READERS = (*SCHOOL_TEAM, Role.JOINT_CLB)
HELPERS = (*READERS, Role.OFFICE)
#: In the session of who typed, so that nobody else can say what came together.
_TYPED = "typed sheets"
TAKE_BACK = timedelta(minutes=30)


@staff_required(*HELPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_tablet(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code that makes a tablet ask parents; or this very device, which then signs the colleague out."""
    wave = _running(request, pk)
    if request.method == "POST" and wave:
        link = tablet.tablet_link(wave)
        tablet.begin(request, wave.pk, link)
        return redirect("tablet_start")
    context = {
        "wave": wave,
        "back": _back(request, pk),
        "drawing": qr_drawing(tablet.tablet_link(wave)) if wave else None,
        "until": clock.now() + timedelta(minutes=settings.GATE_CODE_MINUTES),
        "hours": tablet.HOURS,
    }
    return render(request, "reports/measurement_tablet.html", context)


@staff_required(*HELPERS)
@require_safe
def measurement_sheet(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A sheet to print, in one language of parents."""
    wave = visible_wave(request, pk)
    entry = languages.LANGUAGES.get(code) or languages.language(languages.MASTER)
    entry = languages.language(entry.text) if entry.spoken_only else entry
    context = {
        "wave": wave,
        "back": _back(request, pk),
        "entry": entry,
        "questions": questions_for(wave.audience),
        "faces": list(enumerate(FACES)),
        "choices": [one for one in languages.LANGUAGES.values() if one.has_pages],
    }
    return render(request, "reports/measurement_sheet.html", context)


@staff_required(*HELPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Type in sheets that were counted, and take the last ones back when a sum was wrong."""
    wave = _running(request, pk)
    typed = _typed(request, wave) if wave else None
    if wave and typed and "take_back" in request.POST:
        _take_back(request, wave, typed)
        return redirect("measurement_paper", pk=pk)
    form = PaperForm(request.POST or None, wave=wave) if wave else None
    if wave and form and request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            done = measuring.type_in(
                wave=wave,
                by=member_of_staff(request),
                sheets=facts["sheets"],
                counts=form.counts(),
                texts=facts["texts"],
                form=request.POST.get("form", ""),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            request.session[_TYPED] = {"at": clock.now().isoformat(), **done.as_json()}
            messages.success(request, _("Typed in. Keep the sheets until the measurement is closed, then shred them."))
            return redirect("measurement_paper", pk=pk)
    context = {"wave": wave, "back": _back(request, pk), "form": form, "faces": FACES, "typed": typed}
    context["form_key"] = tablet.new_form_key()
    return render(request, "reports/measurement_paper.html", context, status=422 if form and form.errors else 200)


def visible_wave(request: HttpRequest, pk: int) -> MeasurementWave:
    rows = MeasurementWave.objects.select_related("school", "project__year", "notice")
    wave: MeasurementWave = get_visible_or_404(rows, request.user, pk=pk)
    return wave


def _back(request: HttpRequest, pk: int) -> str:
    """The page of the measurement, which who only helps does not open."""
    return reverse("measurement_detail", args=[pk]) if reads(request) else reverse("measurement_list")


def reads(request: HttpRequest) -> bool:
    return bool(scope_of(request.user).roles & {*READERS})


def _typed(request: HttpRequest, wave: MeasurementWave) -> Typed | None:
    """What this colleague typed in last of the wave, for half an hour."""
    kept = request.session.get(_TYPED)
    if not kept or kept["wave"] != wave.pk or datetime.fromisoformat(kept["at"]) < clock.now() - TAKE_BACK:
        return None
    return Typed.of_json(kept)


def _take_back(request: HttpRequest, wave: MeasurementWave, typed: Typed) -> None:
    try:
        measuring.take_back(wave=wave, by=member_of_staff(request), typed=typed)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken back. Count again and type the sums in once more."))
    del request.session[_TYPED]


def _running(request: HttpRequest, pk: int) -> MeasurementWave | None:
    """A wave among parents that runs; None when it is closed."""
    wave = visible_wave(request, pk)
    is_running = not wave.is_for_team and MeasurementWave.objects.running().filter(pk=pk).exists()
    return wave if is_running else None
