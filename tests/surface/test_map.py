"""The maps lead to files that are there, and the pages of the documentation to each other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("ingroeibloei", "schools", "parents", "messaging", "reports", "templates", "docs", "deploy")


def test_every_file_of_the_map_is_there() -> None:
    """A name without a folder stands beside the one before it, so that its end is enough."""
    there = [f"/{path.relative_to(ROOT)}" for app in APPS for path in (ROOT / app, *(ROOT / app).rglob("*"))]
    rows = (ROOT / "docs" / "map.md").read_text()
    rows += (ROOT / "README.md").read_text().partition("| you look for |")[2].partition("\n\n")[0]
    named = re.findall(r"[`(]([a-z_/-]+(?:\.(?:py|json|js|md)|/))[`)]", rows)
    assert len(named) > 150
    assert [name for name in named if not any(path.endswith(f"/{name.rstrip('/')}") for path in there)] == []


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    links = [
        (page, target, heading)
        for page in pages
        for target, heading in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", page.read_text())
    ]
    assert len(links) > 20
    assert [str(page.parent / target) for page, target, _heading in links if not (page.parent / target).exists()] == []
    for page, target, heading in links:
        if heading:
            told = (page.parent / target if target else page).read_text()
            headings = {
                re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
                for line in told.splitlines()
                if line.startswith("#")
            }
            assert heading in headings, f"{page.name}: {target}#{heading}"
    told_of = {page.name for page in pages[1:] if f"docs/{page.name}" in pages[0].read_text()}
    assert {page.name for page in pages[1:]} == told_of
