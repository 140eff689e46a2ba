"""Programs beside the portal: started again when they end, ended with it, never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingroeibloei import processes
from ingroeibloei.processes import EndlessFailure, Program, end_all

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF_WITH_CHILD = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""
PARENT = """
import sys, time
from ingroeibloei.processes import Program
program = Program("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
program.start()
print(program.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    """Whether the process still runs; one that ended but was not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(happens: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def watch_for_ever(program: Program, statuses: list[int]) -> None:
    while True:
        status = program.keep_running()
        if status is not None:
            statuses.append(status)
        time.sleep(0.02)


def test_a_program_that_runs_is_left_alone() -> None:
    program = Program("sleeper", SLEEPER)
    program.start()
    pid = program.pid
    try:
        assert program.keep_running() is None
        assert program.pid == pid
    finally:
        end_all([program])
    assert not is_alive(pid)


def test_a_program_that_ended_is_started_again_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE_SECONDS", 0.3)
    program = Program("sleeper", SLEEPER)
    program.start()
    first = program.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not program.is_running)
    try:
        assert program.keep_running() == -signal.SIGKILL
        assert program.keep_running() is None
        assert not program.is_running
        wait_until(lambda: program.keep_running() is None and program.is_running)
        assert program.pid != first
    finally:
        end_all([program])


def test_a_program_that_never_stays_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE_SECONDS", 0)
    program = Program("web server", [sys.executable, "-c", "raise SystemExit(3)"])
    statuses: list[int] = []
    with pytest.raises(EndlessFailure, match="web server"):
        watch_for_ever(program, statuses)
    assert statuses == [3] * processes.FAILURES_TOLERATED


def test_a_program_that_does_not_listen_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    program = Program("deaf", [sys.executable, "-c", DEAF_WITH_CHILD, str(noted)])
    program.start()
    wait_until(lambda: noted.exists() and noted.read_text())
    leader, child = program.pid, int(noted.read_text())
    begun = time.monotonic()
    end_all([program], grace=0.3)
    assert time.monotonic() - begun < 5
    assert not is_alive(leader)
    wait_until(lambda: not is_alive(child))


@pytest.mark.fault
def test_a_program_goes_with_its_parent_even_when_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    wait_until(lambda: not is_alive(child))
