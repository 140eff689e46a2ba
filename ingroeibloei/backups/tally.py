"""What is in a database, table by table: how many rows, and one checksum over what they say.

The checksum does not depend on the order of rows, nor on the engine: a moment, a number or a list of words counts the
same in SQLite and in PostgreSQL. So it compares a restored backup with what was backed up, and a move with where it
began.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Field, QuerySet

Say = Callable[[str], object]
#: What Django writes while it migrates, with the time at which it did.
MIGRATIONS = "django_migrations"
ROWS_AT_ONCE = 2000
_WIDTH = 2**256


@dataclass(frozen=True, slots=True)
class Count:
    """Of one table."""

    rows: int
    checksum: str


Tally = dict[str, Count]


def tally(alias: str, *, say: Say, without: Collection[str] = ()) -> Tally:
    """Of all tables behind a connection, within one transaction of whoever asks."""
    found = {}
    for table in tables_of(alias):
        if table in without:
            continue
        say(f"Counting {table}")
        found[table] = _count(alias, table)
    return found


def differences(before: Mapping[str, Count], after: Mapping[str, Count]) -> list[str]:
    """In words, nothing when both are the same."""
    found = [f"{table}: is missing" for table in sorted(before.keys() - after.keys())]
    found += [f"{table}: was not there" for table in sorted(after.keys() - before.keys())]
    for table in sorted(before.keys() & after.keys()):
        had, has = before[table], after[table]
        if had.rows != has.rows:
            found.append(f"{table}: {has.rows} rows instead of {had.rows}")
        elif had.checksum != has.checksum:
            found.append(f"{table}: {has.rows} rows that do not all say what they said")
    return found


def _count(alias: str, table: str) -> Count:
    rows, total = 0, 0
    for row in rows_of(alias, table):
        rows += 1
        words = json.dumps([_word(value) for value in row], ensure_ascii=False)
        total += int.from_bytes(hashlib.sha256(words.encode()).digest(), "big")
    return Count(rows, f"{total % _WIDTH:064x}")


def tables_of(alias: str) -> list[str]:
    """All but the database's own."""
    return sorted(name for name in connections[alias].introspection.table_names() if not name.startswith("sqlite_"))


def columns_of(alias: str, table: str) -> list[str]:
    """In an order that is the same everywhere."""
    connection = connections[alias]
    with connection.cursor() as cursor:  # Django's own description of a SQLite table takes a hundred times as long
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} WHERE 1 = 0")  # noqa: S608 - one of our tables
        return sorted(column[0] for column in cursor.description)


def rows_of(alias: str, table: str) -> Iterator[tuple[Any, ...]]:
    """Every row, with the values that Python has for them, in the order of ``columns_of``."""
    connection = connections[alias]
    columns = columns_of(alias, table)
    fields = fields_of(table)
    quote = connection.ops.quote_name
    convert = _converters(alias, [fields.get(column) for column in columns])
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(table)}")  # noqa: S608 - names of our tables
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from convert(rows)


def fields_of(table: str) -> dict[str, Field]:
    """The fields of the model that is kept in a table, by column; empty for a table that the code does not know."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return {str(field.column): field for field in model._meta.local_concrete_fields}
    return {}


def _converters(alias: str, fields: list[Field | None]) -> Callable[[Any], Iterator[tuple[Any, ...]]]:
    """How Django itself reads these columns."""
    known = {place: field.get_col(field.model._meta.db_table) for place, field in enumerate(fields) if field}
    if not known:
        return lambda rows: (tuple(row) for row in rows)
    compiler = QuerySet(model=next(field for field in fields if field).model).query.get_compiler(alias)
    found = {}
    for place, column in known.items():
        if pair := compiler.get_converters([column]).get(0):
            found[place] = pair
    return lambda rows: map(tuple, compiler.apply_converters(rows, found))


def _word(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, UUID):
        return value.hex
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
