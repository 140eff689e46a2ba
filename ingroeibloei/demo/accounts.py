"""The cast's accounts and the file that tells them: passwords are random for each installation (rulings 7)."""

from __future__ import annotations

import json
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password

from ingroeibloei.demo.cast import CAST, GUARDIAN, GUARDIANS, STAFF, guardian_source
from ingroeibloei.demo.sent import NEWEST
from ingroeibloei.demo.world import World
from messaging.models import Channel, Delivery, Notice
from messaging.tokens import notice_url
from parents.models import Guardian, PointKind
from schools.models import User

PASSWORD_BYTES = 12
ITERATIONS = 50_000


def accounts_file() -> Path:
    return Path(settings.VAR_DIR) / "demo_accounts.json"


class Passwords:
    """A random password for every member of the cast's staff, by key; all other accounts have none.

    Hashing is slow on purpose, against guesses; these words of 96 random bits cannot be guessed, and the first sign-in
    hashes them again as slowly as all others.
    """

    def __init__(self) -> None:
        self.plain = {entry.key: secrets.token_urlsafe(PASSWORD_BYTES) for entry in STAFF}
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._hashes = {key: self._pool.submit(_quickly_hashed, password) for key, password in self.plain.items()}

    def hashed(self, key: str) -> str:
        return self._hashes[key].result()

    def give(self, world: World) -> None:
        for key, user in world.cast.items():
            user.password = self.hashed(key)
        self._pool.shutdown()
        User.objects.bulk_update(world.cast.values(), ["password"])


def _quickly_hashed(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=ITERATIONS)
    return make_password(password)


def write_accounts(world: World, passwords: dict[str, str]) -> Path:
    """Write the accounts file, readable for its owner only; returns where it is."""
    guardians = guardians_of_cast()
    accounts = []
    for entry in CAST:
        is_guardian = entry.role == GUARDIAN
        email = _address(guardians[entry.key]) if is_guardian else world.cast[entry.key].email
        accounts.append(
            {
                "key": entry.key,
                "role": str(entry.role),
                "name": entry.name,
                "email": email,
                "password": passwords.get(entry.key, ""),
                "sign_in_url": f"{settings.SITE_URL}/demo/word/{entry.key}/",
            }
        )
    return _write({"accounts": accounts, "notices": _links(world, guardians)})


def readdress_accounts() -> None:
    """Lead the links of the file to where the portal runs now, perhaps on another port than when it was written."""
    path = accounts_file()
    if not path.exists():
        return
    content = json.loads(path.read_text(encoding="utf-8"))
    for rows, name in ((content["accounts"], "sign_in_url"), (content["notices"], "url")):
        for row in rows:
            row[name] = f"{settings.SITE_URL}{urlsplit(row[name]).path}"
    _write(content)


def guardians_of_cast() -> dict[str, Guardian]:
    """The guardians that a visitor can become, by key."""
    sources = {guardian_source(entry.key): entry.key for entry in GUARDIANS}
    rows = Guardian.objects.filter(source_system="demo", source_id__in=sources)
    return {sources[row.source_id]: row for row in rows}


def _address(guardian: Guardian) -> str:
    point = guardian.contact_points.filter(kind=PointKind.EMAIL, valid_until__isnull=True).first()
    return point.value if point else ""


def _links(world: World, guardians: dict[str, Guardian]) -> list[dict[str, str]]:
    """Links of the newest notices to 3B that nobody has opened yet."""
    newest = Notice.objects.filter(author=world.cast["leerkracht"]).order_by("-published_at")[:NEWEST]
    rows = Delivery.objects.filter(
        notice__in=[notice.pk for notice in newest],
        guardian__in=guardians.values(),
        channel__in=[Channel.EMAIL, Channel.SMS],
    )
    keys = {guardian.pk: key for key, guardian in guardians.items()}
    return [
        {"guardian": keys[row.guardian_id], "language": row.language, "url": notice_url(row)}
        for row in rows.order_by("-notice__published_at", "guardian_id")
    ]


def _write(content: dict[str, Any]) -> Path:
    path = accounts_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    return path
