from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from messaging.services import erase_again


class Command(BaseCommand):
    help = (
        "After a backup was restored: erases whoever was erased since it was made, by the ledger beside the database. "
        "The nightly retention does so too; run it before anybody signs in."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        guardians, pupils = erase_again()
        self.stdout.write(f"{guardians} guardians and {pupils} pupils erased again.")
