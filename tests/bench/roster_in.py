"""A school's list of thousands of pupils with their parents, read from CSV, compared and written, beside bare COPY of
the rows it writes, ready made.

In processor seconds of server and client together, each in a transaction that checks every foreign key and is taken
back. The whole command then runs once in a process of its own, for its memory and the time that passes.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection, models, transaction

from parents.models import (
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
)
from parents.roster.whole import apply_whole, plan_whole
from schools.models import Enrolment, Pupil, School, SchoolClass
from schools.roster.progress import Progress
from schools.roster.reading import read_roster
from tests import factories
from tests.bench.measure import Bar, Result, interleaved, processor_clock, result, same, seconds
from tests.bench.world import City

_TABLES: tuple[type[models.Model], ...] = (
    SchoolClass,
    Pupil,
    Enrolment,
    Household,
    Guardian,
    Guardianship,
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
)
_HEAD = (
    "Leerlingnummer;Voornaam;Naam;Geboortedatum;Klas;"
    "Voornaam LPV1;Naam LPV1;GSM LPV1;E-mail LPV1;Straat LPV1;Postcode LPV1;Gemeente LPV1;Contacttaal LPV1;"
    "Voornaam LPV2;Naam LPV2;GSM LPV2;Straat LPV2;Postcode LPV2;Gemeente LPV2"
)
_IN_A_CLASS = 22
_SPEED_BAR = Bar("at least", 0.05)
_MOST_SECONDS, _MOST_MEGABYTES = 60, 500


def measure(city: City) -> list[Result]:
    """20,000 pupils at full size."""
    pupils = city.size.families * 2 // 5
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leerlingen.csv"
        path.write_text(_list(pupils), encoding="utf-8")
        school = factories.make_school()
        ready = _ready(path, school)
        rows = sum(text.count("\n") for text in ready.values())
        ours, bare = interleaved(
            lambda: _taken_back(lambda: _bring_in(path, school)), lambda: _taken_back(lambda: _copy(ready)), rounds=3
        )
        passed, megabytes = _in_a_process(path, school)
    return [
        result("bringing a roster in beside COPY of its rows", rows / ours, rows / bare, "rows/s", rows, _SPEED_BAR),
        result("bringing a roster in beside a minute", passed, _MOST_SECONDS, "s", pupils, Bar("at most", 1)),
        result(
            "memory of bringing a roster in beside 500 MB", megabytes, _MOST_MEGABYTES, "MB", pupils, Bar("at most", 1)
        ),
    ]


def _list(pupils: int) -> str:
    return "\r\n".join([_HEAD, *(_row(number) for number in range(pupils)), ""])


def _row(number: int) -> str:
    """Two parents at one address; every fourth child is a brother or sister of the one before."""
    family = number - (number % 4 == 3)
    room = f"{1 + number % 6}{chr(65 + number // 6 // _IN_A_CLASS % 26)}{number // 6 // _IN_A_CLASS // 26 or ''}"
    home = f"Bloesemlaan {family};3800;Sint-Truiden"
    return (
        f"{number};Kind{number};Familie{family};{1 + number % 28:02}/0{1 + number % 9}/{2015 + number % 6};{room};"
        f"Moeder{family};Familie{family};0470{family:06};moeder{family}@post.example;{home};pa;"
        f"Vader{family};Familie{family};0471{family:06};{home}"
    )


def _bring_in(path: Path, school: School) -> None:
    roster = read_roster(path, name=path.name)
    plan = plan_whole(roster, school)
    if plan.has_errors:
        raise AssertionError([finding.code for finding in plan.findings[:5]])
    apply_whole(plan, Progress())


def _ready(path: Path, school: School) -> dict[type[models.Model], str]:
    """The rows that the roster writes, as COPY reads them."""
    ready = {}
    with transaction.atomic():
        before = {model: model._default_manager.aggregate(top=models.Max("pk"))["top"] or 0 for model in _TABLES}
        _bring_in(path, school)
        for model in _TABLES:
            rows = model._default_manager.filter(pk__gt=before[model]).order_by("pk").values_list()
            ready[model] = "".join("\t".join(_cell(value) for value in row) + "\n" for row in rows)
        transaction.set_rollback(True)
    return ready


def _copy(ready: dict[type[models.Model], str]) -> None:
    with connection.cursor() as cursor:
        for model, text in ready.items():
            columns = ", ".join(str(field.column) for field in model._meta.concrete_fields)
            cursor.copy_expert(f"COPY {model._meta.db_table} ({columns}) FROM STDIN", io.StringIO(text))


def _cell(value: object) -> str:
    return "\\N" if value is None else "t" if value is True else "f" if value is False else str(value)


def _taken_back(work: Callable[[], None]) -> float:
    """Processor seconds of the work with its foreign keys checked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    with transaction.atomic():

        def checked() -> None:
            work()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        found = seconds(checked, processor_clock(backend))
        transaction.set_rollback(True)
    return found


#: A child's first memory is that of the process it was forked from: the command gets a small one.
_WEIGHED = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""


def _in_a_process(path: Path, school: School) -> tuple[float, float]:
    """Seconds that pass and megabytes at most, of the command that applies it."""
    command = [sys.executable, "manage.py", "roster", str(path), "--school", school.institution_number, "--apply"]
    start = time.perf_counter()
    words = subprocess.check_output([sys.executable, "-c", _WEIGHED, *command], cwd=settings.BASE_DIR, text=True)
    passed = time.perf_counter() - start
    status, kilobytes = map(int, words.split())
    same("exit status", status, 0)
    return passed, kilobytes / 1024
