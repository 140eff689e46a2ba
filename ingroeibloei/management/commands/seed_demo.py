"""``manage.py seed_demo``: the invented world, in a few seconds."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from ingroeibloei.backups.database import forget_all, forget_file
from ingroeibloei.demo.accounts import Passwords, accounts_file, readdress_accounts, write_accounts
from ingroeibloei.demo.world import build_world
from reports.evaluation.calendar import draft_due
from schools import clock
from schools.models import School


class Command(BaseCommand):
    help = "Fill an empty demo with its world: eight invented schools, their families, and a school year of contacts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="forget the present world first")

    def handle(self, *, fresh: bool = False, verbosity: int = 1, **_options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("The demo world is only made in a demo: set INGROEIBLOEI_ENV=demo.")
        if fresh and not settings.DEMO:
            raise CommandError("Only a demo forgets its world: set INGROEIBLOEI_ENV=demo.")
        if fresh:
            forget_world()
        if School.objects.exists():
            readdress_accounts()
            self.stdout.write("There is a world already; it stays as it is. --fresh makes a new one.")
            return
        started = time.monotonic()
        passwords = Passwords()
        world = build_world(clock.today(), say=self.stdout.write if verbosity else _silently)
        draft_due()  # a world of January or of after 15 June has what the portal drafted on that day
        passwords.give(world)
        path = write_accounts(world, passwords.plain)
        if verbosity:
            seconds = time.monotonic() - started
            self.stdout.write(f"The demo world is ready in {seconds:.1f} s. Accounts: {path}")


def forget_world() -> None:
    """Begin with an empty database and without the world's files; the keys of links and sessions stay.

    Tables are made anew, because rows of insert-only tables cannot be deleted.
    """
    if connection.vendor == "postgresql":
        forget_all(connection.alias)
        connection.close()
    else:
        connection.close()
        forget_file(Path(connection.settings_dict["NAME"]))
    accounts_file().unlink(missing_ok=True)
    for key in settings.CLB_KEY_DIR.glob("*.key"):
        key.unlink()
    call_command("migrate", interactive=False, verbosity=0)


def _silently(line: str) -> None:
    """Say nothing."""
