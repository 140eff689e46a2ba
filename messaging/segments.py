"""How many text messages an SMS costs: GSM 03.38 or UCS-2, and how the parts are cut.

Source: 3GPP TS 23.038 (default alphabet and its extension table) and TS 23.040 (the 6-octet header that joins parts).
A gateway charges by part, and a phone that cannot join them shows parts in any order: short texts reach everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

#: One septet each; ``\x1b`` itself is left out, because it only announces a letter of the extension table.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Two septets each: the escape and the letter.
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
#: Units that fit in one message alone, and in each part of a joined one.
CAPACITY: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True, slots=True)
class Segments:
    """The cost of a text.

    ``characters`` counts the units of the encoding as a phone's counter does: septets for GSM-7 (a letter of the
    extension table is two), UTF-16 code units for UCS-2 (an emoji is two). ``segments`` is what the gateway charges;
    an empty text still is one message.
    """

    encoding: Encoding
    characters: int
    segments: int


def _encoding_of(text: str) -> Encoding:
    return "GSM-7" if all(letter in GSM_BASIC or letter in GSM_EXTENSION for letter in text) else "UCS-2"


def _widths(text: str, encoding: Encoding) -> list[int]:
    """The units each letter takes; a letter is never cut in two."""
    if encoding == "GSM-7":
        return [2 if letter in GSM_EXTENSION else 1 for letter in text]
    return [2 if ord(letter) > 0xFFFF else 1 for letter in text]


def _parts(widths: Iterable[int], capacity: int) -> int:
    """How many parts hold the letters in order, if a letter that does not fit whole starts the next part."""
    parts, used = 1, 0
    for width in widths:
        if used + width > capacity:
            parts, used = parts + 1, 0
        used += width
    return parts


def sms_segments(text: str) -> Segments:
    """The encoding, length and number of messages of ``text`` as a gateway sends it, without national tables."""
    encoding = _encoding_of(text)
    widths = _widths(text, encoding)
    characters = sum(widths)
    alone, joined = CAPACITY[encoding]
    return Segments(encoding, characters, 1 if characters <= alone else _parts(widths, joined))
