from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from ingroeibloei.backups import agefile, making
from ingroeibloei.backups.database import ProgramError
from ingroeibloei.backups.progress import Progress
from messaging.models import JobRun
from schools import clock


class Command(BaseCommand):
    help = (
        "Back up database and files into BACKUP_DIR while the portal goes on, sealed for BACKUP_KEY; with --keys the "
        "keys and secrets instead, into BACKUP_KEYS_DIR. Backups older than BACKUP_DAYS go."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--keys", action="store_true", help="back up keys, ledger of erased people and secrets")
        what.add_argument("--new-key", type=Path, metavar="FILE", help="make the key that backups are sealed for")

    def handle(self, *, keys: bool, new_key: Path | None, **_options: Any) -> None:
        place = settings.BACKUP_KEYS_DIR if keys else settings.BACKUP_DIR
        try:
            if new_key:
                self._make_key(new_key)
            elif keys:
                self._back_up_keys(_public_key())
            else:
                self._back_up(_public_key())
        except OSError as error:
            raise CommandError(f"{error.filename or place} cannot be written: {error.strerror}.") from error
        except (ProgramError, DatabaseError) as error:
            raise CommandError(f"The database gives no backup. {error}") from error

    def _back_up(self, public: X25519PublicKey) -> None:
        # Before it too: a disk that is full of old ones would take no new one, night after night.
        gone = making.forget_old(settings.BACKUP_DIR, days=settings.BACKUP_DAYS)
        with Progress(self.stdout) as say:
            folder = making.make(settings.BACKUP_DIR, public, say=say)
        _note(making.BACKUP)
        gone += making.forget_old(settings.BACKUP_DIR, days=settings.BACKUP_DAYS)
        size = sum(path.stat().st_size for path in folder.iterdir())
        self.stdout.write(f"{folder} ({size / 1e6:.1f} MB); {gone} older ones removed.")
        self.stdout.write(f"Whether it can be restored is told by: manage.py restore --check {folder} --key FILE")

    def _back_up_keys(self, public: X25519PublicKey) -> None:
        if settings.BACKUP_KEYS_DIR == settings.BACKUP_DIR:
            raise CommandError("BACKUP_KEYS_DIR is BACKUP_DIR: keys are kept apart from what they open.")
        path = making.make_of_keys(settings.BACKUP_KEYS_DIR, public)
        _note(making.BACKUP_OF_KEYS)
        self.stdout.write(f"{path}. Keep it on another disk than the backups.")

    def _make_key(self, place: Path) -> None:
        secret, public = agefile.new_key()
        try:
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{place} is there already; a key is not overwritten.") from error
        with os.fdopen(descriptor, "w") as file:
            file.write(f"# public key: {public}\n{secret}\n")
        self.stdout.write(f"Set BACKUP_KEY={public}")
        self.stdout.write(f"Take {place} away from this machine, twice: without it no backup can be opened.")


def _public_key() -> X25519PublicKey:
    if not settings.BACKUP_KEY:
        raise CommandError(
            "BACKUP_KEY is not set, and no backup is written that everybody can read. Make a key with: "
            "manage.py backup --new-key FILE"
        )
    try:
        return agefile.read_public(settings.BACKUP_KEY)
    except ValueError as error:
        raise CommandError(f"BACKUP_KEY is not right. {error}") from error


def _note(job: str) -> None:
    """For the operator's page and `doctor`."""
    moment = clock.now()
    JobRun.objects.get_or_create(job=job, period=f"{moment:%Y-%m-%dT%H:%M:%S}", defaults={"at": moment})
