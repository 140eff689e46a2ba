"""``manage.py run`` says no before it touches anything, in a sentence that tells what to do."""

import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from ingroeibloei.management.commands import run
from ingroeibloei.owndatabase import require_own_tables


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture(autouse=True)
def nothing_may_start(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A refusal that comes too late fails here, and not by running a server inside the tests."""

    def too_late(*_args: object) -> None:
        pytest.fail("it was not refused in time")

    monkeypatch.setattr(run, "prepare", too_late)
    monkeypatch.setattr(run, "forget_demo_world", too_late)
    monkeypatch.setattr(run, "restart_without", too_late)
    settings.VAR_DIR = tmp_path


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "school.example", "::"])
def test_a_demo_listens_on_this_machine_only(settings: Any, host: str) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="listens on this machine only"):
        call_command("run", host=host, port=8000, demo=True)


@pytest.mark.parametrize("option", ["demo", "fresh"])
def test_demo_options_are_refused_where_families_are_real(settings: Any, option: str) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="This is no demo"):
        call_command("run", **{option: True})


def test_a_taken_port_is_named_before_anything_is_prepared() -> None:
    with taken_port() as port, pytest.raises(CommandError, match=f"Port {port} of 127.0.0.1 cannot be used"):
        call_command("run", port=port)


def test_a_port_that_nobody_would_find_is_refused() -> None:
    with pytest.raises(CommandError, match="Port 0 is whichever is free"):
        call_command("run", port=0)


def test_a_second_run_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with run.sole_run(tmp_path):
        with taken_port() as port:
            free = port
        with pytest.raises(CommandError, match="already runs"):
            call_command("run", port=free)


def test_the_folder_is_free_again_when_a_run_ended(tmp_path: Path) -> None:
    with run.sole_run(tmp_path):
        pass
    with run.sole_run(tmp_path):
        assert (tmp_path / run.LOCK_FILE).exists()


@pytest.mark.django_db
def test_data_of_another_version_are_left_alone(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    MigrationRecorder(connection).record_applied("parents", "0099_of_later")
    monkeypatch.undo()  # here the preparing itself is tried
    settings.DEMO = True
    with pytest.raises(CommandError, match=r"another version of the portal: parents\.0099_of_later.*make demo-reset"):
        run.prepare()
    settings.DEMO = False
    with pytest.raises(CommandError, match=r"parents\.0099_of_later.*Install the version that they come from"):
        run.prepare()


@pytest.mark.django_db
def test_tables_of_another_version_are_seen_though_its_migrations_are_called_the_same() -> None:
    require_own_tables()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE schools_partner RENAME COLUMN name TO called")
    with pytest.raises(CommandError, match=r"another version of the portal: schools_partner has no name\."):
        require_own_tables()


def test_ctrl_c_ends_it_while_it_makes_ready_even_where_python_clears_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Rubbish:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)

    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    before = signal.getsignal(signal.SIGINT)  # ignored, where the tests themselves run behind a terminal
    with run.ends_at_once():
        rubbish = Rubbish()
        del rubbish
    assert ended == [130]
    assert capsys.readouterr().err.startswith("Stopped.")
    assert signal.getsignal(signal.SIGINT) is before
