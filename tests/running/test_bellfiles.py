"""The embedded broker: what rings in the folder is whole, whenever somebody looks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

from ingroeibloei import bellfiles, celery

MESSAGE = {"body": "ring", "properties": {"delivery_tag": "1"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def channel(folder: Path) -> Iterator[Any]:
    where = {name: str(folder) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    with Connection("filesystem://localhost/", transport_options=where) as connection:
        yield connection.channel()


def looking_first(look: Callable[[], None], act: Callable[..., Any]) -> Callable[..., Any]:
    def acted(*given: Any, **named: Any) -> Any:
        look()
        return act(*given, **named)

    return acted


def test_the_portal_s_broker_is_this_one() -> None:
    with celery.app.connection_for_write("filesystem://localhost/") as connection:
        assert connection.get_transport_cls() is bellfiles.Transport


def test_who_looks_while_a_message_is_written_finds_none_and_afterwards_the_whole(
    channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def look() -> None:
        with suppress(Empty):
            looked.append(channel._get("celery"))
        looked.append("nothing")

    for module in (bellfiles, filesystem):
        monkeypatch.setattr(module, "dumps", looking_first(look, dumps))
    monkeypatch.setattr(os, "replace", looking_first(look, os.replace))
    channel._put("celery", MESSAGE)
    assert looked == ["nothing", "nothing"]
    assert channel._size("celery") == 1
    assert channel._get("celery") == MESSAGE


def test_the_half_of_who_was_killed_goes_and_what_is_being_written_stays(channel: Any, folder: Path) -> None:
    left, written, whole = (folder / name for name in (".1_a.celery.msg", ".2_b.celery.msg", "3_c.celery.msg"))
    for file in (left, written, whole):
        file.write_text("{")
    for file in (left, whole):
        os.utime(file, (time.time() - 3600,) * 2)
    channel.connection.create_channel(channel.connection)
    assert sorted(folder.iterdir()) == sorted([written, whole])


def test_a_folder_that_takes_nothing_is_a_broker_that_is_away_and_keeps_no_half(
    channel: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ChannelError):
        channel._put("celery", MESSAGE)
    assert list(folder.iterdir()) == []
