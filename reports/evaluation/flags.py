"""What somebody must look at before a report is frozen, each with its place: who is named in it, and numbers that
somebody typed beside a bound figure that says something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from reports.evaluation.binding import blocks_of
from reports.evaluation.counting import NOT_SHOWN
from reports.evaluation.merging import pieces_of
from reports.models import ChapterBlock, EvaluationReport, ReportChapter, Target
from reports.publication import findings_in
from reports.render.in_text import Figures, words_in
from reports.richtext import PLACEHOLDER

_NUMBER = r"(?<![\w.,])(\d{1,3}(?:\.\d{3})+|\d+)(,\d+)?"
#: How each kind of number is written after its digits.
_UNITS = {
    "%": r"\s?(?:%|procent\b|percent\b)",
    "pp": r"\s?(?:procentpunt(?:en)?|pp)\b",
    "school days": r"\s(?:school)?dag(?:en)?\b",
    "contacts": r"\scontact(?:en|momenten)?\b",
    "h": r"\suur\b",
    "count": r"\s(?:gezin(?:nen)?|ouders?|families)\b",
}
_LITERAL = {unit: re.compile(_NUMBER + after) for unit, after in _UNITS.items()}
_OF = re.compile(r"(?<![\w.,])(\d+)\s(?:van|op)\s(?:de\s|alle\s)?(\d+)(?![\w,]|\s?%)")
_ANY_NUMBER = re.compile(r"-?\d+(?:,\d+)?")
_AROUND = 60
#: Stands for a figure without a number: nothing that somebody types is equal to it.
_NOT_THERE = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Flag:
    """A place in a text: ``marked`` stands between ``before`` and ``after``. What ``must_go`` keeps the report from
    being frozen. ``language`` names a summary; without it the place is in a chapter."""

    chapter: int
    title: str
    before: str
    marked: str
    after: str
    why: str
    must_go: bool = False
    language: str = ""


def flags_of(report: EvaluationReport) -> list[Flag]:
    """Everything in a report to look at before it is frozen, in the order of its chapters; then the summaries."""
    chapters = list(report.chapters.all())
    numbers, people = _Numbers(report), _people_in(chapters, report)
    flags = [flag for one in chapters for flag in (*people.get(one.number, ()), *numbers.flags_in(one))]
    return [*flags, *people.get(-1, ())]


def numbers_in(chapter: ReportChapter, text: str, bound: list[ChapterBlock]) -> list[Flag]:
    """Numbers in the text of a chapter, as it is being written, that contradict a bound figure of their sentence."""
    return _Numbers(chapter.report, bound).flags_in(chapter, text)


def people_in(chapter: ReportChapter, text: str) -> list[Flag]:
    """Names, numbers and addresses of families in the text of a chapter, as it is being written."""
    return [_named(chapter.number, chapter.title, text, *found) for found in _found(text)] if chapter.number else []


def _people_in(chapters: list[ReportChapter], report: EvaluationReport) -> dict[int, list[Flag]]:
    """By number of the chapter; -1 for the summaries. The names are asked for once."""
    texts = {f"{chapter.number}": chapter.text for chapter in chapters if chapter.number}
    titles = {f"{chapter.number}": chapter.title for chapter in chapters}
    for row in report.summaries.all():
        texts[row.language] = " ".join(row.sentences)
        titles[row.language] = row.get_language_display()
    flags: dict[int, list[Flag]] = {}
    seen: dict[tuple[str, str], int] = {}
    for one in findings_in(texts, staff=False):
        at = texts[one.place].find(one.text, seen.get((one.place, one.text), 0))
        seen[one.place, one.text] = at + len(one.text)
        number = int(one.place) if one.place.isdigit() else -1
        language = "" if number >= 0 else one.place
        flag = _named(number, titles[one.place], texts[one.place], at, one.text, one.why, language)
        flags.setdefault(number, []).append(flag)
    return flags


def _found(text: str) -> Iterator[tuple[int, str, str]]:
    seen: dict[str, int] = {}
    for one in findings_in({"": text}, staff=False):
        at = text.find(one.text, seen.get(one.text, 0))
        seen[one.text] = at + len(one.text)
        yield at, one.text, one.why


def _named(number: int, title: str, text: str, at: int, words: str, why: str, language: str = "") -> Flag:
    before, marked, after = around(text, at, at + len(words))
    why = _("%(why)s Take it out before the report is frozen.") % {"why": why[:1].upper() + why[1:]}
    return Flag(number, title, before, marked, after, why, must_go=True, language=language)


def around(text: str, first: int, last: int) -> tuple[str, str, str]:
    """A place of a text with some words before and after it, in its line."""
    begin, end = text.rfind("\n", 0, first) + 1, text.find("\n", last)
    end = len(text) if end < 0 else end
    before, after = text[begin:first], text[last:end]
    if len(before) > _AROUND:
        before = f"…{before[-_AROUND:]}"
    return before, text[first:last], f"{after[:_AROUND]}…" if len(after) > _AROUND else after


class _Numbers:
    """Numbers of a text beside the figures that its sentences name."""

    def __init__(self, report: EvaluationReport, bound: list[ChapterBlock] | None = None) -> None:
        self._figures = Figures(blocks_of(report) if bound is None else bound)
        goals = Target.objects.filter(project_id=report.project_id)
        self._goals: dict[str, set[Decimal]] = {}
        for code, value in goals.values_list("indicator", "value"):
            self._goals.setdefault(code, set()).update([] if value is None else [value])

    def flags_in(self, chapter: ReportChapter, text: str | None = None) -> list[Flag]:
        """A flag for each number of a sentence that is none of the figures it names, nor their target or baseline."""
        text, at, flags = chapter.text if text is None else text, 0, []
        for sentence in pieces_of(text):
            named = PLACEHOLDER.findall(sentence)
            for first, last, words in self._wrong_in(sentence, named) if named else ():
                before, marked, after = around(text, at + first, at + last)
                flags.append(Flag(chapter.number, chapter.title, before, marked, after, words))
            at += len(sentence)
        return flags

    def _wrong_in(self, sentence: str, named: list[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
        plain = PLACEHOLDER.sub(lambda found: " " * len(found[0]), sentence)
        known = {unit: self._known(named, unit) for unit in _UNITS}
        shown = ", ".join(dict.fromkeys(self._figures.run_of(code, part)["text"] for code, part in named))
        why = _("The figure in this sentence says %(shown)s.") % {"shown": shown}
        if NOT_SHOWN in shown:
            why = _("The figure in this sentence may not be shown; a number beside it would tell it.")
        taken: set[int] = set()
        for found in _OF.finditer(plain):
            taken |= {found.start(1), found.start(2)}
            if known["count"] and not {Decimal(found[1]), Decimal(found[2])} <= known["count"]:
                yield found.start(), found.end(), why
        for unit, pattern in _LITERAL.items():
            for found in pattern.finditer(plain):
                is_known = found.start(1) in taken or not known[unit] or _agrees(found[1], found[2] or "", known[unit])
                if not is_known:
                    yield found.start(), found.end(), why

    def _known(self, named: list[tuple[str, str]], unit: str) -> set[Decimal]:
        """The numbers of a unit that the figures of a sentence stand for: now, at the baseline, at the end, and aimed
        at. Empty when the sentence names no figure of that unit."""
        known: set[Decimal] = set()
        for code, part in named:
            for window in ("year", "baseline", "end"):
                run = self._figures.named.get((code, window))
                if run is None:
                    continue
                if "table" in run.result:
                    words = words_in(run.result, code, part) or ""
                    known |= _numbers(words) if ("%" in words) == (unit == "%") else set()
                elif unit == "count" and run.result.get("unit") == "%":
                    known |= {Decimal(run.result[size]) for size in ("n", "N") if run.result[size] is not None}
                    known |= {_NOT_THERE} if run.result["n"] is None else set()
                elif unit == run.result.get("unit"):
                    known |= _numbers(run.result["text"]) or {_NOT_THERE}
                    known |= self._goals.get(code, set())
        return known


def _numbers(words: str) -> set[Decimal]:
    return {Decimal(number.replace(",", ".")) for number in _ANY_NUMBER.findall(words.replace("−", "-"))}


def _agrees(whole: str, decimals: str, known: set[Decimal]) -> bool:
    """Whether a number is one of the known ones, as far as it is written out: 61 stands for 61,4 too."""
    written = Decimal(whole.replace(".", "") + decimals.replace(",", "."))
    step = Decimal(1).scaleb(-max(0, len(decimals) - 1))
    return any(abs(one).quantize(step, ROUND_HALF_UP) == written for one in known)
