"""What a roster would do to a school: a plan that is shown person by person and then applied as it was shown."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings

from schools.models import Enrolment, Pupil, School, SchoolClass, SchoolYear
from schools.roster.rows import Finding, Roster


class Deed(StrEnum):
    """What happens to a class, a pupil or a guardian. Nobody is ever deleted: END is a last day."""

    CREATE = "create"
    CHANGE = "change"
    END = "end"
    LEAVE = "leave"


class Kind(StrEnum):
    CLASS = "class"
    PUPIL = "pupil"
    GUARDIAN = "guardian"


@dataclass(slots=True)
class Line:
    """One of them in the preview. ``changes`` are (field, old, new) and ``notes`` (code, value), as codes whose words
    stand in ``schools.roster.planwords``; ``place`` is the class, or the children of a guardian."""

    kind: Kind
    name: str
    place: str = ""
    deed: Deed = Deed.LEAVE
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def change(self, name: str, old: object, new: object) -> None:
        """Note a changed field; what is left alone becomes changed by it."""
        self.changes.append((name, _said(old), _said(new)))
        if self.deed is Deed.LEAVE:
            self.deed = Deed.CHANGE

    def as_data(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "name": self.name,
            "place": self.place,
            "changes": [list(change) for change in self.changes],
            "notes": [list(note) for note in self.notes],
        }


@dataclass(slots=True)
class SchoolPlan:
    """Classes, pupils and their places in classes: rows to insert, rows to change, and what the preview says.

    ``pupils`` maps the file's ids to rows, new ones unsaved; ``others`` those of pupils whom the file does not name;
    ``first_days`` to the first day of those who are at the school; ``class_names`` to what the preview shows.
    """

    school: School
    year: SchoolYear
    key: str
    day: date
    roster: Roster
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    new_classes: list[SchoolClass] = field(default_factory=list)
    changed_classes: list[SchoolClass] = field(default_factory=list)
    new_pupils: list[Pupil] = field(default_factory=list)
    changed_pupils: list[Pupil] = field(default_factory=list)
    new_enrolments: list[Enrolment] = field(default_factory=list)
    changed_enrolments: list[Enrolment] = field(default_factory=list)
    pupils: dict[str, Pupil] = field(default_factory=dict)
    others: dict[str, Pupil] = field(default_factory=dict)
    first_days: dict[str, date] = field(default_factory=dict)
    class_names: dict[str, str] = field(default_factory=dict)
    enrolled: int = 0
    leaving: int = 0

    def number(self, source_id: str) -> tuple[str, str]:
        """What stands in ``source_system`` and ``source_id`` of a row that the roster calls so."""
        return ("", "") if self.roster.by_hand else (self.key, source_id)

    def pupil(self, source_id: str) -> Pupil | None:
        """The pupil that the file calls so; in a file that says only what changed also one that it does not name."""
        found = self.pupils.get(source_id)
        return found or (None if self.roster.complete else self.others.get(source_id))

    @property
    def new_year(self) -> SchoolYear | None:
        return self.year if self.year.pk is None else None


def counted(lines: Iterable[Line]) -> dict[str, dict[str, int]]:
    """How many of each kind meet each deed."""
    found = Counter((line.kind.value, line.deed.value) for line in lines)
    return {kind.value: {deed.value: found[kind.value, deed.value] for deed in Deed} for kind in Kind}


def lets_many_leave(leaving: int, enrolled: int) -> bool:
    """More of a school's pupils than a mistaken file is stopped for (settings.ROSTER_LEAVERS_PERCENT)."""
    return leaving * 100 > enrolled * settings.ROSTER_LEAVERS_PERCENT


def fingerprint(lines: Iterable[Line]) -> str:
    """The same for two plans that do the same: what was looked at is what is applied."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(json.dumps([line.deed.value, line.as_data()], sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def _said(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
