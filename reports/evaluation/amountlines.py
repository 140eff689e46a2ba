"""The amounts on the identification sheet, which are words there, and the table of the budget that counts them: what
the portal wrote goes with the table, what somebody wrote stays and is asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reports.evaluation.binding import blocks_of
from reports.models import EvaluationReport

GRANTED, SPENT = "Toegekend bedrag", "Besteed bedrag"
_TABLE = "B1"
#: In the table's last line, which is of all lines together.
_COLUMNS = {GRANTED: 1, SPENT: 2}


def amounts_of(report: EvaluationReport) -> dict[str, str]:
    """What the table says that a report is bound to; nothing without a line of a budget."""
    run = next((one.run for one in blocks_of(report) if one.run.indicator == _TABLE), None)
    rows = run.result["table"]["rows"] if run else []
    return {label: rows[-1][column] for label, column in _COLUMNS.items()} if len(rows) > 1 else {}


def with_amounts(sheet: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The sheet with the amounts of now where it says those of before, or none."""
    lines = []
    for line in sheet.split("\n"):
        label, _colon, value = line.partition(":")
        label, told = label.strip(), _plain(value)
        is_ours = now.get(label) and told in ("", _plain(before.get(label, "")))
        lines.append(f"{label}: {now[label]}" if is_ours else line)
    return "\n".join(lines)


def contradicted(report: EvaluationReport) -> Iterator[tuple[str, str, str]]:
    """(label, as written, as counted) of each amount that says something else than the table."""
    counted = amounts_of(report)
    for row in report.identification:
        told, table = row["text"], counted.get(row["label"])
        if table and told and _plain(told) != _plain(table):
            yield row["label"], told, table


def _plain(words: str) -> str:
    return " ".join(words.split())
