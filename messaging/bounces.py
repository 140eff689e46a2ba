"""Reads the mailbox in which undeliverable mails come back, each once.

A mail is recorded first and moved then: a crash in between reads it again, and a report about a finished delivery
changes nothing. Reports of mails of ours and what programs wrote go to one folder; the rest, such as a parent who
answered to the wrong address, to another, for a person to look at.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError

from messaging.channels import dsn
from messaging.services.reports import record_mail_failure, record_mail_refusal
from messaging.tokens import delivery_named
from schools import clock

logger = logging.getLogger(__name__)

INBOX, DONE, OTHERS = "INBOX", "Verwerkt", "Anders"
MOST_AT_ONCE = 500
#: A report stands at the beginning of a mail; the rest is what was sent.
_MOST_BYTES = 256 * 1024
_TIMEOUT = 20
_PREFIX = re.compile(r'\(\("([A-Za-z0-9./_-]*)"')


def read_mailbox() -> int:
    """Read what came back; returns how many mails were read. 0 where no mailbox is set."""
    if not settings.BOUNCE_IMAP:
        return 0
    try:
        with _opened(**settings.BOUNCE_IMAP) as mailbox:
            count = sum(_read_one(mailbox, uid) for uid in _waiting(mailbox))
            _forget_old(mailbox)
    except (imaplib.IMAP4.error, OSError) as error:
        logger.error("The mailbox of mails that came back cannot be read: %s", type(error).__name__)
        return 0
    return count


@contextlib.contextmanager
def _opened(*, host: str, port: int, user: str, password: str, tls: str) -> Iterator[imaplib.IMAP4]:
    context = ssl.create_default_context()
    mailbox: imaplib.IMAP4 = (
        imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=_TIMEOUT)
        if tls == "implicit"
        else imaplib.IMAP4(host, port, timeout=_TIMEOUT)
    )
    with mailbox:
        if tls == "starttls":
            mailbox.starttls(context)
        mailbox.login(user, password)
        for folder in (DONE, OTHERS):
            mailbox.create(_folder(mailbox, folder))  # "NO" when it is there
        _expect(mailbox.select(INBOX))
        yield mailbox


def _folder(mailbox: imaplib.IMAP4, name: str) -> str:
    """The folder's whole name: some servers keep all folders below INBOX (RFC 2342)."""
    if "NAMESPACE" not in mailbox.capabilities:
        return name
    (answer,) = _expect(mailbox.namespace())
    prefix = _PREFIX.match((answer or b"").decode("ascii", "replace"))
    return f"{prefix[1] if prefix else ''}{name}"


def _waiting(mailbox: imaplib.IMAP4) -> list[str]:
    (found,) = _expect(mailbox.uid("SEARCH", "UNDELETED"))
    return (found or b"").decode().split()[:MOST_AT_ONCE]


def _read_one(mailbox: imaplib.IMAP4, uid: str) -> int:
    """Read one mail and put it away. What cannot be read is put away too, and stops nobody."""
    raw = _content(mailbox, uid)
    if raw is None:
        return 0  # another reader was faster
    try:
        is_done = _record(raw)
    except (DatabaseError, SoftTimeLimitExceeded):
        raise  # nothing is wrong with the mail: it waits
    except Exception:
        logger.exception("A mail that came back cannot be read")
        is_done = False
    _move(mailbox, uid, _folder(mailbox, DONE if is_done else OTHERS))
    return 1


def _record(raw: bytes) -> bool:
    """Record what a mail reports; False when a person should look at it."""
    report, is_automatic = dsn.read(raw)
    if report is None:
        return is_automatic
    delivery_id = next(filter(None, map(delivery_named, report.names)), None)
    if delivery_id is None:
        logger.warning("A mail that came back names no delivery of ours")
        return False
    if report.is_complaint:
        record_mail_refusal(delivery_id=delivery_id, how="complained")
    else:
        record_mail_failure(delivery_id=delivery_id, reason=report.reason, recipients=report.recipients)
    return True


def _content(mailbox: imaplib.IMAP4, uid: str) -> bytes | None:
    answer = _expect(mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{_MOST_BYTES}>)"))
    return next((part[1] for part in answer if isinstance(part, tuple)), None)


def _move(mailbox: imaplib.IMAP4, uid: str, folder: str) -> None:
    """A mail that a server will not move stops nobody: it is read again, and that changes nothing."""
    way = "MOVE" if "MOVE" in mailbox.capabilities else "COPY"
    status, _answer = mailbox.uid(way, uid, folder)
    if status != "OK":
        logger.error("A mail that came back cannot be put away in the folder %s", folder)
    elif way == "COPY":
        mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        mailbox.expunge()


def _forget_old(mailbox: imaplib.IMAP4) -> None:
    """What was read and understood does not stay: it names people's addresses."""
    last_kept = clock.now() - timedelta(days=settings.BOUNCE_KEEP_DAYS)
    _expect(mailbox.select(_folder(mailbox, DONE)))
    before = imaplib.Time2Internaldate(last_kept)[1:12].strip()  # in English, whatever this machine speaks
    (found,) = _expect(mailbox.uid("SEARCH", "BEFORE", before))
    old = (found or b"").decode().split()
    for start in range(0, len(old), MOST_AT_ONCE):
        mailbox.uid("STORE", ",".join(old[start : start + MOST_AT_ONCE]), "+FLAGS.SILENT", r"(\Deleted)")
    mailbox.expunge()


def _expect(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server gave. Raises for a "NO"."""
    status, content = answer
    if status != "OK":
        raise imaplib.IMAP4.error("The server said no.")
    return content
