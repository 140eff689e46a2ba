"""Recordings as phones and browsers make them: a tone, by the standard library or by ffmpeg."""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
import wave
from io import BytesIO
from pathlib import Path

from messaging.files.listening import CheckedSound
from messaging.files.sounds import SoundKind
from messaging.models import Notice, Recording
from messaging.services import record_notice

FFMPEG = shutil.which("ffmpeg") or ""
#: How each kind is written: by a phone, by a browser that cannot go back to the beginning of what it writes.
MADE_BY: dict[str, list[str]] = {
    "m4a": ["-c:a", "aac", "-f", "mp4"],
    "fragments.mp4": ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov", "-frag_duration", "400000", "-f", "mp4"],
    "live.webm": ["-c:a", "libopus", "-live", "1", "-f", "webm"],
    "ogg": ["-c:a", "libopus", "-f", "ogg"],
    "mp3": ["-c:a", "libmp3lame", "-f", "mp3"],
}


def tone(seconds: float, *, rate: int = 8_000) -> bytes:
    """A WAV file of one voice, 16 bits."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        second = [int(9_000 * math.sin(2 * math.pi * 330 / rate * number)) for number in range(rate)]
        frames = struct.pack(f"<{rate}h", *second) * math.ceil(seconds)
        file.writeframes(frames[: 2 * int(seconds * rate)])
    return out.getvalue()


def converted(folder: Path, sound: bytes, kind: str, *more: str) -> bytes:
    """The same sound as another kind of file, with ``more`` of ffmpeg's options."""
    source, target = folder / "source.wav", folder / f"target.{kind}"
    source.write_bytes(sound)
    command = [FFMPEG, "-y", "-loglevel", "error", "-i", str(source), *more, *MADE_BY[kind], str(target)]
    subprocess.run(command, check=True, timeout=60)
    return target.read_bytes()


def a_voice(notice: Notice, language: str = "ar", content: bytes = b"OggS een stem", seconds: int = 12) -> Recording:
    """A voice that goes with a draft, as it stands after it was heard and made small."""
    sound = CheckedSound(SoundKind.OGG, content, seconds)
    return record_notice(notice=notice, by=notice.author, sound=sound, language=language)
