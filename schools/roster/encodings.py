"""Text files as lines, in whichever encoding they came."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from schools.roster import limits
from schools.roster.findings import Findings, unreadable
from schools.roster.rows import Place

_HEAD = 64 * 1024
_WINDOWS, _DOS = "cp1252", "cp850"
#: The accents of the one are signs that follow no letter in the other.
_DOS_LETTERS, _WINDOWS_LETTERS = re.compile(rb"[A-Za-z][\x82\x84\x87-\x89\x8b]"), re.compile(rb"[A-Za-z][\xc0-\xff]")
#: Beginnings of files that are something else, and the finding that says what.
_OTHERS = (
    (b"%PDF", "is_pdf"),
    (b"\xd0\xcf\x11\xe0", "is_old_excel"),
    (b"\x89PNG", "is_picture"),
    (b"\xff\xd8\xff", "is_picture"),
    (b"GIF8", "is_picture"),
    (b"PK\x03\x04", "zip_inside"),
    (b"\x1f\x8b", "is_packed"),
    (b"7z\xbc\xaf", "is_packed"),
    (b"Rar!", "is_packed"),
)
_MARKUP = (
    (b"<?xml", "is_xml"),
    (b"<!doctype html", "is_web_page"),
    (b"<html", "is_web_page"),
    (b"<table", "is_web_page"),
    (b"<", "is_xml"),
    (b"{", "is_json"),
    (b"[{", "is_json"),
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 26})


def text_lines(stream: BinaryIO, place: Place, findings: Findings) -> Iterator[str]:
    """Decoded lines with their ends. Raises ``Unreadable`` when these bytes are no text."""
    head = stream.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise unreadable("empty", place)
    for beginning, code in _OTHERS:
        if head.startswith(beginning):
            raise unreadable(code, place)
    encoding = _wide(head)
    shown = head.decode(encoding, "ignore").encode() if encoding else head.removeprefix(b"\xef\xbb\xbf")
    start = shown.lstrip()[:20].lower()
    for beginning, code in _MARKUP:
        if start.startswith(beginning):
            raise unreadable(code, place)
    if len(shown.translate(None, _CONTROLS)) < len(shown) * 0.98 - 2:
        raise unreadable("not_a_table", place)
    lines = _wide_lines(head, stream, encoding, place) if encoding else _narrow_lines(head, stream, place, findings)
    return _without_nul(lines, place, findings)


def _wide(head: bytes) -> str:
    """The UTF-16 this is, by its mark or by every other byte being zero; "" for any other."""
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    sample = head[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.3 and even < odd / 10:
        return "utf-16-le"
    return "utf-16-be" if even > len(sample) * 0.3 and odd < even / 10 else ""


def _chunks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    while chunk := stream.read(_HEAD):
        yield chunk


def _wide_lines(head: bytes, stream: BinaryIO, encoding: str, place: Place) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""
    for chunk in _chunks(head, stream):
        rest += decoder.decode(chunk)
        *whole, rest = rest.split("\n")
        for line in whole:
            yield line.lstrip("\ufeff") + "\n"
        if len(rest) > limits.LINE:
            raise unreadable("line_too_long", place)
    if rest:
        yield rest.lstrip("\ufeff")


def _narrow_lines(head: bytes, stream: BinaryIO, place: Place, findings: Findings) -> Iterator[str]:
    """UTF-8, and line by line Windows-1252 where it is none: some files are glued from both. Excel's "CSV (MS-DOS)" has
    its accents elsewhere."""
    is_dos = len(_DOS_LETTERS.findall(head)) > len(_WINDOWS_LETTERS.findall(head))
    utf8 = windows = False
    for raw in _raw_lines(head, stream, place):
        if raw.isascii():
            yield raw.decode("ascii")
            continue
        try:
            line, utf8 = raw.decode(), True
        except UnicodeDecodeError:
            line, windows = raw.decode(_DOS if is_dos else _WINDOWS, "replace"), True
        yield line
    if utf8 and windows:
        findings.warning("mixed_encodings", place)


def _raw_lines(head: bytes, stream: BinaryIO, place: Place) -> Iterator[bytes]:
    rest = b""
    for chunk in _chunks(head.removeprefix(b"\xef\xbb\xbf"), stream):
        *whole, rest = (rest + chunk).splitlines(keepends=True) or [b""]
        yield from whole
        if rest.endswith(b"\n"):
            yield rest
            rest = b""
        if len(rest) > limits.LINE:
            raise unreadable("line_too_long", place)
    if rest:
        yield rest


def _without_nul(lines: Iterator[str], place: Place, findings: Findings) -> Iterator[str]:
    found = False
    for line in lines:
        if len(line) > limits.LINE:
            raise unreadable("line_too_long", place)
        if "\0" in line:
            line, found = line.replace("\0", ""), True
        yield line
    if found:
        findings.warning("nul_bytes", place)
