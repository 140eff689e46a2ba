"""From the print content to a Word document, block by block: what ``templates/typst/report.typ`` is for the PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from docx.shared import Mm

from reports.render.word import file
from reports.render.word.grid import grid
from reports.render.word.look import dress
from reports.render.word.parts import bookmarked, field, page_break, paragraph, plain_text, run, text_element, w
from reports.richtext import Block
from schools.typeset import pictures

_PICTURE_WIDTH = Mm(162)
_NUMERIC = ("right", "end", "number")
_ROOM_TO_SIGN = 1100


def word_of(content: dict[str, Any]) -> bytes:
    """The DOCX file of the content that ``reports.render.document.for_typesetter`` makes."""
    document = file.blank()
    dress(document, content["lang"])
    file.describe(document, content)
    writer = Writer(document, _drawings(content))
    writer.write(content)
    return file.saved(document)


def _drawings(content: dict[str, Any]) -> Iterator[bytes]:
    """The charts of all chapters as pictures, in their order."""
    charts = [block for chapter in content["chapters"] for block in chapter["blocks"] if block["type"] == "chart"]
    return iter(pictures("charts", {"date": content["date"], "charts": charts}) if charts else ())


class Writer:
    """Puts one part after the other into the body, and counts headings, tables, figures and lists."""

    def __init__(self, document: Any, drawings: Iterator[bytes]) -> None:
        self.document, self.drawings = document, drawings
        self.body = document.element.body
        self.headings: list[tuple[int, str, str]] = []
        self.counts = {"Tabel": 0, "Figuur": 0}
        self.lang = ""
        self.begins_a_page = False

    def write(self, content: dict[str, Any]) -> None:
        labels = content["labels"]
        self._frame(content)
        self._cover(content)
        if content["identification"]:
            self.heading(1, labels["identification"], new_page=True)
            self._facts(labels["identification"], content["identification"])
        before_the_contents = self.body[-2]
        for place, chapter in enumerate(content["chapters"]):
            number = chapter.get("number")
            words = f"{number} {chapter['title']}" if number is not None else chapter["title"]
            self.heading(1, words, new_page=place == 0 or chapter.get("new_page", False))
            self.blocks(chapter["blocks"])
        self._signatures(content.get("signatures"), labels)
        self._colophon(content.get("colophon"), labels)
        before_the_contents.addnext(self._contents(labels["contents"]))

    def add(self, *made: Any) -> None:
        """Before the properties of the section, which stay last."""
        for one in made:
            self.body[-1].addprevious(one)

    def heading(self, level: int, words: str, *, new_page: bool = False) -> None:
        name = f"_Toc{len(self.headings) + 1:06}"
        self.headings.append((level, words, name))
        starts, self.begins_a_page = new_page or self.begins_a_page, False
        self.add(bookmarked(paragraph(f"Heading{level}", [words], new_page=starts), name, len(self.headings)))

    def blocks(self, blocks: list[Block]) -> None:
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else {}
            if block["type"] == "pagebreak" and following.get("type") == "h2":
                # Of the heading itself: a break in a paragraph of its own leaves an empty page after a full one.
                self.begins_a_page = True
                continue
            self.lang = block.get("lang", "")
            _WRITERS[block["type"]](self, block)
            self.lang = ""

    def caption(self, kind: str, words: str, more: str = "") -> None:
        """“Tabel 3: …” with a number that Word counts on, kept on one page with what it names."""
        self.counts[kind] += 1
        made = w("p", w("pPr", w("pStyle", val="Caption"), w("keepNext")))
        made.extend([run(f"{kind} "), *field(f"SEQ {kind} \\* ARABIC", str(self.counts[kind])), run(f": {words}")])
        self.add(made)
        if more:
            self.add(paragraph("Toelichting", [more], keep=True))

    def table(self, block: Block) -> None:
        self.caption("Tabel", block["caption"])
        numeric = {place for place, one in enumerate(block["columns"]) if one.get("align") in _NUMERIC}
        head = [column["label"] for column in block["columns"]]
        self.add(grid(head, block["rows"], name=block["caption"], numeric=frozenset(numeric)))
        # Two tables without a paragraph between them would be one.
        self.add(paragraph("Toelichting", [block.get("note", "")]))

    def chart(self, block: Block) -> None:
        self.caption("Figuur", block["title"], block.get("subtitle", ""))
        inline = self.document.part.new_pic_inline(io.BytesIO(next(self.drawings)), width=_PICTURE_WIDTH)
        inline.docPr.set("descr", block["alt"])
        inline.docPr.set("name", f"Figuur {self.counts['Figuur']}")
        self.add(w("p", w("pPr", w("pStyle", val="Normal"), w("keepNext")), w("r", w("drawing", inline))))
        self.add(paragraph("Toelichting", [block.get("note", "")]))

    def cards(self, block: Block) -> None:
        """Figures side by side are a table here: a row for each, its value first."""
        rows = [[{"text": card["value"], "bold": True}, card["label"], card.get("detail", ""), card.get("ref", "")]
                for card in block["items"]]  # fmt: skip
        self.add(grid(["waarde", "wat", "toelichting", "indicator"], rows, name="Kerncijfers"))
        self.add(paragraph("Toelichting"))

    def quotation(self, block: Block) -> None:
        self.add(paragraph("Quote", block["runs"], lang=self.lang, keep=bool(block.get("source"))))
        if block.get("source"):
            self.add(paragraph("Toelichting", [block["source"]]))

    def listed(self, block: Block) -> None:
        style, number = "ListBullet", 0
        if block["type"] == "ol":
            style, number = "ListNumber", self._begin_counting(block.get("start", 1))
        for item in block["items"]:
            runs = [item] if isinstance(item, str) else item
            self.add(paragraph(style, runs, lang=self.lang, number=number))

    def _begin_counting(self, first: int) -> int:
        """A list that begins with this number, mostly at one again."""
        numbering = self.document.part.numbering_part.element
        given = self.document.styles["List Number"].element.pPr.numPr.numId.val
        fresh = numbering.add_num(numbering.num_having_numId(given).abstractNumId.val)
        fresh.add_lvlOverride(ilvl=0).add_startOverride(first)
        return int(fresh.numId)

    def _frame(self, content: dict[str, Any]) -> None:
        """What stands above and below each page but the first."""
        section, state = self.document.sections[0], content.get("status", "")
        top, bottom = section.header.paragraphs[0]._p, section.footer.paragraphs[0]._p
        top.extend([run(content["running_title"]), w("r", w("tab")), run(state, bold=True)])
        bottom.extend([run(content.get("checksum_short", "")), w("r", w("tab")), *field("PAGE", "1"), run(" / "),
                       *field("NUMPAGES", "1")])  # fmt: skip

    def _cover(self, content: dict[str, Any]) -> None:
        self.add(paragraph("Merk", [content["brand"]]))
        self.add(paragraph("Title", [content["title"]]), paragraph("Subtitle", [content["subtitle"]]))
        if content.get("status"):
            self.add(paragraph("Stand", [content["status"]]))
        self.add(*(paragraph("", [line]) for line in content.get("cover_lines", ())))

    def _contents(self, title: str) -> Any:
        """The table of contents as Word keeps one: links now, page numbers as soon as somebody has it updated.

        It is not marked as out of date: Word would ask about that before it opens the document.
        """
        begin = [w("r", w("fldChar", fldCharType="begin")),
                 w("r", text_element(' TOC \\o "1-2" \\h \\z \\u ', "instrText")),
                 w("r", w("fldChar", fldCharType="separate"))]  # fmt: skip
        lines: list[Any] = []
        for level, words, name in self.headings:
            if level > 2:
                continue
            link = w("hyperlink", run(words), anchor=name, history=1)
            lines.append(w("p", w("pPr", w("pStyle", val=f"TOC{level}")), *(begin if not lines else ()), link))
        lines.append(w("p", w("r", w("fldChar", fldCharType="end"))))
        gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
        return w("sdt", w("sdtPr", gallery), w("sdtContent", paragraph("TOCHeading", [title], new_page=True), *lines))

    def _facts(self, name: str, rows: list[dict[str, str]]) -> None:
        cells = [[row["label"], row["text"]] for row in rows]
        self.add(grid(["gegeven", "waarde"], cells, name=name, first_is_head=True), paragraph("Toelichting"))

    def _signatures(self, signatures: dict[str, Any] | None, labels: dict[str, str]) -> None:
        if signatures is None:
            return
        self.heading(1, labels["signatures"], new_page=True)
        self.add(paragraph("", [signatures.get("intro", "")], keep=True))
        rows = [[person.get("organisation", ""), person["name"], person["role"], ""]
                for person in signatures["people"]]  # fmt: skip
        head = ["organisatie", "naam", "rol", f"{labels['signature']} en datum"]
        self.add(grid(head, rows, name=labels["signatures"], height=_ROOM_TO_SIGN), paragraph("Toelichting"))

    def _colophon(self, colophon: dict[str, Any] | None, labels: dict[str, str]) -> None:
        if colophon is None:
            return
        self.heading(1, labels["colophon"], new_page=True)
        self._facts(labels["colophon"], colophon["lines"])
        if runs := colophon.get("runs"):
            self.heading(2, labels["runs"])
            keys = ("id", "indicator", "as_of", "checksum")
            head = [labels["run" if key == "id" else key] for key in keys]
            self.add(grid(head, [[run[key] for key in keys] for run in runs], name=labels["runs"]))
            self.add(paragraph("Toelichting"))


def _plain(writer: Writer, block: Block) -> None:
    writer.add(paragraph("", block["runs"], lang=writer.lang))


_WRITERS: dict[str, Callable[[Writer, Block], None]] = {
    "p": _plain,
    "figure-ref": _plain,
    "h2": lambda writer, block: writer.heading(2, plain_text(block["runs"])),
    "h3": lambda writer, block: writer.heading(3, plain_text(block["runs"])),
    "ul": Writer.listed,
    "ol": Writer.listed,
    "quote": Writer.quotation,
    "note": lambda writer, block: writer.add(paragraph("Aandacht", block["runs"], lang=writer.lang)),
    "table": Writer.table,
    "chart": Writer.chart,
    "figures": Writer.cards,
    "pagebreak": lambda writer, block: writer.add(page_break()),
}
