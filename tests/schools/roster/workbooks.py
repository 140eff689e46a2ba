"""Workbooks written part by part, so that a test can put anything into them."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from tests.schools.roster.makers import Rows, as_zip

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
#: Cell formats: 1 is a day, 2 a number of ten digits with zeros in front.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="170" formatCode="0000000000"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)


def xlsx(
    rows: Rows = (),
    *,
    cells: str = "",
    sheets: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """``cells``: the sheet's rows as markup; ``sheets``: several sheets so; ``more``: parts that replace others."""
    sheets = sheets or {"Leerlingen": cells or xlsx_rows(rows)}
    names = relations = ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": _relations(_relation("r1", "officeDocument", "xl/workbook.xml")),
        "xl/styles.xml": _STYLES,
    }
    for n, (name, content) in enumerate(sheets.items(), 1):
        names += f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r{n}"/>'
        relations += _relation(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml")
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{content}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{n}.xml"] = sheet
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>'
    parts["xl/workbook.xml"] = book
    parts["xl/_rels/workbook.xml.rels"] = _relations(relations + _relation("s", "styles", "styles.xml"))
    return as_zip({**parts, **(more or {})})


def xlsx_rows(rows: Rows) -> str:
    return "".join(f"<row>{''.join(map(xlsx_cell, row))}</row>" for row in rows)


def xlsx_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def ods(rows: Rows = (), *, cells: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """``cells``: the sheet's rows as markup; ``more``: parts that replace others."""
    table = f'<table:table table:name="Leerlingen">{cells or ods_rows(rows)}</table:table>'
    content = (
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" '
        f'xmlns:text="{_ODF}:text:1.0">'
        f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    return as_zip({**parts, **(more or {})})


def ods_rows(rows: Rows) -> str:
    return "".join("<table:table-row>" + "".join(ods_cell(cell) for cell in row) + "</table:table-row>" for row in rows)


def ods_cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {attributes}><text:p>{escape(text)}</text:p></table:table-cell>"


def _relations(entries: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _relation(number: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
