"""In which languages and how somebody reads, as a file says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from schools import languages
from schools.roster.findings import Findings
from schools.roster.headers import plain
from schools.roster.institutions import is_of_institution
from schools.roster.rows import GuardianRow, LanguageRow, Place, Roster
from schools.roster.vocabulary import read_language, read_reading

_CONTACT = frozenset(("contactlanguage", "contacttaal", "preferredlanguage", "language", "taal", "languecontact"))
_HOME = frozenset(("homelanguage", "thuistaal", "nativelanguage", "moedertaal", "languemaison"))
_READING = frozenset(("readingmode", "leesmodus", "lezen", "leeswijze", "reading", "geletterdheid"))


@dataclass(frozen=True, slots=True)
class Wishes:
    """Values as in ``GuardianRow``; None where the file says nothing."""

    contact_language: str | None = None
    home_language: str | None = None
    reading_mode: str | None = None

    def __bool__(self) -> bool:
        return (self.contact_language, self.home_language, self.reading_mode) != (None, None, None)


def wishes_of(cells: Mapping[str, tuple[str, Place]], findings: Findings) -> Wishes:
    """From cells by their header; other cells are left alone, words that nobody knows are said and left out."""
    contact = _read(cells, _CONTACT, read_language, "bad_language", findings)
    home = _read(cells, _HOME, read_language, "bad_language", findings)
    reading = _read(cells, _READING, read_reading, "bad_reading", findings)
    if contact == languages.PREFERS_NOT_TO_SAY:
        contact = languages.UNKNOWN_LANGUAGE
    return Wishes(contact, home, reading)


def _read(
    cells: Mapping[str, tuple[str, Place]],
    names: frozenset[str],
    read: Callable[[str], str | None],
    code: str,
    findings: Findings,
) -> str | None:
    for header, (text, place) in cells.items():
        if text and plain(header) in names:
            found = read(text)
            if found is None:
                findings.warning(code, place, text=text[:40])
            return found
    return None


def spread(roster: Roster, by_pupil: Mapping[str, tuple[Wishes, Place]]) -> None:
    """What a file says beside a child goes to the guardians of that child who have no word of their own, but not to the
    home in which it lives: its staff read Dutch. Of a child without others in the file it stays a row by itself."""
    of_guardian: dict[str, Wishes] = {}
    reached = set()
    known = {row.source_id for row in roster.guardians}
    for link in roster.links:
        said = by_pupil.get(link.pupil_id)
        if said and said[0] and link.guardian_id in known and not is_of_institution(link.relation):
            of_guardian.setdefault(link.guardian_id, said[0])
            reached.add(link.pupil_id)
    if of_guardian:
        roster.guardians = [_with(row, of_guardian.get(row.source_id)) for row in roster.guardians]
    for pupil, (wishes, place) in by_pupil.items():
        if wishes and pupil not in reached:
            said_of = (wishes.contact_language, wishes.home_language, wishes.reading_mode)
            roster.languages.append(LanguageRow(place, "", pupil, *said_of))


def _with(row: GuardianRow, wishes: Wishes | None) -> GuardianRow:
    if wishes is None:
        return row
    return replace(
        row,
        contact_language=wishes.contact_language if row.contact_language is None else row.contact_language,
        home_language=wishes.home_language if row.home_language is None else row.home_language,
        reading_mode=wishes.reading_mode if row.reading_mode is None else row.reading_mode,
    )
