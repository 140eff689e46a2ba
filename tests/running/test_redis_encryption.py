"""A broker and a cache elsewhere are spoken to encrypted, and only when their certificate is right."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from cryptography import x509
from django.core.cache.backends.redis import RedisCache
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from ingroeibloei import connections, stores
from tests import certificates

SELF_SIGNED, TRUSTED, OTHER_NAME = "self-signed", "trusted", "other name"
PATIENCE = 20.0


@pytest.fixture
def redis_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Starts a Redis with a certificate of a kind and gives its address; this machine trusts the test's authority."""
    authority = certificates.authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nothing"))
    running: list[subprocess.Popen[bytes]] = []

    def start(kind: str) -> str:
        name = x509.DNSName("broker.elders.example") if kind == OTHER_NAME else certificates.LOOPBACK
        certificates.server(tmp_path, None if kind == SELF_SIGNED else authority, name)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        running.append(_redis(tmp_path, port, authority.file))
        return f"rediss://127.0.0.1:{port}/0"

    yield start
    for server in running:
        server.terminate()
        server.wait(10)


def _redis(folder: Path, port: int, authority: Path) -> subprocess.Popen[bytes]:
    program, pair = shutil.which("redis-server"), str(folder / "server.pem")
    assert program, "redis-server is missing; `make test` installs it."
    words = [program, "--bind", "127.0.0.1", "--port", "0", "--tls-port", str(port), "--save", "", "--dir", str(folder)]
    words += ["--tls-cert-file", pair, "--tls-key-file", pair, "--tls-ca-cert-file", str(authority)]
    server = subprocess.Popen([*words, "--tls-auth-clients", "no"], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.05)
    server.kill()
    raise AssertionError("Redis does not start.")


def broker(url: str) -> Celery:
    """Celery with the settings that this address gives."""
    app = Celery("test", broker=url, set_as_current=False)
    app.conf.broker_use_ssl = connections.broker_tls(url)
    return app


def ask_broker(url: str) -> None:
    with broker(url).connection_for_write() as line:
        line.ensure_connection(max_retries=1, interval_start=0, timeout=2)


def ask_cache(url: str) -> None:
    config = stores.cache(url, Path())
    RedisCache(config["LOCATION"], config).set("key", "value")


@pytest.mark.parametrize("kind", [SELF_SIGNED, OTHER_NAME])
def test_another_server_is_not_spoken_to(redis_with: Callable[[str], str], kind: str) -> None:
    url = redis_with(kind)
    with pytest.raises(OperationalError, match="CERTIFICATE_VERIFY_FAILED"):
        ask_broker(url)
    with pytest.raises(RedisConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        ask_cache(url)


def test_the_right_server_is(redis_with: Callable[[str], str]) -> None:
    url = redis_with(TRUSTED)
    ask_broker(url)
    ask_cache(url)


def test_in_the_clear_nothing_is_asked_of_tls() -> None:
    assert connections.broker_tls("redis://127.0.0.1:6379/0") is None
    assert connections.broker_tls("") is None
