from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ingroeibloei.beginning.laying import load_texts
from schools.texts import all_kinds
from schools.texts.coverage import coverage_of, findings


class Command(BaseCommand):
    help = "Reference texts: how far each language is. --load brings those of the portal; --check fails on gaps."

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--load", action="store_true")
        group.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            load_texts()
        for kind in all_kinds():
            for line in coverage_of(kind):
                self.stdout.write(
                    f"{kind.code:10} {line.language:3} {line.whole:4} of {line.total:4} complete, "
                    f"{line.reviewed} read by a native speaker, {line.stale} older than the Dutch, {line.faulty} faulty"
                )
        found = list(findings()) if options["check"] else []
        for sentence in found[:200]:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} things to mend in the texts.")
