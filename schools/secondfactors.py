"""The secrets of code apps and recovery codes, sealed in the database (``MFA_ADAPTER``): a copy of it opens nothing.

By a key derived from ``SECRET_KEY``; what was sealed by one of ``SECRET_KEY_FALLBACKS`` still opens, until
``manage.py keys --reseal`` wrote it anew.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

#: What is sealed in an authenticator's data, by the name that allauth gives it.
_SEALED = ("secret", "seed")


_LOST = _(
    "Your code cannot be checked: the key with which the portal keeps codes is gone. Tell your administrator. A passkey"
    " still works."
)


class LostKeyError(ValidationError, InvalidToken):
    """No key that is known here sealed it. In a form it is what stands beside the code."""

    def __init__(self) -> None:
        super().__init__(_LOST)


class SealingAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ``LostKeyError`` when no key that is known here sealed it."""
        try:
            return _all_keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise LostKeyError from None


def sealed_by_older_keys() -> Iterator[tuple[Authenticator, str]]:
    """Each authenticator with the name of a field that the present key does not open."""
    present = _fernet(settings.SECRET_KEY)
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk").iterator():
        for name in _SEALED:
            try:
                if sealed := row.data.get(name):
                    present.decrypt(sealed.encode())
            except InvalidToken:
                yield row, name


def lost() -> int:
    """How many authenticators no known key opens."""
    keys, found = _all_keys(), set()
    for row, name in sealed_by_older_keys():
        try:
            keys.decrypt(row.data[name].encode())
        except InvalidToken:
            found.add(row.pk)
    return len(found)


def reseal() -> tuple[int, int]:
    """Seal by the present key what an older one sealed: how many, and how many no known key opens."""
    done = lost = 0
    for found, name in sealed_by_older_keys():
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=found.pk)
            try:
                row.data[name] = _all_keys().rotate(row.data[name].encode()).decode()
            except InvalidToken:
                lost += 1
                continue
            row.save(update_fields=["data"])
            done += 1
    return done, lost


def _all_keys() -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factors:" + secret.encode()).digest()))
