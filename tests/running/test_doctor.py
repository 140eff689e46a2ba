"""`doctor` says in words what is wrong and how to mend it; the operator gets a mail."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from anymail.exceptions import AnymailRecipientsRefused
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from ingroeibloei.operating import alerts, living, outside, placed, pulses
from ingroeibloei.operating.findings import Finding, Level
from messaging.models import Delivery, JobRun
from messaging.outbox.clocks import database_now
from messaging.services import publish_notice
from parents.sealing import make_key
from schools import clock
from tests import certificates
from tests import factories as make
from tests.messaging.sinks import mail_sink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_is_well(places: Path, settings: Any) -> None:
    """A portal in which nothing is wrong."""
    cache.clear()
    pulses.forget()
    for who in (pulses.BEAT, pulses.WORKER):
        pulses.note(who)
    settings.OPERATOR_EMAIL = "dienst@stad.example"
    places.joinpath("broker").mkdir()
    for job in ("backup", "backup of the keys", "retention"):
        JobRun.objects.create(job=job, period="now", at=clock.now() + timedelta(seconds=1))


def found() -> dict[str, Finding]:
    return {finding.code: finding for finding in (*living.look(), *placed.look())}


def wrong() -> set[str]:
    return {code for code, finding in found().items() if not finding.is_well}


def doctor(*arguments: str) -> tuple[int, str]:
    words = StringIO()
    try:
        call_command("doctor", *arguments, stdout=words)
    except SystemExit as ended:
        return int(ended.code or 0), words.getvalue()
    return 0, words.getvalue()


def test_when_all_is_well_it_says_so_and_ends_with_nought() -> None:
    status, words = doctor()
    assert status == 0, words
    assert "WRONG" not in words
    assert "The database answers." in words


def test_programs_read_it_too(settings: Any) -> None:
    settings.OPERATOR_EMAIL = ""
    status, words = doctor("--json")
    codes = {one["code"]: one["level"] for one in json.loads(words)}
    assert status == 1
    assert (codes["OPERATOR_EMAIL"], codes["database"]) == (Level.WARNING, Level.WELL)


class TestWhatMustLive:
    def test_a_database_that_does_not_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse() -> None:
            raise OperationalError("connection refused\nDETAIL: row of moeder@post.example")

        monkeypatch.setattr(connection, "ensure_connection", refuse)
        monkeypatch.setattr(connection, "close", lambda: None)
        status, words = doctor()
        assert status == 2
        assert "The database does not answer" in words
        assert "DATABASE_URL" in words
        assert "moeder" not in words

    def test_migrations_that_are_missing_and_those_of_a_later_version(self) -> None:
        recorder = MigrationRecorder(connection)
        recorder.record_unapplied("reports", "0002_guards")
        assert "manage.py prepare" in found()["migrations"].words
        recorder.record_applied("reports", "0002_guards")
        recorder.record_applied("reports", "0099_later")
        assert found()["migrations"].level is Level.BAD

    def test_a_database_without_tables_is_asked_nothing_of_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_such_table() -> None:
            raise ProgrammingError('relation "messaging_delivery" does not exist')

        monkeypatch.setattr("messaging.outbox.health", no_such_table)
        MigrationRecorder(connection).record_unapplied("reports", "0002_guards")
        status, words = doctor()
        assert status == 2
        assert "manage.py prepare" in words

    def test_a_broker_that_is_down(self, settings: Any) -> None:
        """Beat and workers are heard by way of it: nobody is told to start again what lives."""
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        cache.clear()
        assert wrong() == {"broker"}

    def test_beat_and_workers_that_are_silent(self) -> None:
        cache.clear()
        assert wrong() == {"beat", "worker"}

    def test_a_worker_is_silent_though_messages_wait(self) -> None:
        before = found_when_silent()
        school_class = make.make_class()
        make.make_family(school_class, emails=["moeder@post.example"])
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        Delivery.objects.update(due_at=database_now() - timedelta(minutes=7))
        after = found_when_silent()
        assert after["worker"].words != before["worker"].words
        assert "7" in after["late"].words

    def test_sending_that_is_paused(self, settings: Any) -> None:
        settings.OUTBOX_PAUSED = True
        assert wrong() == {"paused"}

    def test_a_clock_that_is_wrong(self) -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            assert "180" in found()["clock"].words


def found_when_silent() -> dict[str, Finding]:
    cache.clear()
    return found()


class TestWhereItStands:
    @pytest.mark.parametrize(("free", "level"), [(50, Level.WELL), (8, Level.WARNING), (1, Level.BAD)])
    def test_a_disk_that_is_nearly_full(self, free: int, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
        room = SimpleNamespace(total=100 * 10**9, free=free * 10**9)
        monkeypatch.setattr("shutil.disk_usage", lambda folder: room)
        (disk,) = [finding for code, finding in found().items() if code.startswith("disk")]
        assert disk.level is level

    def test_keys_that_are_missing_or_that_others_can_read(self, settings: Any) -> None:
        centre = make.make_centre()
        assert centre.name in found()["keys"].words
        make_key(centre)
        JobRun.objects.create(job="backup of the keys", period="later", at=clock.now() + timedelta(seconds=2))
        assert wrong() == set()
        (path,) = settings.CLB_KEY_DIR.glob("*.key")
        path.chmod(0o644)
        assert str(path) in found()[f"rights {path.name}"].words

    def test_families_that_others_can_read(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.PRODUCTION = True
        folder = settings.VAR_DIR / "open"
        folder.mkdir()
        folder.chmod(0o755)
        path = folder / "ingroeibloei.sqlite3"
        path.touch()
        path.chmod(0o644)
        monkeypatch.setattr(placed, "connection", SimpleNamespace(vendor="sqlite", settings_dict={"NAME": path}))
        assert placed._open_database() == [path]
        folder.chmod(0o700)
        assert placed._open_database() == []

    def test_a_key_that_belongs_to_another_account(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        make_key(make.make_centre())
        (path,) = settings.CLB_KEY_DIR.glob("*.key")

        def refuse(_path: Path, _mode: str) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "open", refuse)
        (finding,) = placed._keys()
        assert f"{path} (Permission denied)" in finding.words

    @pytest.mark.parametrize("name", ["", "recordings", "recordings/1c1d"])
    def test_files_that_another_account_brought_here(
        self, name: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        settings.MEDIA_ROOT = tmp_path / "media"
        (settings.MEDIA_ROOT / "recordings").mkdir(parents=True)
        (settings.MEDIA_ROOT / "recordings" / "1c1d").touch()
        assert "files" not in found()
        theirs, may = settings.MEDIA_ROOT / name, os.access
        monkeypatch.setattr("os.access", lambda path, mode: Path(path) != theirs and may(path, mode))
        assert f"{theirs} (Permission denied)" in found()["files"].words

    def test_styles_that_nobody_laid_out(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """After another folder was set, or a backup restored into one: the page that says an error fails then too."""
        monkeypatch.setattr(placed, "staticfiles_storage", SimpleNamespace(manifest_name="staticfiles.json"))
        settings.STATIC_ROOT = settings.VAR_DIR
        assert wrong() == {"styles"}
        (settings.VAR_DIR / "staticfiles.json").touch()
        assert wrong() == set()

    def test_a_key_that_opens_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        centre = make.make_centre()
        make_key(centre)
        monkeypatch.setattr(placed, "closed_centres", lambda: [centre])
        (finding,) = placed._keys()
        assert finding.level is Level.BAD
        assert centre.name in finding.words

    def test_files_may_lie_on_a_disk_of_their_own(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """With many machines the guide lays them on one that all share: full, nobody attaches or brings in anything."""
        media, really = settings.VAR_DIR / "media", Path.stat
        media.mkdir(exist_ok=True)
        settings.MEDIA_ROOT = media

        def stat(path: Path, **more: Any) -> Any:
            found = really(path, **more)
            return SimpleNamespace(st_dev=-1, st_mode=found.st_mode) if path == media else found

        monkeypatch.setattr(Path, "stat", stat)
        monkeypatch.setattr("shutil.disk_usage", lambda of: SimpleNamespace(total=10**12, free=10**12 * (of != media)))
        assert {code for code in wrong() if code.startswith("disk")} == {f"disk {media}"}

    def test_a_place_that_it_may_not_look_at(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_path: Path) -> bool:
            raise PermissionError(13, "Permission denied", "/root/erased.txt")

        monkeypatch.setattr(Path, "exists", refuse)
        (finding,) = placed._keys()
        assert finding.level is Level.BAD
        assert "/root/erased.txt (Permission denied)" in finding.words

    @pytest.mark.parametrize("name", ["BACKUP_DIR", "CLB_KEY_DIR"])
    def test_a_folder_that_it_may_not_look_at(self, name: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        shut = settings.VAR_DIR / "shut"
        shut.mkdir(mode=0o700)
        setattr(settings, name, shut)

        def refuse(_path: Any) -> None:
            raise PermissionError(13, "Permission denied", str(shut))

        monkeypatch.setattr("os.listdir" if name == "CLB_KEY_DIR" else "shutil.disk_usage", refuse)
        assert f"{shut} (Permission denied)" in " ".join(finding.words for finding in placed.look())

    def test_keys_that_are_in_no_backup(self, settings: Any) -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=1)):
            make_key(make.make_centre())
            for path in settings.CLB_KEY_DIR.glob("*.key"):
                os.utime(path, (clock.now().timestamp(),) * 2)
        assert wrong() == {"backup of the keys"}

    def test_backups_and_retention_that_were_not_done(self) -> None:
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            for who in (pulses.BEAT, pulses.WORKER):
                cache.set(f"pulse:{who}", clock.now().timestamp())
            assert wrong() - {"clock"} == {"backup", "retention"}

    def test_on_its_first_day_nothing_is_late(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(placed, "last_done", lambda _job: None)
        laid = MigrationRecorder(connection).migration_qs
        laid.update(applied=timezone.now())
        assert wrong() == set()
        laid.update(applied=timezone.now() - timedelta(days=3))
        assert wrong() == {"backup", "retention"}
        assert "No backup was made yet" in doctor()[1]

    def test_programs_that_are_missing(self, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        settings.FFMPEG = ""
        monkeypatch.setattr("schools.typeset.FONTS", tmp_path)
        assert wrong() == {"programs", "ffmpeg"}
        assert str(tmp_path) in found()["programs"].words

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("BACKUP_KEY", ""),
            ("BACKUP_KEY", "age1wrong"),
            ("OPERATOR_EMAIL", ""),
        ],
    )
    def test_settings_that_are_missing_or_wrong(self, name: str, value: str, settings: Any) -> None:
        setattr(settings, name, value)
        assert wrong() == {"backup" if name == "BACKUP_KEY" and not value else name}

    def test_settings_that_contradict(self, settings: Any) -> None:
        settings.SMS_DRIVER, settings.SMS_GATEWAY_URL = "gateway", ""
        settings.BACKUP_KEYS_DIR = settings.BACKUP_DIR
        settings.MAIL_PROVIDER_UNUSED = True
        assert wrong() == {"SMS_GATEWAY_URL", "BACKUP_KEYS_DIR", "ANYMAIL_BACKEND"}

    def test_a_folder_in_place_of_the_ledger_of_erased_people(self, settings: Any) -> None:
        settings.ERASED_FILE.mkdir()
        assert wrong() == {"ERASED_FILE"}
        assert str(settings.ERASED_FILE / "erased.txt") in found()["ERASED_FILE"].words

    def test_settings_that_production_needs(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.PRODUCTION = True
        monkeypatch.setattr(placed, "_open_database", list)  # that of the tests is nobody's secret
        settings.ERASURE_KEY = settings.SECRET_KEY
        settings.DEFAULT_FROM_EMAIL = "In groei en bloei <school@ingroeibloei.example>"
        settings.BOUNCE_IMAP, settings.BOUNCE_ADDRESS = {"host": "imap.example"}, ""
        settings.MAIL_DRIVER = "record"
        assert wrong() - {"database log"} == {"ERASURE_KEY", "DEFAULT_FROM_EMAIL", "BOUNCE_ADDRESS", "MAIL_DRIVER"}

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="the embedded database writes no log")
    def test_a_database_that_writes_down_what_it_refuses(self, settings: Any) -> None:
        assert "database log" not in found()  # a demo or a test
        settings.PRODUCTION = True
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL log_min_error_statement = error; SET LOCAL log_error_verbosity = terse")
            assert f"ALTER ROLE {connection.settings_dict['USER']} SET" in found()["database log"].words
            cursor.execute("SET LOCAL log_min_error_statement = panic")
            assert found()["database log"].is_well


class TestServersOfOthers:
    @pytest.fixture(autouse=True)
    def by_smtp(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_USE_TLS = False

    def test_a_mail_server_that_takes_mails(self, settings: Any) -> None:
        with mail_sink() as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            assert [one.is_well for one in outside.look()] == [True]

    def test_one_that_is_not_there(self, settings: Any) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        (finding,) = outside.look()
        assert (finding.code, finding.level) == ("mail", Level.BAD)
        assert "EMAIL_HOST" in finding.words

    def test_one_that_refuses_us(self, settings: Any) -> None:
        with mail_sink() as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, True
            (finding,) = outside.look()
        assert "EMAIL_USE_TLS" in finding.words

    def test_one_whose_certificate_is_not_believed(self, settings: Any, tmp_path: Path) -> None:
        """An expired one too: somebody answers, and host and port are right."""
        with mail_sink(tls=certificates.server(tmp_path, None)) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, True
            (finding,) = outside.look()
        assert "(self-signed certificate)" in finding.words

    def test_a_gateway_that_is_not_there(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        settings.SMS_DRIVER, settings.SMS_GATEWAY_URL = "gateway", "http://127.0.0.1:1/cgi-bin/sendsms"
        (finding,) = outside.look()
        assert "SMS_GATEWAY_URL" in finding.words


class RefusingProvider(BaseEmailBackend):
    """A provider that takes mails, and not for this address."""

    def send_messages(self, messages: Any) -> int:
        raise AnymailRecipientsRefused(email_message=messages[0])


class TestTheOperator:
    def test_is_told_once_a_day_and_when_it_is_over(self, settings: Any) -> None:
        assert not alerts.tell_operator()
        url, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
        assert alerts.tell_operator()
        assert not alerts.tell_operator()
        (told,) = mail.outbox
        assert told.to == ["dienst@stad.example"]
        assert "REDIS_URL" in told.body
        settings.BACKUP_KEYS_DIR = settings.BACKUP_DIR
        assert alerts.tell_operator(), "something else is wrong too"
        settings.REDIS_URL, settings.BACKUP_KEYS_DIR = url, settings.VAR_DIR
        assert alerts.tell_operator()
        assert not alerts.tell_operator()
        assert len(mail.outbox) == 3

    def test_is_told_again_the_next_day(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert alerts.tell_operator()
        monkeypatch.setattr(alerts, "_AGAIN", timedelta(0))
        assert alerts.tell_operator()

    def test_a_provider_that_refuses_the_address_is_a_sentence_too(self, settings: Any) -> None:
        settings.REDIS_URL, settings.EMAIL_BACKEND = "redis://127.0.0.1:1/0", f"{__name__}.{RefusingProvider.__name__}"
        assert not alerts.tell_operator()
        with pytest.raises(CommandError, match="The mail provider refuses it"):
            doctor("--mail", "dienst@stad.example")

    def test_nobody_is_told_where_nobody_is_named(self, settings: Any) -> None:
        settings.OPERATOR_EMAIL, settings.REDIS_URL = "", "redis://127.0.0.1:1/0"
        assert not alerts.tell_operator()
        assert not mail.outbox
