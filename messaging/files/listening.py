"""A recording is recognised, measured and made small before any of it is kept.

With ffmpeg every recording becomes AAC in MP4, one voice at one loudness, which every phone plays; names, places and
devices written into it stay out. Without it, what browsers play is kept as it is.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from messaging.files.checking import PATIENCE, ROOT
from messaging.files.limits import MAX_BYTES, Refusal, Refused
from messaging.files.sounds import (
    MAX_SECONDS,
    MAX_SOUND_BYTES,
    MIN_SECONDS,
    SoundKind,
    plays_in_browsers,
    seconds_of,
    sound_kind_of,
)

_FENCE = [sys.executable, "-m", "messaging.files.fence"]
#: Bytes of memory, seconds of processor time and bytes of disk for one recording; three minutes need about 3 seconds.
_LIMITS = [str(1_000 * 1024 * 1024), str(PATIENCE - 5), str(4 * MAX_SOUND_BYTES)]
#: The name by which ffmpeg opens each kind: it may not guess, and a play list that fetches from elsewhere is none.
_READERS = {
    SoundKind.MP4: "mov",
    SoundKind.WEBM: "matroska",
    SoundKind.OGG: "ogg",
    SoundKind.MP3: "mp3",
    SoundKind.WAV: "wav",
}
_QUIET = ["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file"]
_SPEECH = ["-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]
_SMALL = ["-af", "loudnorm=I=-18:TP=-2", "-ac", "1", "-ar", "24000", "-c:a", "aac", "-b:a", "40k"]
_WHOLE = ["-fflags", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart", "-f", "mp4"]


@dataclass(frozen=True, slots=True)
class CheckedSound:
    """A recording as it is kept; ``seconds`` are rounded up."""

    kind: SoundKind
    content: bytes
    seconds: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked_sound(content: bytes, ffmpeg: str = "") -> CheckedSound:
    """The recording as it is kept; ``ffmpeg`` is the program's path, empty where there is none. Raises Refused."""
    if len(content) > MAX_BYTES:
        raise Refused(Refusal.TOO_BIG)
    kind = sound_kind_of(content)
    if ffmpeg:
        content, kind = _normalised(content, kind, ffmpeg), SoundKind.MP4
    elif not plays_in_browsers(content, kind):
        raise Refused(Refusal.UNKNOWN)
    seconds = seconds_of(content, kind)
    if seconds < MIN_SECONDS:
        raise Refused(Refusal.TOO_SHORT)
    if seconds > MAX_SECONDS:
        raise Refused(Refusal.TOO_LONG)
    if len(content) > MAX_SOUND_BYTES:
        raise Refused(Refusal.TOO_BIG)
    return CheckedSound(kind, content, int(-(-seconds // 1)))


def _normalised(content: bytes, kind: SoundKind, ffmpeg: str) -> bytes:
    """One second more than is taken, so that a longer recording is refused and not cut short."""
    with TemporaryDirectory(prefix="recording-") as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        source.write_bytes(content)
        command = [*_FENCE, *_LIMITS, ffmpeg, *_QUIET, "-f", _READERS[kind], "-i", str(source)]
        command += [*_SPEECH, "-t", str(MAX_SECONDS + 1), *_SMALL, *_WHOLE, str(target)]
        try:
            # Our own interpreter, module and words; the file stands under a name of ours.
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, cwd=ROOT, env={})  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise Refused(Refusal.EXPANDS) from error
        if done.returncode != 0 or not target.exists():
            raise Refused(Refusal.BROKEN)
        return target.read_bytes()
