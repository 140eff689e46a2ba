"""The small parts of a Word document: runs, paragraphs, fields, bookmarks. Elements come in the order of the standard
(ISO/IEC 29500, part 1, 17.3): Word calls a document damaged in which they do not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.render.word.scripts import SCRIPTS, for_word, pieces, runs_right_to_left
from reports.richtext import Run

LEAF, QUIET = "2F6B4F", "55625C"
SMALL = 15
#: What XML cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def w(tag: str, *children: Any, **attributes: object) -> Any:
    """An element of WordprocessingML with its attributes and children; None among them is left out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(child for child in children if child is not None)
    return made


def text_element(words: str, tag: str = "t") -> Any:
    made = w(tag)
    made.text = _NOT_IN_XML.sub(" ", words)
    made.set(qn("xml:space"), "preserve")
    return made


def run(words: str, *, lang: str = "", script: str = "", **look: Any) -> Any:
    """One run; a line end in it is a line end. ``look``: bold, italic, colour, size in half points, mark."""
    made = w("r", _properties(lang, script, **look))
    for place, line in enumerate(words.split("\n")):
        if place:
            made.append(w("br"))
        if line:
            made.append(text_element(line))
    return made


def _properties(
    lang: str, script: str, *, bold: bool = False, italic: bool = False, colour: str = "", size: int = 0,
    mark: bool = False,
) -> Any:  # fmt: skip
    how = SCRIPTS.get(script)
    tag = for_word(lang) or (how.language if how else "")
    font = how.font if how else ""
    found = [
        w("rFonts", ascii=font, hAnsi=font, cs=font) if font else None,
        *((w("b"), w("bCs")) if bold else ()),
        w("i") if italic else None,  # never of the other scripts: they have no slanted letters
        # Nobody said which language this is, only its script: no red lines under a parent's words.
        w("noProof") if how and not lang else None,
        w("color", val=colour) if colour else None,
        *((w("sz", val=size), w("szCs", val=size)) if size else ()),
        w("highlight", val="yellow") if mark else None,
        w("rtl") if how and how.is_right_to_left else None,
        w("cs") if how and how.is_complex and not how.is_right_to_left else None,
        w("lang", **{"bidi" if how and how.is_complex else "val": tag}) if tag else None,
    ]
    return w("rPr", *found) if any(one is not None for one in found) else None


def runs_of(runs: Iterable[Run | str], lang: str = "") -> list[Any]:
    """The runs of a block. A figure is bold and carries the code of its indicator; one that is not known is marked."""
    made = []
    for given in runs:
        one: Run = {"text": given} if isinstance(given, str) else given
        look: dict[str, Any] = {key: True for key in ("bold", "italic") if one.get(key)}
        if "ref" in one:
            look = {"bold": True, "colour": LEAF}
        if one.get("unknown"):
            look["mark"] = True
        named = one.get("lang", lang)
        made += [run(words, lang=named, script=script, **look) for script, words in pieces(one["text"])]
        if "ref" in one:
            made.append(run(f"\u00a0{one['ref']}", colour=QUIET, size=SMALL))
    return made


def plain_text(runs: Iterable[Run | str]) -> str:
    return "".join(one if isinstance(one, str) else one["text"] for one in runs)


def paragraph(
    style: str, runs: Iterable[Run | str] = (), *, lang: str = "", keep: bool = False, new_page: bool = False,
    number: int = 0, right: bool = False,
) -> Any:  # fmt: skip
    """A paragraph in a style (its id). ``keep``: on one page with what follows; ``number``: the list that counts it."""
    runs = list(runs)
    return w(
        "p",
        w(
            "pPr",
            w("pStyle", val=style) if style else None,
            w("keepNext") if keep else None,
            w("pageBreakBefore") if new_page else None,
            w("numPr", w("ilvl", val=0), w("numId", val=number)) if number else None,
            w("bidi") if runs_right_to_left(plain_text(runs), lang) else None,
            w("jc", val="right") if right else None,
        ),
        *runs_of(runs, lang),
    )


def field(instruction: str, shown: str, **look: Any) -> list[Any]:
    """A field that Word counts itself; ``shown`` stands there until it did."""
    return [
        w("r", w("fldChar", fldCharType="begin")),
        w("r", text_element(f" {instruction} ", "instrText")),
        w("r", w("fldChar", fldCharType="separate")),
        run(shown, **look),
        w("r", w("fldChar", fldCharType="end")),
    ]


def bookmarked(made: Any, name: str, number: int) -> Any:
    """The paragraph with a bookmark around its words."""
    made.insert(1 if made.find(qn("w:pPr")) is not None else 0, w("bookmarkStart", id=number, name=name))
    made.append(w("bookmarkEnd", id=number))
    return made


def page_break() -> Any:
    return w("p", w("r", w("br", type="page")))
