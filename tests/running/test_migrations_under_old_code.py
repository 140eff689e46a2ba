"""A migration runs while the version before still serves pages: it may add what that version need not know, and take
away what it no longer knows.

``0001_core`` and ``0002_guards`` lay an empty database and are written anew until the first release. Every later one is
read here; one that takes something away says since which release nobody uses it: ``safe_since = "1.3"``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

OURS = ("schools", "parents", "messaging", "reports")
FIRST = ("0001_core", "0002_guards")
#: Old code inserts without a new column, and asks for a column or table that it knows.
TAKES_AWAY = (migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel)
#: Old code may write what a new promise forbids; the next release may add it, when nobody does any more.
PROMISES = (migrations.AddConstraint, migrations.AlterUniqueTogether)


def unsafe(operations: list[Any], *, says_since: bool) -> Iterator[str]:
    """In words, what the version before would stumble over."""
    created = {operation.name.lower() for operation in operations if isinstance(operation, migrations.CreateModel)}
    for operation in operations:
        model = str(getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()
        if model in created:
            continue  # laid by this migration itself
        if isinstance(operation, migrations.AddField) and not _old_code_can_fill(operation.field):
            yield f"{model}.{operation.name} is new, and old code cannot fill it: give it null=True or a db_default"
        elif isinstance(operation, (*TAKES_AWAY, *PROMISES)) and not says_since:
            yield f"{type(operation).__name__} of {model}: say safe_since, the release that allows it"
        elif (
            isinstance(operation, migrations.AlterField) and not _old_code_can_fill(operation.field) and not says_since
        ):
            yield f"{model}.{operation.name} changes: say safe_since, or leave it nullable"


def _old_code_can_fill(field: models.Field) -> bool:
    return bool(field.null or field.many_to_many or getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED)


def test_every_migration_is_safe_while_the_version_before_runs() -> None:
    found = MigrationLoader(None).disk_migrations
    later = {name: migration for name, migration in found.items() if name[0] in OURS and name[1] not in FIRST}
    wrong = [
        f"{'.'.join(name)}: {words}"
        for name, migration in later.items()
        for words in unsafe(list(migration.operations), says_since=hasattr(migration, "safe_since"))
    ]
    assert wrong == []
    assert {name for name in found if name[0] in OURS and name[1] in FIRST} == {
        (app, one) for app in OURS for one in FIRST
    }


class TestTheReader:
    """It finds what it is for."""

    @pytest.mark.parametrize(
        "operation",
        [
            migrations.AddField("pupil", "shoe", models.CharField(max_length=3)),
            migrations.AddField("pupil", "shoe", models.IntegerField(default=0)),
            migrations.RemoveField("pupil", "shoe"),
            migrations.RenameField("pupil", "shoe", "boot"),
            migrations.DeleteModel("Pupil"),
            migrations.RenameModel("Pupil", "Child"),
            migrations.AddConstraint("pupil", models.CheckConstraint(condition=models.Q(pk__gt=0), name="x")),
            migrations.AlterField("pupil", "shoe", models.IntegerField()),
        ],
    )
    def test_what_old_code_stumbles_over(self, operation: Any) -> None:
        assert list(unsafe([operation], says_since=False))

    @pytest.mark.parametrize(
        "operation",
        [
            migrations.AddField("pupil", "shoe", models.CharField(max_length=3, null=True)),
            migrations.AddField("pupil", "shoe", models.IntegerField(db_default=0)),
            migrations.CreateModel("Shoe", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddIndex("pupil", models.Index(fields=["id"], name="i")),
        ],
    )
    def test_what_it_need_not_know(self, operation: Any) -> None:
        assert not list(unsafe([operation], says_since=False))

    def test_a_new_table_may_be_laid_in_steps(self) -> None:
        steps = [
            migrations.CreateModel("Shoe", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddField("shoe", "size", models.IntegerField()),
        ]
        assert not list(unsafe(steps, says_since=False))

    def test_taking_away_is_allowed_one_release_later(self) -> None:
        assert not list(unsafe([migrations.RemoveField("pupil", "shoe")], says_since=True))
        new = migrations.AddField("pupil", "shoe", models.IntegerField(default=0))
        assert list(unsafe([new], says_since=True)), "but nothing makes this one safe"
