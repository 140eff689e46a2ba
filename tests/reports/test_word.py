"""The report as a Word document: real headings, tables, captions and languages, equal bytes, frozen and proved."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from reports.evaluation import content_of
from reports.models import EvaluationReport, FrozenFile, FrozenReport, ReportChapter
from reports.render.document import for_typesetter
from reports.render.word import DOCX, word_of
from reports.render.word.scripts import pieces
from tests.cast import Cast
from tests.reports import print_documents as documents


def opened(file: bytes) -> Any:
    return Document(io.BytesIO(file))


@pytest.fixture(scope="module")
def sample() -> Any:
    """One block of every type, as a document that was opened again."""
    return opened(word_of(documents.report()))


def words_of(document: Any) -> list[str]:
    """The words of each paragraph, in tables too."""
    found = document.element.body.iter(qn("w:p"))
    return ["".join(text.text or "" for text in one.iter(qn("w:t"))) for one in found]


def cells_of(document: Any) -> list[list[str]]:
    return [["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
            for row in document.element.body.iter(qn("w:tr"))]  # fmt: skip


def test_headings_are_headings_and_the_contents_lead_to_them(sample: Any) -> None:
    headings = [one for one in sample.paragraphs if re.fullmatch(r"Heading \d", one.style.name)]
    assert [(one.style.name, one.text) for one in headings[:4]] == [
        ("Heading 1", "Identificatie"), ("Heading 1", "1 Samenvatting"), ("Heading 2", "Wat de cijfers zeggen"),
        ("Heading 3", "Wat werkte"),
    ]  # fmt: skip
    marks = {mark.get(qn("w:name")) for one in headings for mark in one._p.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in sample.element.body.iter(qn("w:hyperlink"))]
    assert len(links) == len(headings) - 1, "the contents go two levels deep"
    assert set(links) < marks
    assert any('TOC \\o "1-2"' in (one.text or "") for one in sample.element.body.iter(qn("w:instrText")))
    # Word asks before it opens a document whose fields are said to be out of date.
    assert not [one for one in sample.settings.element.iter(qn("w:updateFields"))]
    assert not [one for one in sample.element.body.iter() if one.get(qn("w:dirty"))]


def test_every_table_names_itself_and_repeats_its_head(sample: Any) -> None:
    assert len(sample.tables) == 6
    for table in sample.tables:
        head, *rows = table._tbl.tr_lst
        assert head.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert not any(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        widths = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid.iterchildren()]
        assert sum(widths) == 9184
    captions = [one.text for one in sample.paragraphs if one.style.name == "Caption"]
    assert captions[0] == "Tabel 1: Bereik per school"
    assert [one[:8] for one in captions[1:]] == [f"Figuur {place}" for place in range(1, 6)]


def test_a_chart_is_a_picture_that_can_be_read_without_seeing_it(sample: Any) -> None:
    pictures = [one for one in sample.element.body.iter(qn("wp:docPr"))]
    assert len(pictures) == 5
    assert all(one.get("descr") for one in pictures)
    assert len({one.get("id") for one in pictures}) == 5
    images = [part for part in sample.part.package.iter_parts() if part.partname.endswith(".png")]
    assert {part.blob[:4] for part in images} == {b"\x89PNG"}


def test_a_heading_after_a_page_break_begins_the_page_itself() -> None:
    content = documents.report()
    heading = {"type": "h2", "runs": [{"text": "De Kersenboom"}]}
    content["chapters"] = [{"number": 1, "title": "Scholen", "blocks": [{"type": "pagebreak"}, heading]}]
    document = opened(word_of(content))
    (found,) = (one for one in document.paragraphs if one.text == "De Kersenboom" and one.style.name == "Heading 2")
    assert found.paragraph_format.page_break_before
    assert not [one for one in document.element.body.iter(qn("w:br")) if one.get(qn("w:type")) == "page"]


def test_a_list_that_counts_begins_at_one_unless_it_says_where() -> None:
    first, again = {"type": "ol", "items": ["een", "twee"]}, {"type": "ol", "items": ["een"]}
    blocks = [first, documents.paragraph("Tussen."), again, documents.paragraph("Nog eens."), {**again, "start": 3}]
    made = opened(word_of(documents.report(blocks=blocks)))
    numbers = [one._p.pPr.numPr.numId.val for one in made.paragraphs if one.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]
    starts = []
    for number in numbers:
        num = made.part.numbering_part.element.num_having_numId(number)
        starts.append(num.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")))
    assert starts == ["1", "1", "1", "3"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Dank u", [("", "Dank u")]),
        ("Zij zei شكراً جزيلاً, twee keer", [("", "Zij zei "), ("Arab", "شكراً جزيلاً"), ("", ", twee keer")]),
        ("ਧੰਨਵਾਦ ਜੀ", [("Guru", "ਧੰਨਵਾਦ ਜੀ")]),
        ("Дякую (merci)", [("Cyrl", "Дякую"), ("", " (merci)")]),
        ("", []),
    ],
)
def test_words_are_cut_where_the_script_changes(text: str, cut: list[tuple[str, str]]) -> None:
    assert list(pieces(text)) == cut


def test_words_of_parents_say_their_language_and_run_their_way() -> None:
    blocks = [
        documents.paragraph("Zij schreef ", {"text": "شكراً", "lang": "ar"}, " en ", "ਧੰਨਵਾਦ", "."),
        {"type": "quote", "runs": [{"text": "شكراً جزيلاً."}]},
    ]
    made = opened(word_of(documents.report(blocks=blocks)))
    first, quote = [one for one in made.paragraphs if "شكراً" in one.text]
    said = {run.text: run._r.rPr for run in first.runs if run._r.rPr is not None}
    assert said["شكراً"].find(qn("w:lang")).get(qn("w:bidi")) == "ar-SA"
    assert said["شكراً"].find(qn("w:rtl")) is not None
    assert said["ਧੰਨਵਾਦ"].find(qn("w:lang")).get(qn("w:bidi")) == "pa-IN"
    assert said["ਧੰਨਵਾਦ"].find(qn("w:rtl")) is None
    assert first._p.pPr is None or first._p.pPr.find(qn("w:bidi")) is None
    assert quote._p.pPr.find(qn("w:bidi")) is not None
    defaults = made.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert defaults.get(qn("w:val")) == "nl-BE"


def test_equal_content_gives_equal_bytes_and_the_file_names_nobody() -> None:
    file = word_of(documents.report())
    assert file == word_of(documents.report())
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name or "custom" in name]
    about = opened(file).core_properties
    assert about.title == "Eindevaluatie 2025–2026"
    assert about.author == about.last_modified_by == "Gezamenlijke CLB-medewerker"
    assert (about.comments, about.language) == ("", "nl-BE")
    assert f"{about.created:%Y-%m-%d}" == "2026-06-12"


def test_words_that_xml_cannot_hold_do_not_stop_the_report() -> None:
    made = opened(word_of(documents.report(blocks=[documents.paragraph("een\x07twee\ud800 <w:p/> & \ufffe")])))
    assert "een twee  <w:p/> &  " in words_of(made)


@pytest.mark.django_db
def test_page_and_word_document_show_the_same(town: Cast, report: EvaluationReport) -> None:
    """Every heading, table, cell and figure; where a group is too small both say so."""
    document = content_of(report)
    made = opened(word_of(for_typesetter(document, "")))
    words = words_of(made)
    for chapter in document["chapters"]:
        assert words.count(f"{chapter['number']} {chapter['title']}") == 2, "in the contents and above the chapter"
    blocks = [block for chapter in document["chapters"] for block in chapter["blocks"]]
    tables = [block for block in blocks if block["type"] == "table"]
    cells = cells_of(made)
    for table in tables:
        for row in table["rows"]:
            assert [str(cell).replace("\n", "") for cell in row] in cells, table["caption"]
    assert any("niet getoond" in row for row in cells), "the town has a group that is too small"
    figures = [one for block in blocks for one in block.get("runs", ()) if "ref" in one]
    assert figures
    assert all(any(f"{one['text']}\u00a0{one['ref']}" in line for line in words) for one in figures)
    runs = [row[0] for row in cells]
    assert all(str(run["id"]) in runs for run in document["runs"])


@pytest.mark.django_db
def test_frozen_it_stays_byte_for_byte(town: Cast, frozen: FrozenReport) -> None:
    client, address = town.client("director_vclb"), reverse("report_word", args=[frozen.report_id])
    answer = client.get(address)
    assert answer.headers["Content-Type"] == DOCX
    assert re.search(r'filename="eindevaluatie-\d{4}-v1\.docx"', answer.headers["Content-Disposition"])
    stored = FrozenFile.objects.get(frozen=frozen, kind="DOCX")
    ReportChapter.objects.update(text="Iets anders.")
    assert client.get(address).content == answer.content == bytes(stored.content)
    assert opened(answer.content).core_properties.identifier == frozen.checksum
    for change in (lambda: FrozenFile.objects.update(checksum="0"), lambda: stored.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert address in client.get(reverse("report_detail", args=[frozen.report_id])).content.decode()


@pytest.mark.django_db
def test_a_draft_says_that_it_is_one(town: Cast, report: EvaluationReport) -> None:
    made = opened(town.client("joint").get(reverse("report_word", args=[report.pk])).content)
    assert "ONTWERP" in words_of(made)
    assert made.core_properties.identifier == ""


@pytest.mark.django_db
def test_a_changed_file_is_told_apart_with_what_differs(frozen: FrozenReport, tmp_path: Path) -> None:
    files = {row.kind: bytes(row.content) for row in frozen.files.all()}
    kept = tmp_path / "rapport"
    for content in (*files.values(), bytes(frozen.pdf)):
        kept.write_bytes(content)
        call_command("verify_report", str(kept))
    changed = opened(files["DOCX"])
    place = next(one for one in changed.paragraphs if one.text.startswith("Sinds het begin"))
    place.add_run(" En nog iets.")
    changed.save(str(kept))
    with pytest.raises(CommandError, match=rf"{frozen.checksum}.* word/document\.xml.*“Sinds het begin.*stands where"):
        call_command("verify_report", str(kept))
    kept.write_bytes(bytes(frozen.pdf) + b"\n%")
    with pytest.raises(CommandError, match=f"{frozen.checksum}.*differs from byte {len(frozen.pdf)} on"):
        call_command("verify_report", str(kept))
    with zipfile.ZipFile(kept, "w") as archive, zipfile.ZipFile(io.BytesIO(files["XLSX"])) as book:
        for name in book.namelist():
            archive.writestr(name, book.read(name).replace(b"niet getoond", b"1"))
    with pytest.raises(CommandError, match=rf"{frozen.checksum}.* xl/worksheets/sheet"):
        call_command("verify_report", str(kept))
    broken = bytearray(files["DOCX"])
    broken[60:400] = bytes(340)  # in the middle of the first part
    for nothing in (b"", b"PK\x03\x04", b"een brief", bytes(broken)):
        kept.write_bytes(nothing)
        with pytest.raises(CommandError, match="not a report"):
            call_command("verify_report", str(kept))
