"""A mail as it stands on the wire, put together from ready parts.

Building a message with the standard library costs three times what sending it does (limits.md), so headers and the
two parts are joined here; every part is base64, so that no line is too long and no dot is doubled (RFC 5321, 2045).
"""

from __future__ import annotations

import re
import time
from binascii import b2a_base64
from collections.abc import Iterable
from email.header import Header
from email.mime.image import MIMEImage
from email.utils import formatdate
from functools import lru_cache
from struct import Struct

from django.core.mail import EmailMessage
from django.utils.encoding import punycode

from messaging.channels.base import ChannelError, Outgoing, Picture

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def message_id(outgoing: Outgoing, host_name: str) -> str:
    """The name of a mail: a repeat has the same, and what comes back under it was sent by us (it is signed)."""
    return f"<{outgoing.name}@{host_name}>"


def check_address(address: str) -> None:
    """Raise ChannelError unless a mail can be addressed so."""
    if not _ADDRESS.fullmatch(address):
        raise ChannelError("This is no e-mail address.", permanent=True, reason="UNUSABLE")


def own_headers(outgoing: Outgoing, host_name: str) -> dict[str, str]:
    """The headers that are the same whoever carries the mail; unsubscribing is one click (RFC 8058)."""
    headers = {
        "Message-ID": message_id(outgoing, host_name),
        "Content-Language": outgoing.html_lang,
        "Auto-Submitted": "auto-generated",
        **outgoing.headers,
    }
    if outgoing.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{outgoing.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def mail_bytes(outgoing: Outgoing, *, host_name: str, sender_name: str, sender: str) -> bytes:
    """The whole mail. Raises ChannelError for an address or header that would not stay one."""
    check_address(outgoing.address)
    boundary = f"=_d{outgoing.number}.{outgoing.round}_="
    headers = {
        "From": f"{_encoded(outgoing.sender_name or sender_name)} <{sender}>",
        "To": outgoing.address,
        "Subject": _encoded(outgoing.subject),
        "Date": _date(int(time.time())),
        **own_headers(outgoing, host_name),
    }
    if outgoing.reply_to:
        local, at, domain = outgoing.reply_to.rpartition("@")
        headers["Reply-To"] = f"{local}{at}{punycode(domain)}"  # a school at café.be
    headers["MIME-Version"] = "1.0"
    headers["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
    head = "".join(f"{name}: {one_line(value)}\n" for name, value in headers.items())
    parts = [_on_the_wire(head), b"\r\n--", boundary.encode(), b"\r\n", _words(b"plain", outgoing.text)]
    parts += [b"\r\n--", boundary.encode(), b"\r\n"]
    html = _words(b"html", outgoing.html)
    parts += _with_pictures(html, outgoing, f"{boundary}r_=") if outgoing.pictures else [html]
    parts += [b"\r\n--", boundary.encode(), b"--\r\n"]
    return b"".join(parts)


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return formatdate(second)


def _on_the_wire(lines: str) -> bytes:
    return lines.replace("\n", "\r\n").encode("ascii")


def _words(kind: bytes, words: str) -> bytes:
    head = b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" % kind
    return head + _base64(words.encode())


def _base64(content: bytes) -> bytes:
    """In lines of 76, as ``base64.encodebytes``, which encodes line by line: this takes less than half of its time."""
    whole = b2a_base64(content, newline=False)
    full = len(whole) // 76
    rest = [whole[full * 76 :], b""] if full * 76 < len(whole) else [b""]
    return b"\r\n".join([*_full_lines(full).unpack_from(whole), *rest])


@lru_cache(maxsize=256)
def _full_lines(count: int) -> Struct:
    return Struct("76s" * count)


def _with_pictures(html: bytes, outgoing: Outgoing, boundary: str) -> list[bytes]:
    """The HTML with the pictures it shows (RFC 2387)."""
    between = f"\r\n--{boundary}".encode()
    head = f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}"\r\n'
    parts = [head.encode(), between, b"\r\n", html]
    for picture in outgoing.pictures:
        parts += [between, b"\r\n", _picture(picture)]
    return [*parts, between, b"--\r\n"]


def attach_pictures(message: EmailMessage, pictures: Iterable[Picture]) -> None:
    """The same for a message that Django or a provider puts together."""
    for picture in pictures:
        part = MIMEImage(picture.content, "png")
        part.add_header("Content-ID", f"<{picture.name}>")
        part.add_header("Content-Disposition", "inline")
        message.attach(part)


@lru_cache(maxsize=32)
def _picture(picture: Picture) -> bytes:
    """The same few in every mail: put together once."""
    head = ["Content-Type: image/png", "Content-Transfer-Encoding: base64", f"Content-ID: <{picture.name}>"]
    return _on_the_wire("\n".join([*head, "Content-Disposition: inline", "", ""])) + _base64(picture.content)


@lru_cache(maxsize=1024)
def _encoded(words: str) -> str:
    """A header's words, on one line of the sender's making, encoded where they are not plain ASCII (RFC 2047)."""
    words = " ".join(words.split())
    if re.fullmatch(r"[A-Za-z0-9 !'*+/=?^_`{|}~.:-]*", words) and len(words) < 60 and ":" not in words:
        return words
    return Header(words, "utf-8", maxlinelen=75).encode(linesep="\n")


def one_line(value: str) -> str:
    """A header's value; a line break that is not folding would start a header of somebody else's."""
    if "\n" not in value and "\r" not in value:
        return value
    if "\r" in value or re.search(r"\n(?![ \t])", value):
        raise ChannelError("A header would break in two.", permanent=True, reason="UNUSABLE")
    return value
