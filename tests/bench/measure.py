"""Measuring beside a reference in the same run: what counts is the ratio, for the seconds move with the machine."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How much is built and measured. Every family has two guardians; the first schools are in the project.

    ``page_seconds`` is how long each page is asked for in one round. ``mails`` and ``claims`` are sent and claimed in
    one round; each of ``slow_connections`` numbers of connections carries ``slow_mails`` to a slow server. Every school
    of the project sent ``notices_each`` notices. Of each reader's pages of figures ``figure_pages`` are asked for, each
    ``page_rounds`` times.
    """

    name: str
    families: int
    contacts: int
    page_seconds: float
    mails: int
    claims: int
    slow_connections: tuple[int, ...]
    slow_mails: int
    schools: int = 100
    project_schools: int = 40
    notices_each: int = 0
    page_rounds: int = 20
    figure_pages: int = 1_000

    @property
    def is_province(self) -> bool:
        """Only its figures are measured."""
        return not self.mails

    @property
    def families_each(self) -> int:
        return self.families // self.schools

    @property
    def guardians(self) -> int:
        return 2 * self.families


SIZES = {
    size.name: size
    for size in (
        Size("full", 50_000, 100_000, 1.0, 5_000, 20_000, (1, 10, 50), 60),
        Size("quick", 5_000, 10_000, 0.25, 1_000, 2_000, (1, 10), 20),
        Size("province", 48_000, 1_000_000, 1.0, 0, 0, (), 0, 200, 200, 53),
        Size("tiny", 200, 400, 0.01, 40, 80, (2,), 4, notices_each=1, page_rounds=1, figure_pages=3),
    )
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of ours beside its reference, both in ``unit``; ``n`` is how many rows (or contacts) it is about."""

    name: str
    ours: float
    reference: float
    ratio: float
    unit: str
    n: int


@dataclass(frozen=True, slots=True)
class Bar:
    """What the ratio may be."""

    kind: Literal["at most", "at least"]
    value: float

    def holds(self, ratio: float) -> bool:
        return ratio <= self.value if self.kind == "at most" else ratio >= self.value

    def __str__(self) -> str:
        return f"{self.kind} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Result:
    measured: Measured
    bar: Bar | None = None

    @property
    def is_under(self) -> bool:
        return self.bar is not None and not self.bar.holds(self.measured.ratio)


def result(name: str, ours: float, reference: float, unit: str, n: int, bar: Bar | None = None) -> Result:
    return Result(Measured(name, ours, reference, ours / reference, unit, n), bar)


def seconds(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


def processor_clock(backend: int) -> Callable[[], float]:
    """Seconds that this process and a database server's process for it have computed: a neighbour's load does not
    count. For work that waits for nothing else; where Linux does not tell, the time that passes."""
    own = Path(f"/proc/{backend}/stat")
    if not own.exists():
        return time.perf_counter
    ticks = os.sysconf("SC_CLK_TCK")

    def now() -> float:
        user, system = own.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / ticks + time.process_time()

    return now


def interleaved(*runs: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """The median of each run's own figure. All take turns, so that a noisy moment of the machine meets every one."""
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for figures, run in zip(found, runs, strict=True):
            figures.append(run())
    return [median(figures) for figures in found]


def same(what: str, ours: object, reference: object) -> None:
    """AssertionError when two ways to the same rows or numbers disagree: a wrong answer has no speed."""
    if ours != reference:
        raise AssertionError(f"{what}: ours is {ours!r}, the reference says {reference!r}.")


def machine() -> str:
    """Where this was measured: load, cores, and the seconds of a fixed piece of work on one of them."""
    block = bytes(1_000_000)
    hashing = median(seconds(lambda: [hashlib.sha256(block).digest() for _ in range(50)]) for _ in range(3))
    counting = median(seconds(lambda: sum(number * number for number in range(1_000_000))) for _ in range(3))
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        f"load average {load} · {os.cpu_count()} cores · Python {platform.python_version()} · machine reference: "
        f"sha256 of 50 MB {hashing * 1000:.0f} ms, a million squares {counting * 1000:.0f} ms"
    )


def table(results: Sequence[Result]) -> str:
    """The results, one a line, those under their bar marked."""
    rows = [("what", "n", "ours", "reference", "unit", "ratio", "bar", "")]
    for entry in results:
        found = entry.measured
        bar, verdict = ("", "") if entry.bar is None else (str(entry.bar), "UNDER" if entry.is_under else "ok")
        numbers = (f"{found.n:,}", _short(found.ours), _short(found.reference), found.unit, f"{found.ratio:.2f}")
        rows.append((found.name, *numbers, bar, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    left = (0, 4, 6, 7)
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def write(results: Sequence[Result], path: Path, *, beside_others: bool = False) -> None:
    """The measured figures as a JSON list; ``beside_others`` leaves those of an earlier run that have other names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = {entry.measured.name for entry in results}
    kept = json.loads(path.read_text(encoding="utf-8")) if beside_others and path.exists() else []
    rows = [row for row in kept if row["name"] not in names]
    rows += [{**asdict(entry.measured), "ratio": round(entry.measured.ratio, 4)} for entry in results]
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"
