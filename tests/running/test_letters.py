"""A PostgreSQL that was made for other letters is refused while it is empty; `doctor` says so of one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ingroeibloei import letters
from ingroeibloei.backups import database
from ingroeibloei.operating import living
from ingroeibloei.operating.findings import Level
from tests.running.conftest import on_server

pytestmark = pytest.mark.django_db

#: A server that was installed without a language makes the first; who names the encoding alone makes the second.
OTHERS = {"SQL_ASCII, C": "SQL_ASCII", "UTF8, C": "UTF8"}


@pytest.fixture(params=OTHERS)
def other(request: pytest.FixtureRequest, places: Path) -> Iterator[tuple[str, str]]:
    """A connection to an empty database for other letters, and how it is made."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one kind of letters")
    on_server(
        f"CREATE DATABASE other TEMPLATE template0 ENCODING '{OTHERS[request.param]}' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    try:
        with database.beside("default", NAME="other") as alias:
            yield alias, request.param
    finally:
        on_server("DROP DATABASE other")


def test_the_database_of_the_tests_is_as_the_guide_says() -> None:
    assert letters.made_otherwise() == ""
    assert "letters" not in {finding.code for finding in living.look()}


def test_one_for_other_letters_is_known(other: tuple[str, str]) -> None:
    alias, made = other
    assert letters.made_otherwise(alias) == made


def test_an_empty_one_is_refused_before_a_table_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "made_otherwise", lambda alias="default": "SQL_ASCII, C")
    monkeypatch.setattr(database, "is_empty", lambda alias: True)
    with pytest.raises(CommandError, match=r"SQL_ASCII, C.*--encoding UTF8 --locale C.UTF-8"):
        call_command("prepare")


def test_one_with_tables_goes_on_and_the_operator_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "made_otherwise", lambda alias="default": "SQL_ASCII, C")
    found = {finding.code: finding for finding in living.look()}
    assert found["letters"].level is Level.BAD
    assert "SQL_ASCII, C" in found["letters"].words


def test_a_look_at_a_backup_has_the_letters_of_the_portal_not_of_the_server(places: Path, settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one kind of letters")
    with database.empty_postgres("default") as alias:
        assert letters.made_otherwise(alias) == ""
