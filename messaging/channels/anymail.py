"""E-mail through a provider's HTTP API, carried by django-anymail; its credentials stand in ``settings.ANYMAIL``.

The provider gets our signed name as metadata and gives it back with every report, and is told not to rewrite links:
they open a family's notice, and whether a picture was loaded tells nothing (architecture, decision 6).
"""

from __future__ import annotations

import re
from email.utils import formataddr, parseaddr
from typing import Any

import requests
import urllib3
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from messaging.channels.base import ChannelError, Outgoing
from messaging.channels.mime import attach_pictures, check_address, one_line, own_headers

#: The key of our name in the provider's metadata.
METADATA = "delivery"
_UNUSABLE = (AnymailInvalidAddress, AnymailSerializationError, AnymailUnsupportedFeature, ValueError)
#: Our account: a wrong key, no credit, a wrong address of the API. The mails are all right and wait.
_OUR_ACCOUNT = frozenset({401, 402, 403, 404, 405})
#: What providers say of an account and not of a mail: a sender that was not confirmed, no credit, an account that is
#: still tried or was stopped.
_OF_ACCOUNT = re.compile(
    r"\bsender\W?(signature|identity|address|domain)|\bsending domain|\bfrom\W{0,3}(address|email)|invalid-sender"
    r"|\bunsigned\b|\btest-mode-limit|\bnot (yet )?(been )?(verified|confirmed|approved|activated)|\bunverified\b"
    r"|\bpending approval|\bcredits?\b|\bsuspended\b|\bsandbox",
    re.IGNORECASE,
)
_NOT_CONNECTED = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)


class ProviderChannel:
    """One provider, by the name of its module in ``anymail.backends``."""

    def __init__(self, *, provider: str, sender: str, host_name: str) -> None:
        self._backend = f"anymail.backends.{provider}.EmailBackend"
        # Postmark alone gives mails a name of its own unless it is asked not to.
        self._keep_name = {"X-PM-KeepID": "true"} if provider == "postmark" else {}
        self._sender_name, self._sender = parseaddr(sender)
        self._host_name = host_name
        self._connection: BaseEmailBackend | None = None

    def send(self, outgoing: Outgoing) -> str:
        """Hand one mail to the provider; returns its message id. Raises ChannelError."""
        message: Any = self._message(outgoing)
        connection = self._connected()
        try:
            connection.send_messages([message])
        except AnymailRecipientsRefused as error:
            if _is_of_account(error):  # Mandrill refuses each mail for it, one by one
                raise ChannelError("The provider does not take our sender.", of_us=True) from error
            raise ChannelError("The provider refuses the address.", permanent=True, reason="REFUSED") from error
        except AnymailAPIError as error:
            raise _judged(error) from error
        except _UNUSABLE as error:
            raise ChannelError("The provider cannot carry it.", permanent=True, reason="UNUSABLE") from error
        return str(message.anymail_status.message_id or "")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> BaseEmailBackend:
        if self._connection is None:
            try:
                self._connection = get_connection(self._backend)
                self._connection.open()
            except ImproperlyConfigured as error:
                self._connection = None
                raise ChannelError("The provider's settings are not complete.", unavailable=True, of_us=True) from error
        return self._connection

    def _message(self, outgoing: Outgoing) -> EmailMultiAlternatives:
        check_address(outgoing.address)
        headers = own_headers(outgoing, self._host_name) | self._keep_name
        message = EmailMultiAlternatives(
            subject=" ".join(outgoing.subject.split()),
            body=outgoing.text,
            from_email=formataddr((" ".join((outgoing.sender_name or self._sender_name).split()), self._sender)),
            to=[outgoing.address],
            reply_to=[one_line(outgoing.reply_to)] if outgoing.reply_to else None,
            headers={name: one_line(value) for name, value in headers.items()},
        )
        message.attach_alternative(outgoing.html, "text/html")
        attach_pictures(message, outgoing.pictures)
        message.metadata = {METADATA: outgoing.name}  # type: ignore[attr-defined]
        message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
        return message


def _judged(error: AnymailAPIError) -> ChannelError:
    """What the API's failure means. A provider's 4xx is about our account as often as about the mail, so it is tried
    again: one bad mail waits alone, and a bad account does not send everybody a text message."""
    code = error.status_code
    if code is None:
        reason = getattr(next(iter(error.__cause__.args), None), "reason", None) if error.__cause__ else None
        is_away = isinstance(error, _NOT_CONNECTED) or isinstance(reason, urllib3.exceptions.NewConnectionError)
        return ChannelError("The provider does not answer.", unavailable=is_away, ambiguous=not is_away)
    if code in _OUR_ACCOUNT:
        return ChannelError(f"The provider does not let us in: {code}", unavailable=True, of_us=True)
    is_ambiguous = code >= 500 or code < 300
    of_us = not is_ambiguous and _is_of_account(error)
    return ChannelError(f"The provider says no: {code}", ambiguous=is_ambiguous, of_us=of_us)


def _is_of_account(error: AnymailError) -> bool:
    return error.response is not None and bool(_OF_ACCOUNT.search(error.response.text))
