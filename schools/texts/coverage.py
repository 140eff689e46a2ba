"""How far the reference texts are translated and read, for each language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schools.languages import MASTER, text_codes
from schools.texts.kinds import TextKind, all_kinds
from schools.texts.standing import Shown, Standing, standings


@dataclass(slots=True)
class Coverage:
    """Of one language: how many texts there are in it, and how many in each state."""

    language: str
    states: dict[Shown, int] = field(default_factory=lambda: dict.fromkeys(Shown, 0))
    faulty: int = 0

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def whole(self) -> int:
        """Texts that a reader gets without a gap, whoever has read them."""
        return self.total - self.states[Shown.MISSING]

    @property
    def reviewed(self) -> int:
        return self.states[Shown.REVIEWED]

    @property
    def stale(self) -> int:
        return self.states[Shown.STALE]

    @property
    def missing(self) -> int:
        return self.states[Shown.MISSING]

    @property
    def unread(self) -> int:
        """Whole and of the present Dutch, but no native speaker has read them."""
        return self.states[Shown.DRAFT] + self.states[Shown.MACHINE]


def coverage(texts: Iterable[Standing]) -> list[Coverage]:
    """One line for each language but Dutch, in the order of the table of languages."""
    counted = {code: Coverage(code) for code in text_codes() if code != MASTER}
    for text in texts:
        for code, entry in text.languages.items():
            if code in counted:
                counted[code].states[entry.state] += 1
                counted[code].faulty += bool(entry.faults)
    return [line for line in counted.values() if line.total]


def coverage_of(kind: TextKind) -> list[Coverage]:
    return coverage(standings(kind, kind.rows()))


def findings() -> Iterable[str]:
    """What readers would meet in the texts as they stand, a sentence each; nothing when all is well."""
    for kind in all_kinds():
        for text in standings(kind, kind.rows()):
            for code, entry in text.languages.items():
                for fault in entry.faults:
                    yield f"{kind.code} {text.row.pk} ({text.title}), {code}, {fault.part}: {fault.words}"
