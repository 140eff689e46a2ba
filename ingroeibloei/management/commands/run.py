"""``manage.py run``: the whole portal in one process tree - web server, worker and beat."""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from ingroeibloei import owndatabase
from ingroeibloei.backups import database
from ingroeibloei.beginning.code import how_to_begin, offer_code
from ingroeibloei.connections import is_loopback
from ingroeibloei.processes import EndlessFailure, Program, begin_anew, end_all
from ingroeibloei.standstill import StandStill

WEB_PROCESSES = 2
WEB_THREADS = 4
WORKER_PROCESSES = 2
WORKER = "worker"
LOOK_AGAIN_SECONDS = 0.2
LOCK_FILE = "run.lock"
#: Workers need not know of each other: the table says what is to be done. After Redis came back, one that greets the
#: others first may wait for them for ever and take no more work (celery/celery#8030; seen here once in many crashes).
ALONE = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
#: It need not check what this command has checked.
CELERY_OPTIONS = ["--quiet", "--skip-checks", "--app", "ingroeibloei"]


class Command(BaseCommand):
    help = "Prepare and run the portal: web server, worker and beat, until Ctrl-C."
    requires_system_checks: list[str] = []  # they run once the database is there, with the migrations

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument("--demo", action="store_true", help="refuse to start unless this is a demo")
        parser.add_argument("--fresh", action="store_true", help="demo only: forget the world and make it anew")

    def handle(self, *, host: str, port: int, demo: bool, fresh: bool, **_options: Any) -> None:
        if (demo or fresh) and not settings.DEMO:
            raise CommandError("This is no demo: set INGROEIBLOEI_ENV=demo, or leave out --demo and --fresh.")
        if settings.DEMO and not is_loopback(host):
            raise CommandError(
                f"The demo shows invented families without a lock on the door, so it listens on this machine only: "
                f"use HOST=127.0.0.1 instead of {host}."
            )
        require_free_port(host, port)
        if settings.DEMO and os.environ.get("PORT") != str(port):
            os.environ["PORT"] = str(port)  # settings write the address of links with it
            restart_without()
        with sole_run(settings.VAR_DIR):
            if fresh:
                forget_demo_world()
                connections.close_all()
                restart_without("--fresh")
            with ends_at_once():
                prepare()
            self._code = None if settings.DEMO else offer_code()
            connections.close_all()
            self._keep_running(host, port)

    def _keep_running(self, host: str, port: int) -> None:
        """Start the programs and watch over them until a signal asks to end."""
        programs = portal_programs(host, port)
        outbox = StandStill(settings.WORKER_STILL_SECONDS)
        with asked_to_end() as is_asked:
            try:
                for program in programs:
                    program.start()
                is_announced = False
                while not is_asked():
                    time.sleep(LOOK_AGAIN_SECONDS)
                    for program in programs:
                        self._report(program.name, program.keep_running())
                    if outbox.is_seen():
                        self._wake([program for program in programs if program.name == WORKER])
                        outbox.begin_anew()
                    is_announced = is_announced or self._announce(host, port)
            except EndlessFailure as failure:
                raise CommandError(f"The {failure} does not stay up; what it said is above.") from failure
            finally:
                end_all(programs)

    def _report(self, name: str, status: int | None) -> None:
        if status is not None:
            self.stderr.write(f"The {name} ended by itself (status {status}); it is started again.")

    def _wake(self, workers: list[Program]) -> None:
        self.stderr.write("Notices wait and nothing happens: the workers are started again.")
        begin_anew(workers)

    def _announce(self, host: str, port: int) -> bool:
        """Say where the portal is as soon as its first page answers; returns whether it did."""
        status = first_page_status(host, port)
        if status is None:
            return False
        shown = "localhost" if is_loopback(host) else host
        here = f"http://{shown}:{port}"
        if settings.PRODUCTION:  # it answers to its own name only, and by https
            self.stdout.write(f"In groei en bloei: {settings.SITE_URL}, which your proxy hands on to {here}")
        else:
            self.stdout.write(f"In groei en bloei: {here}")
        if self._code is not None:
            self.stdout.write(how_to_begin(self._code))
        accounts: Path = settings.VAR_DIR / "demo_accounts.json"
        if settings.DEMO and accounts.exists():
            self.stdout.write(f"Accounts of the demo: {accounts}")
        if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            self.stderr.write(f"Its first page answers with an error ({status}); the reason is above.")
        self.stdout.flush()
        return True


def require_free_port(host: str, port: int) -> None:
    """Raises CommandError when another program listens there, before anything is prepared."""
    if not port:
        raise CommandError("Port 0 is whichever is free, and nobody would know which one. Choose one: PORT=8001.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: a closed one may linger
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} of {host} cannot be used ({error}). End what listens there, or choose another: PORT=8001."
            ) from error


@contextlib.contextmanager
def sole_run(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: two beats on one schedule file would spoil it. Raises CommandError when it is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(f"The portal already runs with the data in {folder}. End that one first.") from error
        yield


def keep_to_itself() -> None:
    """What production makes, here and in what starts from here, others on the machine do not read."""
    if settings.PRODUCTION:
        os.umask(0o077)


def prepare() -> None:
    """Bring database, catalogs and static files up to date; fill an empty demo with its world."""
    keep_to_itself()
    owndatabase.require_own_migrations()
    owndatabase.require_one_line()
    owndatabase.require_letters()
    for counted in settings.METRICS_DIR.glob("*.db"):
        counted.unlink()
    call_command("catalogs", "--compile", verbosity=0)
    call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
    owndatabase.require_own_tables()
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO and not get_user_model()._default_manager.exists():
        call_command("seed_demo")


def forget_demo_world() -> None:
    """Empty the demo's database and folder. Deleting rows would meet the guards of insert-only tables."""
    if connection.vendor == "postgresql":
        database.forget_all(connection.alias)
    connection.close()
    for path in settings.VAR_DIR.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK_FILE:
            path.unlink()


def restart_without(option: str | None = None) -> None:
    """Replace this process by itself: settings must be read anew, after the environment or the folder changed."""
    arguments = [argument for argument in sys.argv if argument != option]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own command line, no shell


def portal_programs(host: str, port: int) -> list[Program]:
    """The programs of the portal, in the order in which they start."""
    python = [sys.executable, "-m"]
    if settings.DEMO:  # Celery's page of warning is for servers; a newcomer in a container is often root
        python = [sys.executable, "-W", "ignore:You're running the worker with superuser", "-m"]
    celery = [*python, "celery", *CELERY_OPTIONS]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [*python, *web_arguments(address)]
    workers = [Program(WORKER, [*celery, *arguments]) for arguments in worker_arguments()]
    beat = [*celery, "beat", "--pidfile=", "--loglevel", "warning"]
    return [Program("web server", web), *workers, Program("beat", beat)]


def web_arguments(address: str) -> list[str]:
    """What Python is told to start the web server."""
    web = ["gunicorn", "ingroeibloei.wsgi:application", "--bind", address, "--worker-class", "gthread"]
    web += ["--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS), "--log-level", "warning"]
    web += ["--preload", "--graceful-timeout", "5", "--no-control-socket", "--keep-alive", "0"]
    return [*web, "--logger-class", "ingroeibloei.weblogs.WebLogger"]


def worker_arguments() -> list[list[str]]:
    """What Celery is told to start WORKER_PROCESSES that work: with Redis one leader that has them as its children.

    With the embedded broker such children share one queue and its lock: one that is killed while it waits keeps the
    lock, and the leader lives on without anybody who works. So each is a program of its own there.
    """
    worker = ["worker", "--loglevel", "warning", *ALONE]
    if settings.REDIS_URL:
        return [[*worker, "--pool", "prefork", "--concurrency", str(WORKER_PROCESSES)]]
    return [[*worker, "--pool", "solo", "--hostname", f"worker{n}@%h"] for n in range(1, WORKER_PROCESSES + 1)]


@contextlib.contextmanager
def ends_at_once() -> Iterator[None]:
    """While everything is made ready Ctrl-C ends this process as a power cut would, of which nothing half done is left.
    As an exception it would be lost now and then: where Python clears away it only prints that it ignored one."""
    former = signal.signal(signal.SIGINT, _end_at_once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def _end_at_once(_number: int, _frame: object) -> None:
    sys.stderr.write("Stopped. The same command goes on, or begins anew.\n")
    sys.stderr.flush()
    os._exit(128 + signal.SIGINT)


@contextlib.contextmanager
def asked_to_end() -> Iterator[Any]:
    """Yields a question: has a signal asked us to end? The signals' former meaning comes back afterwards."""
    asked: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, lambda received, _frame: asked.append(received)) for number in signals}
    try:
        yield lambda: bool(asked)
    finally:
        for number, meaning in former.items():
            signal.signal(number, meaning)


def first_page_status(host: str, port: int) -> int | None:
    """The HTTP status of the first page, or None while nothing answers."""
    reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not listened on
    page = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        page.request("GET", "/", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        return page.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        page.close()
