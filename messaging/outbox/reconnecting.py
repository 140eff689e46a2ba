"""Writing down what was sent, even when the database restarts at that moment."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection

from schools.takesnothing import takes_nothing

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.5
Result = TypeVar("Result")


def kept(write: Callable[[], Result]) -> Result:
    """Do ``write``, again on a new connection while the database is away or may only be read, as one whose place
    another takes. Only for writes that may be repeated: the
    outbox's are conditional, so a second one finds nothing to do. Inside a transaction there is no second try."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError, InternalError) as error:
            if isinstance(error, InternalError) and not takes_nothing(error):
                raise
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            logger.warning("The database went away while a result was written; once more")
            connection.close()
            time.sleep(_PAUSE_SECONDS)
