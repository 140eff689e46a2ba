"""Emptying the test database after a test that committed, which Django's ``flush`` does table by table, filled or not.

Rows that never go must go between tests: the insert-only triggers are passed on PostgreSQL by a session that copies,
and taken off and put back around it on SQLite. What Django itself writes when it migrates stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

#: What Django writes when it migrates.
ALWAYS_THERE = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def committed_rows_go() -> Iterator[None]:
    """For the whole run: in the place of Django's flush."""

    def empty(self: Any) -> None:
        for name in self._databases_names(include_mirrors=False):
            empty_tables(connections[name])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


def empty_tables(connection: BaseDatabaseWrapper) -> None:
    with transaction.atomic(connection.alias), _without_triggers(connection), connection.cursor() as cursor:
        for table in filled_tables(connection):
            cursor.execute(f'DELETE FROM "{table}"')


def filled_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables with rows in them, but for those that are never empty."""
    tables = sorted(set(connection.introspection.table_names()) - ALWAYS_THERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables))
        return [table for table, is_filled in zip(tables, cursor.fetchone(), strict=True) if is_filled]


@contextmanager
def _without_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # until the transaction ends
            yield
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)
