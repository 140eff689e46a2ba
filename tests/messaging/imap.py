"""A real IMAP server on loopback: Dovecot, run as an ordinary user for one test module, with one mailbox."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingroeibloei.processes import die_with_parent

USER, PASSWORD = "uitbak", "geheim-van-de-test"
PROGRAM = "/usr/sbin/dovecot"


@dataclass
class Mailbox:
    """Its ports, and its certificate for who checks it."""

    plain: int
    secure: int
    certificate: Path

    def settings(self, tls: str = "none") -> dict[str, Any]:
        port = self.secure if tls == "implicit" else self.plain
        return {"host": "localhost", "port": port, "user": USER, "password": PASSWORD, "tls": tls}

    @contextlib.contextmanager
    def _open(self) -> Iterator[IMAP4]:
        with IMAP4("localhost", self.plain, timeout=20) as connection:
            connection.login(USER, PASSWORD)
            yield connection

    def receive(self, mail: bytes | str, on: datetime | None = None, folder: str = "INBOX") -> None:
        """A mail arrives."""
        raw = mail.encode() if isinstance(mail, str) else mail
        with self._open() as connection:
            connection.create(folder)
            status, _ = connection.append(folder, "", on or datetime.now(UTC), raw)
        assert status == "OK"

    def count(self, folder: str) -> int:
        with self._open() as connection:
            status, (number,) = connection.select(folder, readonly=True)
        return int(number or 0) if status == "OK" else 0

    def empty(self) -> None:
        with self._open() as connection:
            _, folders = connection.list()
            for line in folders:
                name = line.decode().rsplit(" ", 1)[-1].strip('"')  # type: ignore[union-attr]
                if connection.select(name)[1] != [b"0"]:
                    connection.store("1:*", "+FLAGS", r"(\Deleted)")
                connection.close()


@contextlib.contextmanager
def dovecot(more: str = "") -> Iterator[Mailbox]:
    """A running server; ``more`` lines for its configuration. Its folder is none of pytest's: those are closed."""
    folder = tempfile.mkdtemp(prefix="ingroeibloei-dovecot-")
    try:
        yield from _running(Path(folder), more)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(home: Path, more: str) -> Iterator[Mailbox]:
    uid, gid, names = _ordinary_user()
    plain, secure = _free_port(), _free_port()
    certificate = _certificate(home)
    (home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}:{uid}:{gid}::{home}/mail::\n")
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    words = _since_2_4(home) if version >= "2.4" else _before_2_4(home)
    (home / "dovecot.conf").write_text(
        f"""{words}
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
listen = 127.0.0.1
default_internal_user = {names[0]}
default_internal_group = {names[1]}
default_login_user = {names[0]}
first_valid_uid = {uid}
first_valid_gid = {gid}
ssl = yes
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
  }}
}}
{more}
"""
    )
    for path in (home, *home.rglob("*")):
        os.chown(path, uid, gid)
    who: dict[str, Any] = {"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with (home / "output").open("wb") as output:
        server = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(home / "dovecot.conf")],
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent(os.getpid()),
            **who,
        )
    try:
        _wait(plain, server, home)
        yield Mailbox(plain, secure, certificate)
    finally:
        server.terminate()
        server.wait(10)


def _before_2_4(home: Path) -> str:
    """What Debian 12 has says some things in other words than Debian 13."""
    return f"""
protocols = imap
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
mail_location = mdbox:{home}/mail
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
"""


def _since_2_4(home: Path) -> str:
    return f"""dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
}}
ssl_server_cert_file = {home}/certificate.pem
ssl_server_key_file = {home}/key.pem
auth_allow_cleartext = yes
mail_driver = mdbox
mail_path = {home}/mail
passdb passwd-file {{
  passwd_file_path = {home}/users
}}
userdb passwd-file {{
  passwd_file_path = {home}/users
}}
"""


def _ordinary_user() -> tuple[int, int, tuple[str, str]]:
    entry = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    group = subprocess.run(["id", "-gn", entry.pw_name], capture_output=True, text=True, check=True).stdout.strip()
    return entry.pw_uid, entry.pw_gid, (entry.pw_name, group)


def _certificate(home: Path) -> Path:
    """A certificate for localhost that nobody but this test trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (home / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return home / "certificate.pem"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(port: int, server: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError, IMAP4.error), IMAP4("localhost", port, timeout=2) as connection:
            connection.login(USER, PASSWORD)
            return
        time.sleep(0.05)
    log = (home / "log").read_text() if (home / "log").exists() else ""
    raise AssertionError(f"Dovecot does not start: {(home / 'output').read_text()}\n{log}")
