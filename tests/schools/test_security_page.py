"""The page about security names tests that exist: a promise nobody tries any more is seen."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_it_names_is_there() -> None:
    named = re.findall(r"`(tests/[a-z_/]+\.py)`", PAGE)
    assert len(set(named)) > 20
    assert [name for name in named if "def test" not in (ROOT / name).read_text(encoding="utf-8")] == []


def test_each_promise_names_one() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert rows
    assert [row for row in rows if "`tests/" not in row.rsplit("|", 2)[1]] == []


def test_each_requirement_says_how_and_is_named_once() -> None:
    table = PAGE.split("## OWASP ASVS 5.0, level 2", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split(" | ") for line in table.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) > 80
    assert [row for row in rows if len(row) != 3 or not all(cell.strip() for cell in row)] == []
    named = [number for row in rows for number in _numbers(row[0])]
    assert sorted({number for number in named if named.count(number) > 1}) == []
    firsts = [_numbers(row[0])[0] for row in rows]
    assert firsts == sorted(firsts), "in the order of the standard"
    assert {number[0] for number in named} == {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}


def _numbers(cell: str) -> list[tuple[int, int, int]]:
    """1.2.3, and each between 1.2.3–1.2.5."""
    found: list[tuple[int, int, int]] = []
    for first, last in re.findall(r"(\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))?", cell):
        chapter, section, start = map(int, first.split("."))
        end = int(last.split(".")[2]) if last else start
        found += [(chapter, section, number) for number in range(start, end + 1)]
    return found
