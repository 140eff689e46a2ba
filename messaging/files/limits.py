"""How many, how large, of which kind; and the words in which a refusal travels between two processes."""

from __future__ import annotations

from enum import StrEnum

#: Files with one notice: who gets many opens none.
MAX_FILES = 3
#: Bytes of one file, as it arrives and as it is kept: some seconds on a phone in the street.
MAX_BYTES = 5 * 1024 * 1024
#: With which the program that opens a file ends when it refuses one.
REFUSED_STATUS = 3


class Kind(StrEnum):
    """What a file is by its own first bytes, whatever its name says."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    DOCX = "DOCX"
    ODT = "ODT"


#: What goes with a notice: a phone shows it without a program for texts.
FOR_PARENTS = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.WEBP})
#: How a text of OpenDocument begins, after the head of its first entry.
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.textPK"


class Refusal(StrEnum):
    EMPTY = "EMPTY"
    TOO_BIG = "TOO_BIG"
    UNKNOWN = "UNKNOWN"
    BROKEN = "BROKEN"
    LOCKED = "LOCKED"
    ACTIVE = "ACTIVE"
    HOLDS_FILES = "HOLDS_FILES"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    EXPANDS = "EXPANDS"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"


class Refused(Exception):
    """A file that is not taken in, and why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def kind_of(content: bytes) -> Kind:
    """Raises Refused for an empty file, and for everything that does not begin as one of the kinds. What a text of an
    office holds its opener looks into."""
    if not content:
        raise Refused(Refusal.EMPTY)
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content.startswith(b"PK\x03\x04"):
        if content[30:].startswith(_ODT):
            return Kind.ODT
        if b"word/document.xml" in content:
            return Kind.DOCX
    raise Refused(Refusal.UNKNOWN)
