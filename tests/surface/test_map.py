"""The map of the README leads to files that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("ingroeibloei", "schools", "parents", "messaging", "reports", "templates", "docs", "deploy")


def test_every_file_of_the_map_is_there() -> None:
    """A name without a folder stands beside the one before it, so that its end is enough."""
    there = [f"/{path.relative_to(ROOT)}" for app in APPS for path in (ROOT / app, *(ROOT / app).rglob("*"))]
    rows = (ROOT / "README.md").read_text().partition("| you look for |")[2].partition("\n\n")[0]
    named = re.findall(r"[`(]([a-z_/-]+(?:\.(?:py|json|js|md)|/))[`)]", rows)
    assert len(named) > 150
    assert [name for name in named if not any(path.endswith(f"/{name.rstrip('/')}") for path in there)] == []
