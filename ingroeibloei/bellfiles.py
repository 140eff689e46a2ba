"""The embedded broker: Celery's messages as files of a folder, each there whole or not at all.

Kombu's own makes a message's file before it writes into it; a worker that looks into the folder between the two takes
it away empty, and dies of it.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path
from time import monotonic, time
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

#: Writing takes milliseconds: what is half after this many seconds was left by a process that was killed.
_LEFT_AFTER = 600.0


class Channel(filesystem.Channel):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _sweep(Path(self.data_folder_out))

    def _put(self, queue: str, payload: Any, **_more: Any) -> None:  # type: ignore[override]  # as kombu names it
        """Written beside the messages, under a name that nobody looks for, and then given theirs. Raises ChannelError
        when the folder takes nothing."""
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        half = folder / f".{name}"
        try:
            half.write_bytes(dumps(payload).encode())
            os.replace(half, folder / name)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add {name} to {folder}") from error


def _sweep(folder: Path) -> None:
    """Take away what somebody who was killed left half written: nobody would ever read it."""
    for half in folder.glob(".*.msg"):
        with suppress(OSError):  # another process was first
            if time() - half.stat().st_mtime > _LEFT_AFTER:
                half.unlink()


class Transport(filesystem.Transport):
    Channel = Channel


def take_the_place_of_kombus() -> None:
    """From now on ``filesystem://`` means this."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
