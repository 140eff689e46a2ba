"""Files that nothing serves but a view that asked who may have them: a folder of their own, random names that say
nothing about anybody."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

#: A file that no row knows is what a killed process left; a running one is younger.
_ORPHAN_AFTER = timedelta(days=1)


class PrivateFiles:
    """One folder below MEDIA_ROOT; ``suffix`` ends each name."""

    def __init__(self, folder: str, suffix: str = "") -> None:
        self._folder, self._suffix = folder, suffix

    def _store(self) -> FileSystemStorage:
        folder = Path(settings.MEDIA_ROOT) / self._folder
        return FileSystemStorage(folder, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def keep(self, content: bytes) -> str:
        """Store a file and return its name. Raises OSError when the disk does not take it; what it took of it would
        lie there unknown and fill it, so it goes."""
        store, name = self._store(), f"{secrets.token_hex(16)}{self._suffix}"
        try:
            return store.save(name, ContentFile(content))
        except OSError:
            with contextlib.suppress(OSError):
                store.delete(name)
            raise

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError when retention or a restored backup left the row without its file."""
        with self._store().open(name) as file:
            content: bytes = file.read()
        return content

    def open_file(self, name: str) -> File:
        """The same, open to be read piece by piece; whoever asked closes it."""
        return self._store().open(name)

    def has(self, name: str) -> bool:
        return bool(name) and self._store().exists(name)

    def path(self, name: str) -> Path:
        """Where it lies, for a reader that takes a file of any size."""
        return Path(self._store().path(name))

    def remove(self, names: Iterable[str]) -> None:
        store = self._store()
        for name in names:
            if name:
                store.delete(name)

    def remove_unknown(self, known: set[str]) -> int:
        """Remove old files that are not among ``known``; returns how many."""
        store = self._store()
        if not store.exists(""):
            return 0
        _folders, names = store.listdir("")
        oldest = datetime.now(UTC) - _ORPHAN_AFTER
        lost = [name for name in names if name not in known and _written(store, name) < oldest]
        self.remove(lost)
        return len(lost)


def _written(store: FileSystemStorage, name: str) -> datetime:
    try:
        return store.get_modified_time(name).astimezone(UTC)
    except FileNotFoundError:
        return datetime.now(UTC)
