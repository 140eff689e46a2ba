from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from ingroeibloei import catalogs
from ingroeibloei.plurals import PLURALS
from schools import languages


class Command(BaseCommand):
    help = (
        "Translations: --extract texts from the sources, --compile the catalogs, --report how far each language is for "
        "each audience, --check that nothing is missing."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--extract", action="store_true")
        group.add_argument("--compile", action="store_true")
        group.add_argument("--report", action="store_true")
        group.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            self.stdout.write(f"{catalogs.compile_all()} catalogs compiled.")
        elif options["extract"]:
            self._extract(Path(settings.BASE_DIR) / "locale")
        elif options["report"]:
            self._report()
        else:
            self._check()

    def _extract(self, folder: Path) -> None:
        """Update all catalogs with the texts of the sources; translations that exist are kept."""
        if not shutil.which("xgettext"):
            raise CommandError("xgettext is missing. Install it with: apt-get install gettext")
        for code in languages.INTERFACE_CODES:
            (folder / code / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        call_command(
            "makemessages",
            locale=list(languages.INTERFACE_CODES),
            extensions=["html", "txt", "py"],
            ignore_patterns=[".venv/*", "var/*", "tests/*", "*/migrations/*", "node_modules/*"],
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )
        for code in languages.INTERFACE_CODES:
            self._tidy(catalogs.path_of(code), code)

    @staticmethod
    def _tidy(path: Path, code: str) -> None:
        catalog = polib.pofile(str(path), wrapwidth=0)
        catalog.header = ""
        catalog.metadata = {
            "Language": code,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": PLURALS[code],
        }
        for entry in catalog:
            if "fuzzy" in entry.flags:
                entry.flags.remove("fuzzy")
                entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
                entry.previous_msgid = entry.previous_msgid_plural = None
            if not entry.translated() and catalogs.is_borrowed(entry):
                catalogs.borrow(entry, code)
            if code == "en":
                if entry.msgid_plural:
                    entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
                else:
                    entry.msgstr = entry.msgid
        catalog.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        catalog.save(str(path))

    def _check(self) -> None:
        found = [*catalogs.findings(), *catalogs.unseen()] or self._outdated()
        for line in found[:200]:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} things to mend in the catalogs.")
        self._report()

    def _report(self) -> None:
        """Language and audience, texts translated of texts needed."""
        for line in catalogs.coverage():
            share = 100 * line.done // line.needed if line.needed else 100
            self.stdout.write(f"{line.language:3} {line.audience:7} {line.done:5} of {line.needed:5}  {share:3} %")

    def _outdated(self) -> list[str]:
        """Texts of the sources that no catalog knows: somebody forgot to extract."""
        real = Path(settings.BASE_DIR) / "locale"
        before = {entry.msgid for entry in polib.pofile(str(catalogs.path_of("nl")))}
        with tempfile.TemporaryDirectory() as spare:
            shutil.copytree(real, Path(spare) / "locale")
            try:
                self._extract(real)
                now = {entry.msgid for entry in polib.pofile(str(catalogs.path_of("nl")))}
            finally:
                shutil.copytree(Path(spare) / "locale", real, dirs_exist_ok=True)
        missing = sorted(now - before)
        return [f"not in the catalogs (run manage.py catalogs --extract): {text[:70]}" for text in missing]
