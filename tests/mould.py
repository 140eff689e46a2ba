"""Rows that many tests begin with, built once in a process and poured again for each next test.

Building goes through the models, which takes ten times as long as the rows alone. What is poured is what was built: the
same rows under the same numbers, and a fresh copy of the objects.
"""

from __future__ import annotations

import fcntl
import pickle
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection

from schools import clock
from tests.emptying import filled_tables

Made = TypeVar("Made")
#: Rows that bear a time are at most as old as this.
_KEEPS = timedelta(minutes=10)
_INSERT = re.compile(r'\bINSERT (?:OR IGNORE )?INTO "?(\w+)')


@dataclass(frozen=True)
class _Mould:
    made_at: datetime
    statements: tuple[str, ...]
    tables: tuple[str, ...]
    objects: bytes


_moulds: dict[tuple[Any, ...], _Mould] = {}


def poured(build: Callable[..., Made], *given: object) -> Made:
    """What ``build(*given)`` builds; poured where its tables are empty and the school's clock shows nearly the same
    time."""
    kept = _moulds.get((build, *given))
    if kept and _is_fresh(kept) and not _any_rows(kept.tables):
        with connection.cursor() as cursor:
            for statement in kept.statements:
                cursor.execute(statement)
        made: Made = pickle.loads(kept.objects)  # noqa: S301
        return made
    before = set(filled_tables(connection))
    written: dict[str, None] = {}

    def notice(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := _INSERT.search(sql):
            written[found[1]] = None
        return execute(sql, *rest)

    made_at = clock.now()
    with connection.execute_wrapper(notice):
        made = build(*given)
    touched = (written.keys() | (set(filled_tables(connection)) - before)) - {"sqlite_stat1"}
    if touched == written.keys() and not before & _needed_by(touched):
        statements = tuple(_rows_of(table) for table in written)
        _moulds[build, *given] = _Mould(made_at, statements, tuple(written), pickle.dumps(made))
    return made


def poured_by_all(shelf: Path, folder: Path, build: Callable[..., Made], *given: object) -> Made:
    """As ``poured``, for what takes seconds to build and several processes need: the first of them builds, and what it
    built lies on the ``shelf`` for the others, with the files that it wrote into ``folder``."""
    key, kept = (build, *given), shelf / "mould"
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if key not in _moulds and kept.exists():
            _moulds[key] = pickle.loads(kept.read_bytes())  # noqa: S301
        is_there = key in _moulds and _is_fresh(_moulds[key])
        if is_there:
            shutil.copytree(shelf / "files", folder, dirs_exist_ok=True)
        made = poured(build, *given)
        if not is_there:
            shutil.rmtree(shelf / "files", ignore_errors=True)
            shutil.copytree(folder, shelf / "files")
            kept.write_bytes(pickle.dumps(_moulds[key]))
    return made


def _is_fresh(kept: _Mould) -> bool:
    is_young = timedelta(0) <= clock.now() - kept.made_at < _KEEPS
    return is_young and clock.local_date(kept.made_at) == clock.today()  # at midnight the days in it are yesterday's


def _needed_by(tables: Iterable[str]) -> set[str]:
    """These tables and those that their rows may point to: one that held rows before may be leant on."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables]
    targets = {
        field.related_model._meta.db_table
        for model in models
        for field in model._meta.concrete_fields
        if field.related_model
    }
    return {*tables, *targets}


def _any_rows(tables: Iterable[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables))
        return bool(cursor.fetchone()[0])


def _rows_of(table: str) -> str:
    """One statement that writes what the table holds now, each value in the database's own words."""
    in_words = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        quoted = [f'"{name}"' for name in names]
        cursor.execute(f'SELECT {", ".join(map(in_words.format, quoted))} FROM "{table}"')
        rows = ", ".join(f"({', '.join(row)})" for row in cursor.fetchall())
    return f'INSERT INTO "{table}" ({", ".join(quoted)}) VALUES {rows}'
