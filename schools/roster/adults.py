"""Guardians of rows that name them beside their child: who of them is one person, with which address."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from schools.roster import limits
from schools.roster.findings import Findings
from schools.roster.headers import plain
from schools.roster.rows import GuardianRow, LinkRow, Place
from schools.roster.sheets import Record
from schools.roster.tidying import cut, emails_of, phones_of
from schools.roster.vocabulary import read_authority
from schools.roster.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Adult:
    """A guardian as one row has it; ``cells`` by field without its prefix. ``lives_with_child``: the first of a row,
    to whom the child's own address is taken to belong; never to a second, who may live elsewhere."""

    record: Record
    slot: int
    pupil: str
    cells: dict[str, str]
    wishes: Wishes
    relation: str
    lives_with_child: bool


@dataclass(slots=True)
class _Person:
    """One guardian, put together from the rows of all children."""

    place: Place
    own_id: str
    first_name: str
    last_name: str
    emails: list[str]
    phones: list[str]
    address: tuple[str, str, str]
    wishes: Wishes
    #: By child: the number a guardian without one gets from it, and the link.
    links: dict[str, tuple[str, LinkRow]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same in each year's file as long as the child with the lowest number is in it."""
        return self.own_id or min((made for made, _link in self.links.values()), key=lambda made: (len(made), made))


class Adults:
    """Two rows are one guardian by their number; without one, by the same name with the same number or address to
    reach them, and by the same home only when the name has two parts. Never two of one child."""

    def __init__(self, findings: Findings, region: str) -> None:
        self._findings, self._region = findings, region
        self._people: list[_Person] = []
        self._by_mark: dict[tuple[str, ...], _Person] = {}
        self._said: set[str] = set()
        self._slots: dict[str, int] = defaultdict(int)

    def add(self, adult: Adult) -> None:
        person = self._read(adult)
        marks = list(_marks(person))
        known = next((self._by_mark[mark] for mark in marks if mark in self._by_mark), None)
        if known is None or (adult.pupil in known.links and not _is_same(known, person)):
            known = person
            self._people.append(person)
        else:
            _join(known, person)
        for mark in marks:
            self._by_mark.setdefault(mark, known)
        if adult.pupil and adult.pupil not in known.links:
            self._slots[adult.pupil] += 1
            made = f"{adult.pupil}/{self._slots[adult.pupil]}"
            known.links[adult.pupil] = (made[: limits.SOURCE_ID], self._link(adult))
        elif not adult.pupil:
            self._findings.warning("guardian_without_pupil", adult.record.place)
            if not known.links and not known.own_id and known in self._people:
                self._people.remove(known)

    def rows(self) -> tuple[list[GuardianRow], list[LinkRow]]:
        guardians, links = [], []
        for person in self._people:
            key = person.key
            wishes = person.wishes
            guardians.append(
                GuardianRow(
                    person.place,
                    key,
                    person.first_name,
                    person.last_name,
                    tuple(person.emails),
                    tuple(person.phones),
                    *person.address,
                    wishes.contact_language,
                    wishes.home_language,
                    wishes.reading_mode,
                )
            )
            for _made, link in person.links.values():
                links.append(LinkRow(link.place, link.pupil_id, key, link.relation, link.authority))
        return guardians, links

    def _read(self, adult: Adult) -> _Person:
        cells, record, prefix = adult.cells, adult.record, f"guardian{adult.slot}."
        first, last = self._names(adult)
        phones = self._phones(record, f"{prefix}phone")
        if not phones and adult.lives_with_child:
            phones = self._phones(record, "home.phone")
        mail = cells.get("email", "")
        emails = emails_of(mail, record.at(f"{prefix}email"), self._findings) if mail else ()
        address = self._address(adult)
        own_id = cells.get("id", "")[: limits.SOURCE_ID]
        return _Person(record.place, own_id, first, last, list(emails), list(phones), address, adult.wishes)

    def _phones(self, record: Record, field: str) -> tuple[str, ...]:
        text = record[field]
        return phones_of(text, record.at(field), self._findings, self._region) if text else ()

    def _names(self, adult: Adult) -> tuple[str, str]:
        cells = adult.cells
        first, last = cells.get("first_name", ""), cells.get("last_name", "")
        if not first and not last:
            last, comma, first = cells.get("full_name", "").partition(",")
            first, last = (first.strip(), last.strip()) if comma else (last.strip(), "")
        first, last = (first, last) if first else (last, "")
        place = adult.record.at(f"guardian{adult.slot}.first_name")
        return cut(first, limits.NAME, place, self._findings), cut(last, limits.NAME, place, self._findings)

    def _address(self, adult: Adult) -> tuple[str, str, str]:
        record, cells = adult.record, adult.cells
        if not cells.get("street"):
            if not adult.lives_with_child or not record["home.street"]:
                return "", "", ""
            self._say_home(record)
            cells = {
                name.removeprefix("home."): text for name, text in record.cells.items() if name.startswith("home.")
            }
        street = " ".join(part for part in (cells["street"], cells.get("number", "")) if part)
        if box := cells.get("box", ""):
            street = f"{street} bus {box}"
        place = record.at(f"guardian{adult.slot}.street")
        return (
            cut(street, limits.STREET, place, self._findings),
            cut(cells.get("postcode", ""), limits.POSTCODE, place, self._findings),
            cut(cells.get("city", ""), limits.CITY, place, self._findings),
        )

    def _say_home(self, record: Record) -> None:
        """Once for each file."""
        if record.place.file not in self._said:
            self._said.add(record.place.file)
            self._findings.note("home_address", Place(record.place.file))

    def _link(self, adult: Adult) -> LinkRow:
        said = adult.cells.get("authority", "")
        authority = read_authority(said) if said else None
        if said and authority is None:
            self._findings.warning("bad_authority", adult.record.at(f"guardian{adult.slot}.authority"), text=said[:40])
        return LinkRow(adult.record.place, adult.pupil, "", adult.relation, authority)


def _is_same(known: _Person, other: _Person) -> bool:
    """Two rows of one child with the same name and the same ways to reach are the same person twice."""
    return (
        (known.own_id, plain(known.first_name), plain(known.last_name))
        == (
            other.own_id,
            plain(other.first_name),
            plain(other.last_name),
        )
        and set(known.emails) >= set(other.emails)
        and set(known.phones) >= set(other.phones)
    )


def _marks(person: _Person) -> list[tuple[str, ...]]:
    if person.own_id:
        return [("id", person.own_id)]
    name = f"{plain(person.first_name)} {plain(person.last_name)}".strip()
    marks: list[tuple[str, ...]] = [("mail", name, mail.lower()) for mail in person.emails]
    marks += [("phone", name, phone) for phone in person.phones]
    street, postcode, _city = person.address
    if person.first_name and person.last_name and street and postcode:
        marks.append(("home", name, plain(street), plain(postcode)))
    return marks


def _join(known: _Person, other: _Person) -> None:
    known.emails += [mail for mail in other.emails if mail not in known.emails]
    known.phones += [phone for phone in other.phones if phone not in known.phones]
    if not known.address[0]:
        known.address = other.address
    if not known.wishes:
        known.wishes = other.wishes
