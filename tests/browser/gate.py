"""What stands in front of a portal in a city: two web servers, and nginx with the files of ``deploy/nginx``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser import front
from tests.faults.front import DEPLOY, Nginx, WebBehind
from tests.services import _free_port


class Gate(Nginx):
    """nginx with ``portal.conf`` as it is delivered, but for names, ports and places of files."""

    name = "nginx"

    def __init__(self, folder: Path, ports: list[int], *, https: int, certificate: front.Certificate) -> None:
        super().__init__(folder, ports)
        self.port = https
        locations = self.home / "locations.conf"
        # The browser's port is not 443, and a form's origin names it.
        locations.write_text(locations.read_text().replace("Host $host;", "Host $http_host;"))
        site = (DEPLOY / "nginx" / "portal.conf").read_text()
        for old, new in (
            ("unix:/run/ingroeibloei/web.sock max_fails=0;", f"127.0.0.1:{ports[0]} max_fails=0;"),
            ("#server web2.example.be:8000 max_fails=0;", f"server 127.0.0.1:{ports[1]} max_fails=0;"),
            ("listen 80;", f"listen 127.0.0.1:{_free_port()};"),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{https} ssl http2;"),
            ("portaal.example.be", "localhost"),
            ("/etc/ssl/portal/fullchain.pem", str(certificate.file)),
            ("/etc/ssl/portal/privkey.pem", str(certificate.file)),
            ("/etc/nginx/portal-locations.conf", str(locations)),
        ):
            assert old in site, f"portal.conf has no longer {old}"
            site = site.replace(old, new)
        (self.home / "nginx.conf").write_text(
            f"daemon off; pid {self.home}/pid; error_log stderr; worker_processes 1; events {{}}\nhttp {{ {site} }}\n"
        )


@contextmanager
def gate(folder: Path, environment: dict[str, str], first: int, *, https: int) -> Iterator[None]:
    """A second web server beside the one on the port ``first``, and nginx in front of both."""
    assert front.chosen is not None
    home = folder.parent / "front"
    home.mkdir()
    second = WebBehind(home, environment)
    try:
        nginx = Gate(home, [first, second.port], https=https, certificate=front.chosen)
        nginx.start()
        try:
            yield
        finally:
            nginx.end()
    finally:
        second.close()
