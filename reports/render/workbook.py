"""Every table of a report for a spreadsheet: one sheet for each table and chart, cells that can be counted with.

Made from the same document as page and PDF, so that a hidden cell is hidden here too: where a page shows words instead
of a number, the cell holds those words.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override
from openpyxl import Workbook

from reports.charts import table
from reports.evaluation.counting import LANGUAGE
from reports.indicators import INDICATORS
from reports.render.page import chart_of
from reports.render.sheets import write_sheet
from schools.spreadsheet import NOT_IN_TITLES, harmless

_DRAFT = "ontwerp, nog niet vastgelegd"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the report: ``name`` is what the sheet and the file are called."""

    name: str
    chapter: str
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def sheets_of(document: dict[str, Any]) -> Iterator[Sheet]:
    """Tables (T), charts as tables (F) and cards (K), numbered through the report."""
    counts = {"T": 0, "F": 0, "K": 0}
    for chapter in document["chapters"]:
        title = f"{chapter['number']} {chapter['title']}"
        for block in chapter["blocks"]:
            found = _sheet(block, title)
            if found is not None:
                letter, sheet = found
                counts[letter] += 1
                yield Sheet(f"{letter}{counts[letter]:02}", *sheet)


def _sheet(block: dict[str, Any], chapter: str) -> tuple[str, tuple[Any, ...]] | None:
    if block["type"] == "table":
        head = [column["label"] for column in block["columns"]]
        return "T", (chapter, block["caption"], head, block["rows"], block.get("note", ""))
    if block["type"] == "chart":
        chart = chart_of(block)
        with override(LANGUAGE):
            words = table(chart)
        unit = f" ({chart.unit})" if chart.unit and chart.unit != "%" else ""
        return "F", (chapter, f"{chart.title}{unit}", words.head, words.rows, chart.note)
    if block["type"] == "figures":
        rows = [[card["ref"], card["label"], card["value"], card["detail"]] for card in block["items"]]
        return "K", (chapter, "Kerncijfers", ["indicator", "wat", "waarde", "toelichting"], rows, "")
    return None


def workbook_of(document: dict[str, Any]) -> bytes:
    """The XLSX file: contents, the sheets, what the indicators mean, and the runs behind the figures."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = document["title"], document["brand"]
    book.properties.identifier = document.get("checksum")
    sheets = list(sheets_of(document))
    mark = document.get("checksum") or _DRAFT
    contents = [[sheet.name, sheet.caption, sheet.chapter] for sheet in sheets]
    write_sheet(book, "Inhoud", document["title"], ["blad", "tabel", "hoofdstuk"], contents, f"Controlegetal: {mark}")
    for sheet in sheets:
        write_sheet(book, sheet.name, sheet.caption, sheet.head, sheet.rows, sheet.note)
    write_sheet(book, "Begrippen", "Wat de indicatoren betekenen", *_definitions())
    runs = [
        [run["id"], run["indicator"], run["from"], run["to"], run["as_of"], run["checksum"]] for run in document["runs"]
    ]
    write_sheet(
        book,
        "Berekeningen",
        "De bewaarde berekeningen",
        ["nr.", "indicator", "van", "tot", "stand van", "controlegetal"],
        runs,
    )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def tables_of(document: dict[str, Any]) -> bytes:
    """The same tables as CSV files in one ZIP, with semicolons and a byte order mark."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets_of(document):
            text = io.StringIO()
            writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
            for row in ([sheet.caption], sheet.head, *sheet.rows, [sheet.note]):
                writer.writerow([harmless(cell) for cell in row])
            archive.writestr(f"{sheet.name}.csv", f"\ufeff{text.getvalue()}")
    return file.getvalue()


def _definitions() -> tuple[list[str], list[list[str]]]:
    with override(LANGUAGE):
        rows = [
            [
                code,
                one.name,
                *(one.words[key] for key in ("meaning", "numerator", "denominator")),
                str(one.unit),
                str(one.version),
            ]
            for code, one in sorted(INDICATORS.items())
        ]
    return ["code", "indicator", "betekenis", "teller", "noemer", "eenheid", "versie"], rows


def book_of(title: str, made_by: str, *sheets: tuple[str, Sequence[str], Sequence[Sequence[object]]]) -> bytes:
    """A workbook of a page's own tables, each with its name, head and rows; who made it stands under the first."""
    book = Workbook(write_only=True)
    book.properties.title = title
    for place, (name, head, rows) in enumerate(sheets):
        caption, note = (name, "") if place else (title, made_by)
        write_sheet(book, NOT_IN_TITLES.sub(" ", name)[:31], caption, head, rows, note)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
