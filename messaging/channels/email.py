"""E-mail over SMTP: one kept connection for a batch. How a mail looks is in ``mime``, what a refusal means in
``refusals``."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.utils import parseaddr

from messaging.channels.base import ChannelError, Outgoing
from messaging.channels.mime import mail_bytes, message_id
from messaging.channels.refusals import is_about_sender, is_dead_address

_CLOSING = 421
_GO_ON = 354
_FOR_GOOD = 500
Answer = tuple[int, bytes]


class SmtpChannel:
    """One SMTP server. ``host_name`` stands in Message-IDs, ``sender`` in the From line, ``bounces_to`` in the
    envelope: that is where a mail that cannot be delivered comes back."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        host_name: str,
        bounces_to: str = "",
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
        self._bounces_to = bounces_to or self._sender
        self._host_name = host_name
        self._connection: smtplib.SMTP | None = None

    def send(self, outgoing: Outgoing) -> str:
        """Hand one mail to the server; returns its Message-ID. Raises ChannelError."""
        message = mail_bytes(outgoing, host_name=self._host_name, sender_name=self._sender_name, sender=self._sender)
        connection = self._connected()
        try:
            self._transfer(connection, outgoing, message)
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            raise ChannelError("The server hung up.", ambiguous=True) from error
        except OSError as error:
            self.close()
            raise ChannelError(f"The connection broke: {error}", ambiguous=True) from error
        return message_id(outgoing, self._host_name)

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
                words = f"The mail server does not answer: {error}"
                raise ChannelError(words, unavailable=True, of_us=_will_not_have_us(error)) from error
        return self._connection

    def _transfer(self, connection: smtplib.SMTP, outgoing: Outgoing, message: bytes) -> None:
        # RFC 3461: name the mail to whoever reports about it, and let nothing but its headers come back.
        reports = connection.has_extn("dsn")
        commands = [
            f"MAIL FROM:<{self._bounces_to}>" + (f" ENVID={outgoing.name} RET=HDRS" if reports else ""),
            f"RCPT TO:<{outgoing.address}>" + (" NOTIFY=FAILURE" if reports else ""),
            "DATA",
        ]
        answers = _asked(connection, commands)
        if answers[0][0] != 250:
            self.close()
            code = answers[0][0]
            raise ChannelError(f"The server refuses us as sender: {code}", unavailable=True, of_us=code >= _FOR_GOOD)
        if answers[1][0] not in (250, 251):
            if answers[-1][0] == _GO_ON:  # asked together; nobody is to get it, so it takes an empty one and refuses
                _told(connection, b".\r\n")
            raise self._refusal(*answers[1], of_address=True)
        code, answer = answers[2]
        if code == _GO_ON:
            code, answer = _told(connection, message + b".\r\n")
        if code != 250:
            raise self._refusal(code, answer, of_address=False)

    def _refusal(self, code: int, answer: bytes, *, of_address: bool) -> ChannelError:
        if code == _CLOSING:
            self.close()
            return ChannelError("The server closes.", unavailable=True)
        self._forget_mail()
        if code < _FOR_GOOD:
            return ChannelError(f"The server asks to try later: {code}")
        words = f"{code} {answer.decode('ascii', 'replace')}"
        if is_about_sender(words):  # it waits: somebody mends the settings, and nobody is texted or written to for that
            return ChannelError(f"The server does not take our mails: {code}", of_us=True)
        if of_address and is_dead_address(words):
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
            self.close()


def _will_not_have_us(error: Exception) -> bool:
    """Whether somebody answered, and one of the two sides will not go on."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= _FOR_GOOD
    return isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError))


def _asked(connection: smtplib.SMTP, commands: list[str]) -> list[Answer]:
    """The answers to the commands before a mail: all in one journey where the server can (RFC 2920), otherwise one
    after another until one is refused."""
    if connection.has_extn("pipelining"):
        connection.send("".join(f"{command}\r\n" for command in commands).encode("ascii"))
        return [connection.getreply() for _command in commands]
    answers = []
    for command in commands:
        answers.append(connection.docmd(command))
        if answers[-1][0] not in (250, 251, _GO_ON):
            break
    return answers


def _told(connection: smtplib.SMTP, content: bytes) -> Answer:
    connection.send(content)
    return connection.getreply()
