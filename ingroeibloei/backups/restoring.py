"""A backup comes back: into an empty place only, whole or not at all, and only when it is what was backed up."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from ingroeibloei import letters
from ingroeibloei.backups import database, manifest
from ingroeibloei.backups.agefile import DamagedError, NotOpenedError, Opener, WrongKeyError
from ingroeibloei.backups.making import ENVIRONMENT, KEY_FOLDER, LEDGER, secrets_in_force
from ingroeibloei.backups.manifest import DATABASE, FILES, MANIFEST, Hashed, Manifest
from ingroeibloei.backups.tally import Say, differences, tally

#: Files wait here, on the disk where they will stay, until everything was compared.
_WAITING = ".being-restored"


class RestoreError(Exception):
    """Nothing was restored; says why and what to do."""


@contextmanager
def opened(path: Path, key: X25519PrivateKey) -> Iterator[IO[bytes]]:
    """What a sealed file holds. Raises RestoreError, within and at the end, when it does not open."""
    try:
        with path.open("rb") as file:
            yield io.BufferedReader(Opener(file, key), 1 << 20)
    except WrongKeyError as error:
        raise RestoreError(
            f"{path.name} was sealed for another key: that of the BACKUP_KEY of the portal that made it."
        ) from error
    except NotOpenedError as error:
        raise RestoreError(f"{path.name} is damaged: {error}. Take another backup.") from error
    except OSError as error:
        raise RestoreError(f"{path} cannot be read or written: {error.strerror}.") from error


def look_at(folder: Path, key: X25519PrivateKey, *, say: Say) -> Manifest:
    """The manifest of a backup that is whole, ours, and fits this portal. Raises RestoreError."""
    if not (folder / MANIFEST).is_file():
        raise RestoreError(f"{folder} is no finished backup: it has no {MANIFEST}.")
    try:
        with opened(folder / MANIFEST, key) as file:
            found = manifest.read(file.read())
    except manifest.ManifestError as error:
        raise RestoreError(str(error)) from error
    if not found.is_ours():
        raise RestoreError(
            "This backup is not signed with the SECRET_KEY of this portal. Set the one that was in force: it stands in "
            "the backup of the keys."
        )
    if not found.knows_the_erased():
        raise RestoreError(
            "ERASURE_KEY is another one than when this backup was made: whoever was erased since would come back "
            "unknown. Set the one that was in force: it stands in the backup of the keys."
        )
    if found.engine != connections["default"].vendor:
        raise RestoreError(
            f"It holds a database of {found.engine}, and this portal runs on {connections['default'].vendor}. Restore "
            "it with the same engine; then `manage.py move_to_postgres` moves it."
        )
    known = {".".join(name) for name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(found.migrations) - known):
        raise RestoreError(f"It comes from another version of the portal: {unknown[0]} is not known here.")
    say("Comparing the parts with the manifest")
    if names := manifest.damaged(folder, found.parts):
        raise RestoreError(f"{', '.join(names)} of this backup is missing or damaged. Take another backup.")
    return found


def check(folder: Path, key: X25519PrivateKey, *, say: Say) -> Manifest:
    """Restore into an empty place that is forgotten afterwards, and compare. Raises RestoreError."""
    found = look_at(folder, key, say=say)
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.VAR_DIR) as there:
        with _empty_database(Path(there)) as alias:
            _bring_in_database(folder, key, alias, found, say=say)
        _bring_in_files(folder, key, Path(there) / "media", found, say=say)
    return found


@contextmanager
def _empty_database(folder: Path) -> Iterator[str]:
    if connections["default"].vendor == "postgresql":
        try:
            with database.empty_postgres("default") as alias:
                yield alias
        except database.ProgramError as error:
            raise RestoreError(str(error)) from error
        return
    with database.beside("default", NAME=folder / "database.sqlite3") as alias:
        yield alias


def restore(folder: Path, key: X25519PrivateKey, *, say: Say) -> Manifest:
    """Fill the empty database and the empty folder of files. Raises RestoreError; then both are empty still."""
    if not database.is_empty("default"):
        raise RestoreError("There are tables in the database. A backup is restored into an empty one only.")
    if made := letters.made_otherwise():
        raise RestoreError(letters.refusal(made))
    media = Path(settings.MEDIA_ROOT)
    waiting = media / _WAITING
    shutil.rmtree(waiting, ignore_errors=True)
    if media.is_dir() and any(media.iterdir()):
        raise RestoreError(f"There are files in {media}. A backup is restored into an empty folder only.")
    found = look_at(folder, key, say=say)
    try:
        _bring_in_files(folder, key, waiting, found, say=say)
        _fill_database(folder, key, found, say=say)
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise
    for path in waiting.iterdir():
        path.rename(media / path.name)
    waiting.rmdir()
    return found


def _fill_database(folder: Path, key: X25519PrivateKey, found: Manifest, *, say: Say) -> None:
    connection = connections["default"]
    if connection.vendor == "postgresql":
        try:
            _bring_in_database(folder, key, "default", found, say=say)
        except _DifferentError:
            database.forget_all("default")
            raise
        return
    path = Path(connection.settings_dict["NAME"])
    waiting = path.with_name(f"{path.name}{_WAITING}")
    try:
        with database.beside("default", NAME=waiting) as alias:
            _bring_in_database(folder, key, alias, found, say=say)
        connection.close()
        database.forget_file(path)
        waiting.rename(path)
    finally:
        database.forget_file(waiting)


class _DifferentError(RestoreError):
    """What came in is not what was backed up."""


def _bring_in_database(folder: Path, key: X25519PrivateKey, alias: str, found: Manifest, *, say: Say) -> None:
    say("Database: coming in")
    try:
        with opened(folder / DATABASE, key) as source:
            database.bring_in(alias, source)
    except database.ProgramError as error:
        raise RestoreError(f"The database does not take this backup. {error}") from error
    with transaction.atomic(using=alias):
        if different := differences(found.tables, tally(alias, say=say)):
            raise _DifferentError("\n".join(["What came in is not what was backed up:", *different]))


def _bring_in_files(folder: Path, key: X25519PrivateKey, place: Path, found: Manifest, *, say: Say) -> None:
    place.mkdir(parents=True, mode=0o700)
    come: dict[str, str] = {}
    with opened(folder / FILES, key) as source:
        for member, content in members(source):
            path = place / member.name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            come[member.name] = _written(path, content)
            say(f"Files: {len(come)} of {len(found.files)}")
    if come != found.files:
        wrong = sorted(name for name in come.keys() | found.files.keys() if come.get(name) != found.files.get(name))
        raise RestoreError(f"{len(wrong)} files are missing or not what was backed up, first {wrong[0]}.")


def members(source: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """What is in an archive of ours: plain files below one folder. Raises DamagedError for anything else."""
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or member.name.startswith("/") or ".." in Path(member.name).parts:
                    raise DamagedError("it holds what no backup holds")
                yield member, content
        source.read()  # to the last piece, which says that it was the last
    except tarfile.TarError as error:
        raise DamagedError("its archive cannot be read") from error


def _written(path: Path, content: IO[bytes]) -> str:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        hashed = Hashed(file)
        shutil.copyfileobj(content, hashed, 1 << 20)
    return hashed.checksum()


def restore_keys(path: Path, key: X25519PrivateKey) -> Path | None:
    """Bring key files and ledger back, and write the secrets to a file that this returns when they differ from those in
    force. A key that is here already must be the same one. Raises RestoreError."""
    with opened(path, key) as source:
        found = {member.name: (content.read(), member.mtime) for member, content in members(source)}
    secrets = found.pop(ENVIRONMENT, (b"", 0))[0]
    ledger = found.pop(LEDGER, (b"", 0))[0]
    folder = Path(settings.CLB_KEY_DIR)
    keys = {folder / name.removeprefix(f"{KEY_FOLDER}/"): kept for name, kept in found.items()}
    for place, (content, _made_at) in keys.items():
        if place.exists() and place.read_bytes() != content:
            raise RestoreError(f"{place} is another key than the one in the backup. Move it away first.")
    for place, (content, made_at) in keys.items():
        if not place.exists():
            _write_secret(place, content)
            os.utime(place, (made_at, made_at))  # `doctor` asks which keys are younger than their last backup
    _add_to_ledger(ledger)
    return _write_environment(secrets)


def _add_to_ledger(lines: bytes) -> None:
    place = Path(settings.ERASED_FILE)
    known = place.read_bytes() if place.is_file() else b""
    new = [line for line in lines.splitlines() if line and line not in set(known.splitlines())]
    if new or not place.is_file():  # an empty one says that nobody was erased; without one it is missing
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"".join(line + b"\n" for line in new))


def _write_environment(lines: bytes) -> Path | None:
    if lines.decode() == secrets_in_force():
        return None
    place: Path = settings.VAR_DIR / "restored-secrets.env"
    place.unlink(missing_ok=True)
    _write_secret(place, lines)
    return place


def _write_secret(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
