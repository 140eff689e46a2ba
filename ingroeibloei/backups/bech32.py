"""Bech32 (BIP 173), as age writes its keys: a word, a 1, the bytes in 32 letters and a checksum of six."""

from __future__ import annotations

from collections.abc import Iterable

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(word: str, raw: bytes) -> str:
    """In small letters."""
    values = _regroup(raw, 8, 5)
    rest = _checksum([*_spread(word), *values, *[0] * 6]) ^ 1
    values += [rest >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{word}1{''.join(_LETTERS[value] for value in values)}"


def decode(text: str) -> tuple[str, bytes]:
    """The word and the bytes. Raises ValueError for anything that was not written so, or not copied well."""
    small = text.lower()
    word, _one, letters = small.rpartition("1")
    if text not in (small, text.upper()) or not word or set(letters) - set(_LETTERS):
        raise ValueError("This is no key of age.")
    values = [_LETTERS.index(letter) for letter in letters]
    if _checksum([*_spread(word), *values]) != 1:
        raise ValueError("This key was not copied well: its last letters do not fit the others.")
    return word, bytes(_regroup(values[:-6], 5, 8))


def _spread(word: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in word), 0, *(ord(letter) & 31 for letter in word)]


def _checksum(values: Iterable[int]) -> int:
    found = 1
    for value in values:
        top = found >> 25
        found = (found & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            found ^= generator if top >> place & 1 else 0
    return found


def _regroup(values: Iterable[int], bits: int, wanted: int) -> list[int]:
    """The same bits in groups of another size; the last group is filled up with zeros, or left out when it is those."""
    kept, width, found = 0, 0, []
    for value in values:
        kept, width = kept << bits | value, width + bits
        while width >= wanted:
            width -= wanted
            found.append(kept >> width)
            kept &= (1 << width) - 1
    if width and wanted < bits:
        found.append(kept << wanted - width)
    return found
