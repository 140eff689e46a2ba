"""Promises that the database keeps itself: no overlapping periods, tables in which rows only come in.

What PostgreSQL does by exclusion constraint or trigger, SQLite does by trigger (rulings 14). Each guard is a migration
operation for both; ``tests/surface/test_guards.py`` tries them on both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

Editor = BaseDatabaseSchemaEditor


class Guard(Operation):
    """Says its statements and asks for no models: Django would make all of them anew for each step that may."""

    def __init__(self, add: Callable[[Editor], None], remove: Callable[[Editor], None]) -> None:
        self._add, self._remove = add, remove

    def say(self, editor: Editor, *, taken_back: bool = False) -> None:
        (self._remove if taken_back else self._add)(editor)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay what they are."""

    def database_forwards(self, app_label: str, schema_editor: Editor, from_state: Any, to_state: Any) -> None:
        self.say(schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Editor, from_state: Any, to_state: Any) -> None:
        self.say(schema_editor, taken_back=True)

    def describe(self) -> str:
        return "A promise that the database keeps"


def no_overlap(table: str, *keys: str, unless: str = "") -> Guard:
    """Two rows with equal ``keys`` never share a day; ``ends_on`` null means still running. Rows in which the column
    ``unless`` is filled do not count."""
    name = f"{table}_no_overlap"

    def add(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            same = ", ".join(f"{key} WITH =" for key in keys)
            run(
                editor,
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
                f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
                f"({same}, daterange(starts_on, ends_on, '[]') WITH &&)"
                + (f" WHERE ({unless} IS NULL)" * bool(unless)),
            )
            return
        same = " AND ".join(f"other.{key} = NEW.{key}" for key in keys)
        if unless:
            same += f" AND other.{unless} IS NULL AND NEW.{unless} IS NULL"
        _add_triggers(
            editor,
            name,
            table,
            f"{same} AND other.starts_on <= COALESCE(NEW.ends_on, '9999-12-31') "
            "AND NEW.starts_on <= COALESCE(other.ends_on, '9999-12-31')",
        )

    return Guard(add, lambda editor: _remove_no_overlap(editor, table, name))


def no_overlap_in_time(table: str, *keys: str) -> Guard:
    """Two rows with equal ``keys`` never share a moment of [``starts_at``, ``ends_at``)."""
    name = f"{table}_no_overlap"

    def add(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            same = ", ".join(f"{key} WITH =" for key in keys)
            run(
                editor,
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
                f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
                f"({same}, tstzrange(starts_at, ends_at) WITH &&)",
            )
            return
        same = " AND ".join(f"other.{key} = NEW.{key}" for key in keys)
        _add_triggers(
            editor, name, table, f"{same} AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at"
        )

    return Guard(add, lambda editor: _remove_no_overlap(editor, table, name))


def _add_triggers(editor: Editor, name: str, table: str, condition: str) -> None:
    overlaps = f"SELECT 1 FROM {table} other WHERE other.id <> NEW.id AND {condition}"  # noqa: S608
    for when in ("INSERT", "UPDATE"):
        run(
            editor,
            f"CREATE TRIGGER {name}_{when.lower()} AFTER {when} ON {table} FOR EACH ROW WHEN EXISTS ({overlaps}) "
            f"BEGIN SELECT RAISE(ABORT, '{name}: these periods overlap'); END",
        )


def _remove_no_overlap(editor: Editor, table: str, name: str) -> None:
    if editor.connection.vendor == "postgresql":
        run(editor, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    else:
        run(editor, *(f"DROP TRIGGER {name}_{when}" for when in ("insert", "update")))


def insert_only(table: str, *, deletable_after_days: int | None = None, may_delete: bool = False) -> Guard:
    """Rows of ``table`` never change; they go only when older than ``deletable_after_days`` by their column ``at``,
    or freely with ``may_delete`` (history that goes with what it belongs to)."""
    return Guard(
        lambda editor: _add_insert_only(editor, table, deletable_after_days, may_delete),
        lambda editor: _remove_insert_only(editor, table),
    )


def _add_insert_only(editor: Editor, table: str, days: int | None, may_delete: bool) -> None:
    words = f"{table}: rows of this table do not change"
    events = ["UPDATE"] if may_delete else ["UPDATE", "DELETE"]
    if editor.connection.vendor == "postgresql":
        old = f"TG_OP = 'DELETE' AND OLD.at < now() - interval '{days} days'" if days else "false"
        run(
            editor,
            f"CREATE FUNCTION {table}_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {old} THEN RETURN OLD; END IF; RAISE EXCEPTION '{words}'; END $$",
            f"CREATE TRIGGER {table}_insert_only BEFORE {' OR '.join(events)} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_insert_only()",
        )
        return
    for event in events:
        young = f"WHEN OLD.at >= datetime('now', '-{days} days') " if days and event == "DELETE" else ""
        run(
            editor,
            f"CREATE TRIGGER {table}_insert_only_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW {young}"
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END",
        )


def _remove_insert_only(editor: Editor, table: str) -> None:
    if editor.connection.vendor == "postgresql":
        run(editor, f"DROP TRIGGER {table}_insert_only ON {table}", f"DROP FUNCTION {table}_insert_only()")
    else:
        run(editor, *(f"DROP TRIGGER IF EXISTS {table}_insert_only_{event}" for event in ("update", "delete")))


def frozen_when(table: str, column: str) -> Guard:
    """Rows of ``table`` do not change any more once their boolean ``column`` is true; they may go."""
    name, words = f"{table}_frozen", f"{table}: this row is frozen"

    def add(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            run(
                editor,
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{words}'; END $$",
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.{column}) "
                f"EXECUTE FUNCTION {name}()",
            )
            return
        run(
            editor,
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN OLD.{column} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END",
        )

    def remove(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            run(editor, f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
        else:
            run(editor, f"DROP TRIGGER IF EXISTS {name}")

    return Guard(add, remove)


def joined_pupils(column: str) -> Guard:
    """What ``goes_with_its_pupil`` needs, once for each name of a column. Who saw a pupil that was joined since as it
    was before begins anew (40001)."""
    name = f"schools_pupil_that_took_in_{column}"

    def add(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            run(
                editor,
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE kept bigint; BEGIN "  # noqa: S608
                f"LOOP SELECT merged_into_id INTO kept FROM schools_pupil WHERE id = NEW.{column} FOR SHARE; "
                f"EXIT WHEN kept IS NULL; NEW.{column} := kept; END LOOP; RETURN NEW; END $$",
            )

    def remove(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            run(editor, f"DROP FUNCTION {name}()")

    return Guard(add, remove)


def goes_with_its_pupil(table: str, column: str = "pupil_id") -> Guard:
    """A row of ``table`` that comes to name a child that was joined with another row names that one: what is written
    for the one in the moment of joining is not lost with it."""
    name = f"{table}_with_its_pupil"

    def add(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            does = f"EXECUTE FUNCTION schools_pupil_that_took_in_{column}()"
            run(
                editor,
                f"CREATE TRIGGER {name}_insert BEFORE INSERT ON {table} FOR EACH ROW "
                f"WHEN (NEW.{column} IS NOT NULL) {does}",
                f"CREATE TRIGGER {name}_update BEFORE UPDATE OF {column} ON {table} FOR EACH ROW "
                f"WHEN (NEW.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}) {does}",
            )
            return
        joined = f"EXISTS (SELECT 1 FROM schools_pupil p WHERE p.id = NEW.{column} AND p.merged_into_id IS NOT NULL)"  # noqa: S608
        last = (
            f"WITH RECURSIVE taken(id) AS (SELECT NEW.{column} UNION "  # noqa: S608
            "SELECT p.merged_into_id FROM taken JOIN schools_pupil p ON p.id = taken.id "
            "WHERE p.merged_into_id IS NOT NULL) SELECT taken.id FROM taken JOIN schools_pupil p ON p.id = taken.id "
            "WHERE p.merged_into_id IS NULL"
        )
        changed = f"NEW.{column} IS NOT OLD.{column} AND {joined}"
        for event, when in (("INSERT", joined), (f"UPDATE OF {column}", changed)):
            run(
                editor,
                f"CREATE TRIGGER {name}_{event[:6].lower()} AFTER {event} ON {table} FOR EACH ROW WHEN {when} "  # noqa: S608
                f"BEGIN UPDATE {table} SET {column} = ({last}) WHERE id = NEW.id; END",
            )

    def remove(editor: Editor) -> None:
        on = f" ON {table}" * (editor.connection.vendor == "postgresql")
        run(editor, *(f"DROP TRIGGER IF EXISTS {name}_{event}{on}" for event in ("insert", "update")))

    return Guard(add, remove)


def run(editor: Editor, *statements: str) -> None:
    """Say these statements as they stand."""
    execute: Callable[..., None] = editor.execute
    for statement in statements:
        execute(statement, params=None)
