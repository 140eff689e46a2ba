"""``manage.py keys``: the portal's keys, what still hangs on older ones, and sealing that anew."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from messaging.models import Delivery
from messaging.tokens import oldest_living
from parents.services import notes
from schools import secondfactors


class Command(BaseCommand):
    help = "What still needs an earlier key; --reseal seals it by the present ones, --new prints a random key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reseal", action="store_true", help="seal second factors and CLB notes by the present keys"
        )
        parser.add_argument("--new", action="store_true", help="print a random key and do nothing else")

    def handle(self, *, reseal: bool, new: bool, **_options: Any) -> None:
        if new:
            self.stdout.write(secrets.token_urlsafe(48))
            return
        if reseal:
            factors, lost = secondfactors.reseal()
            sealed, closed = notes.reseal()
            self.stdout.write(f"Sealed anew: {factors} second factors, {sealed} CLB notes.")
            if lost or closed:
                self.stdout.write(f"No key that is here opens {lost} second factors and {closed} CLB notes.")
        self._secret_key()
        self._notice_links()
        self._notes()
        if settings.ERASURE_KEY == settings.SECRET_KEY:
            self.stdout.write(
                "ERASURE_KEY: the same as SECRET_KEY. Give it that value in the environment before SECRET_KEY changes, "
                "or erased people are not known again."
            )
        else:
            self.stdout.write("ERASURE_KEY: has a value of its own. Keep it for ever.")

    def _secret_key(self) -> None:
        factors = len({row.pk for row, _name in secondfactors.sealed_by_older_keys()})
        earlier = len(settings.SECRET_KEY_FALLBACKS)
        words = "SECRET_KEY: no second factor needs an earlier one"
        if factors:
            words = f"SECRET_KEY: {factors} second factors need an earlier one; run --reseal"
        self.stdout.write(
            f"{words}. {earlier} in SECRET_KEY_FALLBACKS: sessions need them for 12 hours, links of invitations for 14 "
            "days, talks that wait on a device until it comes back."
        )

    def _notice_links(self) -> None:
        earlier = len(settings.NOTICE_LINK_KEY_FALLBACKS)
        living = Delivery.objects.filter(created_at__gte=oldest_living()).count()
        self.stdout.write(
            f"NOTICE_LINK_KEY: {living} notices have links of the last {settings.NOTICE_LINK_DAYS} days; {earlier} "
            "earlier keys open what they signed. Drop one when its links are that old, or at once when it leaked."
        )

    def _notes(self) -> None:
        for centre, number in notes.sealed_by_older_keys().items():
            self.stdout.write(f"CLB notes: {number} of {centre} need an earlier key of that centre; run --reseal.")
