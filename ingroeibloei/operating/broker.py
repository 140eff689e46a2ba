"""Whether the broker answers and takes something in."""

from __future__ import annotations

import os
from enum import Enum, auto
from pathlib import Path

import redis
from django.conf import settings

from schools.takesnothing import takes_nothing

_SECONDS = 2
#: What is written to see whether Redis takes anything, and for how long it stays.
_SIGN, _SIGN_SECONDS = "ingroeibloei:asked", 60


class State(Enum):
    WELL = auto()
    AWAY = auto()
    #: One that is full, or follows another, answers a ping all the same.
    TAKES_NOTHING = auto()


def answers() -> bool:
    """Whether it can be rung."""
    return state() is State.WELL


def state() -> State:
    """Redis keeps a sign of ours; the embedded broker is a folder in which this process may write."""
    if settings.REDIS_URL:
        try:
            with redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS
            ) as server:
                server.set(_SIGN, 1, ex=_SIGN_SECONDS)
        except (redis.RedisError, OSError) as error:
            return State.TAKES_NOTHING if takes_nothing(error) else State.AWAY
        return State.WELL
    can_write = os.access(Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]), os.W_OK)
    return State.WELL if can_write else State.AWAY
