"""What the commands for operators need: an empty place, and a key that backups are sealed for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from ingroeibloei.backups import agefile
from tests.faults.processes import same_database

#: It moves from the embedded database.
collect_ignore = ["test_moving.py"] if os.environ["INGROEIBLOEI_TEST_ENGINE"] == "postgres" else []


@pytest.fixture
def places(db: None, settings: Any, tmp_path: Path) -> Path:
    """A portal whose files, keys, ledger and backups are this test's own, with a key for its backups."""
    allow_databases_beside()
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT, settings.CLB_KEY_DIR = tmp_path / "media", tmp_path / "clb_keys"
    settings.ERASED_FILE = tmp_path / "erased.txt"
    settings.BACKUP_DIR, settings.BACKUP_KEYS_DIR = tmp_path / "backups", tmp_path / "elsewhere"
    secret, settings.BACKUP_KEY = agefile.new_key()
    (tmp_path / "key.txt").write_text(secret)
    return tmp_path


@pytest.fixture
def empty_place(transactional_db: None, places: Path, settings: Any) -> Iterator[Any]:
    """Call it and the portal has an empty database and an empty folder of files, as on a new machine."""
    before = connection.settings_dict["NAME"]
    empty = f"new_place_{os.getpid()}"  # processes of a run share one server

    def begin() -> None:
        connection.close()
        settings.MEDIA_ROOT = places / "new" / "media"
        if connection.vendor == "postgresql":
            on_server(f"CREATE DATABASE {empty}")
            connection.settings_dict["NAME"] = empty
        else:
            connection.settings_dict["NAME"] = places / "new" / "new.sqlite3"
            (places / "new").mkdir()

    try:
        yield begin
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        if connection.vendor == "postgresql":
            on_server(f"DROP DATABASE IF EXISTS {empty}")


def allow_databases_beside() -> None:
    """Django lets a test open those only that it named before they were there."""
    guard = BaseDatabaseWrapper.ensure_connection
    around = dict(zip(guard.__code__.co_freevars, guard.__closure__ or (), strict=True))
    test_case = around["cls"].cell_contents
    test_case.databases = AndThoseBeside(test_case.databases)


class AndThoseBeside(set[str]):
    """Names of databases, and all those that ``database.beside`` opens."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or str(name).startswith("default beside ")


def on_server(words: str, **where: str) -> None:
    server = psycopg2.connect(same_database()["DATABASE_URL"], **where)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(words)
    server.close()
