"""Which characters the bundled fonts can draw.

PDF/UA forbids text without a glyph, so one exotic character in one family's name would stop the letters of a whole
school. Read straight from the fonts' ``cmap`` tables (OpenType specification, formats 4 and 12).
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
REPLACEMENT = "\ufffd"

#: Characters that shape or order text without being drawn: joiners, isolates, soft hyphen, line and tab.
INVISIBLE = frozenset("\n\t\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff")
#: Emoji presentation and skin tone: our emoji are line drawings, so these say nothing on paper.
DROPPED = frozenset((*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400), ord("\r")))


def _segments(table: bytes) -> set[int]:
    """Code points of a format 4 subtable (16-bit segments)."""
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + 2 * count)
    return {
        point for start, end in zip(starts, ends, strict=True) if start != 0xFFFF for point in range(start, end + 1)
    }


def _groups(table: bytes) -> set[int]:
    """Code points of a format 12 subtable (32-bit groups)."""
    (count,) = struct.unpack_from(">I", table, 12)
    found: set[int] = set()
    for number in range(count):
        start, end = struct.unpack_from(">II", table, 16 + 12 * number)
        found.update(range(start, end + 1))
    return found


def _character_map(font: bytes) -> bytes:
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _checksum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            return font[offset : offset + length]
    raise ValueError("The font has no cmap table.")


def characters_of(font: bytes) -> set[int]:
    """All code points for which a TrueType font has a glyph."""
    cmap = _character_map(font)
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", cmap, 2)[0]):
        (offset,) = struct.unpack_from(">I", cmap, 4 + 8 * number + 4)
        (kind,) = struct.unpack_from(">H", cmap, offset)
        if kind == 4:
            found |= _segments(cmap[offset:])
        elif kind == 12:
            found |= _groups(cmap[offset:])
    return found


@lru_cache(maxsize=1)
def drawable() -> frozenset[int]:
    """Code points that at least one bundled font draws."""
    return frozenset().union(*(characters_of(path.read_bytes()) for path in FONTS.glob("*.ttf")))


class _Printable(dict[int, int | str | None]):
    """A translation table that fills itself: every character is looked up once in the life of the program."""

    def __missing__(self, point: int) -> int | str | None:
        character = chr(point)
        if point in DROPPED:
            self[point] = None
        elif character in INVISIBLE or (point >= 0x20 and point in drawable()):
            self[point] = point
        else:
            self[point] = REPLACEMENT
        return self[point]


_PRINTABLE = _Printable()


def printable(text: str) -> str:
    """The text with U+FFFD for every character that no bundled font can draw."""
    return text.translate(_PRINTABLE)
