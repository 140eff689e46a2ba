"""What a writer can put into a text: figures, their counts and periods, tables and charts, and single cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from reports.chapters import SENTENCES
from reports.evaluation.counting import name_of
from reports.models import ChapterBlock, ReportChapter
from reports.render.in_text import cells_of, words_in

Choice = tuple[str, str]
Group = tuple[str, list[Choice]]
#: Cells of a longer table nobody looks through in a list; by its name each of them can be typed.
_MOST_CELLS = 80


def placeholder(code: str, part: str = "") -> str:
    return f"{{{{ {code}.{part} }}}}" if part else f"{{{{ {code} }}}}"


def choices_of(chapter: ReportChapter, bound: Iterable[ChapterBlock]) -> list[Group]:
    """The groups of the select, each figure with the value that it has now."""
    bound = list(bound)
    own = [block for block in bound if block.chapter_id == chapter.pk and block.run.indicator not in SENTENCES]
    others = [one for one in bound if one.chapter_id != chapter.pk and one.run.indicator not in SENTENCES]
    named = [block for block in bound if block.run.indicator in SENTENCES]
    groups = [
        (_("Tables and charts of this chapter"), [(placeholder(one.run.indicator), one.caption) for one in own]),
        (_("Tables and charts of other chapters"), [(placeholder(one.run.indicator), one.caption) for one in others]),
        (_("Figures"), [_value(block) for block in named if _window(block) == "year"]),
        (_("Other periods"), [_value(block) for block in named if _window(block) != "year"]),
        (_("Counts"), [count for block in named if _window(block) == "year" for count in _counts(block)]),
        *((block.caption, list(_cells(block))[:_MOST_CELLS]) for block in own if "table" in block.run.result),
    ]
    return [(label, choices) for label, choices in groups if choices]


def placed_in(own: Iterable[ChapterBlock]) -> list[dict[str, str]]:
    """Tables and charts of a chapter with their placeholders."""
    return [
        {"code": placeholder(block.run.indicator), "name": block.caption}
        for block in own
        if block.run.indicator not in SENTENCES
    ]


def _window(block: ChapterBlock) -> str:
    return str(block.run.parameters.get("window", "year"))


def _value(block: ChapterBlock) -> Choice:
    code, window = block.run.indicator, _window(block)
    part = "" if window == "year" else window
    period = {"baseline": _("baseline"), "end": _("last measurement")}.get(window)
    name = f"{code} {name_of(code)}" + (f" ({period})" if period else "")
    return placeholder(code, part), f"{name}: {block.run.result['text']}"


def _counts(block: ChapterBlock) -> Iterator[Choice]:
    result: dict[str, Any] = block.run.result
    code = block.run.indicator
    if result["unit"] == "%":
        for part in ("n", "N"):
            yield placeholder(code, part), f"{code} {name_of(code)}, {part}: {words_in(result, code, part)}"


def _cells(block: ChapterBlock) -> Iterator[Choice]:
    table = block.run.result["table"]
    for name, words in cells_of(table):
        if any(sign.isdigit() for sign in words) or "niet getoond" in words:
            yield placeholder(block.run.indicator, name), f"{name.replace('.', ', ').replace('-', ' ')}: {words}"
