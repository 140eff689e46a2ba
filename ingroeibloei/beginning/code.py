"""The code by which the first administrator proves to run the server: it stands in a file that only the portal's own
account reads, opens once, and is gone with the first administrator."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q

from schools.models import Assignment, Role

_BYTES = 15  # 120 bits


class CodeGoneError(Exception):
    """Somebody else was first, or there never was a code."""


def code_file() -> Path:
    return Path(settings.VAR_DIR) / "begin_code.txt"


def has_administrator() -> bool:
    """Whether somebody administers this portal who can sign in, or could once: who lost a second factor is invited
    anew, and the portal does not open itself to a code for that."""
    posts = Assignment.objects.current().filter(role=Role.ADMIN, school=None)
    invited = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__last_login=None)
    return posts.exclude(invited & ~Exists(Authenticator.objects.filter(user=OuterRef("user")))).exists()


def is_waiting() -> bool:
    """Whether the portal waits for its first administrator. Asks the disk only: the public page shows it."""
    return code_file().exists()


def offer_code() -> Path | None:
    """Write a new code where nobody administers the portal yet, else take an old one away; where it is."""
    file = code_file()
    file.unlink(missing_ok=True)
    if has_administrator():
        return None
    words = base64.b32encode(secrets.token_bytes(_BYTES)).decode()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write("-".join(re.findall("....", words)) + "\n")
    return file


def how_to_begin(file: Path) -> str:
    """For whoever starts the portal; the code itself stays out of what is kept of this."""
    return f"Nobody administers this portal yet. Open /beginnen/ in it, with the code that stands in {file}"


def is_right(typed: str) -> bool:
    """Whether this is the code; small letters, spaces and dashes do not matter."""
    try:
        kept = code_file().read_text()
    except OSError:
        return False
    return secrets.compare_digest(_plain(typed).encode(), _plain(kept).encode())


@contextmanager
def used_up() -> Iterator[None]:
    """While the first administrator is made: one alone holds the code. It is gone afterwards, or back when that
    failed. Raises CodeGoneError for who came second."""
    file, held = code_file(), code_file().with_suffix(".used")
    try:
        file.rename(held)
    except OSError as error:
        raise CodeGoneError from error
    try:
        yield
    except BaseException:
        held.rename(file)
        raise
    held.unlink()


def _plain(text: str) -> str:
    return re.sub(r"[^A-Z2-7]", "", text.upper())
