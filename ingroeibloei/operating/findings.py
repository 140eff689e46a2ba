"""One thing that was looked at: what it is, whether it is well, and if not, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """As monitors know them; `doctor` ends with the worst."""

    WELL = 0
    WARNING = 1
    BAD = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` names it for programs and for throttling alerts; ``words`` are for people, in the reader's language."""

    code: str
    level: Level
    words: str

    @property
    def is_well(self) -> bool:
        return self.level is Level.WELL


def well(code: str, words: object) -> Finding:
    return Finding(code, Level.WELL, str(words))


def warning(code: str, words: object) -> Finding:
    return Finding(code, Level.WARNING, str(words))


def bad(code: str, words: object) -> Finding:
    return Finding(code, Level.BAD, str(words))


def worst(findings: Iterable[Finding]) -> Level:
    return max((finding.level for finding in findings), default=Level.WELL)
