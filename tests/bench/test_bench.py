"""The bench itself: that it measures what it says, compares before it times, and names what fell under a bar.

How fast anything is, is not tested here: that is what `make bench` is for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.measure import Bar, interleaved, machine, result, same, table, write

pytestmark = pytest.mark.either_engine
ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {"name", "ours", "reference", "ratio", "unit", "n"}


def test_bar_holds_in_its_own_direction() -> None:
    assert Bar("at most", 1.5).holds(1.5)
    assert not Bar("at most", 1.5).holds(1.51)
    assert Bar("at least", 0.5).holds(0.5)
    assert not Bar("at least", 0.5).holds(0.49)


def test_runs_take_turns_and_each_gets_its_own_median() -> None:
    turns: list[str] = []
    figures = iter([9.0, 1.0, 2.0, 8.0, 3.0])

    def ours() -> float:
        turns.append("ours")
        return next(figures)

    def reference() -> float:
        turns.append("reference")
        return 4.0

    assert interleaved(ours, reference) == [3.0, 4.0]
    assert turns == ["ours", "reference"] * 5


def test_results_that_differ_are_never_timed() -> None:
    same("rows", 3, 3)
    with pytest.raises(AssertionError, match="rows: ours is 3, the reference says 4"):
        same("rows", 3, 4)


def test_table_marks_what_is_under_its_bar() -> None:
    slow = result("planning", 4.0, 2.0, "s", 100_000, Bar("at most", 1.5))
    free = result("one figure", 1.0, 4.0, "ms", 10)
    lines = table([slow, free]).splitlines()
    assert slow.is_under
    assert not free.is_under
    assert lines[1].split() == ["planning", "100,000", "4.000", "2.000", "s", "2.00", "at", "most", "1.5", "UNDER"]
    assert lines[2].split() == ["one", "figure", "10", "1.000", "4.000", "ms", "0.25"]


def test_figures_are_written_with_the_agreed_keys(tmp_path: Path) -> None:
    target = tmp_path / "bench" / "latest.json"
    write([result("planning", 3.0, 2.0, "s", 7, Bar("at most", 1.5))], target)
    rows = json.loads(target.read_text(encoding="utf-8"))
    assert rows == [{"name": "planning", "ours": 3.0, "reference": 2.0, "ratio": 1.5, "unit": "s", "n": 7}]


def test_figures_of_another_run_stay_beside_those_of_this_one(tmp_path: Path) -> None:
    target = tmp_path / "latest.json"
    write([result("planning", 3.0, 2.0, "s", 7), result("home row", 3.0, 2.0, "s", 7)], target)
    write([result("home row", 4.0, 2.0, "s", 7)], target, beside_others=True)
    assert [(row["name"], row["ratio"]) for row in json.loads(target.read_text())] == [
        ("planning", 1.5),
        ("home row", 2),
    ]


def test_machine_line_says_how_loaded_it_was() -> None:
    assert machine().startswith("load average ")


@pytest.mark.full
@pytest.mark.slow
def test_tiny_bench_compares_and_measures_everything(tmp_path: Path) -> None:
    """The whole of it on a small world, in a process and a database server of its own, whatever engine the tests use.

    It ends with 0 only when planned rows, pages and figures were equal to those of their references.
    """
    target = tmp_path / "latest.json"
    command = [sys.executable, "-m", "tests.bench", "--size", "tiny", "--output", str(target)]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(target.read_text(encoding="utf-8"))
    assert all(set(row) == KEYS and row["ours"] > 0 and row["reference"] > 0 for row in rows)
    measured = " ".join(row["name"] for row in rows)
    for part in (
        "planning",
        "bulk_create",
        "parents' notice",
        "class list",
        "bare view",
        "home row",
        "Dutch of a long notice",
        "evaluation of 40 pages",
        "reading a roster (OneRoster)",
        "bringing a roster in",
        "I23",
        "slowest page of figures of a head",
        "letters a second",
        "builds the same",
        "django-post_office",
        "takes 50 ms",
        "two plain UPDATEs",
    ):
        assert part in measured
