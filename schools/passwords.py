"""Which passwords are refused: those that are guessed first, and those that were stolen elsewhere (ASVS 6.2.4, 6.2.12).

How soon a password is guessed is estimated on this machine (zxcvbn: words, names, dates, keyboards, and what people do
to them). Stolen ones are found in the list of Have I Been Pwned when ``BREACHED_PASSWORDS`` says where: its file,
sorted by SHA-1, or a service that answers for the first five characters of a hash, which says nothing of the rest.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import urllib.request
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy

logger = logging.getLogger(__name__)

#: Guesses (as a power of ten) that a password must take: what a thief of the hashes needs months for.
GUESSES = 10
#: zxcvbn takes longer than its worth on more.
_LOOKED_AT = 72
_OF_HERE = (
    "school", "basisschool", "leerkracht", "leraar", "juf", "meester", "directie", "directeur", "klas", "kleuter",
    "ouder", "ouders", "welkom", "wachtwoord", "zomer", "winter", "lente", "herfst", "truiden", "haspengouw", "limburg",
    "bloesem", "groei", "bloei", "ingroeienbloei", "portaal", "zorg",
)  # fmt: skip
#: What Django's own validators say beside ours: in our catalogs too, for our Dutch calls a colleague otherwise.
_OF_DJANGO = (
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Enter the same password as before, for verification."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
_PREFIX = 5
_SECONDS = 2


class HardToGuessValidator:
    """Refuses well-known words, names, dates and keyboard rows, and what is made of them."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        from zxcvbn import zxcvbn  # its word lists are read when somebody chooses a password, not at every start

        known = [*_OF_HERE, *_words_of(user)]
        if zxcvbn(password[:_LOOKED_AT], user_inputs=known, max_length=_LOOKED_AT)["guesses_log10"] < GUESSES:
            raise ValidationError(
                _(
                    "This password is guessed soon: it is made of well-known words, names or dates. Put four words "
                    "together that have nothing to do with each other."
                ),
                code="password_guessed",
            )

    def get_help_text(self) -> str:
        return _("Four words that have nothing to do with each other are easy to keep and hard to guess.")


class SafeValidator(HardToGuessValidator):
    """Refuses those that stand in the list of stolen ones too, where the institution has it. One validator for both:
    Django writes a line for each, also where it has nothing to say."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        super().validate(password, user)
        if settings.BREACHED_PASSWORDS and _is_stolen(password, settings.BREACHED_PASSWORDS):
            raise ValidationError(
                _("This password was stolen from another site and is in the lists of thieves. Choose another one."),
                code="password_stolen",
            )

    def get_help_text(self) -> str:
        more = [_("A password that was stolen elsewhere is refused.")] if settings.BREACHED_PASSWORDS else []
        return " ".join([super().get_help_text(), *more])


def _words_of(user: AbstractBaseUser | None) -> list[str]:
    told = f"{getattr(user, 'full_name', '')} {getattr(user, 'email', '')}"
    return [word.lower() for word in re.split(r"[\W_]+", told) if len(word) > 2]


def _is_stolen(password: str, source: str) -> bool:
    """False too when the list cannot be asked: whoever chooses a password does not wait for another machine."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    try:
        return _in_service(digest, source) if source.startswith("http") else _in_file(digest.encode(), source)
    except (OSError, ValueError) as error:
        logger.warning("the list of stolen passwords could not be asked: %s", type(error).__name__)
        return False


class _Stay(urllib.request.HTTPRedirectHandler):
    """A list that moved is one that does not answer."""

    def redirect_request(self, *_words: object) -> None:
        return None


def _in_service(digest: str, address: str) -> bool:
    asked = urllib.request.Request(  # noqa: S310 - http(s) only, by the settings
        f"{address}/{digest[:_PREFIX]}", headers={"Add-Padding": "true", "User-Agent": "in-groei-en-bloei"}
    )
    with urllib.request.build_opener(_Stay).open(asked, timeout=_SECONDS) as answer:
        lines = answer.read(1 << 20).decode("ascii").splitlines()
    counts = dict(line.strip().upper().split(":", 1) for line in lines if ":" in line)
    return int(counts.get(digest[_PREFIX:], "0")) > 0  # padding has a count of zero


def _in_file(digest: bytes, path: str) -> bool:
    """Halves the file, line by line ``SHA-1:count``, until the hash is found or passed."""
    with open(path, "rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            line, after = _line_after(file, middle)
            if not line or line[: len(digest)].upper() > digest:
                high = middle
            elif line[: len(digest)].upper() == digest:
                return True
            else:
                low = after
        return False


def _line_after(file: BinaryIO, place: int) -> tuple[bytes, int]:
    """The first whole line that begins at or after ``place``, and where the next one begins."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    line = file.readline()
    return line, file.tell()
