"""What a recording is by its own first bytes, and how long it lasts. Knows nothing of Django.

Lengths come from what the file holds, not from what its header claims where the two can differ: a browser that records
writes no length at all.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import StrEnum

from messaging.files.limits import Refusal, Refused

#: Seconds that somebody listens to on a phone, and the shortest that says anything.
MIN_SECONDS, MAX_SECONDS = 1, 180
#: Bytes of what is kept: three minutes of speech, for those who pay by the megabyte.
MAX_SOUND_BYTES = 1_500_000
#: Parts of one file that are looked at; three minutes of sound have some 9,000.
_MOST_PARTS = 60_000
#: Boxes of MP4 inside each other; a recording has four. Each part is handed up through all of them.
_DEEPEST = 8


class SoundKind(StrEnum):
    """What browsers record and phones keep."""

    MP4 = "MP4"
    WEBM = "WEBM"
    OGG = "OGG"
    MP3 = "MP3"
    WAV = "WAV"


def sound_kind_of(content: bytes) -> SoundKind:
    """Raises Refused for an empty file, and for everything that does not begin as one of these."""
    if not content:
        raise Refused(Refusal.EMPTY)
    if content.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in content[:64]:
        return SoundKind.WEBM
    if content.startswith(b"OggS"):
        return SoundKind.OGG
    if content[4:8] == b"ftyp":
        return SoundKind.MP4
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return SoundKind.WAV
    if content.startswith(b"ID3") or (len(content) > 3 and _mp3_frame(content, 0)):
        return SoundKind.MP3
    raise Refused(Refusal.UNKNOWN)


def plays_in_browsers(content: bytes, kind: SoundKind) -> bool:
    """Whether phones play it as it is: phones also keep speech in ways that browsers do not know."""
    if kind == SoundKind.MP4:
        return b"mp4a" in content or b"Opus" in content
    if kind == SoundKind.OGG:
        return b"OpusHead" in content[:128] or b"\x01vorbis" in content[:128]
    if kind == SoundKind.WEBM:
        return b"A_OPUS" in content[:4096] or b"A_VORBIS" in content[:4096]
    return True


def seconds_of(content: bytes, kind: SoundKind) -> float:
    """How long it lasts. Raises Refused for a file that is damaged or has no end."""
    measure = {
        SoundKind.MP4: _of_mp4,
        SoundKind.WEBM: _of_webm,
        SoundKind.OGG: _of_ogg,
        SoundKind.MP3: _of_mp3,
        SoundKind.WAV: _of_wav,
    }[kind]
    try:
        return measure(content)
    except (struct.error, IndexError, ZeroDivisionError, OverflowError, RecursionError) as error:
        raise Refused(Refusal.BROKEN) from error


def _of_wav(content: bytes) -> float:
    position, rate, size = 12, 0, 0
    while position + 8 <= len(content) and not size:
        name, length = struct.unpack_from("<4sI", content, position)
        if name == b"fmt ":
            rate = struct.unpack_from("<I", content, position + 16)[0]
        if name == b"data":
            size = len(content) - position - 8
        position += 8 + length + length % 2
    return size / rate


def _of_ogg(content: bytes) -> float:
    head = content[28:128]
    if b"OpusHead" in head:
        rate, skipped = 48_000, struct.unpack_from("<H", content, 28 + head.index(b"OpusHead") + 10)[0]
    else:
        rate, skipped = struct.unpack_from("<I", content, 28 + head.find(b"\x01vorbis") + 12)[0], 0
    last = len(content)
    while (last := content.rfind(b"OggS", 0, last)) >= 0:
        place = struct.unpack_from("<q", content, last + 6)[0]
        if place >= 0:
            return (place - skipped) / rate
    raise Refused(Refusal.BROKEN)


_MASTERS = frozenset({0x18538067, 0x1549A966, 0x1F43B675, 0xA0})  # segment, info, cluster, group of blocks
_SCALE, _CLUSTER_TIME, _SIMPLE_BLOCK, _BLOCK = 0x2AD7B1, 0xE7, 0xA3, 0xA1

_LONGEST_NUMBER = 8  # bytes; one of megabytes would be added up at every block


def _of_webm(content: bytes) -> float:
    """The time of the last block (Matroska, RFC 9559): a browser cannot go back to write the length in front."""
    position, scale, cluster, last, parts = 0, 1_000_000, 0, -1, 0
    while position < len(content) and (parts := parts + 1) < _MOST_PARTS:
        name, position = _vint(content, position, keep_marker=True)
        size, position = _vint(content, position)
        if name in _MASTERS:
            continue
        if name in (_SCALE, _CLUSTER_TIME) and size > _LONGEST_NUMBER:
            raise Refused(Refusal.BROKEN)
        if name == _SCALE:
            scale = int.from_bytes(content[position : position + size], "big")
        elif name == _CLUSTER_TIME:
            cluster = int.from_bytes(content[position : position + size], "big")
        elif name in (_SIMPLE_BLOCK, _BLOCK) and position < len(content):
            _track, at = _vint(content, position)
            last = max(last, cluster + struct.unpack_from(">h", content, at)[0])
        position += size
    if last < 0:
        raise Refused(Refusal.BROKEN)
    return last * scale / 1e9


def _vint(content: bytes, position: int, *, keep_marker: bool = False) -> tuple[int, int]:
    """A number of variable length and where it ends."""
    first = content[position]
    length = 9 - first.bit_length()
    if length > 8:
        raise Refused(Refusal.BROKEN)
    value = int.from_bytes(content[position : position + length], "big")
    return (value if keep_marker else value & ((1 << 7 * length) - 1)), position + length


def _of_mp4(content: bytes) -> float:
    """The header's length, or what the fragments add up to (ISO/IEC 14496-12): a browser that records writes those."""
    scale = default = total = 0
    for name, start, end in _boxes(content, 0, len(content)):
        if name in (b"mvhd", b"mdhd"):
            is_long = content[start] == 1
            found, length = struct.unpack_from(">IQ" if is_long else ">II", content, start + (20 if is_long else 12))
            if name == b"mvhd" and length:
                return length / found
            scale = found
        elif name == b"trex":
            default = struct.unpack_from(">I", content, start + 12)[0]
        elif name == b"tfhd":
            default = _default_length(content, start) or default
        elif name == b"trun":
            total += _run_length(content[start:end], default)
    return total / scale


def _boxes(content: bytes, start: int, end: int, depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    if depth > _DEEPEST:
        raise Refused(Refusal.BROKEN)
    position, parts = start, 0
    while position + 8 <= end and (parts := parts + 1) < _MOST_PARTS:
        size, name = struct.unpack_from(">I4s", content, position)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", content, position + 8)[0], 16
        last = min(position + size, end) if size else end
        if last < position + head:
            raise Refused(Refusal.BROKEN)
        if name in (b"moov", b"trak", b"mdia", b"mvex", b"moof", b"traf"):
            yield from _boxes(content, position + head, last, depth + 1)
        else:
            yield name, position + head, last
        position = last


def _default_length(content: bytes, start: int) -> int:
    flags = struct.unpack_from(">I", content, start)[0] & 0xFFFFFF
    offset = start + 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    return int(struct.unpack_from(">I", content, offset)[0]) if flags & 0x8 else 0


def _run_length(box: bytes, default: int) -> int:
    flags, count = struct.unpack_from(">II", box, 0)
    offset = 8 + sum(4 for flag in (0x1, 0x4) if flags & flag)
    width = 4 * sum(1 for flag in (0x100, 0x200, 0x400, 0x800) if flags & flag)
    if not flags & 0x100:
        return count * default
    if count > _MOST_PARTS:
        raise Refused(Refusal.BROKEN)
    return sum(struct.unpack_from(">I", box, offset + width * number)[0] for number in range(count))


_BITRATES = {  # kbit/s of layer III
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _mp3_frame(content: bytes, position: int) -> tuple[int, float] | None:
    """Bytes and seconds of the frame that begins here; None when none does."""
    if position + 4 > len(content):
        return None
    first, second, third = content[position : position + 3]
    version, layer, bitrate, rate = second >> 3 & 3, second >> 1 & 3, third >> 4, third >> 2 & 3
    if first != 0xFF or second < 0xE0 or version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return None
    samples, hertz = (1152 if version == 3 else 576), _RATES[version][rate]
    size = samples // 8 * _BITRATES[version == 3][bitrate] * 1000 // hertz + (third >> 1 & 1)
    return size, samples / hertz


def _of_mp3(content: bytes) -> float:
    position, seconds = 0, 0.0
    if content.startswith(b"ID3"):
        position = 10 + sum((content[6 + number] & 0x7F) << 7 * (3 - number) for number in range(4))
    while frame := _mp3_frame(content, position):
        position, seconds = position + frame[0], seconds + frame[1]
    if not seconds:
        raise Refused(Refusal.BROKEN)
    return seconds
