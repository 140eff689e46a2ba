"""The text of a chapter: Markdown in, blocks out. Screen and PDF are made from the same blocks.

The Markdown becomes HTML, the HTML loses everything that is not on the list, and what is left becomes blocks: so a
pasted script or link never reaches a page, and no markup ever reaches the typesetter.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import markdown
import nh3

Block = dict[str, Any]
Run = dict[str, Any]

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "blockquote", "br"}
#: ``{{ I01 }}``, ``{{ I01.n }}`` or ``{{ T1.row.column }}``.
PLACEHOLDER = re.compile(r"\{\{\s*([A-Z]\d{1,2})(?:\.([\w-]+(?:\.[\w-]+)?))?\s*\}\}")
_ALONE = re.compile(r"^\{\{\s*([A-Z]\d{1,2})\s*\}\}$")
#: A table or chart on a line of its own, whatever stands above and below; an indicator (I…) may stand in a sentence.
_TABLE_LINE = re.compile(r"^ {0,3}(\{\{ *[A-HJ-Z]\d{1,2} *\}\})[ \t]*$", re.MULTILINE)
#: The first line of a list; a number other than one may have come there because a sentence was broken.
_LIST_BEGINS = re.compile(r" {0,3}(?:[-*+]|1\.)[ \t]+\S")
#: Of so many digits is the number with which a list begins at most: a year at the head of a paragraph makes one too.
_START_DIGITS = 4
#: What people paste as a tag; whatever else stands between angle brackets somebody wrote to be read.
_PASTED = (
    "a|b|blockquote|br|center|code|del|div|em|font|h[1-6]|hr|i|img|ins|li|ol|p|pre|s|script|small|span|strike|strong|style"
    "|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
)
_NO_TAG = re.compile(rf"<(?!/?(?:{_PASTED})(?:\s+[\w:-]+\s*=[^<>]*|\s*/?)>)", re.IGNORECASE)
#: In the place of an angle bracket while Markdown is read, which would take it for a tag.
_BRACKET = "\ue000"
_HEADINGS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
_TYPES = {"p": "p", "h2": "h2", "h3": "h3", "li": "p"}


def safe_html(text: str) -> str:
    """The Markdown as HTML in which only text, headings, lists, quotes and emphasis are left."""
    read = _NO_TAG.sub(_BRACKET, _with_room(text))
    made = markdown.markdown(read, extensions=["sane_lists"], output_format="html").replace(_BRACKET, "&lt;")
    for heading, kept in _HEADINGS.items():
        made = re.sub(rf"<(/?){heading}\b[^>]*>", rf"<\1{kept}>", made)
    return nh3.clean(made, tags=TAGS, attributes={"ol": {"start"}}, clean_content_tags={"script", "style"})


def _with_room(text: str) -> str:
    """The text with the empty lines that Markdown wants before a list and around what is to be placed."""
    lines: list[str] = []
    is_list = False
    for line in _TABLE_LINE.sub(r"\n\1\n", text).split("\n"):
        before = lines[-1].strip() if lines else ""
        if _LIST_BEGINS.match(line):
            if before and not is_list:
                lines.append("")
            is_list = True
        elif line.startswith("#") or (not before and line[:1].strip()):
            is_list = False  # a heading, a paragraph after an empty line
        lines.append(line)
    return "\n".join(lines)


def blocks_of_text(text: str) -> list[Block]:
    """The text as the blocks of the print templates; a figure to be placed is ``{"type": "place", "code": …}``."""
    reader = _Reader()
    reader.feed(safe_html(text))
    reader.close()
    return [_placed(block) for block in reader.blocks]


def placeholders(text: str) -> list[tuple[str, str]]:
    """(code, part) of every placeholder in a text; the part is empty where none is named."""
    return [(code, part or "") for code, part in PLACEHOLDER.findall(text)]


def _placed(block: Block) -> Block:
    if block["type"] == "p":
        words = "".join(run["text"] for run in block["runs"]).strip()
        if found := _ALONE.match(words):
            return {"type": "place", "code": found[1]}
    return block


class _Reader(HTMLParser):
    """Reads safe HTML into blocks. Lists are flat: an inner list continues the outer one. What stands in no block, as
    lines that were indented or in a tag that is not on the list, is a paragraph: no word is lost."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._runs: list[Run] | None = None
        self._list: Block | None = None
        self._inner_lists = 0
        self._quote = False
        self._bold = self._italic = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("strong", "em"):
            self._emphasise(tag, 1)
        elif tag in ("ul", "ol"):
            self._begin_list(tag, dict(attrs).get("start") or "")
        elif tag == "li" and self._list is not None:
            self._flush_item()
        elif tag == "blockquote":
            self._quote = True
        elif tag == "br":
            self.handle_data(" ")
        elif self._list is None:
            self._open(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("strong", "em"):
            self._emphasise(tag, -1)
        elif tag == "li":
            self._flush_item()
        elif tag in ("ul", "ol"):
            self._end_list()
        elif tag == "blockquote":
            self._quote = False
        elif self._list is None and tag in _TYPES:
            self._runs = None

    def handle_data(self, data: str) -> None:
        if data.strip() or self._runs:
            self._say(data)

    def _open(self, tag: str) -> None:
        self._runs = []
        kind = "quote" if self._quote and tag == "p" else _TYPES[tag]
        self.blocks.append({"type": kind, "runs": self._runs})

    def _begin_list(self, tag: str, start: str) -> None:
        self._flush_item()
        if self._list is not None:
            self._inner_lists += 1
            return
        self._list = {"type": tag, "items": []}
        if start.isdecimal() and len(start) <= _START_DIGITS and int(start) > 1:
            self._list["start"] = int(start)
        self.blocks.append(self._list)

    def _end_list(self) -> None:
        self._flush_item()
        if self._inner_lists:
            self._inner_lists -= 1
        else:
            self._list = None

    def _say(self, words: str) -> None:
        if self._runs is None and self._list is None:
            self._open("p")
        self._runs = [] if self._runs is None else self._runs
        run: Run = {"text": words.replace("\n", " ")}
        if self._bold:
            run["bold"] = True
        if self._italic:
            run["italic"] = True
        self._runs.append(run)

    def _emphasise(self, tag: str, step: int) -> None:
        if tag == "strong":
            self._bold += step
        else:
            self._italic += step

    def _flush_item(self) -> None:
        if self._list is not None and self._runs:
            self._runs[-1]["text"] = self._runs[-1]["text"].rstrip()
            self._list["items"].append(self._runs)
        self._runs = None
