"""Devices on which somebody came in before: a stranger who guesses elsewhere does not shut their owner out.

The cookie holds a random number and, for each account that came in with its second factor on this device, a signature
over both. It opens nothing; it only has tries of its own (``schools.tries``).
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

#: A computer in a staff room knows several.
ACCOUNTS_OF_DEVICE = 12
_DAYS = 180


def device_for(request: HttpRequest, account: str) -> str:
    """The number of the device, if this account came in on it before; else nothing."""
    number, signatures = _read(request)
    expected = [_signature(number, account, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    known = any(constant_time_compare(one, given) for one in expected for given in signatures)
    return number if known else ""


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """From now on this device is known for the account."""
    if device_for(request, account):
        return
    number, signatures = _read(request)
    if not signatures:
        number = secrets.token_hex(8)
    kept = [_signature(number, account), *signatures][:ACCOUNTS_OF_DEVICE]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        ".".join([number, *kept]),
        max_age=_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    number, *signatures = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")[:2000].split(".")
    return number, signatures[:ACCOUNTS_OF_DEVICE]


def _signature(number: str, account: str, key: str | None = None) -> str:
    words = f"{number}:{account.lower()}"
    return salted_hmac("schools.devices", words, secret=key, algorithm="sha256").hexdigest()[:32]
