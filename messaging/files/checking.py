"""What arrives is opened, cleaned and measured before any of it is kept."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from messaging.files.limits import FOR_PARENTS, MAX_BYTES, REFUSED_STATUS, Kind, Refusal, Refused, kind_of

logger = logging.getLogger(__name__)
PROGRAM = "messaging.files.opener"
ROOT = Path(__file__).resolve().parents[2]
#: Seconds after which a file is given up; a photograph of 50 million dots needs about 2.
PATIENCE = 30


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file as it is kept."""

    kind: Kind
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked(content: bytes, kinds: Collection[Kind] = FOR_PARENTS, most: int = MAX_BYTES) -> CheckedFile:
    """The file cleaned, of the kind that its content is; ``most`` bytes, before and after. Raises Refused."""
    if len(content) > most:
        raise Refused(Refusal.TOO_BIG)
    kind = kind_of(content)
    if kind not in kinds:
        raise Refused(Refusal.UNKNOWN)
    clean = _opened(content, kind)
    if len(clean) > most:
        raise Refused(Refusal.TOO_BIG)
    return CheckedFile(kind, clean)


def _opened(content: bytes, kind: Kind) -> bytes:
    command = [sys.executable, "-m", PROGRAM, kind.value]
    try:
        # Our own interpreter and module; the kind is one of six words.
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, timeout=PATIENCE, check=False, cwd=ROOT, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Refusal.EXPANDS) from error
    if done.returncode == REFUSED_STATUS:
        raise Refused(Refusal(done.stdout.decode()))
    if done.returncode != 0 or not done.stdout:
        # A file can burst its reader. When every file does, the reader itself does not start here.
        logger.warning("The program that opens files ended with %d on a %s.", done.returncode, kind.value)
        raise Refused(Refusal.BROKEN)
    return done.stdout
