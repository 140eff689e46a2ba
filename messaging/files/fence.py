"""Runs one program with little memory, time and disk: ``python -m messaging.files.fence MEMORY SECONDS BYTES PROGRAM``.

The limits are set before the program takes this process over, so that a file made to burst it bursts it alone.
"""

from __future__ import annotations

import os
import resource
import sys


def main() -> None:
    memory, seconds, size = (int(word) for word in sys.argv[1:4])
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606 - the caller names the whole path


if __name__ == "__main__":
    main()
