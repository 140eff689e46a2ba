"""The Word document opens in an office program and comes out as what the report says: LibreOffice makes a PDF of it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from reports.evaluation import content_of, draft_evaluation
from reports.models import ReportKind
from reports.render.document import for_typesetter
from reports.render.word import word_of
from schools.fontcoverage import FONTS
from tests.cast import Cast
from tests.reports import print_documents as documents

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OFFICE = shutil.which("soffice")
TAGGED = json.dumps({"UseTaggedPDF": {"type": "boolean", "value": "true"}})
#: Only the portal's own fonts, in the place of those that readers have: the same on every machine.
STAND_INS = {"Calibri": "Noto Sans", "Arial": "Vazirmatn", "Nirmala UI": "Noto Sans Gurmukhi"}
#: Where a font puts what Unicode does not know, such as the bullets of Symbol.
PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]")


def as_pdf(document: bytes, folder: Path) -> bytes:
    """What LibreOffice prints of the document; a profile of its own, so that nobody's settings matter."""
    (folder / "rapport.docx").write_bytes(document)
    alias = "".join(
        f"<alias binding='same'><family>{theirs}</family><prefer><family>{ours}</family></prefer></alias>"
        for theirs, ours in STAND_INS.items()
    )
    (folder / "fonts.conf").write_text(
        f"<?xml version='1.0'?><fontconfig><dir>{FONTS}</dir><cachedir>{folder}/cache</cachedir>{alias}</fontconfig>"
    )
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         f"pdf:writer_pdf_Export:{TAGGED}", "--outdir", str(folder), str(folder / "rapport.docx")],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "rapport.pdf").read_bytes()


def structure(pdf: pikepdf.Pdf) -> tuple[Counter[str], list[str]]:
    """How often each kind of tag stands in the file, and the words for pictures."""
    kinds: Counter[str] = Counter()
    alternatives = []
    for entry in pdf.objects:
        if isinstance(entry, pikepdf.Dictionary) and "/S" in entry and "/P" in entry:
            kinds[str(entry["/S"])] += 1
            if str(entry["/S"]) == "/Figure":
                alternatives.append(str(entry.get("/Alt", "")))
    return kinds, alternatives


def count(blocks: list[dict[str, Any]], kind: str) -> int:
    return sum(block["type"] == kind for block in blocks)


def test_the_report_opens_and_says_the_same(town: Cast, tmp_path: Path) -> None:
    assert OFFICE, "LibreOffice is not installed: sh requirements/packages.sh"
    assert town.project is not None
    report = draft_evaluation(project=town.project, kind=ReportKind.FINAL, by=town.staff["joint"])
    content = for_typesetter(content_of(report), "")
    content["chapters"].append({"number": 16, "title": "Van alles iets", "blocks": documents.all_blocks()})
    pdf = as_pdf(word_of(content), tmp_path)

    printed = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in printed]
    words = " ".join(" ".join(pages).split())
    blocks = [block for chapter in content["chapters"] for block in chapter["blocks"]]
    for chapter in content["chapters"]:
        assert words.count(f"{chapter['number']} {chapter['title']}") == 2, "in the contents and above the chapter"
    for block in blocks:
        if block["type"] == "table":
            assert f": {' '.join(block['caption'].split())}" in words
    assert f"Tabel {count(blocks, 'table')}: " in words
    assert f"Figuur {count(blocks, 'chart')}: " in words
    assert "niet getoond" in words
    assert f"{len(pages)} / {len(pages)}" in pages[-1], "the pages are numbered"
    assert "/" not in pages[0].splitlines()[-1], "and the cover is not"
    assert PRIVATE.findall(words) == []
    assert "ਧੰਨਵਾਦ" in words
    assert sum("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in words) > 30

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        kinds, alternatives = structure(opened)
        assert kinds["/Table"] == count(blocks, "table") + count(blocks, "figures") + 4
        assert kinds["/TH"] >= 3 * kinds["/Table"]
        assert kinds["/H1"] >= len(content["chapters"]) + 3  # newer ones count the title of the cover too
        assert sorted(alternatives) == sorted(block["alt"] for block in blocks if block["type"] == "chart")
        fonts = {str(entry["/FontName"]).split("+")[-1] for entry in opened.objects
                 if isinstance(entry, pikepdf.Dictionary) and "/FontName" in entry}  # fmt: skip
        assert {font.split("-")[0] for font in fonts} <= {"NotoSans", "Vazirmatn", "NotoSansGurmukhi"}
        assert str(opened.docinfo["/Title"]) == content["title"]
        assert str(opened.Root.Lang) == "nl-BE"
