"""``python -m tests.faults.reminding DAY FOLDER MOMENT WORK``: does that work (``module:function``) as on that day, and
stands still for ever "before" the first mail leaves, or "between" that and the row that says so. Mails go into the
folder."""

from __future__ import annotations

import sys
import time
from datetime import date
from importlib import import_module
from typing import Any

import django


class Backend:
    """A mail server that writes what it takes into a folder."""

    folder = moment = ""

    def __init__(self, **_options: Any) -> None: ...

    def send_messages(self, messages: Any) -> int:
        if self.moment == "before":
            stand_still()
        for message in messages:
            with open(f"{self.folder}/mails", "a", encoding="utf-8") as kept:
                kept.write(f"{message.to[0]} {message.message()['Message-ID']}\n")
        if self.moment == "between":
            stand_still()
        return len(messages)


def stand_still() -> None:
    print("in the middle", flush=True)
    time.sleep(600)


def main(day: str, folder: str, moment: str, work: str) -> None:
    django.setup()
    from django.conf import settings

    from schools import clock

    settings.EMAIL_BACKEND = "tests.faults.reminding.Backend"
    # Run as a program, this module is another one than the one that Django loads.
    from tests.faults.reminding import Backend as Loaded

    Loaded.folder, Loaded.moment = folder, moment
    clock.shift = lambda: clock.ahead_on(date.fromisoformat(day))
    module, _colon, function = work.partition(":")
    getattr(import_module(module), function)()
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
