"""The bell: tells a worker that something is due. A lost bell loses nothing: the clock rings again."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)
#: Once more, for a connection that its broker closed meanwhile. Whoever pressed a button waits so long for one that
#: hangs.
_TRIES = {"max_retries": 1, "interval_start": 0}


def ring(task: str) -> None:
    """Ring after the running transaction commits. Without a broker nothing is lost, so its errors are only logged."""
    transaction.on_commit(partial(_send, task))


def _send(task: str) -> None:
    try:
        current_app.send_task(task, retry_policy=_TRIES)
    except Exception as error:
        logger.warning("The bell did not ring: %s", error)
