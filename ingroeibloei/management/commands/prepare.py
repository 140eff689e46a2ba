from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from ingroeibloei.beginning.code import how_to_begin, offer_code
from ingroeibloei.management.commands.run import keep_to_itself, prepare

LOOK_AGAIN_SECONDS = 2.0


class Command(BaseCommand):
    help = "Bring tables, catalogs and static files up to this version, before web server, worker and beat start."
    requires_system_checks: list[str] = []  # they run once the database is there, with the migrations

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", type=int, default=0, metavar="SECONDS", help="so long for a database that does not answer yet"
        )

    def handle(self, *, wait: int, **_options: Any) -> None:
        keep_to_itself()  # the embedded database is made by the first connection
        self._wait(wait)
        prepare()
        code = None if settings.DEMO else offer_code()
        if code is not None:
            self.stdout.write(how_to_begin(code))
        self.stdout.write("The portal is ready to start.")

    def _wait(self, seconds: int) -> None:
        """After a power cut the machine of the database may come back later than this one, and whatever needs us would
        stay down. Raises OperationalError when it does not come in time."""
        deadline, is_told = time.monotonic() + seconds, False
        while True:
            try:
                return connection.ensure_connection()
            except OperationalError as error:
                if time.monotonic() >= deadline:
                    raise
                if not is_told:
                    said = (str(error).splitlines() or [""])[0]
                    self.stderr.write(f"Waiting {seconds} seconds at most for the database. It says: {said}")
                    is_told = True
            time.sleep(LOOK_AGAIN_SECONDS)
