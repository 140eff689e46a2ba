"""Sealing of the CLB-only notes: AES-GCM with a key per centre, kept outside the database (rulings 8).

A key file is ``<key_name>.<number>.key`` in ``settings.CLB_KEY_DIR``: 32 random bytes in base64, mode 0600. The highest
number seals, every number opens, so that a key can be replaced. Without the key nobody reads the notes and the portal
runs on. The row's uid and the centre are associated data: a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import Max

from parents.models import CLBNote
from schools.models import CLBCentre

NONCE_BYTES, KEY_BYTES = 12, 32


class NoKeyError(Exception):
    """The centre's key is not on this machine, or cannot be read here as one."""


class SealBrokenError(Exception):
    """The ciphertext does not belong to this row, or was changed."""


def make_key(centre: CLBCentre) -> int:
    """Write the centre's next key and return its number; older keys stay, to open older notes. A number that notes
    name is not given again, though its file is gone: once that is found it has its name still."""
    named = CLBNote.objects.filter(centre=centre).aggregate(last=Max("key_number"))["last"]
    number = max(*_numbers(centre), named or 0, 0) + 1
    path = _path(centre, number)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)))
    return number


def has_key(centre: CLBCentre) -> bool:
    """Whether notes of this centre can be written here."""
    try:
        return bool(_read(centre, newest_key(centre)))
    except NoKeyError:
        return False


def newest_key(centre: CLBCentre) -> int:
    """The number of the key that seals; 0 for none."""
    return max(_numbers(centre), default=0)


def seal(text: str, centre: CLBCentre, uid: UUID) -> tuple[int, bytes]:
    """The number of the key used, and nonce + ciphertext + tag. Raises NoKeyError."""
    numbers = _numbers(centre)
    if not numbers:
        raise NoKeyError(centre.key_name)
    number = max(numbers)
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_read(centre, number)).encrypt(nonce, text.encode(), _associated(centre, uid))
    return number, nonce + sealed


def open_sealed(sealed: bytes, centre: CLBCentre, uid: UUID, number: int) -> str:
    """The text. Raises NoKeyError or SealBrokenError."""
    key = _read(centre, number)
    raw = bytes(sealed)
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _associated(centre, uid)).decode()
    except InvalidTag as error:
        raise SealBrokenError(str(uid)) from error


def _associated(centre: CLBCentre, uid: UUID) -> bytes:
    return f"{centre.pk}:{uid}".encode()


def _path(centre: CLBCentre, number: int) -> Path:
    return Path(settings.CLB_KEY_DIR) / f"{centre.key_name}.{number}.key"


def _numbers(centre: CLBCentre) -> list[int]:
    found = Path(settings.CLB_KEY_DIR).glob(f"{centre.key_name}.*.key")
    return [int(path.name.split(".")[-2]) for path in found if path.name.split(".")[-2].isdigit()]


def _read(centre: CLBCentre, number: int) -> bytes:
    try:
        key = base64.b64decode(_path(centre, number).read_bytes())
    except (OSError, ValueError) as error:
        raise NoKeyError(f"{centre.key_name}.{number}") from error
    if len(key) != KEY_BYTES:
        raise NoKeyError(f"{centre.key_name}.{number}")
    return key
