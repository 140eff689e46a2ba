"""The tables of a report for a spreadsheet: what the page shows, as numbers that can be counted with."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from reports.evaluation import content_of, submit_for_review
from reports.indicators import INDICATORS
from reports.models import EvaluationReport, FrozenFile
from reports.render.sheets import number_in
from reports.render.workbook import sheets_of, tables_of, workbook_of
from schools.spreadsheet import harmless
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "value", "shape"),
    [
        ("12", 12, "#,##0"),
        ("1\u00a0234", 1234, "#,##0"),
        ("2,5", 2.5, "#,##0.0"),
        ("61\u00a0%", 0.61, "0%"),
        ("91,7\u00a0%", 0.917, "0.0%"),
        ("\u221219", -19, "#,##0"),
        ("+6", 6, "#,##0"),
        ("niet getoond", None, ""),
        ("<5", None, ""),
        ("022", None, ""),
        ("3 van 4", None, ""),
        ("=1+1", None, ""),
        ("", None, ""),
    ],
)
def test_a_cell_is_a_number_where_the_report_shows_only_one(words: str, value: float | None, shape: str) -> None:
    number, shown = number_in(words)
    assert number == (pytest.approx(value) if value is not None else None)
    assert shown == shape


def test_a_share_is_kept_as_it_is_shown_without_the_dust_of_a_division() -> None:
    assert [number_in(words)[0] for words in ("68,6 %", "57 %", "-4,5 %")] == [0.686, 0.57, -0.045]


def test_every_table_and_chart_of_the_report_has_its_sheet(report: EvaluationReport) -> None:
    document = content_of(report)
    blocks = [block for chapter in document["chapters"] for block in chapter["blocks"]]
    shown = [block for block in blocks if block["type"] in ("table", "chart", "figures")]
    book = load_workbook(io.BytesIO(workbook_of(document)))
    names = [sheet.name for sheet in sheets_of(document)]
    assert len(names) == len(shown) > 20
    assert book.sheetnames == ["Inhoud", *names, "Begrippen", "Berekeningen"]
    first = next(block for block in blocks if block["type"] == "table" and block["caption"])
    sheet = book["T01"]
    assert sheet["A1"].value == first["caption"]
    assert [cell.value for cell in sheet[2]][: len(first["columns"])] == [one["label"] for one in first["columns"]]
    assert [row[0] for row in book["Inhoud"].iter_rows(min_row=3, max_row=2 + len(names), values_only=True)] == names
    assert {row[0] for row in book["Begrippen"].iter_rows(min_row=3, values_only=True)} == set(INDICATORS)
    runs = [row[0] for row in book["Berekeningen"].iter_rows(min_row=3, values_only=True)]
    assert len(runs) == len(document["runs"]) > 20


def test_each_cell_says_what_the_report_says(report: EvaluationReport) -> None:
    """The rows are all there, in the workbook as in the CSV files."""
    document = content_of(report)
    book = load_workbook(io.BytesIO(workbook_of(document)))
    numbers = 0
    with zipfile.ZipFile(io.BytesIO(tables_of(document))) as archive:
        for sheet in sheets_of(document):
            text = archive.read(f"{sheet.name}.csv").decode("utf-8-sig")
            lines = list(csv.reader(io.StringIO(text), delimiter=";"))
            rows = list(book[sheet.name].iter_rows(min_row=3, values_only=True))
            assert [row[: len(words)] for row, words in zip(lines[2:], sheet.rows, strict=False)] == [
                [harmless(word) for word in words] for words in sheet.rows
            ]
            assert len(rows) == len(sheet.rows) + (2 if sheet.note else 0)
            for row, words in zip(rows, sheet.rows, strict=False):
                for value, word in zip(row, words, strict=False):
                    number, _shape = number_in(str(word))
                    numbers += number is not None
                    assert value == (str(word) or None if number is None else pytest.approx(number)), sheet.name
    assert numbers > 50


def test_what_is_hidden_on_the_page_is_hidden_here_too(report: EvaluationReport) -> None:
    document = content_of(report)
    hidden = [sheet for sheet in sheets_of(document) if any("niet getoond" in row for row in map(list, sheet.rows))]
    assert hidden, "the town has a group that is too small"
    book = load_workbook(io.BytesIO(workbook_of(document)))
    for sheet in hidden:
        found = [[cell for cell in row] for row in book[sheet.name].iter_rows(min_row=3, values_only=True)]
        for row, cells in zip(sheet.rows, found, strict=False):
            assert [cell == "niet getoond" for cell in cells][: len(row)] == [word == "niet getoond" for word in row]


def test_no_cell_is_computed(report: EvaluationReport) -> None:
    document = content_of(report)
    block: dict[str, Any] = {
        "type": "table", "caption": "=HYPERLINK(\"http://elders.example\")", "columns": [{"label": "@SUM(A1)"}],
        "rows": [["=1+1"], ["\x07bel"]], "note": "+cmd",
    }  # fmt: skip
    document["chapters"][0]["blocks"].append(block)
    book = load_workbook(io.BytesIO(workbook_of(document)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    with zipfile.ZipFile(io.BytesIO(tables_of(document))) as archive:
        for name in archive.namelist():
            for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";"):
                assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_the_frozen_workbook_stays_and_proves_itself(town: Cast, report: EvaluationReport, tmp_path: Path) -> None:
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    client, address = town.client("director_vclb"), reverse("report_workbook", args=[report.pk])
    book = client.get(address).content
    stored = FrozenFile.objects.get(frozen=frozen, kind="XLSX")
    assert book == bytes(stored.content) == client.get(address).content
    kept, other = tmp_path / "rapport.xlsx", tmp_path / "anders.xlsx"
    kept.write_bytes(book)
    other.write_bytes(book + b" ")
    call_command("verify_report", str(kept))
    with pytest.raises(CommandError, match="was changed afterwards"):
        call_command("verify_report", str(other))
    for change in (lambda: FrozenFile.objects.update(checksum="0"), lambda: stored.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_readers_take_the_tables_along(town: Cast, report: EvaluationReport) -> None:
    answer = town.client("joint").get(reverse("report_tables", args=[report.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "T01.csv" in archive.namelist()
    page = town.client("joint").get(reverse("report_detail", args=[report.pk])).content.decode()
    for name in ("report_workbook", "report_tables"):
        assert reverse(name, args=[report.pk]) in page
