"""The portal as it stands in a city: in production's settings, two web servers, and in front of them nginx with the
files of ``deploy/nginx`` and a certificate of the test, by an authority that only this run trusts."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from tests import certificates
from tests.faults.front import DEPLOY, Nginx, WebBehind
from tests.services import _free_port


@dataclass(frozen=True)
class Certificate:
    """``file`` holds key and certificate of localhost, ``authority`` whom one must trust to believe it, ``pin`` is what
    Chromium is told to accept."""

    file: Path
    authority: Path
    pin: str


#: With it every portal of the browser tests stands behind nginx in production's settings (``--behind-nginx``).
chosen: Certificate | None = None


def make_certificate(folder: Path) -> Certificate:
    by = certificates.authority(folder)
    certificates.server(folder, by, x509.DNSName("localhost"))
    file = folder / "server.pem"
    made = x509.load_pem_x509_certificate(file.read_bytes().partition(b"-----END PRIVATE KEY-----")[2])
    digest = hashes.Hash(hashes.SHA256())
    digest.update(
        made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return Certificate(file, by.file, base64.b64encode(digest.finalize()).decode())


@contextmanager
def trusted(certificate: Certificate) -> Iterator[None]:
    """This process, and the driver of the browser that it starts, believe the authority."""
    names = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, str(certificate.authority)))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def production(port: int) -> dict[str, str]:
    """What an operator writes into the environment file."""
    return {
        "INGROEIBLOEI_ENV": "production",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": f"https://localhost:{port}",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "NOTICE_LINK_KEY": secrets.token_urlsafe(48),
        "ERASURE_KEY": secrets.token_urlsafe(48),
        "DEFAULT_FROM_EMAIL": "In groei en bloei <portaal@example.be>",
        "EMAIL_USE_TLS": "0",  # the mail server of the tests is on loopback
        "QUIET_HOURS": "",  # tests run at night too
    }


class Gate(Nginx):
    """nginx with ``portal.conf`` as it is delivered, but for names, ports and places of files."""

    name = "nginx"

    def __init__(self, folder: Path, ports: list[int], *, https: int, certificate: Certificate) -> None:
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
    assert chosen is not None
    home = folder.parent / "front"
    home.mkdir()
    second = WebBehind(home, environment)
    try:
        nginx = Gate(home, [first, second.port], https=https, certificate=chosen)
        nginx.start()
        try:
            yield
        finally:
            nginx.end()
    finally:
        second.close()
