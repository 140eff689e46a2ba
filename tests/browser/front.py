"""A portal as it stands in a city: in production's settings, with a certificate by an authority that only this run
trusts; ``tests.browser.gate`` has what stands in front of it."""

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


@dataclass(frozen=True)
class Certificate:
    """``file`` holds key and certificate of localhost, ``authority`` whom one must trust to believe it, ``pin`` is what
    Chromium is told to accept."""

    file: Path
    authority: Path
    pin: str


#: The world of a portal is made once and copied (``laid_world``), with links that only the same keys open.
_KEPT_KEYS = {name: f"{name.lower()} of portals that only tests start" for name in ("NOTICE_LINK_KEY", "ERASURE_KEY")}
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
        **_KEPT_KEYS,
        "DEFAULT_FROM_EMAIL": "In groei en bloei <portaal@example.be>",
        "EMAIL_USE_TLS": "0",  # the mail server of the tests is on loopback
        "QUIET_HOURS": "",  # tests run at night too
    }
