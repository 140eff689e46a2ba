"""A backup: one folder with database, files and manifest, sealed; and the keys, in a file for another place."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.db import connections

from ingroeibloei.backups import agefile, database
from ingroeibloei.backups.manifest import DATABASE, FILES, MANIFEST, Hashed, Manifest, applied_migrations, marks_of_keys
from ingroeibloei.backups.tally import Say

#: The folder of a backup is named by its moment in UTC; one that is not finished ends so.
STAMP, UNFINISHED = "%Y-%m-%dT%H%M%SZ", ".part"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z(\.part)?")
#: Settings without which what was backed up cannot be used; they come from the environment, not from a file.
SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "NOTICE_LINK_KEY",
    "NOTICE_LINK_KEY_FALLBACKS",
    "ERASURE_KEY",
    "SMS_INBOUND_KEY",
)
#: The jobs under which each is noted (messaging.models.JobRun).
BACKUP, BACKUP_OF_KEYS = "backup", "backup of the keys"
KEY_FOLDER, LEDGER, ENVIRONMENT = "clb_keys", "erased.txt", "secrets.env"
_AT_ONCE = 1 << 20


def make(place: Path, public: X25519PublicKey, *, say: Say) -> Path:
    """Write a backup into a new folder of ``place``; returns it. What does not fit is not left behind; what was killed
    keeps its ending."""
    now = datetime.now(UTC)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = place / f"{now.strftime(STAMP)}{UNFINISHED}"
    unfinished.mkdir(mode=0o700)
    try:
        _fill(unfinished, public, now, say=say)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return unfinished.rename(unfinished.with_suffix(""))


def _fill(folder: Path, public: X25519PublicKey, now: datetime, *, say: Say) -> None:
    parts: dict[str, str] = {}
    tables: database.Tally = {}
    parts[DATABASE] = sealed_file(
        folder / DATABASE, public, lambda target: tables.update(_write_database(target, say=say))
    )
    files: dict[str, str] = {}
    parts[FILES] = sealed_file(folder / FILES, public, lambda target: files.update(_write_files(target, say=say)))
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        engine=connections["default"].vendor,
        migrations=applied_migrations("default"),
        tables=tables,
        files=files,
        parts=parts,
        keys=marks_of_keys(),
    )
    manifest.sign()
    sealed_file(folder / MANIFEST, public, lambda target: target.write(manifest.as_bytes()))


def make_of_keys(place: Path, public: X25519PublicKey) -> Path:
    """Write keys, ledger of erased people and secrets into one sealed file of ``place``; returns it. Nobody takes half
    of one along: it gets its name when it is whole."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in place.glob(f"keys-*.age{UNFINISHED}"):
        path.unlink(missing_ok=True)
    name = f"keys-{datetime.now(UTC).strftime(STAMP)}.age"
    unfinished = place / f"{name}{UNFINISHED}"
    sealed_file(unfinished, public, _write_keys)
    return unfinished.rename(place / name)


def forget_old(place: Path, *, days: int) -> int:
    """Remove backups that are older than this; returns how many. The newest finished one stays."""
    oldest = datetime.now(UTC) - timedelta(days=days)
    old = [folder for folder in finished(place)[:-1] if moment_of(folder) < oldest]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    old += [folder for folder in _folders(place) if folder.suffix == UNFINISHED and moment_of(folder) < yesterday]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)


def finished(place: Path) -> list[Path]:
    """Whole backups, oldest first."""
    return [folder for folder in _folders(place) if folder.suffix != UNFINISHED]


def moment_of(folder: Path) -> datetime:
    """When a backup was begun."""
    return datetime.strptime(folder.name.removesuffix(UNFINISHED), STAMP).replace(tzinfo=UTC)


def _folders(place: Path) -> list[Path]:
    return sorted(path for path in place.glob("*") if path.is_dir() and _NAME.fullmatch(path.name))


def sealed_file(path: Path, public: X25519PublicKey, write: Callable[[IO[bytes]], object]) -> str:
    """Let ``write`` fill a new sealed file, readable by this user alone; returns its checksum. One that does not fit on
    the disk is gone again."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            hashed = Hashed(file)
            sealer = agefile.Sealer(hashed, public)  # type: ignore[arg-type]
            write(sealer)  # type: ignore[arg-type]
            sealer.finish()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return hashed.checksum()


def _write_database(target: IO[bytes], *, say: Say) -> database.Tally:
    def copy(source: IO[bytes]) -> None:
        number = 0
        while piece := source.read(_AT_ONCE):
            target.write(piece)
            number += len(piece)
            say(f"Database: {number / 1e6:.0f} MB")

    return database.write_out("default", copy, say=say)


def _write_files(target: IO[bytes], *, say: Say) -> dict[str, str]:
    """Everything below MEDIA_ROOT, as a tar; returns checksums by name. What is removed meanwhile is left out."""
    root, found, number = Path(settings.MEDIA_ROOT), {}, 0
    with tarfile.open(fileobj=target, mode="w|") as archive:
        for path in _files_of(root):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            with file:
                name = path.relative_to(root).as_posix()
                member = tarfile.TarInfo(name)
                member.size, member.mode = os.fstat(file.fileno()).st_size, 0o600
                hashed = Hashed(file)
                archive.addfile(member, hashed)
            found[name] = hashed.checksum()
            number += member.size
            say(f"Files: {len(found)}, {number / 1e6:.0f} MB")
    return found


def _files_of(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())


def _write_keys(target: IO[bytes]) -> None:
    with tarfile.open(fileobj=target, mode="w|") as archive:

        def add(name: str, content: bytes, made_at: float = 0) -> None:
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = len(content), 0o600, int(made_at)
            archive.addfile(member, BytesIO(content))

        for path in sorted(Path(settings.CLB_KEY_DIR).glob("*.key")):
            add(f"{KEY_FOLDER}/{path.name}", path.read_bytes(), path.stat().st_mtime)
        ledger = Path(settings.ERASED_FILE)
        add(LEDGER, ledger.read_bytes() if ledger.is_file() else b"")
        add(ENVIRONMENT, secrets_in_force().encode())


def secrets_in_force() -> str:
    """The secrets of this portal as lines of an environment file."""
    values = {name: getattr(settings, name) for name in SECRETS}
    words = {name: " ".join(value) if isinstance(value, list) else value for name, value in values.items()}
    return "".join(f"{name}={value}\n" for name, value in words.items() if value)
