"""Whether a database or a Redis answers and takes nothing in: a copy that follows another, or one without room."""

from __future__ import annotations

import sys

from django.db import InternalError

#: PostgreSQL's code of what is written where one may only read.
_READ_ONLY = "25006"
#: How Redis begins when its own disk is full, or too few of its copies follow; for others it has kinds of errors.
_WORDS = ("MISCONF", "NOREPLICAS")


def takes_nothing(error: BaseException | None) -> bool:
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "pgcode", "") == _READ_ONLY
    redis = sys.modules.get("redis")  # whoever raises its errors has it; a log needs none
    if redis is None or not isinstance(error, redis.ResponseError):
        return False
    kinds = (redis.exceptions.OutOfMemoryError, redis.exceptions.ReadOnlyError)
    return isinstance(error, kinds) or str(error).startswith(_WORDS)
