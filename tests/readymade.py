"""The empty, migrated database of the tests, made once for these migrations and copied ever after.

Migrating takes Django longer than a hundred tests do, and each process of the tests needs a database of its own. What
was made is kept under ``.cache``, named by everything that it was made from: another migration, another Django or
another PostgreSQL makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection

from tests.services import postgres_program

_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = _ROOT / ".cache" / "test_databases"
#: What a migrated database depends on.
_SOURCES = ("*/migrations/*.py", "schools/guards.py", "ingroeibloei/settings/*.py", "requirements/runtime.txt")


@contextmanager
def laid() -> Iterator[None]:
    """Lays the ready database where Django's test runner looks for it, or keeps the one that is made within.

    One process at a time: what the first one makes, the others copy.
    """
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _FOLDER / f"{connection.vendor}-{_fingerprint()}"
        engine = _Postgres() if connection.vendor == "postgresql" else _Sqlite()
        engine.forget()
        if kept.exists():
            engine.lay(kept)
        yield
        if not kept.exists():
            _forget_older(connection.vendor)
            fresh = kept.with_suffix(".new")
            engine.keep(fresh)
            fresh.rename(kept)


class _Sqlite:
    def __init__(self) -> None:
        self._path = Path(connection.creation._get_test_db_name())  # type: ignore[attr-defined]

    def forget(self) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)

    def lay(self, kept: Path) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, self._path)

    def keep(self, fresh: Path) -> None:
        fresh.unlink(missing_ok=True)
        with closing(sqlite3.connect(self._path)) as made:
            made.execute("VACUUM INTO ?", [str(fresh)])


class _Postgres:
    def __init__(self) -> None:
        self._name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
        words = {**connection.settings_dict["OPTIONS"]}
        self._place = {
            "host": connection.settings_dict["HOST"] or words.get("host", ""),
            "port": str(connection.settings_dict["PORT"] or words.get("port", "")),
            "user": connection.settings_dict["USER"],
            "password": connection.settings_dict["PASSWORD"],
        }

    def forget(self) -> None:
        self._ask(f'DROP DATABASE IF EXISTS "{self._name}"')

    def lay(self, kept: Path) -> None:
        self._ask(f'CREATE DATABASE "{self._name}"')
        self._run("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={kept}")

    def keep(self, fresh: Path) -> None:
        self._run("pg_dump", "--no-owner", f"--file={fresh}")

    def _ask(self, words: str) -> None:
        place = {name: value for name, value in self._place.items() if value}
        with closing(psycopg2.connect(dbname="postgres", **place)) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                cursor.execute(words)

    def _run(self, program: str, *words: str) -> None:
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        place: dict[str, Any] = {names[name]: value for name, value in self._place.items() if value}
        subprocess.run(
            [postgres_program(program), f"--dbname={self._name}", *words],
            env=os.environ | place,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _fingerprint() -> str:
    found = hashlib.sha256(Path(__file__).read_bytes())
    for pattern in _SOURCES:
        for path in sorted(_ROOT.glob(pattern)):
            found.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    if connection.vendor == "postgresql":
        found.update(postgres_program("postgres").encode())
    return found.hexdigest()[:16]


def _forget_older(vendor: str) -> None:
    for path in _FOLDER.glob(f"{vendor}-*"):
        path.unlink()
