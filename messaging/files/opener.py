"""Opens one file and ends: the program behind ``messaging.files.checking``.

It reads a file of the kind in its argument from standard input and writes it, cleaned, to standard output; a refusal is
one word there and exit status 3. A process of its own with little memory and time, because a file made to burst its
reader bursts this one.
"""

from __future__ import annotations

import resource
import sys

from messaging.files import documents, office, pictures
from messaging.files.limits import REFUSED_STATUS, Kind, Refusal, Refused

MEMORY = 1_500 * 1024 * 1024
SECONDS = 20


def main() -> int:
    """0 done, 3 refused; anything else means that it burst."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))
    try:
        found = cleaned(sys.stdin.buffer.read(), Kind(sys.argv[1]))
    except (Refused, MemoryError) as error:
        sys.stdout.write(error.reason if isinstance(error, Refused) else Refusal.EXPANDS)
        return REFUSED_STATUS
    sys.stdout.buffer.write(found)
    return 0


def cleaned(content: bytes, kind: Kind) -> bytes:
    """What is kept of a file. Raises Refused."""
    if kind == Kind.PDF:
        return documents.cleaned(content)
    return office.cleaned(content, kind) if kind in office.KINDS else pictures.cleaned(content, kind)


if __name__ == "__main__":
    sys.exit(main())
