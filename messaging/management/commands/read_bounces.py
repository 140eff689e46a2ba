from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging.bounces import read_mailbox


class Command(BaseCommand):
    help = "Reads the mailbox in which undeliverable mails come back; the worker does so every five minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BOUNCE_IMAP:
            raise CommandError("No mailbox is set. Set BOUNCE_IMAP_HOST, BOUNCE_IMAP_USER and BOUNCE_IMAP_PASSWORD.")
        self.stdout.write(f"Read: {read_mailbox()}")
