"""A database as one stream, out and in: the embedded one by SQLite's online backup, PostgreSQL by its own programs.

What comes out is one moment of it, while the portal goes on; what comes in comes whole or not at all.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import IO, Any

from django.db import DatabaseError, connections, transaction

from ingroeibloei.backups.tally import Say, Tally, tables_of, tally
from ingroeibloei.logs import first_line

Copy = Callable[[IO[bytes]], object]
#: What libpq reads from the environment, by Django's names, and by its own for what stands behind the ``?``.
_LIBPQ = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
_OPTIONS = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "passfile": "PGPASSFILE", "service": "PGSERVICE", "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT", "channel_binding": "PGCHANNELBINDING", "requirepeer": "PGREQUIREPEER",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL", "sslcrldir": "PGSSLCRLDIR", "sslsni": "PGSSLSNI", "gssencmode": "PGGSSENCMODE",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION", "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
}  # fmt: skip


class ProgramError(Exception):
    """pg_dump or pg_restore did not do its work; says why."""


def is_empty(alias: str) -> bool:
    """Whether nobody put anything into this database. The embedded one may not even be there."""
    return not tables_of(alias)


@contextmanager
def beside(alias: str, **other: Any) -> Iterator[str]:
    """A connection like ``alias`` to another place, as ``other`` says; gone afterwards."""
    name = f"{alias} beside {secrets.token_hex(4)}"
    connections.databases[name] = deepcopy(connections.databases[alias]) | other
    try:
        yield name
    finally:
        connections[name].close()
        del connections[name]
        del connections.databases[name]


def write_out(alias: str, copy: Copy, *, say: Say) -> Tally:
    """Hand the whole database to ``copy`` as a stream; returns what is in that very moment of it."""
    return (_dump if connections[alias].vendor == "postgresql" else _copy_file)(alias, copy, say)


def _copy_file(alias: str, copy: Copy, say: Say) -> Tally:
    source = Path(connections[alias].settings_dict["NAME"])
    with tempfile.TemporaryDirectory(prefix="backup-", dir=source.parent) as folder:
        path = Path(folder) / source.name
        with closing(sqlite3.connect(source, timeout=20)) as here, closing(sqlite3.connect(path)) as there:
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")
        with path.open("rb") as file:
            copy(file)
        with beside(alias, NAME=path) as copied:
            return tally(copied, say=say)


def _dump(alias: str, copy: Copy, say: Say) -> Tally:
    connection = connections[alias]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        with _program(alias, "pg_dump", *words, stdout=subprocess.PIPE) as process:
            copy(process.stdout)  # type: ignore[arg-type]
        return tally(alias, say=say)


def bring_in(alias: str, source: IO[bytes]) -> None:
    """Fill an empty database from the stream. Raises ProgramError, or what ``source`` raises; then nothing came in."""
    if connections[alias].vendor == "postgresql":
        with _program(
            alias, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
            f"--dbname={connections[alias].settings_dict['NAME']}", stdin=subprocess.PIPE,
        ) as process:  # fmt: skip
            shutil.copyfileobj(source, process.stdin)  # type: ignore[arg-type]
            process.stdin.close()  # type: ignore[union-attr]
        return
    connections[alias].close()
    path = Path(connections[alias].settings_dict["NAME"])
    path.parent.mkdir(parents=True, exist_ok=True)
    forget_file(path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


def forget_file(path: Path) -> None:
    """An embedded database, with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def forget_all(alias: str) -> None:
    """Empty a PostgreSQL database again."""
    with connections[alias].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


@contextmanager
def empty_postgres(alias: str) -> Iterator[str]:
    """A new database on the same server, to restore into for a look; gone afterwards. Its letters are those of ours,
    not those of the server. Raises ProgramError where our role may make none."""
    name = f"restore_check_{os.getpid()}"
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()")
        rules = cursor.fetchone()
    with beside(alias, NAME="postgres") as server, connections[server].cursor() as cursor:
        try:
            cursor.execute(
                f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE %s LC_CTYPE %s", rules
            )
        except DatabaseError as error:
            may = "Let its role make one to look in: ALTER ROLE … CREATEDB."
            raise ProgramError(f"PostgreSQL says: {first_line(error)}. {may}") from error
    try:
        with beside(alias, NAME=name) as place:
            yield place
    finally:
        with beside(alias, NAME="postgres") as server, connections[server].cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@contextmanager
def _program(alias: str, name: str, *words: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of PostgreSQL's programs. An error within kills it, so that the server takes everything back."""
    program = shutil.which(name)
    if program is None:
        raise ProgramError(f"{name} is not on this machine. On Debian: apt-get install postgresql-client")
    with tempfile.TemporaryFile() as said:
        environment = os.environ | libpq(connections[alias].settings_dict)
        process = subprocess.Popen([program, *words], env=environment, stderr=said, **pipes)  # noqa: S603
        try:
            yield process
        except BrokenPipeError:
            pass  # it ended by itself, and says below why
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None and not pipe.closed:
                    _close(pipe)
        if process.wait():
            said.seek(0)
            lines = said.read(4000).decode(errors="replace").splitlines()
            raise ProgramError(f"{name}: {lines[0] if lines else 'ended without a word'}")


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def libpq(config: Mapping[str, Any]) -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach the same database as Django."""
    found = {name: str(config[key]) for key, name in _LIBPQ.items() if config.get(key)}
    options = config.get("OPTIONS", {})
    return found | {name: str(options[key]) for key, name in _OPTIONS.items() if options.get(key)}
