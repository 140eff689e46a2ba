"""The files of a OneRoster package (1.1 and 1.2): their columns, and their rows with what may be read of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schools.roster.archives import Archive
from schools.roster.delimited import delimited_table
from schools.roster.findings import Findings, Unreadable
from schools.roster.headers import nearest, plain
from schools.roster.lines import Line, Table
from schools.roster.never import is_never
from schools.roster.rows import Place
from schools.roster.tidying import is_tidy, tidy


@dataclass(frozen=True, slots=True)
class FileKind:
    """``required`` and ``wanted`` columns are read; ``others`` are known and left alone."""

    name: str
    required: tuple[str, ...]
    wanted: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.required, *self.wanted, *self.others)


def _kind(name: str, required: str, wanted: str = "", others: str = "") -> FileKind:
    return FileKind(name, tuple(required.split()), tuple(wanted.split()), tuple(others.split()))


KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "academicSessions",
            "sourcedId title type startDate endDate",
            "status",
            "dateLastModified parentSourcedId schoolYear",
        ),
        _kind("orgs", "sourcedId name type", "status identifier", "dateLastModified parentSourcedId"),
        _kind(
            "classes",
            "sourcedId title classType schoolSourcedId",
            "status grades classCode",
            "dateLastModified courseSourcedId location termSourcedIds subjects subjectCodes periods",
        ),
        _kind(
            "users",
            "sourcedId givenName familyName",
            "status role preferredGivenName preferredFamilyName email sms phone agentSourcedIds grades",
            "dateLastModified enabledUser orgSourcedIds username userIds middleName identifier userMasterIdentifier "
            "preferredMiddleName primaryOrgSourcedId pronouns password",
        ),
        _kind(
            "roles",
            "sourcedId userSourcedId role",
            "status roleType",
            "dateLastModified beginDate endDate orgSourcedId userProfileSourcedId",
        ),
        _kind(
            "enrollments",
            "sourcedId classSourcedId userSourcedId role",
            "status primary beginDate endDate",
            "dateLastModified schoolSourcedId",
        ),
        _kind("demographics", "sourcedId", "status birthDate", "dateLastModified publicSchoolResidenceStatus"),
    )
}
_PHONES = ("sms", "phone")
_MICROSOFT = frozenset(("sisid", "schoolsisid", "sectionsisid", "studentsisid", "activedirectorymatchid"))


@dataclass(frozen=True, slots=True)
class Row:
    place: Place
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def at(self, column: str) -> Place:
        return Place(self.place.file, self.place.row, column)


class Package:
    """The members of a package by the names of OneRoster; each is read once, row by row."""

    def __init__(self, archive: Archive, members: dict[str, str], findings: Findings) -> None:
        self._archive, self._members, self._findings = archive, members, findings

    def has(self, name: str) -> bool:
        return name in self._members

    def rows(self, name: str) -> Iterator[Row]:
        """Rows of a file whose header is right; a file that is not gives an error and none."""
        if name not in self._members:
            return
        try:
            with self._archive.open(self._members[name]) as member:
                table = delimited_table(member, f"{name}.csv", self._findings, separator=",")
                yield from self._checked(KINDS[name], table)
        except Unreadable as problem:
            if problem.finding.code == "zip_bomb":
                raise
            self._findings.add(problem.finding)

    def _checked(self, kind: FileKind, table: Table) -> Iterator[Row]:
        first = next((line for line in table.lines if any(map(str.strip, line.cells))), None)
        if first is None:
            self._findings.error("empty", table.place())
            return
        columns = self._columns(kind, first, table)
        if columns is None:
            return
        width = len(first.cells)
        for line in table.lines:
            if not any(line.cells):
                continue
            if len(line.cells) > width and any(line.cells[width:]):
                self._findings.error("row_too_long", table.place(line.number), expected=width, found=len(line.cells))
                continue
            yield self._row(columns, line, table)

    def _row(self, columns: dict[int, str], line: Line, table: Table) -> Row:
        cells = {}
        for position, column in columns.items():
            if position < len(line.cells) and (text := line.cells[position]):
                if not is_tidy(text):
                    place = Place(table.label, line.number, column)
                    text = tidy(text, place, self._findings, may_be_phone=column in _PHONES)
                cells[column] = text
        return Row(table.place(line.number), cells)

    def _columns(self, kind: FileKind, first: Line, table: Table) -> dict[int, str] | None:
        """Positions and names of the columns that are read; None when this is not the file it says."""
        headers = [cell.strip() for cell in first.cells]
        if self._is_another(kind, headers, table):
            return None
        by_plain = {plain(name): name for name in kind.known}
        columns: dict[int, str] = {}
        for position, header in enumerate(headers):
            name = by_plain.get(plain(header), header)
            if is_never(header):
                self._findings.note("never_field", table.place(0, header))
            elif name in kind.required or name in kind.wanted or name.startswith("metadata."):
                columns[position] = name
                if name != header:
                    self._findings.warning("header_spelling", table.place(first.number, header), expected=name)
            elif header and name not in kind.known:
                self._unknown(kind, header, headers, table)
        missing = [name for name in kind.required if name not in columns.values()]
        for name in missing:
            self._findings.error("missing_column", table.place(first.number), column=name, nearest=_slip(name, headers))
        return None if missing else columns

    def _unknown(self, kind: FileKind, header: str, headers: list[str], table: Table) -> None:
        wanted = [name for name in (*kind.required, *kind.wanted) if name not in headers]
        if near := nearest(header, wanted):
            self._findings.warning("header_slip", table.place(1, header), expected=near)
        else:
            self._findings.note("unknown_column", table.place(1, header))

    def _is_another(self, kind: FileKind, headers: list[str], table: Table) -> bool:
        names = {plain(header) for header in headers if header}
        if names & _MICROSOFT:
            self._findings.error("microsoft_sds", table.place())
            return True
        fits = {other.name: _fit(other, names) for other in KINDS.values()}
        best = max(fits, key=lambda name: fits[name])
        if fits[best] > fits[kind.name] + 0.6:
            self._findings.error("wrong_contents", table.place(), looks_like=f"{best}.csv")
            return True
        return False


def _fit(kind: FileKind, names: set[str]) -> float:
    """How much of what the file needs is there, and how much of what is there belongs to it; 2 when all is."""
    required, known = ({plain(name) for name in names_of} for names_of in (kind.required, kind.known))
    return len(required & names) / len(required) + len(known & names) / len(names)


def _slip(name: str, headers: list[str]) -> str:
    return nearest(name, [header for header in headers if header])
