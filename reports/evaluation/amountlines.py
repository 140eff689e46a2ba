"""The amounts on the identification sheet, which are words there, and the table of the budget that counts them: what
the portal wrote goes with the table, what somebody wrote stays and is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from reports.evaluation.binding import blocks_of
from reports.models import EvaluationReport

GRANTED, SPENT = "Toegekend bedrag", "Besteed bedrag"
_TABLE = "B1"
#: In the table's last line, which is of all lines together.
_COLUMNS = {GRANTED: 1, SPENT: 2}
#: However people write one: "€ 39.870,55", "39870,55 euro", "40 000".
_AMOUNT = re.compile(r"(?P<whole>\d{1,3}(?:[.\s]\d{3})+|\d+)(?:[.,](?P<cents>\d{1,2}))?(?!\d)")


def amounts_of(report: EvaluationReport) -> dict[str, str]:
    """What the table says that a report is bound to; nothing without a line of a budget."""
    run = next((one.run for one in blocks_of(report) if one.run.indicator == _TABLE), None)
    rows = run.result["table"]["rows"] if run else []
    return {label: rows[-1][column] for label, column in _COLUMNS.items()} if len(rows) > 1 else {}


def with_amounts(sheet: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The sheet with the amounts of now where it says those of before, or none."""
    lines = []
    for line, below in pairwise([*sheet.split("\n"), ""]):
        label, _colon, value = line.partition(":")
        label, told = label.strip(), _plain(value) or _goes_on(below)
        is_ours = now.get(label) and told in ("", _plain(before.get(label, "")))
        lines.append(f"{label}: {now[label]}" if is_ours else line)
    return "\n".join(lines)


def _goes_on(line: str) -> str:
    """What a line adds to the value above it: one without a name does."""
    label, colon, _value = line.partition(":")
    return "" if colon and label.strip() else _plain(line)


def contradicted(report: EvaluationReport) -> Iterator[tuple[str, str, str]]:
    """(label, as written, as counted) of each amount that is another one than in the table."""
    counted = amounts_of(report)
    for row in report.identification:
        told, table = row["text"], counted.get(row["label"])
        if table and told and not _amounts_in(table) <= _amounts_in(told):
            yield row["label"], told, table


def _amounts_in(words: str) -> set[Decimal]:
    found = _AMOUNT.finditer(words)
    return {Decimal(f"{re.sub(r'[^0-9]', '', one['whole'])}.{one['cents'] or 0}") for one in found}


def _plain(words: str) -> str:
    return " ".join(words.split())
