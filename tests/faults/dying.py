"""Work that another process does, and is killed at: where it stands still, or while it sends."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from django.conf import settings

from ingroeibloei.processes import die_with_parent
from tests.faults.processes import same_database


def killed_where_it_stands(module: str, *words: str) -> str:
    """Another process runs a module of the tests until it says a line, and is killed there; returns the line."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env=os.environ | same_database() | {"DJANGO_SETTINGS_MODULE": "ingroeibloei.settings"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(os.getpid()),
    )
    assert process.stdout is not None
    with process.stdout:
        said = process.stdout.readline().strip()
    process.kill()
    process.wait()
    return said


def dies_at(work: str, folder: Path, moment: str, day: date) -> list[str]:
    """Another process does ``work`` (``module:function``), and is killed where it stands still: "before" a mail leaves
    or "between" that and its row; returns the mails that left: to whom, and id."""
    said = killed_where_it_stands("tests.faults.reminding", day.isoformat(), str(folder), moment, work)
    assert said == "in the middle"
    kept = folder / "mails"
    return kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
