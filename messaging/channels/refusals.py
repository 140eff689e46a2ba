"""What a mail server's refusal says about the address: the one place that reads reply codes (RFC 5321, 3463).

Used while sending, on mails that come back and on a provider's reports, so that one refusal means one thing.
"""

from __future__ import annotations

import re

ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_NO_SUCH_ADDRESS = frozenset({"550", "551", "553", "556"})
#: Subject and detail: the address does not exist, its mailbox is closed, its domain has no mail.
_DEAD = frozenset({"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4", "4.310"})
#: The sender, or its right to send elsewhere by this server. Many servers say so only when they hear for whom it is.
_OF_SENDER = re.compile(
    r"\brelay(ing)?\b[^.;]{0,20}\b(denied|disallowed|prohibited|not (permitted|allowed))"
    r"|\b(denied|unable to|cannot|do(es)? not|not (permitted|allowed|authori[sz]ed)( to)?) relay|\brcpthosts\b"
    r"|\bsender\b( e?-?mail)?( address)?( is)? (rejected|refused|denied|not allowed|verify fail)"
    r"|\bsend as\b|\bnot owned by user\b|\bnot authenticated\b|\bauth(enticat\w+)? (is )?required\b",
    re.IGNORECASE,
)
#: RFC 3463: a sender's address that is not right; Exchange: who may not send as it, or not elsewhere.
_OF_SENDER_CODES = frozenset({"1.7", "1.8", "7.57", "7.60", "7.64"})
_NOT_SIGNED_IN = frozenset({"530", "534", "535"})
#: Exchange says so of an address that its directory does not know, under a code that means "no answer".
_NOT_IN_DIRECTORY = re.compile(r"5\.4\.1\b.*recipient address rejected", re.IGNORECASE | re.DOTALL)


def is_about_sender(words: str) -> bool:
    """Whether a refusal is about us: the next mail would meet it too, whoever is to get it."""
    if _OF_SENDER.search(words):
        return True
    reply, found = _REPLY.search(words), ENHANCED.search(words)
    if reply is not None and reply[1] in _NOT_SIGNED_IN:
        return True
    return found is not None and found[1] == "5" and f"{found[2]}.{found[3]}" in _OF_SENDER_CODES


def is_dead_address(words: str, *, status: str = "") -> bool:
    """Whether a refusal (``words`` as the server said them) means that the address itself does not exist.

    ``status`` is the code of a report (RFC 3464). Servers write 5.0.0 where they know more and say it in words: then
    the words decide. A full mailbox, a policy, a spam filter or a server that will not have us says nothing about it.
    """
    if is_about_sender(words):
        return False
    if _NOT_IN_DIRECTORY.search(f"{status} {words}"):
        return True
    found = ENHANCED.findall(f"{status} {words}")
    telling = [(kind, f"{subject}.{detail}") for kind, subject, detail in found if (subject, detail) != ("0", "0")]
    if telling:
        kind, meaning = telling[0]
        return kind == "5" and meaning in _DEAD
    reply = _REPLY.search(words)
    return reply is not None and reply[1] in _NO_SUCH_ADDRESS


def is_temporary(words: str, *, status: str = "") -> bool:
    """Whether the last word was "later": a report that failed so was tried for as long as the server cares to."""
    found = ENHANCED.search(status) or ENHANCED.search(words)
    return found is not None and found[1] == "4"
