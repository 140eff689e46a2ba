"""The stores that the portal stands on: its database, cache and broker, embedded or on a server of their own."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from ingroeibloei.environment import flag, folder

#: How long a Redis that hangs is waited for: without an end each button that rings would take a thread of the web
#: server along. A worker that waits for work asks anew each second.
_REDIS_SECONDS = 3.0
#: A database's machine that ends without a word, as one whose power is cut: without these, as libpq leaves them, each
#: page that asks it waits a quarter of an hour, also when another server took its place. The address may say otherwise.
_POSTGRES_PATIENCE = {
    "connect_timeout": 10,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
}


def database(var_dir: Path, *, testing: bool) -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL, else the embedded SQLite with options that survive concurrent writers."""
    url = os.environ.get("DATABASE_URL", "")
    if url:
        return postgres(url, "DATABASE_URL")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder(var_dir) / "ingroeibloei.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;"
            ),
        },
        "TEST": {"NAME": str(var_dir / "test.sqlite3")} if testing else {},
    }


def postgres(url: str, name: str) -> dict[str, Any]:
    """PostgreSQL by its address, which stands in the variable ``name``."""
    config: dict[str, Any] = {}
    if url.startswith(("postgres://", "postgresql://")):  # of others the reader's warning shows the password
        with suppress(ValueError):
            config = environ.Env.db_url_config(url)
        place = url.partition("://")[2].partition("/")[2].partition("?")[0]
        if not config or "@" in place:  # a sign in the password ended it too soon
            raise ImproperlyConfigured(
                f"{name} cannot be read: in its password / is %2F, ? is %3F; its port is a number."
            )
    if not config:
        without = "; without it the embedded database is used" if name == "DATABASE_URL" else ""
        raise ImproperlyConfigured(f"{name} must begin with postgres://, as postgres://user@host:5432/name{without}.")
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    config["OPTIONS"] = _POSTGRES_PATIENCE | config.get("OPTIONS", {})
    if flag("DATABASE_POOLED", default=False):
        # A pooler gives each transaction another connection of the server, and refuses options of one.
        config["DISABLE_SERVER_SIDE_CURSORS"] = True
        return config
    # Our queries are short and many: compiling them costs up to nine tenths of their time (make bench).
    config["OPTIONS"]["options"] = "-c jit=off"
    return config


def cache(redis_url: str, var_dir: Path) -> dict[str, Any]:
    """A cache that all processes share: rate limits need it."""
    if redis_url:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
    return {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": var_dir / "cache"} | {
        # Django's 300 would throw counted tries away as soon as somebody asks for many addresses.
        "OPTIONS": {"MAX_ENTRIES": 20_000}
    }


def broker_options(redis_url: str, var_dir: Path) -> dict[str, Any]:
    """Options of the broker; the embedded one is a folder."""
    if redis_url:
        patience = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
        return {"visibility_timeout": 300, "unacked_restore_interval": 10, "unacked_restore_throttle": 1, **patience}
    queue, control = (folder(var_dir / "broker" / name) for name in ("queue", "control"))
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "polling_interval": 0.25,
    }
