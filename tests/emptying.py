"""Emptying the test database after a test that committed: rows that never go must go between tests.

On PostgreSQL ``TRUNCATE`` passes the insert-only triggers; SQLite deletes row by row, so they are taken off and put
back around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper

DatabaseOperations = DatabaseWrapper.ops_class


@pytest.fixture(scope="session", autouse=True)
def insert_only_tables_can_be_emptied() -> Iterator[None]:
    """For the whole run: Django's flush leaves out the triggers that forbid deleting."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_without_triggers(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        try:
            flush(self, sql_list)
        finally:
            with self.connection.cursor() as cursor:
                for _, sql in triggers:
                    cursor.execute(sql)

    DatabaseOperations.execute_sql_flush = flush_without_triggers  # type: ignore[method-assign,assignment]
    yield
    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
