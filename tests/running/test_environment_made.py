"""The environment is made with the Python that is there, also where it comes without pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Debian's Python without python3-venv: a folder for itself it makes only when nobody asks for pip in it.
WITHOUT_PIP = """#!/bin/sh
if [ "$1 $2" = "-m venv" ] && [ "$3" != --without-pip ]; then echo "ensurepip is not available"; exit 1; fi
exec "{python}" "$@"
"""
#: A Python that has pip; what it is asked to install is written down.
WITH_PIP = """#!/bin/sh
[ "$1 $2" = "-m pip" ] || exit 1
echo "$@" >> "{asked}"
"""


def program(path: Path, words: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(words)
    path.chmod(0o755)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    house = tmp_path / "a house"
    shutil.copytree(ROOT / "requirements", house / "requirements")
    return house


def made(house: Path, python: Path | str, programs: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "requirements/environment.sh", "runtime"],
        cwd=house,
        env={"PATH": f"{programs}:/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_another_python_s_pip_fills_the_folder_of_one_without(house: Path, tmp_path: Path) -> None:
    asked, programs = tmp_path / "asked", tmp_path / "programs"
    program(tmp_path / "python", WITHOUT_PIP.format(python=sys.executable))
    program(programs / "python3.13", WITH_PIP.format(asked=asked))
    program(programs / "uv", "#!/bin/sh\nexit 1\n")
    first = made(house, tmp_path / "python", programs)
    assert first.returncode == 0, first.stderr
    lines = asked.read_text().splitlines()
    asked_to_install = [line for line in lines if " install " in line]
    assert len(asked_to_install) == 1
    assert "--python .venv/bin/python" in asked_to_install[0]
    assert asked_to_install[0].endswith("--require-hashes -r requirements/runtime.txt")
    again = made(house, tmp_path / "python", programs)
    assert (again.returncode, again.stdout) == (0, ""), "a second call finds everything there"
    assert asked.read_text().splitlines() == lines


def test_a_python_that_is_too_old_is_named(house: Path, tmp_path: Path) -> None:
    program(tmp_path / "old", "#!/bin/sh\nexit 1\n")
    answer = made(house, tmp_path / "old", tmp_path)
    assert answer.returncode != 0
    assert f"PYTHON={tmp_path / 'old'} is not a Python 3.11, 3.12, 3.13 or 3.14 that runs." in answer.stderr
    assert not (house / ".venv").exists()
