"""The printed PDFs: kept in a folder of their own under random names, which say nothing about anybody.

Nothing serves this folder; a file leaves only through a view that asked who may hold its letters.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

#: A file that no row knows is what a killed process left; a running one is younger.
_ORPHAN_AFTER = timedelta(days=1)


def _store() -> FileSystemStorage:
    folder = Path(settings.MEDIA_ROOT) / "letters"
    return FileSystemStorage(folder, file_permissions_mode=0o600, directory_permissions_mode=0o700)


def keep(content: bytes) -> str:
    """Store a file and return its name. Raises OSError."""
    return _store().save(f"{secrets.token_hex(16)}.pdf", ContentFile(content))


def read(name: str) -> bytes:
    """Raises FileNotFoundError when retention or a restored backup left the row without its file."""
    with _store().open(name) as file:
        content: bytes = file.read()
    return content


def remove(names: Iterable[str]) -> None:
    store = _store()
    for name in names:
        if name:
            store.delete(name)


def remove_unknown(known: set[str]) -> int:
    """Remove old files that are not among ``known``; returns how many."""
    store = _store()
    if not store.exists(""):
        return 0
    _folders, names = store.listdir("")
    oldest = datetime.now(UTC) - _ORPHAN_AFTER
    lost = [name for name in names if name not in known and _written(store, name) < oldest]
    remove(lost)
    return len(lost)


def _written(store: FileSystemStorage, name: str) -> datetime:
    try:
        return store.get_modified_time(name).astimezone(UTC)
    except FileNotFoundError:
        return datetime.now(UTC)
