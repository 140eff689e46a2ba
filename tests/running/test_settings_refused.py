"""Settings that cannot be are refused at the start, in a sentence that names them and shows no password."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

import manage
from ingroeibloei import connections, environment, mailsettings, stores
from tests.surface.test_headers import start

READERS: dict[str, Callable[[], object]] = {
    "ALLOWED_HOSTS": lambda: environment.hosts(environment.PRODUCTION),
    "DATABASE_URL": lambda: stores.database(Path(), testing=False),
    "DEFAULT_FROM_EMAIL": lambda: mailsettings.mail_address("DEFAULT_FROM_EMAIL", ""),
    "BOUNCE_IMAP_HOST": lambda: mailsettings.bounce_mailbox(environment.PRODUCTION),
    "DIGEST_AT": lambda: environment.weekly("DIGEST_AT", default="5 16:00"),
    "EMAIL_HOST": lambda: environment.server("EMAIL_HOST", "127.0.0.1"),
    "EMAIL_PORT": lambda: environment.integer("EMAIL_PORT", default=25, least=1, most=65_535),
    "REDIS_URL": connections.redis_url,
    "QUIET_HOURS": lambda: environment.hours("QUIET_HOURS", default=""),
    "SITE_URL": lambda: environment.site_url(environment.PRODUCTION),
    "TRANSLATION_URL": lambda: environment.web_address("TRANSLATION_URL"),
    "BACKUP_DIR": lambda: environment.place("BACKUP_DIR", Path("/var")),
    "SECRET_KEY_FALLBACKS": lambda: environment.earlier_secrets("SECRET_KEY_FALLBACKS", environment.PRODUCTION),
}
REFUSED = {
    "ALLOWED_HOSTS": ("https://portaal.example.be", "portaal.example.be:443", "a.example b.example", ".", "*.example"),
    "DATABASE_URL": (
        "postgres://a:geheim@host:port/x",
        "geheim",
        "://",
        "mysql://a:geheim@host/x",
        "postgres://[::1/x",
        "postgres://a:geheim/p@host/x",
        "postgres://a:p@geheim/p@127.0.0.1/x",
    ),
    "DEFAULT_FROM_EMAIL": (
        "school",
        "De school",
        "De school <school>",
        "@example.be",
        "a@example.be\nBcc: b@example.be",
    ),
    "BOUNCE_IMAP_HOST": ("imap.example.be:993", "imaps://imap.example.be"),
    "DIGEST_AT": ("vrijdag", "5", "8 16:00", "5 16:00+01:00"),
    "EMAIL_HOST": ("smtp.example.be:587", "https://smtp.example.be", "smtp..be", "a b", "smtp.be/x", "u@smtp.be"),
    "EMAIL_PORT": ("²", "٣", "0", "65536", "9" * 30, "-1", "2.5", " 25"),
    "REDIS_URL": ("geheim", "http://:geheim@host/0", "redis://:geheim@host:port/0", "redis://[::1", "localhost:6379"),
    "SITE_URL": (
        "https://[::1",
        "https://portaal.example.be:99999",
        "https://portaal.example.be/?x=1",
        "https://:443",
        "https://stad.example.be/portaal",
        "https://stad..be",
    ),
    "QUIET_HOURS": ("nacht", "20:00", "20:00-20:00", "20:00-07:00+01:00", "20:00Z-07:00Z"),
    "TRANSLATION_URL": ("http://[", "https://a b/", "http://host:port", "ftp://host"),
    "BACKUP_DIR": ("backups", "./backups", "~/backups", "-3"),
    "SECRET_KEY_FALLBACKS": ("geheim", f"{'s' * 32} geheim", "s" * 31),
}
TAKEN = {
    "ALLOWED_HOSTS": ("portaal.example.be", ".example.be", "a.example,b.example", "[::1]", "10.0.0.1"),
    "DATABASE_URL": (
        "postgres://a@/b?host=/run/postgresql",
        "postgresql://a:b@localhost:5432/c",
        "postgres://a@b:5432,c:5433/d",
    ),
    "DEFAULT_FROM_EMAIL": ("", "school@example.be", "De school <school@example.be>"),
    "BOUNCE_IMAP_HOST": ("",),
    "DIGEST_AT": ("5 16:00", "1 08:30"),
    "EMAIL_HOST": ("", "smtp.example.be", "mail_1", "10.0.0.1", "::1", "smtp.example.be."),
    "EMAIL_PORT": ("", "25", "65535"),
    "REDIS_URL": ("", "redis://127.0.0.1:6379/0", "rediss://:geheim@host/0", "redis:///0", "unix:///run/redis.sock"),
    "QUIET_HOURS": ("", "20:00-07:00"),
    "SITE_URL": ("https://portaal.example.be", "https://[::1]", "https://portaal.example.be:8443/"),
    "TRANSLATION_URL": ("", "http://127.0.0.1:5000", "https://vertaler.example.be/"),
    "BACKUP_DIR": ("", "/var/backups/with a space"),
    "SECRET_KEY_FALLBACKS": ("", "s" * 32, f"{'s' * 32} {'t' * 40}"),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        READERS[name]()
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in TAKEN.items() for value in values])
def test_one_that_can_be_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    READERS[name]()


@pytest.mark.parametrize("password", ["ge/heim", "ge?heim", "g@h/im"])
def test_a_sign_that_ends_a_password_too_soon_is_explained(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://a:{password}@127.0.0.1/x")
    with pytest.raises(ImproperlyConfigured, match="password / is %2F"):
        READERS["DATABASE_URL"]()


@pytest.mark.parametrize("names", [["portaal.example.be"], [".example.be"], ["a.example", "Portaal.Example.Be"]])
def test_links_of_mails_lead_to_a_name_of_this_server(names: list[str]) -> None:
    environment.require_own_site("https://portaal.example.be:8443", names)
    environment.require_own_site("https://[::1]", [*names, "[::1]"])
    with pytest.raises(ImproperlyConfigured, match=r"SITE_URL leads to ouders.example.*ALLOWED_HOSTS"):
        environment.require_own_site("https://ouders.example", names)


def test_production_does_not_start_with_links_to_elsewhere(tmp_path: Path) -> None:
    look = "from django.conf import settings; settings.DEBUG"
    ended = start(tmp_path, look, SITE_URL="https://ouders.example")
    assert "ImproperlyConfigured: SITE_URL leads to ouders.example" in ended.stderr
    assert start(tmp_path, look).returncode == 0


def test_production_does_not_start_with_a_log_that_would_be_shorter_than_the_database_keeps_it(tmp_path: Path) -> None:
    ended = start(tmp_path, "from django.conf import settings; settings.DEBUG", ACCESS_LOG_DAYS="365")
    assert "ImproperlyConfigured: ACCESS_LOG_DAYS is 365; it must be a number from 731" in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ERASURE_KEY", "kort", "is too short"),
        ("SPOKEN_BY_STAFF", "nl,fr", "names nl,fr; known are: "),
        ("SMS_GATEWAY_URL", "https://sms.example:poort/", "is 'https://sms.example:poort/'; it must be an address"),
        ("EMAIL_HOST", "smtp.example:587", "is 'smtp.example:587'; it must be a server's name alone"),
    ],
)
def test_production_does_not_start_with_what_would_be_wrong_and_silent(
    name: str, value: str, why: str, tmp_path: Path
) -> None:
    """By a short key the ledger of erased people is guessed; of languages that nobody knows no call is spoken; and
    what cannot be looked for is, at each message, a fault of the program."""
    ended = start(tmp_path, "from django.conf import settings; settings.DEBUG", **{name: value})
    assert f"ImproperlyConfigured: {name} {why}" in ended.stderr


def test_days_that_no_calendar_has_are_refused_at_the_start_and_not_in_the_night(tmp_path: Path) -> None:
    ended = start(tmp_path, "from django.conf import settings; settings.DEBUG", BREACH_DAYS="4000000")
    assert "ImproperlyConfigured: BREACH_DAYS is 4000000; it must be a number from 0 to 100000" in ended.stderr


@pytest.mark.parametrize(("given", "found"), [("true", shutil.which("true")), ("", ""), ("/nowhere/ffmpeg", "")])
def test_the_program_for_recordings_is_found_by_its_name_or_not_there(tmp_path: Path, given: str, found: str) -> None:
    """One that is named and not there would refuse every recording; without one they are kept as they come."""
    ended = start(tmp_path, "from django.conf import settings; print([settings.FFMPEG])", FFMPEG=given)
    assert ended.stdout.strip() == str([found])


def test_what_stands_empty_is_as_if_it_were_not_set(tmp_path: Path) -> None:
    """In ``portal.env.example`` names stand without a value. An empty folder is not the one where a program begins,
    mails have a sender (which ``doctor`` says is an example's), and parents read with whom they complain."""
    folders = ["BACKUP_DIR", "BACKUP_KEYS_DIR", "CLB_KEY_DIR", "ERASED_FILE"]
    names = [*folders, "DEFAULT_FROM_EMAIL", "EMAIL_HOST", "PRIVACY_SUPERVISOR"]
    look = f"from django.conf import settings; print(*(repr(getattr(settings, name)) for name in {names}), sep='|')"
    ended = start(tmp_path, look, **dict.fromkeys(names, ""))
    assert ended.returncode == 0, ended.stderr
    found = dict(zip(names, ended.stdout.strip().split("|"), strict=True))
    assert all(repr(str(tmp_path))[1:-1] in found[name] for name in folders), found
    assert found["DEFAULT_FROM_EMAIL"].endswith("<school@ingroeibloei.example>'")
    assert found["EMAIL_HOST"] == "'127.0.0.1'"
    assert "Gegevensbeschermingsautoriteit" in found["PRIVACY_SUPERVISOR"]


def test_production_without_its_folder_says_which_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = start(tmp_path, "from django.conf import settings; settings.DEBUG", INGROEIBLOEI_VAR=str(tmp_path / "file"))
    assert "ImproperlyConfigured: INGROEIBLOEI_VAR: the folder" in ended.stderr


def test_a_command_says_in_one_sentence_what_is_wrong(tmp_path: Path) -> None:
    def command(**settings: str) -> list[str]:
        ended = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            env={"PATH": os.environ["PATH"], "INGROEIBLOEI_ENV": "test", "INGROEIBLOEI_VAR": str(tmp_path)} | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 1
        return ended.stderr.splitlines()

    (words,) = command(EMAIL_PORT="smtp")
    assert words == "The settings are not right. EMAIL_PORT is 'smtp'; it must be a whole number."
    (words,) = command(DATABASE_URL=f"postgres://a@/b?host={tmp_path}")
    assert "See whether it runs and whether DATABASE_URL is right. It says: connection to server" in words


@pytest.mark.parametrize(("number", "what_to_do"), [(errno.ENOSPC, "Make room there"), (errno.EACCES, "Let it belong")])
def test_a_full_disk_is_a_sentence_too(number: int, what_to_do: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_arguments: list[str]) -> None:
        raise OSError(number, os.strerror(number), "/var/lib/portal/static")

    monkeypatch.setattr(manage, "execute_from_command_line", refuse)
    with pytest.raises(SystemExit, match=rf"{os.strerror(number)} \(/var/lib/portal/static\)\. {what_to_do}"):
        manage.main()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        ImproperlyConfigured, match=r"INGROEIBLOEI_VAR: the folder .*/file/var cannot be made: Not a dir"
    ):
        environment.folder(tmp_path / "file" / "var")
    assert environment.folder(tmp_path / "new" / "var").is_dir()


def test_what_production_makes_is_read_by_its_own_account_alone(tmp_path: Path) -> None:
    prepare = "import os; os.umask(0o022); from django.core.management import call_command; import django"
    made = start(tmp_path, f"{prepare}; django.setup(); call_command('prepare')")
    assert made.returncode == 0, made.stderr
    assert not (tmp_path / "ingroeibloei.sqlite3").stat().st_mode & 0o077
