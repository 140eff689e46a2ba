"""A command begins in a process of its own, where nobody imported anything before it; what the web server does too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(path.stem for path in (ROOT / "reports/management/commands").glob("[a-z]*.py"))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_reports_begins(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", command, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"manage.py {command}" in done.stdout


def said_by(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_who_loads_no_apps_goes_on_looking_for_rubbish() -> None:
    """The leader of the web server behind nginx: it knows our logger alone, lives for months, and what it begins is as
    it is."""
    assert said_by("import gc, ingroeibloei.weblogs; print(gc.isenabled())") == "True"


def test_what_is_loaded_before_the_web_server_makes_its_workers_opens_nothing() -> None:
    """A connection or a thread would be in each of them. Python looks for rubbish again, but not in what is loaded."""
    program = """
import gc, threading, ingroeibloei.wsgi
from django.db import connections
opened = [one for one in connections.all(initialized_only=True) if one.connection]
print(gc.isenabled(), gc.get_freeze_count() > 100_000, opened, threading.active_count())
"""
    assert said_by(program) == "True True [] 1"
