"""Whether the database can still write: one whose disk is full, or that follows another, goes on answering what is
only read."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.db import OperationalError, connection, transaction

#: A table shows nothing: it has room inside long after its disk is full. What does not fit into this much memory is
#: sorted in a file beside the tables, which is gone with the answer; the disk must have some 300 kB for it. PostgreSQL
#: 18 packs half as many rows into the memory without a file.
_LITTLE_MEMORY = "SET LOCAL work_mem = '64kB'"
_A_FILE = "SELECT md5(number::text) FROM generate_series(1, 5000) number ORDER BY 1 OFFSET 4999"
_ROOM_FOR_A_FILE = 1_000_000
#: What PostgreSQL says of a full disk, and of a file that would be larger than it may be.
_NO_ROOM = frozenset({"53100", "53400"})


class NoRoom(OperationalError):
    """The database answers, and can save nothing."""


class ReadOnly(OperationalError):
    """The database answers, and takes nothing in: it follows another, or whoever keeps it closed it for writing."""


def ask_for_room() -> None:
    """Raises NoRoom when the disk of the database is full, ReadOnly when it may only be read, another DatabaseError
    when it does not answer."""
    connection.ensure_connection()
    if connection.vendor != "postgresql":
        folder = Path(connection.settings_dict["NAME"]).parent
        if folder.is_dir() and shutil.disk_usage(folder).free < _ROOM_FOR_A_FILE:
            raise NoRoom
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LITTLE_MEMORY)
            cursor.execute(_A_FILE)
            cursor.execute("SHOW transaction_read_only")
            is_read_only = cursor.fetchone() == ("on",)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") in _NO_ROOM:
            raise NoRoom from error
        raise
    if is_read_only:
        raise ReadOnly
