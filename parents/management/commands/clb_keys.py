"""``manage.py clb_keys``: the keys with which the notes of the CLB centres are sealed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from parents.sealing import has_key, make_key
from schools.models import CLBCentre


class Command(BaseCommand):
    help = "Make the keys that CLB centres lack; --next NAME gives one centre a new key beside its older ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--next", dest="renew", metavar="NAME", help="key name of a centre")

    def handle(self, *, renew: str | None, **_options: Any) -> None:
        centres = list(CLBCentre.objects.order_by("key_name"))
        if renew is not None:
            wanted = [centre for centre in centres if centre.key_name == renew]
            if not wanted:
                known = ", ".join(centre.key_name for centre in centres) or "none"
                raise CommandError(f"No centre has the key name {renew}. Known are: {known}.")
        else:
            wanted = [centre for centre in centres if not has_key(centre)]
        for centre in wanted:
            self.stdout.write(f"{centre.name}: key {make_key(centre)} of {centre.key_name}")
        if wanted:
            self.stdout.write(
                f"Copy {settings.CLB_KEY_DIR} to a safe place apart from the database: without them nobody"
            )
            self.stdout.write("reads the notes again. Every machine that runs the portal needs the same files.")
        elif centres:
            self.stdout.write("Every centre has its key.")
        else:
            self.stdout.write("There is no centre yet. Once the portal knows one, run this again.")
