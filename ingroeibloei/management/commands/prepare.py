from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ingroeibloei.beginning.code import how_to_begin, offer_code
from ingroeibloei.management.commands.run import prepare


class Command(BaseCommand):
    help = "Bring tables, catalogs and static files up to this version, before web server, worker and beat start."
    requires_system_checks: list[str] = []  # they run once the database is there, with the migrations

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        code = None if settings.DEMO else offer_code()
        if code is not None:
            self.stdout.write(how_to_begin(code))
        self.stdout.write("The portal is ready to start.")
