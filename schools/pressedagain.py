"""The second press of a button, by an impatient finger or on a slow line: what it was about may be gone by then, such
as a file that the first press removed. It leads where the first one led, not to a page that is not here."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import redis
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

_WITHIN_SECONDS = 60
#: The cache's server is away, or its disk full: what was pressed is done all the same.
_NOT_KEPT = (redis.RedisError, OSError)


def note_press(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Keep for a minute where a form led."""
    if request.method == "POST" and isinstance(answer, HttpResponseRedirect):
        with suppress(*_NOT_KEPT):
            cache.set(_place(request), answer.url, _WITHIN_SECONDS)


def where_it_led(request: HttpRequest) -> str:
    """Where the same form of the same session led a moment ago; nothing for any other."""
    if request.method == "POST":
        with suppress(*_NOT_KEPT):
            return str(cache.get(_place(request), ""))
    return ""


def _place(request: HttpRequest) -> str:
    """Hashed: the cache learns neither session nor words."""
    given = sorted((name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken")
    of_whom = request.session.session_key
    return hashlib.sha256(f"pressed:{of_whom}:{request.get_full_path()}:{given}".encode()).hexdigest()
