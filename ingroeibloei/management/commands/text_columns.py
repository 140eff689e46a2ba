from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db.migrations.loader import MigrationLoader

#: Apps with reference texts.
APPS = ("schools", "messaging")
#: How the migrations made here are called behind their number; no migration of a release is.
MARK = "texts_"


class Command(BaseCommand):
    help = (
        "Makes the migrations that give templates, words and welcome pages a column for each of TEXT_LANGUAGES, and "
        "after a new version those that bring them together with its own."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TEXT_LANGUAGES:
            raise CommandError("No language is asked for. Set PARTNER_LANGUAGES and TEXT_LANGUAGES, such as: ti sq")
        asked = {"name": MARK + "_".join(settings.TEXT_LANGUAGES), "interactive": False}
        for app in APPS:
            try:
                if app in beside_a_release():
                    call_command("makemigrations", app, merge=True, verbosity=options["verbosity"], **asked)
                call_command("makemigrations", app, verbosity=options["verbosity"], **asked)
            except OSError as error:
                raise CommandError(
                    f"{error.filename} cannot be written ({error.strerror}). Whoever owns the portal's code runs this: "
                    'docs/operating.md, "A language more".'
                ) from error
        self.stdout.write(
            "Now run: manage.py prepare. Keep these migrations with your installation, and TEXT_LANGUAGES as it is: "
            "without it Django wants to drop the columns again. Then translate the texts on the page Texts."
        )


def beside_a_release() -> set[str]:
    """Apps in which a migration made here and one of a newer version stand beside each other, each the last one."""
    found = MigrationLoader(None).detect_conflicts()
    return {app for app, names in found.items() if app in APPS and any(_is_ours(name) for name in names)}


def _is_ours(name: str) -> bool:
    return name.partition("_")[2].startswith(MARK)
