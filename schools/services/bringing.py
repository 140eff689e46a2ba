"""Bringing content of the repository into a table: what is new comes in at once, what is the same is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

Key = tuple[Any, ...]


def bring(rows: QuerySet[Any], names: tuple[str, ...], entries: Mapping[Key, Mapping[str, Any]]) -> None:
    """Insert or refresh the rows that ``entries`` describes: the columns of each, by the values of its ``names``.

    Rows that are not among the entries stay as they are. Queries: two, and one for each row that changed.
    """
    known = {tuple(getattr(row, name) for name in names): row for row in rows}
    fresh = [
        rows.model(**dict(zip(names, key, strict=True)), **columns)
        for key, columns in entries.items()
        if key not in known
    ]
    for key, columns in entries.items():
        row = known.get(key)
        if row is None:
            continue
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.save()
    rows.model._default_manager.bulk_create(fresh)
