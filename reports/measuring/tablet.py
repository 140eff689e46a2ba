"""The tablet at the gate: one parent after the other answers on it, and it knows none of them.

A colleague opens it with a QR code that works for some minutes, as the one for signing in does (``messaging.gate``), or
on the own device, which then forgets the colleague: a tablet in the hands of parents opens no page of the school.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from reports.models import MeasurementWave
from schools import clock, pagelanguage
from schools.limits import Limit

_SIGNER = signing.TimestampSigner(sep=".", salt="measurement tablet")
#: In the session: the wave, until when, and which code opened it.
OPEN = "measurement_tablet"
HOURS = 10
#: Nobody answers twice a minute all day long.
FORMS_OF_TABLET = Limit("forms of a tablet", 60, 3600)
FORMS_OF_WAVE = Limit("forms at the gate of a wave", 240, 3600)
#: A form that is sent twice, by two taps, is one; its key is drawn with the page and stands in the cache alone.
SAME_FORM = Limit("same form of a tablet", 1, 3600)


def tablet_link(wave: MeasurementWave) -> str:
    """What the QR code holds."""
    return f"{settings.SITE_URL}{reverse('tablet_scanned', args=[_SIGNER.sign(str(wave.pk))])}"


def open_by_code(request: HttpRequest, token: str) -> bool:
    """Make this browser the tablet of a wave. False for a code that is too old, or was made by somebody else."""
    try:
        pk = _SIGNER.unsign(token, max_age=timedelta(minutes=settings.GATE_CODE_MINUTES))
    except signing.BadSignature:
        return False
    begin(request, int(pk), token)
    return True


def begin(request: HttpRequest, wave_id: int, name: str) -> None:
    """Whoever was signed in on this browser is not any more."""
    request.session.flush()
    until = clock.now() + timedelta(hours=HOURS)
    request.session[OPEN] = [wave_id, until.isoformat(), name]


def wave_of(request: HttpRequest) -> MeasurementWave | None:
    """The running wave for which this browser is the tablet."""
    pk, until, _name = request.session.get(OPEN) or (0, "", "")
    if not pk or clock.now() >= datetime.fromisoformat(until):
        return None
    running = MeasurementWave.objects.running().filter(audience=MeasurementWave.Audience.PARENTS)
    return running.select_related("school", "notice").filter(pk=pk).first()


def may_send(request: HttpRequest, wave: MeasurementWave) -> bool:
    """Both limits count; what the first refuses is not counted by the second, or one tablet would close all others."""
    return FORMS_OF_TABLET.spend(str(request.session[OPEN][2])) and FORMS_OF_WAVE.spend(str(wave.pk))


def new_form_key() -> str:
    """What tells a form from the same one sent twice."""
    return secrets.token_urlsafe(12)


def is_sent_again(key: str) -> bool:
    """Whether the form of this key was taken in already; it is from now on."""
    return not SAME_FORM.spend(key)


def forget_language(request: HttpRequest) -> None:
    """The next parent chooses anew."""
    request.session.pop(pagelanguage.SESSION_KEY, None)
