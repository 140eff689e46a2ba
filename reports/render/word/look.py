"""How the document looks: the house's colours in Word's own styles, so that headings stay headings in other hands."""

from __future__ import annotations

from typing import Any

from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.render.word.grid import STYLE, TEXT_WIDTH
from reports.render.word.parts import LEAF, QUIET, w
from reports.render.word.scripts import for_word

#: What Word and LibreOffice both have, or something of the same width; Noto Sans is on few people's machines.
FONT, COMPLEX_FONT = "Calibri", "Arial"
INK, BLOSSOM, SUN = "22302B", "C2416B", "96600F"
TINT, TINT_OF_QUOTE, TINT_OF_NOTE, LINE = "EAF3EE", "FBECF1", "FBF1DE", "E4DED2"
#: Style: size, colour, bold, italic, space before and after in points.
_LOOK: dict[str, tuple[float, str, bool, bool, float, float]] = {
    "Normal": (10.5, INK, False, False, 0, 7),
    "Title": (30, INK, True, False, 150, 10),
    "Subtitle": (14, QUIET, False, False, 0, 40),
    "Heading 1": (20, LEAF, True, False, 20, 10),
    "Heading 2": (14, INK, True, False, 18, 6),
    "Heading 3": (11.5, LEAF, True, False, 12, 4),
    "TOC Heading": (20, LEAF, True, False, 0, 12),
    "Caption": (9.5, INK, True, False, 12, 4),
    "Quote": (11, INK, False, True, 8, 8),
    "List Bullet": (10.5, INK, False, False, 0, 3),
    "List Number": (10.5, INK, False, False, 0, 3),
    "Header": (8, QUIET, False, False, 0, 0),
    "Footer": (8, QUIET, False, False, 0, 0),
}
_OWN = {
    "Merk": (14, LEAF, True, False, 0, 0),
    "Stand": (9, SUN, True, False, 0, 6),
    "Toelichting": (8, QUIET, False, False, 3, 12),
    "Tabeltekst": (9, INK, False, False, 2, 2),
    "Tabelkop": (9, LEAF, True, False, 2, 2),
    "Aandacht": (10.5, INK, False, False, 8, 8),
    "toc 1": (10.5, INK, True, False, 6, 1),
    "toc 2": (10, INK, False, False, 0, 1),
}


def dress(document: DocumentType, html_lang: str) -> None:
    """Give the document its styles, its paper and its language."""
    styles = document.styles
    for name in _OWN:
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
        made.base_style = styles["Normal"]
        made.element.set(qn("w:styleId"), name.upper().replace(" ", "") if name.startswith("toc") else name)
    for name, look in (_LOOK | _OWN).items():
        _style(styles[name], *look)
    styles["toc 2"].paragraph_format.left_indent = Pt(16)
    _borders(document)
    _tabs(document)
    _bullets(document)
    styles.element.append(_table_style())
    defaults = styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(w("lang", val=for_word(html_lang), eastAsia="en-US", bidi="ar-SA"))
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(27), Mm(24)
    section.different_first_page_header_footer = True
    _settings(document, for_word(html_lang))


def _style(style: Any, size: float, colour: str, bold: bool, italic: bool, before: float, after: float) -> None:
    font = style.font
    font.size, font.bold, font.italic = Pt(size), bold, italic
    font.color.rgb = RGBColor.from_string(colour)
    properties = style.element.get_or_add_rPr()
    # The template's themes have fonts of their own, which would win.
    for old in [*properties.findall(qn("w:rFonts")), *properties.findall(qn("w:szCs"))]:
        properties.remove(old)
    properties.insert(0, w("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=COMPLEX_FONT))
    properties.find(qn("w:sz")).addnext(w("szCs", val=int(size * 2)))
    for unwanted in ("w:spacing", "w:kern", "w:iCs"):
        for old in properties.findall(qn(unwanted)):
            properties.remove(old)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.0 if style.name in ("Tabeltekst", "Tabelkop", "Title", "Header", "Footer") else 1.15
    if style.name.startswith("Heading") or style.name in ("Caption", "TOC Heading"):
        form.keep_with_next = True


def _borders(document: DocumentType) -> None:
    """Lines and tints beside a quotation and a note; the template's line under the title goes."""
    marks = {"Title": None, "Quote": (BLOSSOM, TINT_OF_QUOTE), "Aandacht": (SUN, TINT_OF_NOTE)}
    for name, colours in marks.items():
        properties = document.styles[name].element.get_or_add_pPr()
        for old in properties.findall(qn("w:pBdr")):
            properties.remove(old)
        if colours:
            line, tint = colours
            border = w("pBdr", w("left", val="single", sz=24, space=8, color=line))
            shade = w("shd", val="clear", color="auto", fill=tint)
            spacing = properties.find(qn("w:spacing"))
            spacing.addprevious(border)
            spacing.addprevious(shade)


def _tabs(document: DocumentType) -> None:
    """One stop, at the right margin, instead of the template's two for American paper."""
    for name in ("Header", "Footer"):
        properties = document.styles[name].element.get_or_add_pPr()
        for old in properties.findall(qn("w:tabs")):
            properties.replace(old, w("tabs", w("tab", val="right", pos=TEXT_WIDTH)))


def _bullets(document: DocumentType) -> None:
    """A dot that every font has: the template's is a letter of Symbol, which others draw as a box."""
    numbering = document.part.numbering_part.element
    given = document.styles["List Bullet"].element.pPr.numPr.numId.val
    wanted = numbering.num_having_numId(given).abstractNumId.val
    for one in numbering.findall(qn("w:abstractNum")):
        if one.get(qn("w:abstractNumId")) == str(wanted):
            level = one.find(qn("w:lvl"))
            level.find(qn("w:lvlText")).set(qn("w:val"), "•")
            look = level.find(qn("w:rPr"))
            look.clear()
            look.extend([w("rFonts", ascii=FONT, hAnsi=FONT, cs=COMPLEX_FONT), w("color", val=BLOSSOM)])


def _table_style() -> Any:
    """Lines between the rows and a tinted head: what the PDF has."""
    hair = {"val": "single", "sz": 4, "space": 0, "color": LINE}
    return w(
        "style",
        w("name", val=STYLE),
        w("basedOn", val="TableNormal"),
        w("uiPriority", val=99),
        w("qFormat"),
        w(
            "tblPr",
            w("tblBorders", w("bottom", **hair), w("insideH", **hair)),
            w("tblCellMar", w("top", w=30, type="dxa"), w("left", w=90, type="dxa"), w("bottom", w=30, type="dxa"),
              w("right", w=90, type="dxa")),
        ),
        w("tblStylePr", w("tcPr", w("shd", val="clear", color="auto", fill=TINT)), type="firstRow"),
        type="table",
        customStyle=1,
        styleId=STYLE,
    )  # fmt: skip


def _settings(document: DocumentType, lang: str) -> None:
    """As today's Word writes documents: else it opens them as those of 2010, and says so in the title."""
    settings = document.settings.element
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
    for name, attributes in (("themeFontLang", {"val": lang}), ("decimalSymbol", {"val": ","}),
                             ("listSeparator", {"val": ";"})):  # fmt: skip
        found = settings.find(qn(f"w:{name}"))
        found.attrib.clear()
        for key, value in attributes.items():
            found.set(qn(f"w:{key}"), value)
    for name in ("proofState", "savePreviewPicture", "rsids"):
        found = settings.find(qn(f"w:{name}"))
        settings.remove(found)
