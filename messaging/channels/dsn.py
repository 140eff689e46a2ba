"""Reads a mail that came back: a delivery report (RFC 3464), or a complaint through a feedback loop (RFC 5965).

Anybody can write to that mailbox, so nothing here decides: it says which mail a report is about, and the signature in
that mail's name decides whether we believe it.
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import Message
from typing import Any, TypeAlias

from messaging.channels.refusals import is_dead_address, is_temporary

Mail: TypeAlias = "Message[Any, Any]"  # no generic before Python 3.13
_LENIENT = email.policy.compat32  # the newer policies raise on headers that real servers write
_HEADERS = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_RECIPIENTS = ("Final-Recipient", "Original-Recipient")
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody's mail server says about one mail. ``names`` may hold its name; ``reason`` is one of messaging's
    for a failure, "" for a complaint; ``recipients`` are the addresses it speaks of."""

    names: tuple[str, ...]
    reason: str
    recipients: frozenset[str] = frozenset()
    is_complaint: bool = False


def read(raw: bytes) -> tuple[Report | None, bool]:
    """The report in a mail, if it is one about a failure or complaint; and whether a program wrote the mail."""
    mail = email.message_from_bytes(raw, policy=_LENIENT)
    parts: list[Mail] = [part for part in _payload(mail) if isinstance(part, Message)]
    if mail.get_content_type() != "multipart/report":
        return None, _is_automatic(mail)
    blocks = [block for part in parts if part.get_content_type() in _STATUS for block in _payload(part)]
    kinds = {part.get_content_type() for part in parts}
    names = _names(mail, parts, blocks)
    if "message/feedback-report" in kinds:
        return Report(names, "", is_complaint=True) if _is_abuse(parts) else None, True
    failures = [block for block in blocks if _field(block, "Action").lower() == "failed"]
    if not failures:  # delayed, relayed, or a receipt of reading
        return None, bool(blocks) or "message/disposition-notification" in kinds or _is_automatic(mail)
    recipients = {_address(_field(block, name)) for block in failures for name in _RECIPIENTS}
    return Report(names, _reason(failures[0]), frozenset(recipients - {""})), True


def _is_automatic(mail: Mail) -> bool:
    """A vacation reply and its like (RFC 3834, and what programs wrote before it)."""
    submitted = _field(mail, "Auto-Submitted").lower()
    return (submitted not in ("", "no")) or _field(mail, "Precedence").lower() in ("auto_reply", "bulk", "junk")


def _is_abuse(parts: list[Mail]) -> bool:
    """A feedback report of the kind "abuse": the reader pressed "this is spam"."""
    reports = [_inner(part) for part in parts if part.get_content_type() == "message/feedback-report"]
    return any(_field(one, "Feedback-Type").lower() == "abuse" for one in reports)


def _names(mail: Mail, parts: list[Mail], blocks: list[Mail]) -> tuple[str, ...]:
    """Where the name of the mail may stand: in its own headers, and in what the server was told to call it."""
    found = [_field(block, "Original-Envelope-Id") for block in blocks]
    for part in parts:
        if part.get_content_type() in _HEADERS:
            found.append(_field(_inner(part), "Message-ID"))
    found += [_field(mail, "In-Reply-To"), _field(mail, "References")]
    return tuple(dict.fromkeys(name for name in found if name))


def _reason(block: Mail) -> str:
    status, words = _field(block, "Status"), _field(block, "Diagnostic-Code")
    if is_dead_address(words, status=status):
        return "BOUNCED"
    return "GAVE_UP" if is_temporary(words, status=status) else "REFUSED"


def _address(field: str) -> str:
    """The address in ``rfc822; <a@b.example>``, in small letters."""
    return field.rpartition(";")[2].strip().strip("<>").lower()


def _field(mail: Mail, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _payload(mail: Mail) -> list[Any]:
    content = mail.get_payload()
    return content if isinstance(content, list) else []


def _inner(part: Mail) -> Mail:
    """The message or headers that a part holds; servers give them as one or as text, however badly written."""
    for one in _payload(part):
        if isinstance(one, Message):
            return one
    content = part.get_payload(decode=True)
    return email.message_from_bytes(content.lstrip() if isinstance(content, bytes) else b"", policy=_LENIENT)
