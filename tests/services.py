"""An early pytest plugin: the engines that the tests run on, started before Django reads its settings.

``--engine sqlite`` (the default) uses the embedded database and broker; ``--engine postgres`` starts PostgreSQL and
Redis for this run alone and ends them with it. ``DATABASE_URL`` and ``REDIS_URL`` that are set already are used.
Loaded by ``-p tests.services`` (pyproject.toml): a conftest comes too late, pytest-django reads the settings before it.
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
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
    # A statement that waits or plans itself to death fails, and its test names it.
    "statement_timeout": "4min",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("services", "database and broker of the tests")
    group.addoption("--engine", choices=ENGINES, default=None, help="sqlite (embedded) or postgres (with Redis)")
    group.addoption("--behind-nginx", action="store_true", help="browsers: production's settings, behind nginx")
    group.addoption("--first-engine", action="store_true", help="leave out what the second engine tries for both")
    group.addoption("--second-engine", action="store_true", help="leave out what is the same on every engine")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Before any conftest and before pytest-django: a wrapper runs ahead of every plain implementation."""
    folder = Path(tempfile.mkdtemp(prefix="ingroeibloei-tests-"))
    running: list[Server] = []
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


def _choose_engine(wanted: str | None, folder: Path, running: list[Server]) -> None:
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
        database = Postgres(folder)
        running.append(database)
        database.start()
        database.make_database()
        os.environ["DATABASE_URL"] = database.url()
    if "REDIS_URL" not in os.environ:
        broker = Redis(folder)
        running.append(broker)
        broker.start()
        os.environ["REDIS_URL"] = broker.url()


def _use_own_redis_database(number: int) -> None:
    """Each xdist worker has a broker and a cache of its own; database 0 is the controller's."""
    if "REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{number + 1}"


class Server(ABC):
    """A server of the tests, ended with them. It can be killed and started again, with the data that it wrote."""

    name = ""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: subprocess.Popen[bytes] | None = None
        self._owner: Mapping[str, Any] = {}

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.home,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=die_with_parent(os.getpid()),
                **self._owner,
            )
        _wait_until_it_answers(self.name, self._ask, self.home)

    def end(self) -> None:
        """In good order; safe to call twice."""
        self._stop(signal.SIGINT)  # PostgreSQL's fast end; Redis takes it as TERM

    def kill(self) -> None:
        self._stop(signal.SIGKILL)

    def _stop(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _ask(self) -> None:
        """Raises ConnectionError while it does not answer."""


class Postgres(Server):
    """A new, empty server that listens on a unix socket in its folder only."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, **options: str) -> None:
        super().__init__(folder / "postgres")
        self._options = POSTGRES_OPTIONS | options
        self.home.mkdir()
        self._owner = _ordinary_user(self.home, folder)
        initdb = [postgres_program("initdb"), "--pgdata", str(self.home / "data"), "--username", ROLE]
        initdb += ["--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C.UTF-8"]
        made = subprocess.run(initdb, capture_output=True, text=True, cwd=self.home, **self._owner)
        if made.returncode:
            raise pytest.UsageError(f"initdb failed:\n{made.stderr}")

    def url(self, database: str = DATABASE) -> str:
        return f"postgres://{ROLE}@/{database}?host={self.home}"

    def make_database(self, name: str = DATABASE) -> None:
        server = self._connection()
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        server.close()

    def crash(self) -> None:
        """End at once and leave the rest to recovery, as ``pg_ctl stop -m immediate`` does."""
        self._stop(signal.SIGQUIT)

    def _command(self) -> list[str]:
        command = [postgres_program("postgres"), "-D", str(self.home / "data"), "-k", str(self.home)]
        return command + [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]

    def _connection(self) -> Any:
        return psycopg2.connect(host=str(self.home), user=ROLE, dbname="postgres")

    def _ask(self) -> None:
        try:
            self._connection().close()
        except psycopg2.OperationalError as error:
            raise ConnectionError(error) from error


class Redis(Server):
    """A new server on a free loopback port, without persistence: what is killed forgets everything."""

    name = "Redis"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "redis")
        self.home.mkdir()
        self.port = _free_port()

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def _command(self) -> list[str]:
        program = shutil.which("redis-server")
        if program is None:
            raise pytest.UsageError("redis-server is missing; `make test` installs it.")
        command = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        return [*command, "--databases", "64"]

    def _ask(self) -> None:
        try:
            redis.Redis.from_url(self.url()).ping()
        except redis.ConnectionError as error:
            raise ConnectionError(error) from error


def _wait_until_it_answers(name: str, ask: Callable[[], object], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
            return
        except ConnectionError as error:
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


def postgres_program(name: str) -> str:
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


def _clean_up(running: list[Server], folder: Path) -> None:
    for server in running:
        server.end()
    shutil.rmtree(folder, ignore_errors=True)
