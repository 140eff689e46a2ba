"""What a roster file says once it is read: rows of plain data, each with its place, and findings about them.

The reader makes these; ``schools.roster`` applies classes and pupils, ``parents.roster`` guardians and their links.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """An error stops the whole roster; a warning leaves something out; a note only says what was done."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the upload: file of the zip or sheet, row as a spreadsheet numbers it (0: the whole file), column's
    header ("" : the whole row)."""

    file: str
    row: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about the file. ``code`` has its sentence in ``schools.roster.wording``; ``values`` fill it,
    and never hold what a never-field said."""

    severity: Severity
    code: str
    place: Place
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class ClassRow:
    place: Place
    source_id: str
    name: str
    #: One of ``schools.models.Level``; "" when the file does not say.
    level: str = ""
    #: The school as the file names it (number, OneRoster org); "" when the upload is for one school.
    school: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class PupilRow:
    place: Place
    source_id: str
    first_name: str
    last_name: str = ""
    birth_date: date | None = None
    #: ``ClassRow.source_id``.
    class_id: str = ""
    starts_on: date | None = None
    #: Last day at the school, by the file.
    ends_on: date | None = None
    #: ``tobedeleted`` or inactive: the enrolment ends.
    ended: bool = False


@dataclass(frozen=True, slots=True)
class GuardianRow:
    place: Place
    source_id: str
    first_name: str
    last_name: str = ""
    emails: tuple[str, ...] = ()
    #: E.164.
    phones: tuple[str, ...] = ()
    street: str = ""
    postcode: str = ""
    city: str = ""
    #: Codes of ``schools.languages``; None when the file says nothing of it, "" unknown, "-" prefers not to say.
    contact_language: str | None = None
    home_language: str | None = None
    #: One of ``parents.models.ReadingMode``; None when the file says nothing, "" unknown.
    reading_mode: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class LinkRow:
    """This adult answers for this child."""

    place: Place
    pupil_id: str
    guardian_id: str
    relation: str = ""
    #: One of ``parents.models.Authority``; None when the file says nothing.
    authority: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """What a second file says of languages and reading, about one guardian or, by ``pupil_id``, about every guardian of
    that child except a home. Values as in ``GuardianRow``."""

    place: Place
    guardian_id: str = ""
    pupil_id: str = ""
    contact_language: str | None = None
    home_language: str | None = None
    reading_mode: str | None = None


@dataclass(slots=True)
class Roster:
    """One upload, read. ``complete``: whoever is missing from it has left (bulk); otherwise it is a delta."""

    source_system: str
    complete: bool = True
    classes: list[ClassRow] = field(default_factory=list)
    pupils: list[PupilRow] = field(default_factory=list)
    guardians: list[GuardianRow] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    #: About people who are not in this upload; what it says of its own people stands with them.
    languages: list[LanguageRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    #: First and last day of the school year that the file names.
    year: tuple[date, date] | None = None
    #: Typed by somebody of the school (``schools.roster.byhand``): its ids hold within it alone and are nobody's
    #: number, what is known of who is known stays, and nobody ends.
    by_hand: bool = False

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)
