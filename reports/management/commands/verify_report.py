from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.evaluation import verify


class Command(BaseCommand):
    help = "Say whether a PDF, XLSX or DOCX is a report that this portal froze (exit 0), or what differs (exit 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        verdict = verify(path.read_bytes())
        if not verdict.is_genuine:
            raise CommandError(verdict.sentence)
        self.stdout.write(verdict.sentence)
