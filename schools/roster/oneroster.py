"""OneRoster 1.1 and 1.2 packages (domain 5.5): version and reach by the manifest, people by the files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from schools import clock
from schools.roster import limits
from schools.roster.archives import Archive
from schools.roster.classplaces import ClassPlace, first_day, last_day, main_place
from schools.roster.findings import Findings, unreadable
from schools.roster.headers import plain
from schools.roster.manifest import Manifest, read_manifest
from schools.roster.oneroster_files import KINDS, Package, Row
from schools.roster.rows import ClassRow, GuardianRow, LinkRow, Place, PupilRow, Roster
from schools.roster.tidying import DateColumn, cut, emails_of, phones_of
from schools.roster.vocabulary import is_gone, read_level
from schools.roster.wishes import Wishes, spread, wishes_of

GUARDIANS = frozenset(("parent", "guardian", "relative"))
_MICROSOFT_FILES = frozenset(("relationships", "student", "section", "studentenrollment", "teacherroster", "user"))


def looks_like_oneroster(names: list[str]) -> bool:
    """Whether a zip with these members means to be a package, right or wrong."""
    stems = {_stem(name) for name in names if name.lower().endswith(".csv")}
    return "manifest" in stems or len(stems & {kind.lower() for kind in KINDS}) >= 2 or bool(stems & _MICROSOFT_FILES)


def read_oneroster(archive: Archive, findings: Findings, region: str) -> Roster:
    """Everything that the package says; what is wrong with it is among ``findings``."""
    members = _members(archive, findings)
    manifest = read_manifest(archive, members, findings)
    package = Package(archive, manifest.present(members, findings), findings)
    reader = _Reader(package, manifest, findings, region)
    reader.read()
    return reader.roster


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()


def _members(archive: Archive, findings: Findings) -> dict[str, str]:
    """Members by the name of OneRoster (``users`` → ``school/users.csv``)."""
    known = {name.lower(): name for name in (*KINDS, "manifest")}
    found: dict[str, str] = {}
    in_folder = False
    for member in archive.names:
        stem = _stem(member)
        if not member.lower().endswith(".csv") or member.startswith("__MACOSX"):
            continue
        if stem in known:
            if known[stem] in found:
                findings.error("member_twice", Place(member))
            found[known[stem]] = member
            in_folder = in_folder or "/" in member
    if "manifest" not in found and {_stem(name) for name in archive.names} & _MICROSOFT_FILES:
        raise unreadable("microsoft_sds", Place(archive.name))
    if in_folder:
        findings.note("in_folder", Place(archive.name))
    return found


@dataclass(slots=True)
class _Place:
    """A pupil's place in one class, whose days wait until the whole column is known."""

    place: Place
    class_id: str
    primary: bool
    begins: str
    ends: str
    ended: bool


@dataclass(slots=True)
class _Reader:
    package: Package
    manifest: Manifest
    findings: Findings
    region: str
    roster: Roster = field(init=False)
    orgs: dict[str, str] = field(default_factory=dict)
    births: dict[str, tuple[str, Place]] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[str, list[_Place]] = field(default_factory=lambda: defaultdict(list))
    #: Classes that are no homerooms.
    others: set[str] = field(default_factory=set)
    agents: list[tuple[str, str, Place]] = field(default_factory=list)
    wishes: dict[str, tuple[Wishes, Place]] = field(default_factory=dict)
    columns: dict[str, DateColumn] = field(default_factory=dict)

    def read(self) -> None:
        self.roster = Roster(self.manifest.system, complete=self.manifest.complete)
        for row in self.package.rows("orgs"):
            self.orgs[row["sourcedId"]] = row["identifier"] or row["sourcedId"]
        self._year()
        for row in self.package.rows("demographics"):
            self.births[row["sourcedId"]] = (row["birthDate"], row.at("birthDate"))
            self._dates("birthDate", row).note(row["birthDate"])
        for row in self.package.rows("roles"):
            if not is_gone(row["status"]):
                self.roles[row["userSourcedId"]].add(plain(row["role"]))
        self._enrollments()
        self._classes()
        self._users()
        self._links()
        spread(self.roster, self.wishes)

    def _dates(self, column: str, row: Row) -> DateColumn:
        if column not in self.columns:
            self.columns[column] = DateColumn(Place(row.place.file, 0, column), self.findings)
        return self.columns[column]

    def _year(self) -> None:
        """The school year that ends last."""
        for row in self.package.rows("academicSessions"):
            if plain(row["type"]) != "schoolyear" or is_gone(row["status"]):
                continue
            days = [
                DateColumn(row.at(name), self.findings).read(row[name], row.at(name))
                for name in ("startDate", "endDate")
            ]
            if days[0] and days[1] and days[0] < days[1] and (not self.roster.year or days[1] > self.roster.year[1]):
                self.roster.year = (days[0], days[1])

    def _enrollments(self) -> None:
        for row in self.package.rows("enrollments"):
            if plain(row["role"]) != "student":
                continue
            if not row["userSourcedId"] or not row["classSourcedId"]:
                self.findings.error("id_missing", row.place)
                continue
            primary = plain(row["primary"]) in ("true", "1", "yes")
            begins, ends = row["beginDate"], row["endDate"]
            self._dates("beginDate", row).note(begins)
            self._dates("endDate", row).note(ends)
            place = _Place(row.place, row["classSourcedId"], primary, begins, ends, self._ended(row))
            self.places[row["userSourcedId"]].append(place)

    def _classes(self) -> None:
        """Homerooms; where a package has none, the classes in which some pupil has their only place."""
        found = self._classes_once()
        homerooms = {key for key, row in found.items() if plain(row["classType"]) == "homeroom"}
        if found and not homerooms and self.roster.complete:
            homerooms = {places[0].class_id for places in self.places.values() if len(places) == 1}
            self.findings.warning("no_homerooms", Place("classes.csv"))
        self.others = set(found) - homerooms
        if self.others:
            self.findings.note("classes_left_out", Place("classes.csv"), count=len(self.others))
        for key, row in found.items():
            if key in homerooms:
                self.roster.classes.append(self._class(key, row))

    def _classes_once(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self.package.rows("classes"):
            if not row["sourcedId"]:
                self.findings.error("id_missing", row.place)
                continue
            first = found.setdefault(row["sourcedId"], row)
            if first is not row and first.cells == row.cells:
                self.findings.note("row_again", row.place, row=first.place.row)
            elif first is not row:
                self.findings.error("id_twice", row.place, row=first.place.row)
        return found

    def _class(self, key: str, row: Row) -> ClassRow:
        name = cut(row["title"] or row["classCode"], limits.CLASS_NAME, row.at("title"), self.findings)
        levels = {level for grade in row["grades"].split(",") if (level := read_level(grade))}
        level = levels.pop() if len(levels) == 1 else read_level(name)
        school = self.orgs.get(row["schoolSourcedId"], row["schoolSourcedId"])
        return ClassRow(row.place, key, name, level, school, self._ended(row))

    def _ended(self, row: Row) -> bool:
        status = row["status"]
        if not status and not self.roster.complete:
            self.findings.warning("status_missing", row.at("status"))
        gone = is_gone(status)
        if gone is None:
            self.findings.warning("status_unknown", row.at("status"), status=status)
        return bool(gone)

    def _users(self) -> None:
        others = 0
        for row in self.package.rows("users"):
            key = row["sourcedId"]
            roles = {plain(row["role"])} if row["role"] else self.roles.get(key, set())
            if not key:
                self.findings.error("id_missing", row.at("sourcedId"))
            elif "student" in roles:
                self._pupil(key, row)
            elif roles & GUARDIANS:
                self._guardian(key, row)
            else:
                others += 1
                continue
            self.agents += [
                (key, other.strip(), row.at("agentSourcedIds")) for other in row["agentSourcedIds"].split(",")
            ]
        if others:
            self.findings.note("users_left_out", Place("users.csv"), count=others)

    def _names(self, row: Row) -> tuple[str, str]:
        first = row["preferredGivenName"] or row["givenName"]
        last = row["preferredFamilyName"] or row["familyName"]
        if not first and not last:
            self.findings.error("name_missing", row.place)
        names = [cut(name, limits.NAME, row.place, self.findings) for name in (first or last, last if first else "")]
        return names[0], names[1]

    def _pupil(self, key: str, row: Row) -> None:
        first, last = self._names(row)
        text, where = self.births.get(key, ("", row.place))
        born = self.columns["birthDate"].read(text, where) if text else None
        places = [self._dated(place) for place in self.places.get(key, ()) if place.class_id not in self.others]
        place = main_place(places, clock.today(), self.findings)
        self.roster.pupils.append(
            PupilRow(
                row.place,
                key,
                first,
                last,
                born,
                place.class_id if place else "",
                first_day(places, place) if place else None,
                last_day(places, place) if place else None,
                self._ended(row) or bool(place and place.ended),
            )
        )
        self.wishes[key] = (wishes_of(self._metadata(row), self.findings), row.place)

    def _dated(self, place: _Place) -> ClassPlace:
        """A place in a class that is not known to be no homeroom, once the order of day and month is known."""
        first, last = (
            self.columns[column].read(text, Place(place.place.file, place.place.row, column))
            for column, text in (("beginDate", place.begins), ("endDate", place.ends))
        )
        return ClassPlace(place.place, place.class_id, place.primary, place.ended, first, last)

    def _metadata(self, row: Row) -> dict[str, tuple[str, Place]]:
        return {
            name.removeprefix("metadata."): (text, row.at(name))
            for name, text in row.cells.items()
            if name.startswith("metadata.")
        }

    def _guardian(self, key: str, row: Row) -> None:
        first, last = self._names(row)
        emails = emails_of(row["email"], row.at("email"), self.findings)
        phones = [
            phone
            for name in ("sms", "phone")
            for phone in phones_of(row[name], row.at(name), self.findings, self.region)
        ]
        wishes = wishes_of(self._metadata(row), self.findings)
        self.roster.guardians.append(
            GuardianRow(
                row.place,
                key,
                first,
                last,
                emails,
                tuple(dict.fromkeys(phones)),
                contact_language=wishes.contact_language,
                home_language=wishes.home_language,
                reading_mode=wishes.reading_mode,
                ended=self._ended(row),
            )
        )

    def _links(self) -> None:
        """Agents in either direction; the union, each pair once."""
        pupils = {row.source_id for row in self.roster.pupils}
        guardians = {row.source_id for row in self.roster.guardians}
        seen = set()
        for one, other, place in self.agents:
            if not other:
                continue
            pupil, guardian = (one, other) if one in pupils else (other, one)
            if (one in pupils) == (other in pupils) and (one in guardians) == (other in guardians):
                self.findings.warning("odd_agent", place)
            elif (pupil, guardian) not in seen:
                seen.add((pupil, guardian))
                self.roster.links.append(LinkRow(place, pupil, guardian))
