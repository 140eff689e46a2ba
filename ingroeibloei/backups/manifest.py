"""What a backup says about itself: where and when it was made, what is in each part, and that this portal made it.

It is sealed like the other parts, written last, and signed with a key that comes from SECRET_KEY: everybody who knows
the public key could seal a file, only the portal can sign one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from ingroeibloei.backups.tally import Count, Tally

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.age", "database.age", "files.age"


class ManifestError(Exception):
    """This is no backup that can be restored here; says why."""


@dataclass(slots=True)
class Manifest:
    """``parts`` are the checksums of the sealed files, ``files`` those of what was uploaded or made, by name; ``keys``
    are marks by which other keys of that day are known again; backups of earlier versions have none."""

    made_at: str
    engine: str
    migrations: list[str]
    tables: Tally
    files: dict[str, str]
    parts: dict[str, str]
    keys: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT
    signature: str = field(default="", compare=False)

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()

    def sign(self) -> None:
        self.signature = _signature(self, settings.SECRET_KEY)

    def is_ours(self) -> bool:
        """Whether this portal, with its present secret key or an earlier one, made it."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(hmac.compare_digest(_signature(self, key), self.signature) for key in keys)

    def knows_the_erased(self) -> bool:
        """Whether those who were erased since would be known again here."""
        return self.keys.get("ERASURE_KEY") in (None, _mark(settings.ERASURE_KEY))

    def opens_links(self) -> bool:
        """Whether the links and codes that parents had on that day open here."""
        keys = [settings.NOTICE_LINK_KEY, *settings.NOTICE_LINK_KEY_FALLBACKS]
        return self.keys.get("NOTICE_LINK_KEY") in (None, *map(_mark, keys))


def marks_of_keys() -> dict[str, str]:
    """For the manifest, of the keys in force: they tell nothing of these."""
    return {"ERASURE_KEY": _mark(settings.ERASURE_KEY), "NOTICE_LINK_KEY": _mark(settings.NOTICE_LINK_KEY)}


def _mark(key: str) -> str:
    return hashlib.sha256(f"ingroeibloei which key:{key}".encode()).hexdigest()[:16]


def read(raw: bytes) -> Manifest:
    """Raises ManifestError."""
    try:
        found: dict[str, Any] = json.loads(raw)
        if found["format"] != FORMAT:
            raise ManifestError("It was made by a later version of the portal: restore it with that one.")
        found["tables"] = {table: Count(**count) for table, count in found["tables"].items()}
        return Manifest(**found)
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError("Its manifest cannot be read.") from error


def applied_migrations(alias: str) -> list[str]:
    """Those of this database, by which a version of the portal is known."""
    return sorted(".".join(name) for name in MigrationRecorder(connections[alias]).applied_migrations())


def checksum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(folder: Path, parts: Mapping[str, str]) -> list[str]:
    """Names of parts that are missing or not as they were written."""
    there = {name: checksum_of(folder / name) for name in parts if (folder / name).is_file()}
    return [name for name, checksum in parts.items() if there.get(name) != checksum]


def _signature(manifest: Manifest, key: str) -> str:
    words = asdict(manifest) | {"signature": ""}
    if not manifest.keys:
        del words["keys"]
    derived = hashlib.sha256(f"ingroeibloei backup manifest:{key}".encode()).digest()
    return hmac.digest(derived, json.dumps(words, sort_keys=True).encode(), "sha256").hex()


class Hashed:
    """A stream that is read or written, and what went through it as a checksum."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest = stream, hashlib.sha256()
        self.bytes = 0

    def read(self, size: int = -1) -> bytes:
        return self._noted(self._stream.read(size))

    def write(self, content: bytes) -> int:
        self._noted(content)
        return self._stream.write(content)

    def flush(self) -> None:
        self._stream.flush()

    def checksum(self) -> str:
        return self._digest.hexdigest()

    def _noted(self, content: bytes) -> bytes:
        self._digest.update(content)
        self.bytes += len(content)
        return content
