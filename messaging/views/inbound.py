"""The gateway brings a parent's text message: Kannel's ``get-url`` of its sms-service (user guide, chapter 6).

    get-url = "https://portal/haken/sms/antwoord/?k=KEY&id=%I&from=%p&charset=%C&text=%b"
    omit-empty = true          # the portal answers by itself, in the parent's language and letters

``KEY`` is settings.SMS_INBOUND_KEY. Kannel hands on the bytes of the message and says in which letters they are.
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from messaging.direct import Words, send_directly
from messaging.services.inbound import Reply, receive_text
from parents.models import PointKind
from parents.signin import Reachable, read_contact
from schools.limits import Limit, client_address

#: A phone that sends more is kept, but makes no more work and gets no more answers for an hour.
TEXTS_FROM_NUMBER = Limit("texts from a number", 20, 3600)
ANSWERS_TO_NUMBER = Limit("answers to a number", 3, 3600)
WRONG_KEYS = Limit("wrong keys of the gateway", 20, 3600)
_LONGEST_TEXT = 2000
_LONGEST_ID = 80
#: What Kannel calls the letters of a message; GSM is recoded to UTF-8 or Latin before it comes here.
_CODECS = {"UTF-16BE": "utf-16-be", "UCS-2": "utf-16-be", "WINDOWS-1252": "cp1252", "ISO-8859-1": "latin-1"}


class AnsweredFirst(HttpResponse):
    """Tells the gateway that the message is ours; what is texted back leaves after that."""

    def __init__(self, reply: Reply | None) -> None:
        super().__init__(b"", content_type="text/plain; charset=utf-8")
        self._reply = reply

    def close(self) -> None:
        reply, self._reply = self._reply, None
        try:
            if reply:
                send_directly(reply.to, Words("", "", "", reply.text), reply.language)
        finally:
            super().close()


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sms_inbound(request: HttpRequest) -> HttpResponseBase:
    """Take in one message. The answer is empty: what the parent reads is texted apart."""
    facts = _facts(request)
    if not _has_key(request, facts.get("k", b"")):
        return HttpResponse(status=403)
    gateway_id = _words(facts.get("id", b""))[:_LONGEST_ID]
    number = read_contact(_words(facts.get("from", b"")))
    if not gateway_id or number is None or number.kind != PointKind.PHONE:
        return HttpResponse(status=400)
    text = _text(facts.get("text", b""), _words(facts.get("charset", b"")))
    reply = receive_text(gateway_id=gateway_id, number=number, text=text, may_ask=TEXTS_FROM_NUMBER.spend(number.value))
    return AnsweredFirst(reply if reply and _may_answer(reply.to) else None)


sms_inbound.reads_bytes = True  # type: ignore[attr-defined]


def _facts(request: HttpRequest) -> dict[str, bytes]:
    """The parameters as bytes: their letters are not always UTF-8."""
    query = parse_qs(request.META.get("QUERY_STRING", ""), keep_blank_values=True, encoding="latin-1")
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        query |= parse_qs(request.body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return {name: values[-1].encode("latin-1") for name, values in query.items()}


def _has_key(request: HttpRequest, given: bytes) -> bool:
    """Without a key in the settings nobody has it; who guesses is slowed down."""
    visitor = client_address(request)
    if not settings.SMS_INBOUND_KEY or WRONG_KEYS.is_spent(visitor):
        return False
    if hmac.compare_digest(settings.SMS_INBOUND_KEY.encode(), given):
        return True
    WRONG_KEYS.spend(visitor)
    return False


def _may_answer(contact: Reachable) -> bool:
    return ANSWERS_TO_NUMBER.spend(contact.value)


def _words(value: bytes) -> str:
    return value.decode("utf-8", "replace").replace("\x00", "").strip()


def _text(value: bytes, charset: str) -> str:
    """The message, whatever its letters; what nothing can read is shown as it best can be."""
    codecs = [_CODECS[charset.upper()]] if charset.upper() in _CODECS else ["utf-8", "cp1252"]
    for codec in [*codecs, "latin-1"]:
        try:
            text = value.decode(codec)
        except UnicodeDecodeError:
            continue
        return text.replace("\x00", "")[:_LONGEST_TEXT]
    return ""
