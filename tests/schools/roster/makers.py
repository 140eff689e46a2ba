"""Small roster files of invented families, in every format, right and wrong."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from schools.roster.reading import Unreadable, read_roster
from schools.roster.rows import Finding, Roster

Rows = Sequence[Sequence[str]]


def rows(text: str, separator: str = ",") -> Rows:
    return [line.split(separator) for line in text.strip().splitlines()]


PUPILS = rows("""
Leerlingnummer,Naam,Voornaam,Geboortedatum,Klas,Naam LPV1,Voornaam LPV1,GSM LPV1,E-mail LPV1
101,Vandersmissen,Lotte,03/04/2018,L2A,Vandersmissen,Tom,0471 23 45 67,tom@voorbeeld.be
102,Singh,,13/05/2017,L3B,Kaur,,0472 34 56 78,
""")

BULK = {
    "manifest": rows("""
propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.academicSessions,bulk
file.orgs,bulk
file.classes,bulk
file.users,bulk
file.enrollments,bulk
file.demographics,absent
source.systemName,Schoolpakket
source.systemCode,pakket
"""),
    "academicSessions": rows("""
sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear
y1,,,2026-2027,schoolYear,2026-09-01,2027-06-30,,2027
"""),
    "orgs": rows("""
sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
o1,,,VBS De Kersenboom,school,999001,
"""),
    "classes": rows("""
sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
c1,,,1A,01,x,1A,homeroom,,o1,y1,,,
c2,,,Turnen 1,01,x,T1,scheduled,,o1,y1,,,
"""),
    "users": rows("""
sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
p1,,,true,o1,student,p1,,Amandeep,Singh,,,,,,g1,01,geheim
p2,,,true,o1,student,p2,,Noor,El Amrani,,,,,,,01,
g1,,,true,o1,parent,g1,,Kaur,,,,k@voorbeeld.be,0471234567,,p1,,x
g2,,,true,o1,guardian,g2,,Samira,El Amrani,,,,,011 68 12 34,p2,,
t1,,,true,o1,teacher,t1,,Els,Claes,,,,,,,,
"""),
    "enrollments": rows("""
sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
e1,,,c1,o1,p1,student,,2026-09-01,
e2,,,c2,o1,p1,student,,2026-09-01,
e3,,,c1,o1,p2,student,,2026-09-01,2027-06-30
e4,,,c1,o1,t1,teacher,,,
"""),
}


def as_csv(rows: Rows, separator: str = ",", end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    return text.getvalue()


def as_zip(members: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2026, 9, 1, 8, 0, 0))
            info.compress_type = packing
            archive.writestr(info, content)
    return file.getvalue()


def package(changes: Mapping[str, Rows | None] | None = None, base: Mapping[str, Rows] = BULK) -> bytes:
    """A OneRoster zip; ``changes`` replace files, None takes one out."""
    files = {**base, **(changes or {})}
    return as_zip({f"{name}.csv": as_csv(rows) for name, rows in files.items() if rows is not None})


def with_cell(rows: Rows, row: int, column: str, value: str) -> Rows:
    """The same rows with another value in one cell; ``row`` 0 renames the column."""
    position = list(rows[0]).index(column)
    found = [list(line) for line in rows]
    found[row][position] = value
    return found


def with_column(rows: Rows, header: str, values: Sequence[str]) -> Rows:
    return [[*line, value] for line, value in zip(rows, (header, *values), strict=True)]


class Upload:
    """A file in a folder of the test, and what reading it gave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, content: bytes | str, name: str = "lijst.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, content: bytes | str, name: str = "lijst.csv", **how: object) -> Roster:
        return read_roster(self.file(content, name), name=name, **how)  # type: ignore[arg-type]

    def refusal(self, content: bytes | str, name: str = "lijst.csv") -> Finding:
        try:
            roster = self.read(content, name)
        except Unreadable as refused:
            return refused.finding
        raise AssertionError(f"It was read: {codes(roster)}")


def codes(roster: Roster) -> list[str]:
    return [finding.code for finding in roster.findings]


def found(roster: Roster, code: str) -> Finding:
    """The first finding of this kind; AssertionError when there is none."""
    for finding in roster.findings:
        if finding.code == code:
            return finding
    raise AssertionError(f"No {code} among {codes(roster)}")
