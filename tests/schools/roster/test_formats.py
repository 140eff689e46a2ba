"""The same list in every format gives the same roster."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from schools.roster.rows import Place, Roster
from tests.schools.roster.makers import PUPILS, Upload, as_csv, as_zip, codes, found, with_cell
from tests.schools.roster.workbooks import ods, ods_cell, xlsx, xlsx_rows

pytestmark = pytest.mark.either_engine
NOWHERE = Place("")
LIST = with_cell(PUPILS, 1, "Voornaam", "Zoë")


def without_places(roster: Roster) -> list[object]:
    rows: list[Any] = [*roster.classes, *roster.pupils, *roster.guardians, *roster.links]
    return [replace(row, place=NOWHERE) for row in rows]


def by_openpyxl() -> bytes:
    book = Workbook()
    for row in LIST:
        book.active.append(list(row))  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FORMATS = {
    "semicolons": as_csv(LIST, ";").encode(),
    "commas": as_csv(LIST, ",").encode(),
    "tabs": as_csv(LIST, "\t").encode(),
    "bars": as_csv(LIST, "|").encode(),
    "line_feeds": as_csv(LIST, ";", "\n").encode(),
    "old_mac": as_csv(LIST, ";", "\r").encode(),
    "no_final_newline": as_csv(LIST, ";").encode().rstrip(),
    "bom": as_csv(LIST, ";").encode("utf-8-sig"),
    "utf16": as_csv(LIST, ";").encode("utf-16"),
    "utf16_bare": as_csv(LIST, ";").encode("utf-16-be"),
    "windows": as_csv(LIST, ";").encode("cp1252"),
    "dos": as_csv(LIST, ";").encode("cp850"),
    "sep_line": b"sep=;\r\n" + as_csv(LIST, ";").encode("cp1252"),
    "xlsx": xlsx(LIST),
    "openpyxl": by_openpyxl(),
    "ods": ods(LIST),
    "zipped": as_zip({"lijst.csv": as_csv(LIST, ";")}),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_list_reads_the_same_in(upload: Upload, kind: str) -> None:
    roster = upload.read(FORMATS[kind])
    assert not roster.has_errors, roster.findings
    assert without_places(roster) == without_places(upload.read(as_csv(LIST, ";")))
    lotte, singh = roster.pupils
    assert (lotte.first_name, lotte.last_name, lotte.birth_date) == ("Zoë", "Vandersmissen", date(2018, 4, 3))
    assert (singh.first_name, singh.last_name, singh.class_id) == ("Singh", "", "L3B")
    assert roster.guardians[0].phones == ("+32471234567",)
    assert [row.level for row in roster.classes] == ["L2", "L3"]


def test_rows_count_as_a_spreadsheet_counts_them(upload: Upload) -> None:
    rows = [("Leerlingenlijst",), (), *with_cell(PUPILS, 2, "E-mail LPV1", "geen")]
    for content in (as_csv(rows, ";").encode(), xlsx(rows), ods(rows)):
        roster = upload.read(content)
        assert found(roster, "bad_email").place.row == 5
        assert found(roster, "title_rows").values == {"count": "1", "row": "3"}


def test_numbers_and_days_of_excel_come_as_it_shows_them(upload: Upload) -> None:
    rows = xlsx_rows(PUPILS[:1]) + (
        '<row r="2"><c r="A2"><v>1.01E2</v></c><c r="B2" t="inlineStr"><is><t>Claes</t></is></c>'
        '<c r="D2" s="1"><v>43193.5</v></c><c r="E2" t="inlineStr"><is><r><t>L2</t></r><r><t>A</t></r></is></c>'
        '<c r="F2" t="inlineStr"><is><t>Bo</t></is></c><c r="H2" s="2"><v>471234567</v></c></row>'
    )
    roster = upload.read(xlsx(cells=rows))
    assert (roster.pupils[0].source_id, roster.pupils[0].birth_date) == ("101", date(2018, 4, 3))
    assert roster.pupils[0].class_id == "L2A"
    assert roster.guardians[0].phones == ("+32471234567",)


def test_formulas_are_never_computed(upload: Upload) -> None:
    rows = xlsx_rows(PUPILS[:1]) + (
        '<row r="2"><c r="A2"><f>100+1</f><v>101</v></c><c r="B2" t="str"><f>A1</f><v>Claes</v></c>'
        '<c r="C2" t="inlineStr"><is><t>=1+1</t></is></c><c r="E2"><f>NOW()</f></c></row>'
    )
    roster = upload.read(xlsx(cells=rows))
    assert (roster.pupils[0].source_id, roster.pupils[0].first_name) == ("101", "Claes")
    assert roster.pupils[0].class_id == ""
    assert [finding.place.column for finding in roster.findings if finding.code == "formula_text"] == [
        "Voornaam",
        "Klas",
    ]
    assert found(roster, "computed").place.column == "Leerlingnummer"


def test_ods_repeats_comments_and_values(upload: Upload) -> None:
    head = "".join(ods_cell(header) for header in PUPILS[0])
    row = (
        ods_cell("101", 'office:value-type="float" office:value="101"')
        + ods_cell("Claes")
        + "<table:table-cell><office:annotation><text:p>niet lezen</text:p></office:annotation><text:p>Bo</text:p>"
        + "</table:table-cell>"
        + ods_cell("3 apr 2018", 'office:value-type="date" office:date-value="2018-04-03T00:00:00"')
        + ods_cell("L2A")
        + ods_cell("An", 'table:number-columns-repeated="2" office:value-type="string"')
        + ods_cell("0471234567", 'office:value-type="float" office:value="471234567" table:formula="of:=A1"')
        + '<table:table-cell table:number-columns-repeated="16000"/>'
    )
    cells = (
        f"<table:table-row>{head}</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f"<table:table-row>{row}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    roster = upload.read(ods(cells=cells))
    assert not roster.has_errors, roster.findings
    assert (roster.pupils[0].first_name, roster.pupils[0].birth_date) == ("Bo", date(2018, 4, 3))
    assert roster.pupils[0].place.row == 5
    assert (roster.guardians[0].first_name, roster.guardians[0].phones) == ("An", ("+32471234567",))
    assert "computed" in codes(roster)
    assert "niet lezen" not in repr(roster)


def test_hidden_sheets_are_left_alone_and_said(upload: Upload) -> None:
    book = Workbook()
    for row in LIST:
        book.active.append(list(row))  # type: ignore[union-attr]
    hidden = book.create_sheet("Geheim")
    hidden.append(["Leerlingnummer", "Naam"])
    hidden.append(["999", "Niemand"])
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    roster = upload.read(file.getvalue())
    assert found(roster, "sheet_hidden").place.file == "Geheim"
    assert len(roster.pupils) == 2
