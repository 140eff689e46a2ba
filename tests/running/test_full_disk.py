"""A full disk: pages that need no room answer still, and what cannot be counted is not."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict

from ingroeibloei import stores
from ingroeibloei.operating import living, metrics, pulses, room
from schools.privatefiles import PrivateFiles

pytestmark = pytest.mark.django_db


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def has_holes(file: Path) -> bool:
    """Who writes into a hole of a mapped file on a full disk is ended by the kernel."""
    found = file.stat()
    return found.st_blocks * 512 < found.st_size


def test_the_file_of_a_process_has_its_room_before_it_is_written(tmp_path: Path) -> None:
    counted = values.MmapedDict(str(tmp_path / "own.db"))
    for number in range(2_000):
        counted.write_value(f"{number}" * 9, float(number), 0.0)
        assert not has_holes(tmp_path / "own.db"), number
    counted.close()
    again = values.MmapedDict(str(tmp_path / "own.db"))
    assert again.read_value("1999" * 9)[0] == 1999.0
    again.close()
    MmapedDict(str(tmp_path / "theirs.db")).close()
    assert has_holes(tmp_path / "theirs.db"), "prometheus_client does so itself by now: _RoomFirst may go"


def test_without_room_a_page_is_answered_and_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_where: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def counts(*_names: str) -> Any:
        return values.MmapedDict(str(tmp_path / "own.db"))

    monkeypatch.setattr(os, "posix_fallocate", is_full)
    monkeypatch.setattr(metrics._requests, "labels", counts)
    assert Client().get(reverse("live")).status_code == 200
    monkeypatch.setattr(metrics._tasks, "labels", counts)
    metrics._task_began(task_id="full")
    metrics._task_ended(task_id="full", state="SUCCESS")


def test_a_database_without_room_is_told_to_the_monitor_and_to_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers still, and saves nothing."""
    cache.clear()
    pulses.forget()
    pulses.note(pulses.BEAT)
    assert Client().get(reverse("ready")).status_code == 200
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET temp_file_limit = '64kB'")  # as if the disk took no more
    else:
        monkeypatch.setattr(room.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=0, total=10**9))
    answer = Client().get(reverse("ready"))
    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert Client().get(reverse("live")).status_code == 200
    told = {finding.code: finding.words for finding in living.look()}
    assert "vol" in told["database"]


def test_what_a_full_disk_took_of_a_file_goes_again(tmp_path: Path, settings: Any) -> None:
    """Half a list of pupils that no row knows, and each new try would leave another half."""
    settings.MEDIA_ROOT = tmp_path
    with files_of_at_most(1_000), pytest.raises(OSError, match="File too large"):
        PrivateFiles("rosters").keep(b"x" * 100_000)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("door", "said"),
    [
        ("guardian_sign_in", {"contact": "ouder@thuis.example"}),
        ("account_login", {"login": "leerkracht@school.example", "password": "verkeerd"}),
    ],
)
def test_nobody_signs_in_while_tries_cannot_be_counted_in_files(
    door: str, said: dict[str, str], tmp_path: Path, settings: Any
) -> None:
    settings.CACHES = {"default": stores.cache("", tmp_path)}
    client = Client(raise_request_exception=False, headers={"accept-language": "fr"})
    with files_of_at_most(0):
        answer = client.post(reverse(door), said)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert '<html lang="fr-BE"' in answer.content.decode()
