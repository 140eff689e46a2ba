"""The QR code that a school shows at its gate. It opens the sign-in page of that school for some minutes and is no key:
who scans it types an own number or address and gets a code there, as at the usual door.

A screen is photographed, so the code says nothing and proves nothing. It brings limits of its own: a class of parents
behind one network of the school gets in, and who spends the tries of one door leaves those of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from parents.signin import Reachable
from schools import clock
from schools.limits import Limit, client_address

_SIGNER = signing.TimestampSigner(sep=".", salt="gate")
#: In the session: the school, until when, and which code was scanned.
OPEN = "gate"
CODES_OF_VALUE = Limit("codes of a contact point at the gate", 5, 3600)
#: Each code counts by itself: a network that spent its tries goes on with the next one.
CODES_OF_SCAN = Limit("codes from an address at the gate", 30, 3600)


@dataclass(frozen=True, slots=True)
class OpenGate:
    """The gate through which somebody stands at the sign-in page."""

    school_id: int
    scan: str


def gate_link(school_id: int) -> str:
    """What the QR code holds; a new one each second."""
    return f"{settings.SITE_URL}{reverse('gate_scanned', args=[_SIGNER.sign(str(school_id))])}"


def open_gate(request: HttpRequest, token: str) -> bool:
    """Remember in the session that a code was scanned. False for one that is too old, or was made by somebody else."""
    try:
        school_id = _SIGNER.unsign(token, max_age=timedelta(minutes=settings.GATE_CODE_MINUTES))
    except signing.BadSignature:
        return False
    until = clock.now() + timedelta(minutes=settings.GATE_DOOR_MINUTES)
    request.session[OPEN] = [int(school_id), until.isoformat(), token]
    return True


def gate_of(request: HttpRequest) -> OpenGate | None:
    """The gate that stands open in this browser."""
    school_id, until, token = request.session.get(OPEN) or (0, "", "")
    if not school_id or clock.now() >= datetime.fromisoformat(until):
        return None
    return OpenGate(school_id, token)


def may_ask_for_code(request: HttpRequest, gate: OpenGate, contact: Reachable) -> bool:
    """Both limits count, known address or not; what the first refuses is not counted by the second."""
    may_scan = CODES_OF_SCAN.spend(f"{gate.scan} {client_address(request)}")
    return may_scan and CODES_OF_VALUE.spend(f"{gate.school_id} {contact.value}")
