"""Figures that a text names: the value of an indicator, its counts, another period, or one cell of a table.

``{{ I01 }}``, ``{{ I01.n }}``, ``{{ I01.baseline }}``, ``{{ T1.de-kersenboom.bereikt }}``: a cell is called by the
words at the head of its row and column, so that a school more or less in the table moves no figure to another place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.text import slugify

from reports.evaluation.counting import NOT_SHOWN
from reports.indicators import INDICATORS
from reports.models import ChapterBlock, FigureRun
from reports.richtext import PLACEHOLDER, Run

UNKNOWN_FIGURE = "[onbekend cijfer]"
#: What a sentence says after itself when a figure of it may not be shown.
WHY_NOT_SHOWN = " (Niet getoond: de groep is te klein, of een kleine groep zou eruit blijken.)"
_PERIODS = ("baseline", "end")
_COUNTS = ("n", "N")


class Figures:
    """The bound runs of a report, found by what a text calls them."""

    def __init__(self, blocks: Iterable[ChapterBlock]) -> None:
        self.named: dict[tuple[str, str], FigureRun] = {}
        #: Tables, charts and cards by their code.
        self.blocks: dict[str, ChapterBlock] = {}
        for block in blocks:
            if block.run.indicator not in INDICATORS:
                self.blocks[block.run.indicator] = block
            self.named.setdefault((block.run.indicator, block.run.parameters.get("window", "year")), block.run)

    def run_of(self, code: str, part: str) -> Run:
        """The words for ``{{ code.part }}`` with the run and the cell of it from which they are."""
        run = self.named.get((code, part if part in _PERIODS else "year"))
        words = None if run is None else words_in(run.result, code, part)
        if run is None or words is None:
            return {"text": UNKNOWN_FIGURE, "bold": True, "unknown": True}
        bound: Run = {"text": words, "run": run.pk, "cell": part or "value"}
        return bound | ({"bold": True} if part in _COUNTS else {"ref": code})

    def filled(self, runs: list[Run]) -> list[Run]:
        """The runs with every placeholder replaced by its figure. A hidden one is told why, once, at the end."""
        filled: list[Run] = []
        for run in runs:
            at = 0
            for found in PLACEHOLDER.finditer(run["text"]):
                if before := run["text"][at : found.start()]:
                    filled.append({**run, "text": before})
                filled.append(self.run_of(found[1], found[2] or ""))
                at = found.end()
            if rest := run["text"][at:]:
                filled.append({**run, "text": rest})
        is_hidden = any("cell" in run and run["text"] == NOT_SHOWN for run in filled)
        return [*filled, {"text": WHY_NOT_SHOWN, "italic": True}] if is_hidden else filled


def words_in(result: dict[str, Any], code: str, part: str) -> str | None:
    """What stands at a place of a run's result; None where there is no such place."""
    if "table" in result:
        return dict(cells_of(result["table"])).get(part)
    if code not in INDICATORS or part not in ("", *_PERIODS, *_COUNTS):
        return None
    if part in _COUNTS:
        return NOT_SHOWN if result[part] is None else str(result[part])
    return str(result["text"])


def cells_of(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, words) of each cell of a table beside the heads of its rows."""
    columns = _names([column["label"] for column in table["columns"]])
    rows = _names([row[0] for row in table["rows"]])
    for name, row in zip(rows, table["rows"], strict=True):
        yield from ((f"{name}.{column}", words) for column, words in zip(columns[1:], row[1:], strict=False))


def _names(heads: Sequence[str]) -> list[str]:
    """A name for each head that fits into a placeholder; equal ones are numbered."""
    names: list[str] = []
    for head in heads:
        name = slugify(head)[:60] or "cel"
        fresh, number = name, 2
        while fresh in names:
            fresh, number = f"{name}-{number}", number + 1
        names.append(fresh)
    return names
