"""Whether the broker answers."""

from __future__ import annotations

import os
from pathlib import Path

import redis
from django.conf import settings

_SECONDS = 2


def answers() -> bool:
    """Redis pings back; the embedded broker is a folder in which this process may write."""
    if settings.REDIS_URL:
        try:
            with redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS
            ) as server:
                return bool(server.ping())
        except (redis.RedisError, OSError):
            return False
    return os.access(Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]), os.W_OK)
