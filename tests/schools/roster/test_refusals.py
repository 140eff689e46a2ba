"""What cannot be a roster is refused before it costs anything, with the reason."""

from __future__ import annotations

import io
import os
import resource
import struct
import zipfile
from pathlib import Path

import pytest

from schools.roster import limits
from schools.roster.reading import Unreadable, look_at, read_roster
from schools.roster.wording import SENTENCES, sentence
from tests.schools.roster.makers import PUPILS, Upload, as_csv, as_zip, package
from tests.schools.roster.workbooks import ods, ods_cell, xlsx

pytestmark = pytest.mark.either_engine
REPEATED = 'table:number-columns-repeated="16384"'
LIST = as_csv(PUPILS, ";")
BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData/></worksheet>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><office:x>&a;</office:x>'

OTHERS = {
    "nothing": (b"", "empty"),
    "spaces": (b"\xef\xbb\xbf \r\n\r\n", "empty"),
    "pdf": (b"%PDF-1.7 ...", "is_pdf"),
    "picture": (b"\x89PNG\r\n\x1a\n", "is_picture"),
    "old_excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is_old_excel"),
    "web_page": (b"<html><table><tr><td>Naam</td></tr></table></html>", "is_web_page"),
    "web_service": (b"<?xml version='1.0'?><ArrayOfWsLeerling/>", "is_xml"),
    "json": (b'[{"Voornaam": "Lotte"}]', "is_json"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(20), "is_packed"),
    "rubbish": (bytes(range(256)) * 40, "not_a_table"),
    "broken_zip": (b"PK\x03\x04" + b"rubbish" * 40, "zip_broken"),
    "cut_zip": (package()[:-200], "zip_broken"),
    "word": (as_zip({"[Content_Types].xml": "", "word/document.xml": ""}), "is_document"),
    "writer": (ods(more={"mimetype": "application/vnd.oasis.opendocument.text"}), "is_document"),
    "zip_in_zip": (as_zip({"school.zip": package()}), "zip_inside"),
    "zip_of_pictures": (as_zip({"klas.jpg": b"\xff\xd8"}), "zip_nothing"),
    "path_up": (as_zip({"../../etc/cron.d/users.csv": LIST}), "zip_path"),
    "no_path": (as_zip({"?x": LIST}).replace(b"?x", b"\0x"), "zip_path"),
    "path_root": (as_zip({"/users.csv": LIST}), "zip_path"),
    "path_windows": (as_zip({"C:\\users.csv": LIST}), "zip_path"),
    "many_members": (as_zip({f"{number}.csv": "" for number in range(limits.MEMBERS + 1)}), "zip_too_many"),
    "entities": (xlsx(PUPILS, more={"xl/worksheets/sheet1.xml": BILLION_LAUGHS}), "workbook_unsafe"),
    "outside_entity": (ods(more={"content.xml": OUTSIDE}), "workbook_unsafe"),
    "cut_markup": (xlsx(PUPILS, more={"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"}), "workbook_broken"),
    "locked_ods": (ods(PUPILS, more={"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "zip_encrypted"),
    "wide": (";".join(f"kolom {number}" for number in range(10_000)).encode(), "too_many_columns"),
    "far_cell": (xlsx(cells='<row r="1"><c r="XFD1"><v>1</v></c></row>'), "too_many_columns"),
    "deep_cell": (xlsx(cells='<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "too_many_rows"),
    "wide_repeat": (ods(cells=f"<table:table-row>{ods_cell('x', REPEATED)}</table:table-row>"), "too_many_columns"),
    "deep_repeat": (
        ods(cells=f'<table:table-row table:number-rows-repeated="1048576">{ods_cell("x")}</table:table-row>'),
        "too_many_rows",
    ),
    "endless_line": (b"Naam;Voornaam\n" + b"x" * (limits.LINE + 10), "line_too_long"),
    "open_quote": (b'Naam;Voornaam\nSingh;"Aman\n' + b"Claes;Bo\n" * 30, "quote_open"),
    "microsoft": (as_zip({"student.csv": "SIS ID,Username\n1,x", "section.csv": "SIS ID\n1"}), "microsoft_sds"),
    "microsoft_new": (
        as_zip({"users.csv": "sourcedId\n1", "relationships.csv": "userSourcedId\n1", "orgs.csv": "sourcedId\n1"}),
        "microsoft_sds",
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_is_refused_with_its_reason(upload: Upload, kind: str) -> None:
    content, code = OTHERS[kind]
    finding = upload.refusal(content)
    assert finding.code == code
    assert "%(" not in sentence(finding)
    assert finding.code in SENTENCES


def test_file_of_a_gigabyte_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "groot.csv"
    path.touch()
    os.truncate(path, 1024**3)
    path.chmod(0)
    with pytest.raises(Unreadable) as refused:
        read_roster(path, name="groot.csv")
    assert refused.value.finding.values == {"megabytes": "1024", "limit": "50"}


def bomb(name: str, megabytes: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(megabytes):
            member.write(b" " * limits.MEGABYTE)
    return file.getvalue()


def test_bomb_is_refused_by_what_it_says_and_by_what_it_does(upload: Upload) -> None:
    honest = bomb("lijst.csv", 64)
    assert upload.refusal(honest).code == "zip_bomb"
    lying = honest.replace(struct.pack("<L", 64 * limits.MEGABYTE), struct.pack("<L", 100))
    assert upload.refusal(lying).code in ("zip_bomb", "zip_broken", "line_too_long", "empty")


def test_locked_zip_is_refused(upload: Upload) -> None:
    content = bytearray(as_zip({"lijst.csv": LIST}))
    central = content.rindex(b"PK\x01\x02")
    content[6] |= 1
    content[central + 8] |= 1
    assert upload.refusal(bytes(content)).code == "zip_encrypted"


def test_workbook_of_one_endless_tag_is_refused(upload: Upload) -> None:
    noise = os.urandom(8 * limits.MEGABYTE).hex()
    sheet = f'<worksheet><sheetData><row r="{noise}'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert upload.refusal(xlsx(more={"xl/worksheets/sheet1.xml": sheet})).code in ("workbook_unsafe", "workbook_broken")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


def test_looking_refuses_the_same(upload: Upload) -> None:
    with pytest.raises(Unreadable):
        look_at(upload.file(b"%PDF-1.7"), name="lijst.pdf")
