"""Findings as they are made while reading: as many as people can use, none forgotten."""

from __future__ import annotations

from collections import Counter

from schools.roster import limits
from schools.roster.rows import Finding, Place, Severity

WHOLE = Place("")


class Unreadable(Exception):
    """The upload cannot be read at all; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def unreadable(code: str, place: Place, **values: object) -> Unreadable:
    return Unreadable(Finding(Severity.ERROR, code, place, _texts(values)))


class Findings:
    """Collects findings of one upload. Of one code the first ``limits.FINDINGS`` are kept, then only counted."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._counts: Counter[tuple[Severity, str]] = Counter()

    def error(self, code: str, place: Place, **values: object) -> None:
        self.add(Finding(Severity.ERROR, code, place, _texts(values)))

    def warning(self, code: str, place: Place, **values: object) -> None:
        self.add(Finding(Severity.WARNING, code, place, _texts(values)))

    def note(self, code: str, place: Place, **values: object) -> None:
        self.add(Finding(Severity.NOTE, code, place, _texts(values)))

    def add(self, finding: Finding) -> None:
        key = (finding.severity, finding.code)
        self._counts[key] += 1
        if self._counts[key] <= limits.FINDINGS:
            self._kept.append(finding)

    def listed(self) -> list[Finding]:
        """Errors first, each kind in the order of the file; a kind with too many ends with how many more there are."""
        more = [
            Finding(severity, "and_more", WHOLE, {"code": code, "count": str(count - limits.FINDINGS)})
            for (severity, code), count in self._counts.items()
            if count > limits.FINDINGS
        ]
        order = list(Severity)
        return sorted([*self._kept, *more], key=lambda finding: order.index(finding.severity))


def _texts(values: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
