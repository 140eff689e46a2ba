"""From the embedded database to PostgreSQL: everything, in one transaction, or nothing.

The embedded database is locked for writing meanwhile. In the target our own triggers are quiet, for they judged these
rows when they were written; what the tables themselves promise (keys, constraints, periods) is tried for every row.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import connections, transaction
from psycopg2.extras import execute_values

from ingroeibloei import letters
from ingroeibloei.backups import database
from ingroeibloei.backups.manifest import applied_migrations, checksum_of
from ingroeibloei.backups.tally import (
    MIGRATIONS,
    ROWS_AT_ONCE,
    Say,
    Tally,
    columns_of,
    differences,
    fields_of,
    rows_of,
    tables_of,
    tally,
)


class MoveError(Exception):
    """Nothing was moved; says why."""


def move(source: str, target: str, *, say: Say) -> Tally:
    """Fill the empty PostgreSQL behind ``target``; returns what is in both now. Raises MoveError."""
    if not database.is_empty(target):
        raise MoveError("There are tables in that database. Everything is moved into an empty one only.")
    if made := letters.made_otherwise(target):
        raise MoveError(letters.refusal(made))
    try:
        call_command("migrate", database=target, interactive=False, verbosity=0, skip_checks=True)
        if applied_migrations(source) != applied_migrations(target):
            raise MoveError("The embedded database is not up to date: run `manage.py prepare` first.")
        with transaction.atomic(using=source), transaction.atomic(using=target):
            return _copy(source, target, say)
    except (DatabaseError, MoveError) as error:
        database.forget_all(target)
        if isinstance(error, MoveError):
            raise
        raise MoveError(f"PostgreSQL does not take it: {str(error).splitlines()[0]}") from error


def _copy(source: str, target: str, say: Say) -> Tally:
    tables = [table for table in tables_of(source) if table != MIGRATIONS]
    quoted = [connections[target].ops.quote_name(table) for table in tables]
    with connections[target].cursor() as cursor:
        for table in quoted:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(quoted)}")  # what Django wrote when it migrated
        for table in tables:
            say(f"Moving {table}")
            _copy_table(cursor, source, target, table)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in quoted:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        _set_sequences(cursor, source, tables)
    before = tally(source, say=say, without={MIGRATIONS})
    if different := differences(before, tally(target, say=say, without={MIGRATIONS})):
        raise MoveError("\n".join(["What arrived is not what was there:", *different]))
    return before


def _copy_table(cursor: Any, source: str, target: str, table: str) -> None:
    quote = connections[target].ops.quote_name
    columns = columns_of(source, table)
    into = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES %s"  # noqa: S608 - names of our tables
    rows = _prepared(rows_of(source, table), table, columns, target)
    try:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            execute_values(cursor.cursor, into, batch, page_size=500)
    except (DatabaseError, ValueError, psycopg2.Error) as error:
        raise MoveError(f"{table}: PostgreSQL does not take a row. {str(error).splitlines()[0]}") from error


def _prepared(
    rows: Iterable[tuple[Any, ...]], table: str, columns: list[str], target: str
) -> Iterator[tuple[Any, ...]]:
    """As Django writes these values to PostgreSQL."""
    connection, fields = connections[target], fields_of(table)
    if missing := [column for column in columns if column not in fields]:
        raise MoveError(f"{table}: {', '.join(missing)} is not known to this version of the portal.")
    prepare = [fields[column].get_db_prep_save for column in columns]
    for row in rows:
        yield tuple(one(value, connection=connection) for one, value in zip(prepare, row, strict=True))


def _set_sequences(cursor: Any, source: str, tables: Iterable[str]) -> None:
    """The next row of each table gets a number that no row ever had, also none that was deleted."""
    with connections[source].cursor() as embedded:
        embedded.execute("SELECT name, seq FROM sqlite_sequence")
        last = dict(embedded.fetchall())
    for table in tables:
        for column, field in fields_of(table).items():
            if not field.primary_key or not last.get(table):
                continue
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
            sequence = cursor.fetchone()[0]
            if sequence:
                cursor.execute("SELECT setval(%s, %s)", [sequence, last[table]])


def copy_files(root: Path, place: Path, *, say: Say) -> int:
    """Copy a folder into one that is empty or not there, and compare; returns how many files. Raises MoveError."""
    if place.exists() and any(place.iterdir()):
        raise MoveError(f"{place} is not empty.")
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    for number, path in enumerate(paths, start=1):
        say(f"Files: {number} of {len(paths)}")
        copied = place / path.relative_to(root)
        copied.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(path, copied)
        if checksum_of(copied) != checksum_of(path):
            raise MoveError(f"{copied} is not what {path} is: look at the disk.")
    return len(paths)
