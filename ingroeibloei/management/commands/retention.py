from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingroeibloei import retention
from parents.models import LegalHold


class Command(BaseCommand):
    help = (
        "Says what may not be kept any longer, rule by rule; with --apply it goes, after its figures were kept. The "
        "worker does so each night. A family that is held stays whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="only count (so without any option too)")
        what.add_argument("--apply", action="store_true", help="take it away")
        what.add_argument("--holds", action="store_true", help="list the families that are held, by number")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["holds"]:
            for hold in LegalHold.objects.running():
                self.stdout.write(f"family {hold.family_id} until {hold.until}")
            return
        lines = retention.run(dry_run=not options["apply"])
        for line in lines:
            self.stdout.write(f"{'failed' if line.has_failed else line.number:>9}  {line.words}  [{line.until}]")
        if not options["apply"]:
            self.stdout.write("Nothing was changed. With --apply it goes.")
        if any(line.has_failed for line in lines):
            raise CommandError("Something failed: what it was stands in the log. The rest was done.")
