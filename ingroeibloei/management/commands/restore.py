from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from ingroeibloei import retention
from ingroeibloei.backups import agefile, restoring
from ingroeibloei.backups.manifest import Manifest
from ingroeibloei.backups.progress import Progress
from ingroeibloei.management.commands.run import sole_run
from ingroeibloei.owndatabase import require_own_tables
from messaging.outbox.aftermath import leaving
from messaging.services import erase_again


class Command(BaseCommand):
    help = (
        "Bring a backup back into an empty database and an empty folder of files, compared by counts and checksums; "
        "then erasures and retention are applied again. With --check into a place that is forgotten afterwards; with "
        "--keys the keys."
    )
    requires_system_checks: list[str] = []  # there is no database yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="folder of a backup, or with --keys a file")
        parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="file with the secret key")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="only see whether it can be restored")
        what.add_argument("--keys", action="store_true", help="bring back the keys, which are not overwritten")

    def handle(self, *, backup: Path, key: Path, check: bool, keys: bool, **_options: Any) -> None:
        secret = _secret_key(key)
        try:
            if keys:
                self._restore_keys(backup, secret)
            elif check:
                with Progress(self.stdout) as say:
                    found = restoring.check(backup, secret, say=say)
                self.stdout.write(f"It can be restored: {_size(found)}, every row and file as it was.")
                self._say_of_links(found)
            else:
                self._restore(backup, secret)
        except restoring.RestoreError as error:
            raise CommandError(str(error)) from error
        except (OperationalError, OSError) as error:
            raise CommandError(f"The database or the disk does not take it: {error}") from error

    def _restore(self, backup: Path, secret: X25519PrivateKey) -> None:
        with sole_run(settings.VAR_DIR):
            with Progress(self.stdout) as say:
                found = restoring.restore(backup, secret, say=say)
            self.stdout.write(f"Restored: {_size(found)}, every row and file as it was on {found.made_at}.")
            call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
            require_own_tables()
            guardians, pupils = erase_again()
            self.stdout.write(f"{guardians} guardians and {pupils} pupils who were erased since are erased again.")
            if not Path(settings.ERASED_FILE).is_file():
                self.stderr.write(f"There is no {settings.ERASED_FILE}: bring it, then run `manage.py reerase`.")
            taken = sum(line.number for line in retention.run(dry_run=False))
            self.stdout.write(f"{taken} rows that may not be kept any longer are gone.")
            self._say_of_links(found)
        self._say_what_leaves()
        self.stdout.write("Start with OUTBOX_PAUSED=1, and let the authors of the notices that left since stop them.")

    def _say_what_leaves(self) -> None:
        """Only its author may stop a notice, and who restores must know whom to ask."""
        for number, school, author, waits in leaving().iterator():
            what = f"{waits} mails and text messages" if waits else "leaves at its hour"
            self.stdout.write(f"Notice {number} of {school}, by {author or 'who left since'}: {what}.")

    def _say_of_links(self, found: Manifest) -> None:
        if not found.opens_links():
            self.stderr.write(
                "NOTICE_LINK_KEY is another one than when this backup was made: no link and no letter's code that "
                "parents have opens. Unless it leaked, set the one that was in force, or name it in "
                "NOTICE_LINK_KEY_FALLBACKS: it stands in the backup of the keys."
            )

    def _restore_keys(self, path: Path, secret: X25519PrivateKey) -> None:
        place = restoring.restore_keys(path, secret)
        self.stdout.write(f"Keys are in {settings.CLB_KEY_DIR}, erased people in {settings.ERASED_FILE}.")
        if place:
            self.stdout.write(f"The secrets in it differ from those in force: set them from {place}, then remove it.")


def _secret_key(place: Path) -> X25519PrivateKey:
    try:
        return agefile.read_secret(place.read_text())
    except OSError as error:
        raise CommandError(f"{place} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{place} is no key file. {error}") from error


def _size(found: Manifest) -> str:
    rows = sum(count.rows for count in found.tables.values())
    return f"{rows} rows in {len(found.tables)} tables and {len(found.files)} files"
