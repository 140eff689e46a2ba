from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from messaging.models import Notice
from messaging.services import hold_notice, purge_deliveries

_WORDS = {
    "addresses": "deliveries that keep no address",
    "events": "lines of their history that go",
    "recorded": "recorded notices that go",
    "incoming": "incoming text messages that go",
    "job_runs": "notes of done jobs that go",
}


class Command(BaseCommand):
    help = (
        "Writes the figures of each day, then takes addresses and histories away that are older than their rule; the "
        "worker does so each night. A notice that is held stays whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would go")
        parser.add_argument("--hold", type=int, metavar="NOTICE", help="keep a notice whole, for a complaint or a case")
        parser.add_argument("--release", type=int, metavar="NOTICE", help="keep it no longer")

    def handle(self, *args: Any, **options: Any) -> None:
        for number, held in ((options["hold"], True), (options["release"], False)):
            if number is not None:
                self._hold(number, held=held)
                return
        purged = purge_deliveries(dry_run=options["dry_run"])
        for name, count in asdict(purged).items():
            self.stdout.write(f"{count:>9} {_WORDS[name]}")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed.")

    def _hold(self, number: int, *, held: bool) -> None:
        notice = Notice.objects.filter(pk=number).first()
        if notice is None:
            raise CommandError(f"There is no notice {number}.")
        hold_notice(notice=notice, held=held)
        self.stdout.write(f"Notice {number} is {'held' if held else 'not held any more'}.")
