"""Rows of an invented city, written by the database itself from the row's number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from schools.models import SchoolYear


def chance(salt: int, sides: int, number: str = "n") -> str:
    """SQL for a number below ``sides`` that looks thrown and is not."""
    return f"((hashint8(({number}) + {salt * 1_000_003})::bigint + 2147483648) %% {sides})"


def insert(model: type[models.Model], source: str | int, **columns: str) -> None:
    """Rows of ``model`` from ``source`` (SQL with a FROM, or how many n); columns not named get their default."""
    names: list[str] = []
    values: list[str] = []
    params: list[Any] = []
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if column in columns:
            names.append(column)
            values.append(columns[column])
        elif not field.primary_key and not field.has_db_default():
            names.append(column)
            values.append("%s")
            params.append(field.get_db_prep_save(field.get_default(), connection))
    rows = f"FROM generate_series(1, {source}) AS n" if isinstance(source, int) else source
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} {rows}", params)
        for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(sql)


def literal(day: date) -> str:
    return f"DATE '{day:%Y-%m-%d}'"


def a_day(year: SchoolYear, salt: int) -> str:
    return f"({literal(year.starts_on)} + {chance(salt, (year.ends_on - year.starts_on).days + 1)}::int)"
