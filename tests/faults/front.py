"""What stands around the portal on many machines: nginx in front of two web servers, and a pooler behind them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from ingroeibloei.processes import die_with_parent
from tests.faults.processes import PATIENCE_SECONDS
from tests.services import Server, _free_port, _ordinary_user

DEPLOY = Path(settings.BASE_DIR) / "deploy"
_TOKEN = "0123456789abcdef0123456789abcdef"


class PgBouncer(Server):
    """With the settings of ``deploy/pgbouncer``, in front of the test's PostgreSQL, on a socket in its folder."""

    name = "pgbouncer"

    def __init__(self, folder: Path, postgres: Path, database: str) -> None:
        super().__init__(folder / "pooler")
        self.home.mkdir()
        self._owner = _ordinary_user(self.home, folder)
        self.port, self._database = _free_port(), database
        users = self.home / "users.txt"
        users.write_text('"ingroeibloei" ""\n')
        own = {
            f"{database} =": f"host={postgres} dbname={database} user=ingroeibloei",
            "listen_addr =": "127.0.0.1",
            "listen_port =": str(self.port),
            "unix_socket_dir =": str(self.home),
            "auth_type =": "trust",
            "auth_file =": str(users),
        }
        words = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text().replace("ingroeibloei =", f"{database} =")
        lines = [self._line(line, own) for line in words.splitlines()]
        (self.home / "pgbouncer.ini").write_text("\n".join(lines) + "\n")

    @staticmethod
    def _line(line: str, own: dict[str, str]) -> str:
        return next((f"{begin} {value}" for begin, value in own.items() if line.startswith(begin)), line)

    def url(self) -> str:
        return f"postgres://ingroeibloei@127.0.0.1:{self.port}/{self._database}"

    def _command(self) -> list[str]:
        return ["/usr/sbin/pgbouncer", "--quiet", str(self.home / "pgbouncer.ini")]

    def _ask(self) -> None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                raise ConnectionError("it does not listen")


class Nginx(Server):
    """With the locations of ``deploy/nginx``, in front of these web servers, without a certificate."""

    name = "nginx"

    def __init__(self, folder: Path, ports: list[int]) -> None:
        super().__init__(folder / "nginx")
        self.home.mkdir()
        self.port = _free_port()
        site = (DEPLOY / "nginx" / "portal.conf").read_text()
        log_format = next(line for line in site.splitlines() if line.startswith("log_format"))
        servers = "\n".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
        locations = (DEPLOY / "nginx" / "portal-locations.conf").read_text()
        (self.home / "locations.conf").write_text(
            locations.replace("/var/log/nginx", str(self.home)).replace("75s", "300s")
        )
        (self.home / "nginx.conf").write_text(
            f"daemon off; pid {self.home}/pid; error_log stderr; worker_processes 1; events {{}}\n"
            f"http {{ {log_format} upstream portal {{ {servers} }}\n"
            f"server {{ listen 127.0.0.1:{self.port}; include {self.home}/locations.conf; }} }}\n"
        )

    def _command(self) -> list[str]:
        return ["/usr/sbin/nginx", "-p", str(self.home), "-c", str(self.home / "nginx.conf")]

    def _ask(self) -> None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                raise ConnectionError("it does not listen")


class WebBehind:
    """A web server whose socket stays open while it is started anew, as systemd holds it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self._folder, self._environment = folder, os.environ | environment
        self.start()

    def start(self) -> None:
        bind = f"fd://{self._socket.fileno()}"
        words = ["-m", "gunicorn", "--config", str(DEPLOY / "gunicorn.conf.py"), "ingroeibloei.wsgi:application"]
        with (self._folder / f"web-{self.port}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *words],
                env=self._environment | {"WEB_BIND": bind},
                pass_fds=[self._socket.fileno()],
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=die_with_parent(os.getpid()),
            )

    def is_back(self) -> None:
        """Wait until it answers: only then comes the next one's turn."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        asked.request("GET", "/gezondheid/leeft/", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        assert asked.getresponse().status == 200
        asked.close()

    def reload(self) -> None:
        """As ``systemctl reload``."""
        self._process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """As ``systemctl restart``."""
        self.end()
        self.start()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        """For good."""
        self.end()
        self._socket.close()


class Visitors:
    """People who ask for a page, or send a form, one after the other without a pause, until they are told to stop."""

    def __init__(self, port: int, paths: list[tuple[str, str]], number: int) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self._port, self._paths, self._stop = port, paths, threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._visit, args=[n]) for n in range(number)]
        for thread in self._threads:
            thread.start()

    def _visit(self, number: int) -> None:
        while not self._stop.is_set():
            method, path = self._paths[number % len(self._paths)]
            status = self._ask(method, path)
            with self._lock:
                self.answers[method, status] += 1
            number += 1

    def _ask(self, method: str, path: str) -> int:
        headers = {"Host": urlsplit(settings.SITE_URL).netloc, "X-CSRFToken": _TOKEN}
        headers["Cookie"] = f"{settings.CSRF_COOKIE_NAME}={_TOKEN}"
        asked = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        try:
            asked.request(method, path, headers=headers)
            return asked.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            asked.close()

    def wait_for(self, more: int) -> None:
        """Until so many more were answered."""
        self._until(lambda: self.answers.total(), self.answers.total() + more)

    @staticmethod
    def _until(now: Callable[[], int], wanted: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while now() < wanted:
            assert time.monotonic() < deadline, "the visitors are not answered"
            time.sleep(0.05)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def running(server: Server) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.end()
