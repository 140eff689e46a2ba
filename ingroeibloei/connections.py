"""Whatever leaves this machine is encrypted, or production does not start (ASVS 12.3.1).

Names and texts of families go to the database, the broker, the mail server, the gateway and the translator. On the
machine itself, by loopback or a socket file, they may go in the clear.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: libpq's words for "encrypted, or not at all"; without one it falls back to the clear.
_ENCRYPTED = ("require", "verify-ca", "verify-full")
_UNCHECKED = ("none", "optional", "cert_none", "cert_optional")


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_address(value: str, schemes: Collection[str]) -> bool:
    """Whether it is an address of one of these kinds, with a host and, if any, a port that can be."""
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and is_server(parts.hostname or "") and parts.port != 0
    except ValueError:
        return False


def is_server(name: str) -> bool:
    """Whether a server can be called so: a name or a number, without scheme, port or path. With an empty part between
    two points Python does not look for it but raises what is no OSError."""
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name))
    return all(re.fullmatch(r"[\w-]{1,63}", part) for part in name.removesuffix(".").split("."))


def redis_url() -> str:
    """The broker's address; empty when it is not set. It may hold a password, so no message shows it."""
    url = os.environ.get("REDIS_URL", "")
    may_be = url.replace(":///", "://localhost/", 1)
    if url and not is_address(may_be, ("redis", "rediss", "unix")):
        raise ImproperlyConfigured("REDIS_URL must be an address such as redis://127.0.0.1:6379/0.")
    return url


def require_encrypted_database(config: Mapping[str, Any]) -> None:
    """PostgreSQL elsewhere needs ``sslmode``; what DATABASE_URL leaves out, libpq takes from PGHOST and PGSSLMODE."""
    if config["ENGINE"] != "django.db.backends.postgresql":
        return
    options = config.get("OPTIONS", {})
    host = options.get("hostaddr") or options.get("host") or config.get("HOST") or os.environ.get("PGHOST", "")
    is_local = all(not one or one.startswith(("/", "%2F", "%2f")) or is_loopback(one) for one in host.split(","))
    if not is_local and options.get("sslmode", os.environ.get("PGSSLMODE")) not in _ENCRYPTED:
        raise ImproperlyConfigured(
            f"DATABASE_URL leads to another machine without encryption; end it with ?sslmode={_ENCRYPTED[-1]} "
            f"(or {_ENCRYPTED[0]}, which does not check the server's name)."
        )


def require_encrypted_redis(url: str) -> None:
    address = urlsplit(url)
    if not url or address.scheme in ("unix", "redis+socket") or is_loopback(address.hostname or "localhost"):
        return
    if address.scheme != "rediss":
        raise ImproperlyConfigured("REDIS_URL leads to another machine without encryption; begin it with rediss://.")
    if set(map(str.lower, parse_qs(address.query).get("ssl_cert_reqs", []))) & set(_UNCHECKED):
        raise ImproperlyConfigured("REDIS_URL checks no certificate; leave ssl_cert_reqs out or make it required.")


def broker_tls(url: str) -> dict[str, Any] | None:
    """For Celery, which believes any server behind ``rediss://`` unless it is told to look (the cache does look)."""
    return {"ssl_cert_reqs": "required", "ssl_check_hostname": True} if urlsplit(url).scheme == "rediss" else None


def require_encrypted_mail(host: str, *, use_tls: bool) -> None:
    if not use_tls and not is_loopback(host):
        raise ImproperlyConfigured(
            "EMAIL_USE_TLS=0 would send mails to another machine in the clear; leave it out, or name a server of this "
            "machine in EMAIL_HOST."
        )


def require_encrypted_web(name: str, address: str) -> None:
    """An address of the setting ``name`` that texts of families are posted to."""
    parts = urlsplit(address)
    if address and parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ImproperlyConfigured(f"{name} leads to another machine without encryption; begin it with https://.")
