"""An early pytest plugin: the engines that the tests run on, started before Django reads its settings.

``--engine sqlite`` (the default) uses the embedded database and broker; ``--engine postgres`` starts PostgreSQL and
Redis for this run alone and ends them with it. ``DATABASE_URL`` and ``REDIS_URL`` that are set already are used.
Loaded by ``-p tests.services`` (pyproject.toml): a conftest comes too late, pytest-django reads the settings before it.
"""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from ingroeibloei.processes import die_with_parent

ENGINES = ("sqlite", "postgres")
DATABASE = ROLE = "ingroeibloei"
START_SECONDS = 30.0
POSTGRES_OPTIONS = {
    "listen_addresses": "",  # unix socket only
    "fsync": "off",  # what tests wrote may be lost with the machine
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "timezone": "UTC",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("services", "database and broker of the tests")
    group.addoption("--engine", choices=ENGINES, default=None, help="sqlite (embedded) or postgres (with Redis)")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Before any conftest and before pytest-django: a wrapper runs ahead of every plain implementation."""
    folder = Path(tempfile.mkdtemp(prefix="ingroeibloei-tests-"))
    running: list[subprocess.Popen[bytes]] = []
    early_config.add_cleanup(lambda: _clean_up(running, folder))
    os.environ["INGROEIBLOEI_ENV"] = "test"
    # Playwright keeps a loop running in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ["INGROEIBLOEI_VAR"] = str(folder / "var")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        _use_own_redis_database(int(worker.removeprefix("gw")))
    else:
        _choose_engine(early_config.known_args_namespace.engine, folder, running)
    return (yield)


def pytest_report_header() -> str:
    return f"engine: {os.environ['INGROEIBLOEI_TEST_ENGINE']}"


def _choose_engine(wanted: str | None, folder: Path, running: list[subprocess.Popen[bytes]]) -> None:
    """Leave the choice in the environment, which xdist's workers inherit."""
    engine = wanted or os.environ.get("INGROEIBLOEI_TEST_ENGINE") or ENGINES["DATABASE_URL" in os.environ]
    if engine not in ENGINES:
        raise pytest.UsageError(f"INGROEIBLOEI_TEST_ENGINE is {engine!r}; it must be one of: {', '.join(ENGINES)}.")
    os.environ["INGROEIBLOEI_TEST_ENGINE"] = engine
    if engine == "sqlite":
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        return
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _start_postgres(folder, running)
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = _start_redis(folder, running)


def _use_own_redis_database(number: int) -> None:
    """Each xdist worker has a broker and a cache of its own; database 0 is the controller's."""
    if "REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{number + 1}"


def _start_postgres(folder: Path, running: list[subprocess.Popen[bytes]]) -> str:
    """Returns the DATABASE_URL of a new, empty server that listens on a unix socket in ``folder``."""
    home = folder / "postgres"
    home.mkdir()
    owner = _ordinary_user(home, folder)
    programs = {name: _postgres_program(name) for name in ("initdb", "postgres")}
    initdb = [programs["initdb"], "--pgdata", str(home / "data"), "--username", ROLE, "--auth", "trust", "--no-sync"]
    initdb += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    made = subprocess.run(initdb, capture_output=True, text=True, cwd=home, **owner)
    if made.returncode:
        raise pytest.UsageError(f"initdb failed:\n{made.stderr}")
    command = [programs["postgres"], "-D", str(home / "data"), "-k", str(home)]
    for name, value in POSTGRES_OPTIONS.items():
        command += ["-c", f"{name}={value}"]
    _start(command, home, running, owner)

    def make_database() -> None:
        server = psycopg2.connect(host=str(home), user=ROLE, dbname="postgres")
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        server.close()

    _wait_until_it_answers("PostgreSQL", make_database, psycopg2.OperationalError, home)
    return f"postgres://{ROLE}@/{DATABASE}?host={home}"


def _start_redis(folder: Path, running: list[subprocess.Popen[bytes]]) -> str:
    """Returns the REDIS_URL of a new server on a free loopback port, without persistence."""
    program = shutil.which("redis-server")
    if program is None:
        raise pytest.UsageError("redis-server is missing; `make test` installs it.")
    home = folder / "redis"
    home.mkdir()
    port = _free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    _start([*command, "--databases", "64"], home, running, {})
    url = f"redis://127.0.0.1:{port}"
    _wait_until_it_answers("Redis", lambda: redis.Redis.from_url(url).ping(), redis.ConnectionError, home)
    return f"{url}/0"


def _start(command: list[str], home: Path, running: list[subprocess.Popen[bytes]], owner: Mapping[str, Any]) -> None:
    with (home / "log").open("wb") as log:
        stop_with_us = die_with_parent(os.getpid())
        running.append(
            subprocess.Popen(
                command, cwd=home, stdout=log, stderr=log, process_group=0, preexec_fn=stop_with_us, **owner
            )
        )


def _wait_until_it_answers(name: str, ask: Callable[[], object], refusal: type[Exception], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
            return
        except refusal as error:
            if time.monotonic() > deadline:
                raise pytest.UsageError(f"{name} does not start: {error}\n{(home / 'log').read_text()}") from error
            time.sleep(0.05)


def _ordinary_user(home: Path, folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then the arguments that make it run as ``postgres`` or ``nobody``."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    folder.chmod(0o711)  # it must reach its own folder inside ours
    os.chown(home, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _postgres_program(name: str) -> str:
    """Debian keeps the server's programs out of the PATH, one folder per version; the newest is taken."""
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    newest_first = sorted(folders, key=lambda folder: int(Path(folder).parent.name), reverse=True)
    program = shutil.which(name, path=os.pathsep.join([*newest_first, os.environ.get("PATH", os.defpath)]))
    if program is None:
        raise pytest.UsageError(f"PostgreSQL's {name} is missing; `make test` installs it.")
    return program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _clean_up(running: list[subprocess.Popen[bytes]], folder: Path) -> None:
    for server in running:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast end; Redis takes it as TERM
    for server in running:
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    shutil.rmtree(folder, ignore_errors=True)
