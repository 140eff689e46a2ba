"""What a database must be before the portal works on it; each question raises CommandError with what to do instead."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ingroeibloei import letters
from ingroeibloei.backups import database
from ingroeibloei.backups.tally import columns_of
from ingroeibloei.management.commands import text_columns


def require_own_migrations() -> None:
    """Raises CommandError when the database was made by a version of the portal with other migrations."""
    loader = MigrationLoader(connection)
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    if unknown:
        raise _other_version(f"{'.'.join(unknown[0])} is not known here.")


def require_one_line() -> None:
    """Raises CommandError when a language's columns and a newer version's migrations both come after the same one."""
    if apart := text_columns.beside_a_release():
        raise CommandError(
            f"This version brings tables of its own beside the columns of TEXT_LANGUAGES ({', '.join(sorted(apart))}). "
            'Run first: manage.py text_columns, as docs/operating.md, "A language more", tells.'
        )


def require_own_tables() -> None:
    """Raises CommandError when the migrations are those of this version and the tables are not: until its first
    release the portal's first migrations are written anew."""
    there = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in there:
            raise _other_version(f"there is no table {table}.")
        missing = {str(field.column) for field in model._meta.local_concrete_fields} - set(columns_of("default", table))
        if missing and all(name.endswith(tuple(f"_{code}" for code in settings.TEXT_LANGUAGES)) for name in missing):
            raise CommandError(f"{table} has no {min(missing)} for TEXT_LANGUAGES. Run first: manage.py text_columns")
        if missing:
            raise _other_version(f"{table} has no {min(missing)}.")


def require_letters() -> None:
    """Raises CommandError for a new database that was made for other letters. One with tables goes on, and `doctor`
    says so."""
    if database.is_empty("default") and (made := letters.made_otherwise()):
        raise CommandError(letters.refusal(made))


def _other_version(why: str) -> CommandError:
    way = (
        "A demo begins anew with: make demo-reset."
        if settings.DEMO
        else "Install the version that they come from, or restore a backup of this one into an empty place."
    )
    return CommandError(f"These data come from another version of the portal: {why} {way}")
