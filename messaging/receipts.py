"""Reports of the SMS gateway (Kannel's dlr-url): signed by us when we sent, so nobody else can end a delivery."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from messaging.models import DeliveryStatus, Reason
from messaging.outbox import record_receipt
from messaging.services.reports import is_being_sent
from messaging.tokens import is_receipt_signature

#: Kannel user guide, "SMS delivery reports": 1 delivered, 2 not delivered, 4 queued, 8 with the operator, 16 rejected.
_DELIVERED, _FAILED, _REJECTED = "1", "2", "16"
#: The operator's words for a number that does not exist: error 001 of a report (unknown subscriber), or status 0x0B
#: when it would not take the message (SMPP 3.4, 5.1.3: invalid destination address), as Kannel passes it on.
_UNKNOWN_SUBSCRIBER = re.compile(r"\berr:0*1\b|\bNACK/0x0*b/", re.IGNORECASE)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sms_receipt(request: HttpRequest) -> HttpResponse:
    """The gateway reports what became of a text message. 503 while the sending itself is not settled: it asks again."""
    facts = request.POST if request.method == "POST" else request.GET
    number, signature = facts.get("d", ""), facts.get("s", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return HttpResponse(status=400)
    if not is_receipt_signature(int(number), signature):
        return HttpResponse(status=403)
    status, reason = _meaning(facts.get("type", ""), facts.get("answer", ""))
    is_early = is_being_sent(int(number))  # asked first: what is settled meanwhile takes the report
    if status and not record_receipt(int(number), status, reason) and is_early:
        return HttpResponse(status=503)
    return HttpResponse("ok", content_type="text/plain")


def _meaning(kind: str, answer: str) -> tuple[str, str]:
    """Status and reason of a report; nothing for one that tells us nothing new."""
    if kind == _DELIVERED:
        return DeliveryStatus.DELIVERED, ""
    if kind not in (_FAILED, _REJECTED):
        return "", ""
    unknown = _UNKNOWN_SUBSCRIBER.search(answer)
    return DeliveryStatus.FAILED, Reason.UNKNOWN_NUMBER if unknown else Reason.REFUSED
