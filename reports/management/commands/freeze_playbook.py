from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.edition import NotPublishableError, freeze_edition
from reports.prints import print_edition


class Command(BaseCommand):
    help = "Freeze the draaiboek as its next edition; refused while a person stands in its texts."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            edition = freeze_edition()
        except NotPublishableError as error:
            places = "\n".join(f"  {finding.place}: {finding.why}" for finding in error.findings)
            raise CommandError(f"The draaiboek cannot be published yet:\n{places}") from error
        print_edition(edition)
        self.stdout.write(f"Edition {edition.number} is frozen, checksum {edition.checksum}.")
