"""Figures as a file for a spreadsheet: every cell harmless, and who made it when in the last line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from schools import clock

#: A cell that begins so would be computed by a spreadsheet (CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\u2212", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]], made_by: str) -> str:
    """Semicolons and a byte order mark, as the spreadsheets of Belgium expect; the watermark is the last line."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in [head, *rows]:
        writer.writerow([harmless(cell) for cell in row])
    moment = clock.now().astimezone(clock.BRUSSELS)
    made = gettext("Made by %(person)s on %(moment)s.") % {"person": made_by, "moment": f"{moment:%Y-%m-%d %H:%M}"}
    writer.writerow([harmless(made)])
    return f"\ufeff{text.getvalue()}"
