"""Inserts thousands of rows: what the ORM would ask of each field of each row is asked once of the table.

PostgreSQL takes them by COPY under ids that its sequence gave out before; its constraints and guards look at them as at
any others. SQLite, which has no such door, takes Django's own statement.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import connections, router
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.db.models.expressions import DatabaseDefault, Value

Row = TypeVar("Row", bound=Model)
_NULL = "\\N"
#: What COPY would take for the end of a cell or row.
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
#: Below this many the statement costs less than to ask for ids.
_FEW = 20


def insert(rows: QuerySet[Row], new: Sequence[Row]) -> None:
    """Insert these rows, which have their ids afterwards. Rows that they point at are written already. Sends no
    signals and calls no ``pre_save``: for models without either."""
    using = connections[router.db_for_write(rows.model)]
    if using.vendor != "postgresql" or len(new) < _FEW:
        rows.bulk_create(new)
        return
    meta = rows.model._meta
    quote = using.ops.quote_name
    table = quote(meta.db_table)
    with using.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, meta.pk.column, len(new)],
        )
        for row, (pk,) in zip(new, cursor.fetchall(), strict=True):
            row.pk = pk
        fields: list[Field[Any, Any]] = list(meta.concrete_fields)
        columns = ", ".join(quote(str(field.column)) for field in fields)
        with using.wrap_database_errors:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO("".join(_lines(fields, new))))
    for row in new:
        row._state.adding, row._state.db = False, using.alias


def _lines(fields: Sequence[Field[Any, Any]], rows: Sequence[Model]) -> Iterator[str]:
    readers = [_reader(field) for field in fields]
    for row in rows:
        yield "\t".join([_cell(read(row)) for read in readers]) + "\n"


def _reader(field: Field[Any, Any]) -> Callable[[Model], object]:
    """Reads one field of a row; of a row that it points at the id, which that one may have got after it was set."""
    name = field.attname
    if isinstance(field, ForeignKey):

        def target(row: Model) -> object:
            other = field.get_cached_value(row, default=None)
            if other is not None and row.__dict__[name] is None:
                row.__dict__[name] = other.pk
            return row.__dict__[name]

        return target

    def plain(row: Model) -> object:
        value = row.__dict__[name]
        if isinstance(value, DatabaseDefault):
            (default,) = value.get_source_expressions()
            value = row.__dict__[name] = default.value if isinstance(default, Value) else default
        return value

    return plain


def _cell(value: object) -> str:
    return _NULL if value is None else str(value).translate(_SPECIAL)
