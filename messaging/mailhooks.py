"""Reports of the mail provider, through django-anymail's web hooks; every one carries the name that we signed.

The hook's own secret says that the provider speaks, the signature that it speaks of a mail of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from messaging.channels.anymail import METADATA
from messaging.channels.refusals import ENHANCED, is_dead_address, is_temporary
from messaging.models import Reason
from messaging.services.reports import (
    is_being_sent,
    record_mail_arrival,
    record_mail_failure,
    record_mail_refusal,
)
from messaging.tokens import delivery_named

_REFUSALS = frozenset({EventType.COMPLAINED, EventType.UNSUBSCRIBED})
_FAILURES = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})
_DEAD = frozenset({RejectReason.BOUNCED, RejectReason.INVALID})


class TooEarly(Exception):
    """The mail is still being sent; the provider tries again."""


def provider_hooks(provider: str) -> list[URLPattern]:
    """The one address at which this provider reports; of the other providers there is none."""
    from anymail.urls import urlpatterns

    wanted = {f"{provider}_tracking_webhook", f"{provider}_webhook"}
    return [
        path(str(hook.pattern), _asking_again(_readable(hook.callback)), name="mail_report")
        for hook in urlpatterns
        if hook.name in wanted
    ][:1]


def _readable(view: Any) -> Callable[..., HttpResponseBase]:
    """The same hook, that refuses what it cannot read: its reader raises whatever its parts raise."""

    class Reading(view.view_class):
        def parse_events(self, request: HttpRequest) -> list[AnymailTrackingEvent]:
            try:
                return list(super().parse_events(request))
            except Exception as error:
                raise BadRequest from error

    return Reading.as_view(**view.view_initkwargs)


def _asking_again(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.ANYMAIL.get("WEBHOOK_SECRET"):
            return HttpResponse(status=403)
        try:
            return view(request, *args, **kwargs)
        except TooEarly:
            return HttpResponse(status=503)

    return guarded


def record_event(event: AnymailTrackingEvent, **_: Any) -> None:
    """Receives anymail's ``tracking`` signal. What was deferred, loaded or clicked says nothing about a person."""
    told = event.metadata if isinstance(event.metadata, dict) else {}
    delivery_id = delivery_named(str(told.get(METADATA, "")))
    if delivery_id is None:
        return
    is_early = is_being_sent(delivery_id)  # asked first: what is settled meanwhile takes the report
    if event.event_type == EventType.DELIVERED:
        changed = record_mail_arrival(delivery_id=delivery_id)
    elif event.event_type in _REFUSALS:
        changed = record_mail_refusal(delivery_id=delivery_id, how=str(event.event_type))
    elif event.event_type in _FAILURES:
        recipients = frozenset({str(event.recipient).lower()} if event.recipient else ())
        changed = record_mail_failure(delivery_id=delivery_id, reason=_reason(event), recipients=recipients)
    else:
        return
    if not changed and is_early:
        raise TooEarly


def _reason(event: AnymailTrackingEvent) -> str:
    """Providers call some full mailboxes bounced; what the reader's server said decides, where they pass it on."""
    words = str(event.mta_response or "")
    if ENHANCED.search(words):
        if is_dead_address(words):
            return Reason.BOUNCED
        return Reason.GAVE_UP if is_temporary(words) else Reason.REFUSED
    told = event.esp_event if isinstance(event.esp_event, dict) else {}
    is_soft = "soft" in str(told.get("Type", "")).lower()
    return Reason.BOUNCED if event.reject_reason in _DEAD and not is_soft else Reason.REFUSED
