from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from ingroeibloei import connections, stores
from ingroeibloei.backups import database, moving
from ingroeibloei.backups.progress import Progress
from ingroeibloei.management.commands.run import sole_run


class Command(BaseCommand):
    help = (
        "Move everything from the embedded database into the empty PostgreSQL that MOVE_TO_URL names: in one "
        "transaction, compared table by table by counts and checksums. The embedded database stays as it is. Stop the "
        "portal first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        where = "copy uploaded files, keys and ledger too, into this INGROEIBLOEI_VAR"
        parser.add_argument("--files-to", type=Path, metavar="FOLDER", help=where)

    def handle(self, *, files_to: Path | None, **_options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(
                "DATABASE_URL is set, so this portal does not run on the embedded database. Leave it out, and name "
                "PostgreSQL in MOVE_TO_URL."
            )
        config = _target()
        with sole_run(settings.VAR_DIR), Progress(self.stdout) as say:
            with database.beside("default", **config) as target:
                moved = _moved(target, say)
            files = _copied(files_to, say) if files_to else 0
        for table, count in moved.items():
            self.stdout.write(f"{count.rows:>9}  {table}")
        rows = sum(count.rows for count in moved.values())
        self.stdout.write(f"{rows} rows in {len(moved)} tables and {files} files arrived as they were.")
        self.stdout.write("Start the portal with DATABASE_URL set to what MOVE_TO_URL was.")


def _target() -> dict[str, Any]:
    """From the environment: an argument would show the password to everybody on the machine."""
    url = os.environ.get("MOVE_TO_URL", "")
    if not url:
        raise CommandError("Set MOVE_TO_URL to an empty PostgreSQL, as DATABASE_URL will be: postgres://…")
    try:
        config = stores.postgres(url, "MOVE_TO_URL")
        if settings.PRODUCTION:
            connections.require_encrypted_database(config)
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error
    return config


def _moved(target: str, say: Any) -> Any:
    try:
        return moving.move("default", target, say=say)
    except moving.MoveError as error:
        raise CommandError(f"Nothing was moved. {error}") from error
    except OperationalError as error:
        raise CommandError(f"PostgreSQL cannot be reached: {error}") from error


def _copied(place: Path, say: Any) -> int:
    number = 0
    try:
        for folder in (Path(settings.MEDIA_ROOT), Path(settings.CLB_KEY_DIR)):
            number += moving.copy_files(folder, place / folder.name, say=say)
        ledger = Path(settings.ERASED_FILE)
        if ledger.is_file():
            shutil.copy2(ledger, place / ledger.name)
            number += 1
    except (moving.MoveError, OSError) as error:
        raise CommandError(f"The rows arrived, the files did not: {error}") from error
    return number
