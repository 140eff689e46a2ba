"""E-mail over SMTP: one kept connection, messages put together from ready parts.

Building a message with the standard library costs three times what sending it does (limits.md), so headers and the
two parts are joined here; every part is base64, so that no line is too long and no dot is doubled (RFC 5321, 2045).
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import ssl
from email.header import Header
from email.utils import formatdate, parseaddr
from functools import lru_cache

from messaging.channels.base import ChannelError, Outgoing

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_ENHANCED = re.compile(rb"^[245]\.(\d{1,3})\.\d{1,3}")
_NO_SUCH_ADDRESS = frozenset({550, 551, 553, 556})
#: Enhanced codes (RFC 3463) under which 550 does not mean that the address is wrong: mailbox, system, policy.
_NOT_THE_ADDRESS = frozenset({b"2", b"3", b"4", b"5", b"6", b"7"})
_CLOSING = 421


class SmtpChannel:
    """One SMTP server. ``host_name`` stands in Message-IDs, ``sender`` in the envelope and the From line."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        host_name: str,
        user: str = "",
        password: str = "",
        use_tls: bool = False,
        timeout: float = 10.0,
    ) -> None:
        self._place = (host, port)
        self._login = (user, password)
        self._use_tls = use_tls
        self._timeout = timeout
        self._sender_name, self._sender = parseaddr(sender)
        self._host_name = host_name
        self._connection: smtplib.SMTP | None = None

    def send(self, outgoing: Outgoing) -> str:
        """Hand one mail to the server; returns its Message-ID. Raises ChannelError."""
        message_id = f"<d{outgoing.number}.{outgoing.round}@{self._host_name}>"
        message = self._message(outgoing, message_id)
        connection = self._connected()
        try:
            self._transfer(connection, outgoing.address, message)
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            raise ChannelError("The server hung up.", ambiguous=True) from error
        except OSError as error:
            self.close()
            raise ChannelError(f"The connection broke: {error}", ambiguous=True) from error
        return message_id

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                connection = smtplib.SMTP(*self._place, timeout=self._timeout)
                self._connection = connection
                if self._use_tls:
                    connection.starttls(context=ssl.create_default_context())  # Python's default checks no name
                if self._login[0]:
                    connection.login(*self._login)
                connection.ehlo_or_helo_if_needed()
            except (smtplib.SMTPException, OSError) as error:
                self.close()
                raise ChannelError(f"The mail server does not answer: {error}", unavailable=True) from error
        return self._connection

    def _transfer(self, connection: smtplib.SMTP, address: str, message: bytes) -> None:
        code, answer = connection.mail(self._sender)
        if code != 250:
            self._start_anew()
            raise ChannelError(f"The server refuses us as sender: {code}", unavailable=True)
        code, answer = connection.rcpt(address)
        if code not in (250, 251):
            raise self._refusal(code, answer, of_address=True)
        try:
            code, answer = connection.data(message)
        except smtplib.SMTPDataError as error:
            code, answer = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
        if code != 250:
            raise self._refusal(code, answer, of_address=False)

    def _refusal(self, code: int, answer: bytes, *, of_address: bool) -> ChannelError:
        if code == _CLOSING:
            self._start_anew()
            return ChannelError("The server closes.", unavailable=True)
        self._forget_mail()
        if code < 500:
            return ChannelError(f"The server asks to try later: {code}")
        enhanced = _ENHANCED.match(answer)
        is_about_address = enhanced is None or enhanced[1] not in _NOT_THE_ADDRESS
        if of_address and code in _NO_SUCH_ADDRESS and is_about_address:
            return ChannelError(
                f"There is no such address: {code}", permanent=True, reason="BOUNCED", ends_address=True
            )
        return ChannelError(f"The server refuses it: {code}", permanent=True, reason="REFUSED")

    def _forget_mail(self) -> None:
        """Make the connection ready for the next mail; a broken one is opened anew."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self._start_anew()

    def _start_anew(self) -> None:
        self.close()

    def _message(self, outgoing: Outgoing, message_id: str) -> bytes:
        if not _ADDRESS.fullmatch(outgoing.address):
            raise ChannelError("This is no e-mail address.", permanent=True, reason="UNUSABLE")
        boundary = f"=_d{outgoing.number}.{outgoing.round}_="
        headers = {
            "From": f"{_encoded(outgoing.sender_name or self._sender_name)} <{self._sender}>",
            "To": outgoing.address,
            "Subject": _encoded(outgoing.subject),
            "Date": formatdate(),
            "Message-ID": message_id,
            "Content-Language": outgoing.html_lang,
            "Auto-Submitted": "auto-generated",
            **outgoing.headers,
        }
        if outgoing.reply_to:
            headers["Reply-To"] = outgoing.reply_to
        if outgoing.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{outgoing.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        headers["MIME-Version"] = "1.0"
        headers["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
        lines = [f"{name}: {_one_line(value)}" for name, value in headers.items()]
        for kind, words in (("plain", outgoing.text), ("html", outgoing.html)):
            lines += ["", f"--{boundary}", f"Content-Type: text/{kind}; charset=utf-8"]
            lines += ["Content-Transfer-Encoding: base64", "", base64.encodebytes(words.encode()).decode().rstrip()]
        lines += ["", f"--{boundary}--", ""]
        return "\n".join(lines).replace("\n", "\r\n").encode("ascii")


@lru_cache(maxsize=1024)
def _encoded(words: str) -> str:
    """A header's words, on one line of the sender's making, encoded where they are not plain ASCII (RFC 2047)."""
    words = " ".join(words.split())
    if re.fullmatch(r"[A-Za-z0-9 !'*+/=?^_`{|}~.:-]*", words) and len(words) < 60 and ":" not in words:
        return words
    return Header(words, "utf-8", maxlinelen=75).encode(linesep="\n")


def _one_line(value: str) -> str:
    """A header's value; a line break that is not folding would start a header of somebody else's."""
    if "\r" in value or re.search(r"\n(?![ \t])", value):
        raise ChannelError("A header would break in two.", permanent=True, reason="UNUSABLE")
    return value
