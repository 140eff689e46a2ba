from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from ingroeibloei.operating import living, outside, placed
from ingroeibloei.operating.findings import Finding, Level, worst
from messaging.trying import try_mail

_MARKS = {Level.WELL: "well   ", Level.WARNING: "warning", Level.BAD: "WRONG  "}


class Command(BaseCommand):
    help = (
        "Say in words what is wrong with this portal and how to mend it. Ends with 0 when all is well, 1 with "
        "warnings, 2 when something is wrong."
    )
    requires_system_checks: list[str] = []  # it must speak when they would not pass

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--mail", metavar="ADDRESS", help="send a test mail too")

    def handle(self, *, json: bool, mail: str | None, **_options: Any) -> None:
        with translation.override("en"):
            found = examine()
        self._tell_programs(found) if json else self._tell(found)
        if mail:
            self._send(mail)
        if level := worst(found):
            sys.exit(level)

    def _tell(self, found: list[Finding]) -> None:
        for finding in found:
            self.stdout.write(f"{_MARKS[finding.level]}  {finding.words}")

    def _tell_programs(self, found: list[Finding]) -> None:
        self.stdout.write(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))

    def _send(self, address: str) -> None:
        with translation.override("en"):
            trouble = try_mail(address)
        if trouble:
            raise CommandError(trouble, returncode=Level.BAD)
        self.stdout.write("A test mail left. See whether it arrives, and not among the unwanted ones.")


def examine() -> list[Finding]:
    """All that can be looked at; without a database, what needs none."""
    found = list(living.look())
    if found[0].is_well and not any(one.code == "migrations" and not one.is_well for one in found):
        found += placed.look()
    return [*found, *outside.look()]
