"""Production does not start when what leaves the machine would go in the clear; on the machine itself it may."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test.utils import CaptureQueriesContext

from ingroeibloei import connections, stores
from ingroeibloei.apps import plan_for_memory
from tests.faults.processes import same_database
from tests.running.conftest import on_server

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = "10.3.1.7"


def database(url: str) -> dict[str, Any]:
    config: dict[str, Any] = environ.Env.db_url_config(url)
    return config


@pytest.fixture(autouse=True)
def no_defaults_of_libpq(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_addresses_of_this_machine_are_known_as_such(host: str) -> None:
    assert connections.is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", ELSEWHERE, "::", "localhost.example", "127.0.0.1.example", "::2"])
def test_other_addresses_are_not(host: str) -> None:
    assert not connections.is_loopback(host)


class TestTheDatabase:
    @pytest.mark.parametrize(
        "url",
        [
            f"postgres://u:p@{ELSEWHERE}/db",
            "postgres://u:p@db.example/db?sslmode=prefer",
            "postgres://u:p@db.example/db?sslmode=disable",
            "postgres://u:p@127.0.0.1,db.example/db",
            "postgres://u:p@/db?host=db.example",
            "postgres://u:p@127.0.0.1/db?hostaddr=10.3.1.7",
        ],
    )
    def test_elsewhere_it_needs_encryption(self, url: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL leads .*\?sslmode=verify-full") as refusal:
            connections.require_encrypted_database(database(url))
        assert "u:p" not in str(refusal.value)

    @pytest.mark.parametrize(
        "url",
        [
            "postgres://u:p@db.example/db?sslmode=verify-full",
            "postgres://u:p@db.example/db?sslmode=require",
            "postgres://u:p@127.0.0.1:5432/db",
            "postgres://u:p@[::1]/db",
            "postgres://u@/db?host=/run/postgresql",
            "postgres://u@%2Frun%2Fpostgresql/db",
            "postgres:///db",
        ],
    )
    def test_encrypted_or_on_this_machine_it_may_be(self, url: str) -> None:
        connections.require_encrypted_database(database(url))

    def test_what_the_address_leaves_out_comes_from_libpq(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PGHOST", "db.example")
        with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
            connections.require_encrypted_database(database("postgres:///db"))
        monkeypatch.setenv("PGSSLMODE", "verify-full")
        connections.require_encrypted_database(database("postgres:///db"))

    def test_the_embedded_one_goes_nowhere(self) -> None:
        connections.require_encrypted_database({"ENGINE": "django.db.backends.sqlite3", "NAME": "x"})


class TestTheBroker:
    @pytest.mark.parametrize("url", [f"redis://:p@{ELSEWHERE}/0", "redis://broker.example", "redis://broker.example:1"])
    def test_elsewhere_it_needs_encryption(self, url: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"REDIS_URL .* rediss://"):
            connections.require_encrypted_redis(url)

    @pytest.mark.parametrize("word", ["none", "CERT_NONE", "optional"])
    def test_a_certificate_that_nobody_checks_is_none(self, word: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="REDIS_URL checks no certificate"):
            connections.require_encrypted_redis(f"rediss://broker.example/0?ssl_cert_reqs={word}")

    @pytest.mark.parametrize(
        "url", ["", "redis://127.0.0.1:6379/0", "redis://localhost", "redis:///0", "unix:///run/redis.sock"]
    )
    def test_on_this_machine_it_may_go_in_the_clear(self, url: str) -> None:
        connections.require_encrypted_redis(url)

    def test_encrypted_it_may_be_anywhere(self) -> None:
        connections.require_encrypted_redis("rediss://:p@broker.example:6380/0")


class TestTheMailServer:
    def test_elsewhere_it_needs_encryption(self) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"EMAIL_USE_TLS=0 .* in the clear"):
            connections.require_encrypted_mail("smtp.example", use_tls=False)

    def test_encrypted_or_on_this_machine_it_may_be(self) -> None:
        connections.require_encrypted_mail("smtp.example", use_tls=True)
        connections.require_encrypted_mail("127.0.0.1", use_tls=False)


class TestServersOfTheWeb:
    def test_elsewhere_they_need_encryption(self) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"SMS_GATEWAY_URL .* https://"):
            connections.require_encrypted_web("SMS_GATEWAY_URL", "http://sms.example/cgi-bin/sendsms")

    @pytest.mark.parametrize(
        "address", ["", "https://sms.example/", "http://127.0.0.1:13013/", "http://localhost:5000"]
    )
    def test_encrypted_or_on_this_machine_they_may_be(self, address: str) -> None:
        connections.require_encrypted_web("SMS_GATEWAY_URL", address)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"DATABASE_URL": "postgres://u:geheim@db.example/db"}, "DATABASE_URL"),
        ({"REDIS_URL": "redis://:geheim@broker.example/0"}, "REDIS_URL"),
        ({"EMAIL_HOST": "smtp.example", "EMAIL_USE_TLS": "0"}, "EMAIL_USE_TLS"),
        ({"SMS_GATEWAY_URL": "http://sms.example/"}, "SMS_GATEWAY_URL"),
        ({"TRANSLATION_URL": "http://vertaal.example"}, "TRANSLATION_URL"),
    ],
)
def test_production_says_it_in_a_sentence_and_ends(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    ended = _start(tmp_path, changes)
    assert ended.returncode != 0
    last = ended.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert named in last
    assert "geheim" not in ended.stderr


def test_production_starts_with_everything_encrypted(tmp_path: Path) -> None:
    ended = _start(
        tmp_path,
        {
            "DATABASE_URL": "postgres://u:geheim@db.example/db?sslmode=verify-full",
            "REDIS_URL": "rediss://:geheim@broker.example/0",
            "EMAIL_HOST": "smtp.example",
            "SMS_GATEWAY_URL": "https://sms.example/",
            "TRANSLATION_URL": "https://vertaal.example",
        },
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def _start(tmp_path: Path, changes: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Read the settings as production does."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "ingroeibloei.settings",
        "INGROEIBLOEI_ENV": "production",
        "INGROEIBLOEI_VAR": str(tmp_path),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "NOTICE_LINK_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "portaal.example.be",
        "SITE_URL": "https://portaal.example.be",
        **changes,
    }
    program = "from django.conf import settings; settings.DEBUG"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("pooled", ["0", "1"])
def test_a_machine_that_ends_without_a_word_is_given_up_in_seconds(
    pooled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not even say that it is gone, and libpq by itself waits without end."""
    monkeypatch.setenv("DATABASE_POOLED", pooled)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"postgres://portal@127.0.0.1:{mute.getsockname()[1]}/portal"
        config = stores.postgres(f"{address}?connect_timeout=2", "DATABASE_URL")
        alone = DatabaseWrapper({**connection.settings_dict, **config}, "alone")
        with pytest.raises(psycopg2.OperationalError, match="timeout"):
            alone.connect()
    options = stores.postgres(address, "DATABASE_URL")["OPTIONS"]
    assert 2 <= options["connect_timeout"] <= 10
    within = options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"]
    assert max(within, options["tcp_user_timeout"] / 1_000) < 60


@pytest.mark.django_db
def test_each_connection_lets_postgres_plan_for_memory() -> None:
    if connection.vendor != "postgresql":
        with CaptureQueriesContext(connection) as said:
            plan_for_memory(connection)
        assert len(said) == 0
        return
    shown = {}
    with connection.cursor() as cursor:
        for name in ("random_page_cost", "jit", "work_mem"):
            cursor.execute(f"SHOW {name}")
            shown[name] = cursor.fetchone()[0]
    assert shown == {"random_page_cost": "1.1", "jit": "off", "work_mem": "32MB"}


@pytest.mark.django_db
def test_a_database_of_somebody_else_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Who makes it without an owner, or brings tables back as another role, is told what to do."""
    if connection.vendor != "postgresql":
        pytest.skip("the embedded database belongs to who owns its file")
    own = {"PATH": os.environ["PATH"], "INGROEIBLOEI_ENV": "test", "INGROEIBLOEI_VAR": str(tmp_path)}
    on_server("CREATE ROLE stranger LOGIN")
    on_server("CREATE DATABASE barred TEMPLATE template0")
    try:
        own_name = str(connection.settings_dict["NAME"])
        for name, right, says in (
            (own_name, "GRANT USAGE ON SCHEMA public TO", "permission"),
            ("barred", "GRANT USAGE ON SCHEMA public TO", "permission"),
            ("barred", "REVOKE USAGE ON SCHEMA public FROM", "no schema"),
        ):
            on_server(f"{right} PUBLIC", dbname=name)
            url = f"postgres://stranger@/{name}?{urlsplit(same_database()['DATABASE_URL']).query}"
            command = [sys.executable, "manage.py", "prepare"]
            ended = subprocess.run(command, cwd=ROOT, env=own | {"DATABASE_URL": url}, capture_output=True, text=True)
            assert len(ended.stderr.splitlines()) == 1, ended.stderr
            words = ended.stderr.strip()
            assert "must belong to the role of DATABASE_URL (ALTER DATABASE … OWNER TO …). It says: " + says in words
    finally:
        on_server("DROP DATABASE barred")
        on_server("DROP ROLE stranger")


@pytest.mark.django_db
def test_a_database_that_may_only_be_read_is_said_in_one_sentence(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the embedded database is a file")
    on_server("CREATE DATABASE closed TEMPLATE template0")
    try:
        on_server("ALTER DATABASE closed SET default_transaction_read_only = on")
        own = {"PATH": os.environ["PATH"], "INGROEIBLOEI_ENV": "test", "INGROEIBLOEI_VAR": str(tmp_path)}
        address = urlsplit(same_database()["DATABASE_URL"])
        url = f"postgres://{address.username}@/closed?{address.query}"
        command = [sys.executable, "manage.py", "prepare"]
        ended = subprocess.run(command, cwd=ROOT, env=own | {"DATABASE_URL": url}, capture_output=True, text=True)
        assert ended.returncode == 1
        assert ended.stderr.startswith("The database may only be read. ")
        assert len(ended.stderr.splitlines()) == 1, ended.stderr
    finally:
        on_server("DROP DATABASE closed")
