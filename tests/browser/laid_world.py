"""The demo world of the running portals, made once for this code and day and copied for each of them.

A browser looks at what stands there; it takes longer to migrate and to build it than to try a page. What was made is
kept under ``.cache``, like the databases of ``tests.readymade``.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.services import postgres_program

_ROOT = Path(__file__).resolve().parents[2]
_FOLDER = _ROOT / ".cache" / "test_worlds"
#: What a world is made from.
_SOURCES = ("ingroeibloei", "schools", "parents", "messaging", "reports", "requirements", "templates", "locale")
_ROWS = "rows.sql"


def lay_world(folder: Path, environment: dict[str, str]) -> None:
    """Fills a new portal's folder and its empty database; one process at a time makes what the others copy."""
    url = environment.get("DATABASE_URL", "")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kind = f"{'postgres' if url else 'sqlite'}{environment.get('DEMO_TODAY', '').replace('-', '')}"
        kept = _FOLDER / f"{kind}-{fingerprint()}"
        if not kept.exists():
            for older in _FOLDER.glob(f"{kept.name.partition('-')[0]}-*"):
                shutil.rmtree(older)
            _make(kept, environment, url)
        elif url:
            _run(
                postgres_program("psql"),
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                f"--dbname={url}",
                f"--file={kept / _ROWS}",
            )
    shutil.copytree(kept, folder, ignore=shutil.ignore_patterns(_ROWS), dirs_exist_ok=True)


def _make(kept: Path, environment: dict[str, str], url: str) -> None:
    """On the caller's own database, where it may stay."""
    fresh = kept.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for command in ("migrate", "seed_demo"):
        own = environment | {"INGROEIBLOEI_VAR": str(fresh), "INGROEIBLOEI_ENV": "demo"}
        _run(sys.executable, "manage.py", command, "-v0", environment=own)
    if url:
        _run(postgres_program("pg_dump"), "--no-owner", f"--dbname={url}", f"--file={fresh / _ROWS}")
    fresh.rename(kept)


def _run(*words: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(words, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def fingerprint() -> str:
    found = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for name in _SOURCES:
        for path in sorted((_ROOT / name).rglob("*")):
            if path.suffix in {".py", ".json", ".txt", ".md", ".html", ".po", ".wav", ".m4a"}:
                found.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]
