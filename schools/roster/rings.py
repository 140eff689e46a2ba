"""Making very many rows, as of a list or of the demo, without the search for rings of objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_rings() -> Iterator[None]:
    """Hundreds of thousands of rows live until the end and none of them in a ring: looking for one again and again is
    a quarter of the processor's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
