"""Reading and checking a roster of 20,000 pupils beside only parsing its cells, and the memory of a process that does.

`python -m tests.bench.rosters FILE…` is that process: it prints the most megabytes it held.
"""

from __future__ import annotations

import csv
import io
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.measure import Bar, Result, Size, interleaved, result, same, seconds

_ROUNDS = 3
#: All of an import may take 60 s and 500 MB (issue: rosters in); reading is the half of it.
_SECONDS, _MEGABYTES = 30.0, 500.0
_OWNERS = ("LPV1", "LPV2")
_OF_OWNER = ("Voornaam", "Naam", "Relatietype", "GSM", "E-mail", "Straat", "Nr", "Postcode", "Gemeente")


def measure(size: Size) -> list[Result]:
    """20,000 pupils in the full size, each with two guardians."""
    pupils = size.families * 2 // 5
    with tempfile.TemporaryDirectory() as folder:
        files = {"csv": Path(folder) / "list.csv", "OneRoster": Path(folder) / "package.zip"}
        files["csv"].write_bytes(_list(pupils))
        files["OneRoster"].write_bytes(_package(pupils))
        found = [entry for kind, path in files.items() for entry in _read(kind, path, pupils)]
        command = [sys.executable, "-m", "tests.bench.rosters", *map(str, files.values())]
        alone = subprocess.run(command, capture_output=True, text=True, check=True)
    memory = float(alone.stdout)
    return [*found, result("memory of reading rosters", memory, _MEGABYTES, "MB", pupils, Bar("at most", 1))]


def _read(kind: str, path: Path, pupils: int) -> list[Result]:
    from schools.roster.reading import read_roster

    roster = read_roster(path, name=path.name)
    same(f"pupils of {kind}", len(roster.pupils), pupils)
    same(f"links of {kind}", len(roster.links), 2 * pupils)
    same(f"errors of {kind}", roster.has_errors, False)
    ours, cells = interleaved(
        lambda: seconds(lambda: read_roster(path, name=path.name), time.process_time),
        lambda: seconds(_cells_of(path), time.process_time),
        rounds=_ROUNDS,
    )
    return [
        result(f"reading a roster ({kind}) beside only its cells", ours, cells, "s", pupils),
        result(f"reading a roster ({kind}) beside what it may take", ours, _SECONDS, "s", pupils, Bar("at most", 1)),
    ]


def _cells_of(path: Path) -> Callable[[], int]:
    """As little as one can do: split every row into its cells."""

    def work() -> int:
        if not zipfile.is_zipfile(path):
            with path.open(encoding="cp1252", newline="") as file:
                return sum(len(row) for row in csv.reader(file, delimiter=";"))
        with zipfile.ZipFile(path) as archive:
            members = [io.TextIOWrapper(archive.open(name), "utf-8", newline="") for name in archive.namelist()]
            return sum(len(row) for member in members for row in csv.reader(member))

    return work


def _list(pupils: int) -> bytes:
    """Semicolons in Windows-1252, two guardians in a row, brothers and sisters with the same mother."""
    chance = random.Random(7)
    head = ["Leerlingnummer", "Naam", "Voornaam", "Geboortedatum", "Klas", "Rijksregisternummer", "Thuistaal"]
    rows = [[*head, *(f"{name} {owner}" for owner in _OWNERS for name in _OF_OWNER)]]
    for number in range(pupils):
        family = f"Gezin{number // 2}"
        born = f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}/{chance.randrange(2015, 2023)}"
        child = [
            str(number + 1),
            family,
            f"Zoë{number}",
            born,
            f"L{number % 6 + 1}{'ABCD'[number // 6 % 4]}",
            "",
            "Turks",
        ]
        home = ["Kerkstraat", str(number // 2 % 200 + 1), "3800", "Sint-Truiden"]
        mother = [f"Moeder{number // 2}", family, "moeder", _mobile(number // 2), f"moeder{number // 2}@voorbeeld.be"]
        father = [f"Vader{number}", family, "vader", _mobile(number + 50_000), f"vader{number}@voorbeeld.be"]
        rows.append([*child, *mother, *home, *father, *home])
    return _csv(rows, ";").encode("cp1252")


def _package(pupils: int) -> bytes:
    """OneRoster 1.1, in bulk."""
    files: dict[str, list[list[str]]] = {
        "manifest": _cut(
            "propertyName,value", "manifest.version,1.0", "oneroster.version,1.1", "source.systemCode,bench"
        ),
        "orgs": _cut("sourcedId,name,type,identifier", "o1,VBS De Kersenboom,school,999001"),
        "classes": _cut("sourcedId,title,grades,classType,schoolSourcedId"),
        "users": _cut("sourcedId,role,givenName,familyName,email,sms,phone,agentSourcedIds,password"),
        "enrollments": _cut("sourcedId,classSourcedId,userSourcedId,role,primary,beginDate,endDate"),
    }
    files["manifest"] += [[f"file.{name}", "bulk"] for name in files if name != "manifest"]
    files["classes"] += _cut(*(f"c{number},{number % 6 + 1}{'ABCD'[number // 6]},,homeroom,o1" for number in range(24)))
    for number in range(pupils):
        agents = [f"m{number}", f"v{number}"]
        files["users"].append([f"p{number}", "student", f"Kind{number}", "Claes", "", "", "", ",".join(agents), ""])
        for agent in agents:
            mail, fixed = f"{agent}@voorbeeld.be", f"011 68 {number % 90 + 10} {number // 90 % 90 + 10}"
            files["users"].append([agent, "parent", f"Ouder{agent}", "Claes", mail, _mobile(number), fixed, "", ""])
        files["enrollments"].append(
            [f"e{number}", f"c{number % 24}", f"p{number}", "student", "true", "2026-09-01", ""]
        )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            archive.writestr(f"{name}.csv", _csv(rows, ","))
    return content.getvalue()


def _cut(*lines: str) -> list[list[str]]:
    return [line.split(",") for line in lines]


def _csv(rows: list[list[str]], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue()


def _mobile(number: int) -> str:
    digits = f"{470_000_000 + number:09}"
    return f"0{digits[:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"


def _megabytes(paths: Sequence[Path]) -> float:
    """The most this process ever held while it read these."""
    import django

    django.setup()
    from schools.roster.reading import read_roster

    for path in paths:
        read_roster(path, name=path.name)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(_megabytes([Path(name) for name in sys.argv[1:]]))
