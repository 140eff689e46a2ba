"""Rows of sheets become classes, pupils, guardians and their links, whichever way the sheets are laid out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from schools.roster import limits
from schools.roster.adults import Adult, Adults
from schools.roster.fields import relation_named
from schools.roster.findings import Findings
from schools.roster.headers import plain
from schools.roster.rows import ClassRow, LanguageRow, Place, PupilRow, Roster
from schools.roster.sheets import Record
from schools.roster.tidying import DateColumn, cut
from schools.roster.vocabulary import is_gone, read_level
from schools.roster.wishes import Wishes, spread, wishes_of

_DATES = ("pupil.birth_date", "pupil.starts_on", "pupil.ends_on")
_NAMES = ("first_name", "last_name", "full_name")
_NO_WISHES = Wishes()
_WISHES = ("contact_language", "home_language", "reading_mode")


@dataclass(slots=True)
class _Child:
    """A pupil whose dates wait until the whole column is known."""

    record: Record
    key: str
    first_name: str
    last_name: str
    class_id: str
    dates: tuple[str, ...]
    ended: bool

    @property
    def core(self) -> tuple[object, ...]:
        return (self.first_name, self.last_name, self.class_id, self.dates, self.ended)


@dataclass(slots=True)
class People:
    """Takes the records of all sheets of an upload, then makes one roster of them."""

    findings: Findings
    region: str
    children: dict[str, _Child] = field(default_factory=dict)
    classes: dict[str, ClassRow] = field(default_factory=dict)
    wishes: dict[str, tuple[Wishes, Place]] = field(default_factory=dict)
    languages: list[LanguageRow] = field(default_factory=list)
    adults: Adults = field(init=False)
    _columns: dict[tuple[str, str], DateColumn] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.adults = Adults(self.findings, self.region)

    def add(self, record: Record) -> None:
        has_name = any(record[f"pupil.{name}"] for name in ("first_name", "last_name", "full_name", "call_name"))
        if has_name:
            key = self._child(record)
        else:
            key = record["pupil.id"]
            if not key and record["class.name"]:
                self._class(record)
                return
        self._guardians(record, key, has_name)

    def roster(self, system: str) -> Roster:
        """Everything that was added. Guardians or languages without pupils add to an earlier upload: a delta."""
        found = Roster(system, classes=list(self.classes.values()))
        found.pupils = [self._pupil(child) for child in self.children.values()]
        found.guardians, found.links = self.adults.rows()
        found.complete = bool(found.pupils) or not (found.guardians or self.languages or self.wishes)
        found.languages = self.languages
        spread(found, self.wishes)
        return found

    def _child(self, record: Record) -> str:
        first, last = self._names(record)
        class_id = self._class(record) if record["class.name"] or record["class.id"] else ""
        dates = tuple(record[name] for name in _DATES)
        key = record["pupil.id"][: limits.SOURCE_ID] or self._key_of(record, first, last)
        ended = is_gone(record["pupil.status"])
        if ended is None:
            self.findings.warning("status_unknown", record.at("pupil.status"), status=record["pupil.status"])
        child = _Child(record, key, first, last, class_id, dates, bool(ended))
        if key not in self.children:
            self.children[key] = child
            for name, text in zip(_DATES, dates, strict=True):
                self._column(record, name).note(text)
        elif self.children[key].core != child.core:
            self.findings.error("id_twice", record.at("pupil.id"), row=self.children[key].record.place.row)
        elif not any(record[fields.get(name, "")] for fields in record.guardians.values() for name in _NAMES):
            self.findings.note("row_again", record.place, row=self.children[key].record.place.row)
        return key

    def _names(self, record: Record) -> tuple[str, str]:
        first = record["pupil.first_name"] or record["pupil.call_name"]
        last = record["pupil.last_name"]
        if not first and not last:
            last, comma, first = record["pupil.full_name"].partition(",")
            first, last = (first.strip(), last.strip()) if comma else (last.strip(), "")
        first, last = (first, last) if first else (last, "")
        where = record.at("pupil.first_name")
        return cut(first, limits.NAME, where, self.findings), cut(last, limits.NAME, where, self.findings)

    def _key_of(self, record: Record, first: str, last: str) -> str:
        """For a list without numbers: name and day of birth together, as they stand, are who it is."""
        self._say_once("no_numbers", Place(record.place.file))
        text = f"{plain(first)}|{plain(last)}|{record['pupil.birth_date']}"
        return "~" + hashlib.sha256(text.encode()).hexdigest()[:24]

    def _class(self, record: Record) -> str:
        name, group = record["class.name"] or record["class.id"], record["class.group"]
        if group and group.strip("0"):
            name = f"{name} {group}"
        name = cut(name, limits.CLASS_NAME, record.at("class.name"), self.findings)
        school = record["class.school"]
        key = record["class.id"] or (f"{school}/{name}" if school else name)
        if key not in self.classes:
            self.classes[key] = ClassRow(record.place, key[: limits.SOURCE_ID], name, self._level(record, name), school)
        return key[: limits.SOURCE_ID]

    def _level(self, record: Record, name: str) -> str:
        by_name, by_column = read_level(name), read_level(record["class.level"])
        if by_column and by_name and record["class.level"].isdigit():
            return by_name  # a bare number does not say nursery or primary
        return by_column or by_name

    def _guardians(self, record: Record, pupil: str, with_pupil: bool) -> None:
        first = True
        for slot, fields in record.guardians.items():
            cells = {name: text for name, field in fields.items() if (text := record[field])}
            if not cells:
                continue
            said = {name: (cells[name], record.at(fields[name])) for name in _WISHES if name in cells}
            wishes = wishes_of(said, self.findings) if said else _NO_WISHES
            if not any(name in cells for name in _NAMES):
                self._nameless(record, slot, cells, pupil, wishes)
                continue
            relation = cells.get("relation") or _relation(record, fields)
            adult = Adult(record, slot, pupil, cells, wishes, relation[: limits.RELATION], lives_with_child=first)
            self.adults.add(adult)
            first = False
        self._wishes_of_child(record, pupil, with_pupil)

    def _nameless(self, record: Record, slot: int, cells: dict[str, str], pupil: str, wishes: Wishes) -> None:
        """Only languages of a guardian who is named by number; contact data without a name are nobody's."""
        said = (wishes.contact_language, wishes.home_language, wishes.reading_mode)
        if wishes and cells.get("id"):
            self.languages.append(LanguageRow(record.place, cells["id"][: limits.SOURCE_ID], "", *said))
        elif set(cells) - {"relation", "id", "authority"}:
            self.findings.warning("guardian_without_name", record.at(f"guardian{slot}.{next(iter(cells))}"))

    def _wishes_of_child(self, record: Record, pupil: str, with_pupil: bool) -> None:
        cells = {
            name: (record[f"home.{name}"], record.at(f"home.{name}")) for name in _WISHES if record[f"home.{name}"]
        }
        if wishes := wishes_of(cells, self.findings):
            if pupil:
                self.wishes.setdefault(pupil, (wishes, record.place))
            else:
                self.findings.warning("nobody_named", record.place)
        elif not with_pupil and not record.guardians:
            self.findings.warning("nobody_named", record.place)

    def _pupil(self, child: _Child) -> PupilRow:
        record = child.record
        born, starts, ends = (
            self._column(record, name).read(text, record.at(name))
            for name, text in zip(_DATES, child.dates, strict=True)
        )
        return PupilRow(
            record.place, child.key, child.first_name, child.last_name, born, child.class_id, starts, ends, child.ended
        )

    def _column(self, record: Record, name: str) -> DateColumn:
        key = (record.place.file, name)
        if key not in self._columns:
            self._columns[key] = DateColumn(Place(record.place.file, 0, record.headers.get(name, "")), self.findings)
        return self._columns[key]

    def _say_once(self, code: str, place: Place) -> None:
        if code not in self._said:
            self._said.add(code)
            self.findings.warning(code, place)


def _relation(record: Record, fields: Mapping[str, str]) -> str:
    """Who the headers of the name say this is."""
    names = (record.headers[fields[name]] for name in _NAMES if name in fields)
    return next(filter(None, map(relation_named, names)), "")
