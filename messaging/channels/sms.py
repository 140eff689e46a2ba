"""Text messages through an HTTP gateway as Kannel's sendsms speaks it (Kannel user guide, chapter 6).

The gateway gives no reference that it can be asked for later: the delivery's number travels in ``dlr-url``, signed,
and the report that comes back names it (rulings 16). Every message has a connection of its own: one that the gateway
closed while idle would leave us not knowing whether the message left.
"""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode, urlsplit

from messaging.channels.base import ChannelError, Outgoing
from messaging.segments import sms_segments

_NUMBER = re.compile(r"\+?\d{6,15}")
#: Reports wanted: delivered (1), failed (2), rejected by the operator (16).
_DLR_MASK = 1 + 2 + 16
_ACCEPTED = frozenset({200, 202})
_TRY_LATER = frozenset({429, 503})
#: Not about the number: our name, or an address that is not the gateway's, which leads on or takes no GET.
_OUR_FAULT = frozenset({401, 403, 404, 405, *range(300, 400)})


class GatewayChannel:
    """One gateway. ``url`` is its sendsms address."""

    def __init__(self, *, url: str, user: str, password: str, timeout: float = 10.0) -> None:
        self._url = urlsplit(url)
        self._login = {"username": user, "password": password}
        self._timeout = timeout

    def send(self, outgoing: Outgoing) -> str:
        """Hand one text message to the gateway; returns its answer's reference. Raises ChannelError."""
        own = f"{self._url.query}&" if self._url.query else ""
        path = f"{self._url.path or '/'}?{own}{urlencode(self._query(outgoing))}"
        connection = self._connected()
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            answer = connection.getresponse()
            status, words = answer.status, answer.read(500).decode("utf-8", "replace")
        except (http.client.HTTPException, OSError) as error:
            raise ChannelError(f"The gateway broke off: {error}", ambiguous=True) from error
        finally:
            connection.close()
        return self._judged(status, words)

    def close(self) -> None:
        """Nothing is kept between messages."""

    def _query(self, outgoing: Outgoing) -> dict[str, str]:
        address = re.sub(r"[\s./()-]", "", outgoing.address)
        if not _NUMBER.fullmatch(address):
            raise ChannelError("This is no phone number.", permanent=True, reason="UNUSABLE")
        wide = sms_segments(outgoing.text).encoding == "UCS-2"
        return self._login | {
            "to": address,
            "text": outgoing.text,
            "charset": "UTF-8",
            "coding": "2" if wide else "0",
            "dlr-mask": str(_DLR_MASK),
            "dlr-url": outgoing.receipt_url,
        }

    def _connected(self) -> http.client.HTTPConnection:
        if not self._url.hostname:  # Python would ask this machine
            raise ChannelError("Nobody said where the gateway is.", unavailable=True)
        secure = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=self._timeout)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise ChannelError(f"The gateway does not answer: {error}", unavailable=True) from error
        return connection

    def _judged(self, status: int, words: str) -> str:
        if status in _ACCEPTED:
            return words.strip()[:120]
        if status in _OUR_FAULT:
            raise ChannelError(f"The gateway does not let us in: {status}", unavailable=True, of_us=True)
        if status in _TRY_LATER:
            raise ChannelError(f"The gateway asks to try later: {status}")
        if status >= 500:
            raise ChannelError(f"The gateway failed: {status}", ambiguous=True)
        raise ChannelError(f"The gateway refuses it: {status}", permanent=True, reason="REFUSED")
