from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

#: Apps with reference texts.
APPS = ("schools", "messaging")


class Command(BaseCommand):
    help = "Makes the migrations that give templates, words and welcome pages a column for each of TEXT_LANGUAGES."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TEXT_LANGUAGES:
            raise CommandError("No language is asked for. Set PARTNER_LANGUAGES and TEXT_LANGUAGES, such as: ti sq")
        name = "texts_" + "_".join(settings.TEXT_LANGUAGES)
        for app in APPS:
            try:
                call_command("makemigrations", app, name=name, interactive=False, verbosity=options["verbosity"])
            except OSError as error:
                raise CommandError(
                    f"{error.filename} cannot be written ({error.strerror}). Whoever owns the portal's code runs this: "
                    'docs/operating.md, "A language more".'
                ) from error
        self.stdout.write(
            "Now run: manage.py prepare. Keep these migrations with your installation, and TEXT_LANGUAGES as it is: "
            "without it Django wants to drop the columns again. Then translate the texts on the page Texts."
        )
