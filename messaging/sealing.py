"""Closes a text before it leaves for a machine or a translator: ``[1]``, ``[2]`` … stand for names, addresses, numbers,
for the values that each language writes its own way, and for school words with a fixed translation.

What was closed is opened in another language: a date with its weekday there, a name that keeps its own direction. A
text that lost a mark on the way, or brought one that was not there, is refused (domain 6.6).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from messaging import formats

#: Longer names are recognised with an ending behind them: "Yusufs", "Yusuf'un".
SHORT_NAME = 3
#: Words of names that are no name by themselves.
PARTICLES = frozenset(
    {"van", "von", "de", "den", "der", "het", "te", "ten", "ter", "la", "le", "el", "al", "ben", "bin"}
)
ADDRESS = r"[^\s@<>]+@[^\s@<>]+\.\w+"
NUMBER = r"\+?\d(?:[\s./()-]{0,2}\d){7,14}"
MARK = re.compile(r"\[\s*#?\s*(\d{1,4})\s*\]")
CHILD = "{" + formats.PER_GUARDIAN + "}"

#: Kinds of marks beside the names of a template's variables.
NAME, CONTACT, TERM, LITERAL = "name", "contact", "term", "literal"


class LostMarkError(ValueError):
    """A mark was lost, doubled or made up."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands behind a mark: its kind, and the value as stored (a date in ISO form, a name as written). ``short``
    leaves out the year, as in a text message."""

    kind: str
    value: str
    short: bool = False

    def written(self, code: str) -> str:
        """In a language, keeping its own direction."""
        if self.kind in (TERM, LITERAL) or self.value == CHILD:
            return self.value
        value = formats.written(self.kind, self.value, code, short=self.short)
        return value if self.short else formats.isolated(value, code)


class Seal:
    """One numbering for all parts of a text: the same value has the same mark everywhere.

    ``values`` are a notice's variables as stored, ``names`` people's full names, ``terms`` school words (in ``source``)
    with their fixed words in ``target``.
    """

    def __init__(
        self,
        *,
        source: str,
        target: str,
        values: Mapping[str, str] | None = None,
        names: Iterable[str] = (),
        terms: Mapping[str, str] | None = None,
    ) -> None:
        self._target = target
        self.marks: list[Mark] = []
        self._exact = _exact_values(values or {}, source)
        whole = [unicodedata.normalize("NFC", name).strip() for name in names]
        self._names = list(dict.fromkeys(part for name in whole for part in _parts(name)))
        self._terms = {term.casefold(): words for term, words in (terms or {}).items()}

    def close(self, text: str) -> str:
        """The text with marks. Direction characters around a value go: opening sets those of the other language."""
        plain = unicodedata.normalize("NFC", text).replace(formats.ISOLATE, "").replace(formats.POP, "")
        pattern = self._pattern(plain)
        return re.sub(pattern, self._take, plain)

    def open(self, text: str, closed: str) -> str:
        """What came back for ``closed``, with everything in its place. Raises LostMarkError."""
        found = sorted(int(number) for number in MARK.findall(text))
        if found != sorted(int(number) for number in MARK.findall(closed)):
            raise LostMarkError
        return MARK.sub(lambda match: self.marks[int(match[1]) - 1].written(self._target), text)

    def _pattern(self, text: str) -> str:
        low = text.casefold()
        names = sorted((name for name in self._names if name.casefold() in low), key=len, reverse=True)
        terms = sorted((term for term in self._terms if term in low), key=len, reverse=True)
        parts = [
            re.escape(CHILD),
            *(_whole(value) for value in sorted(self._exact, key=len, reverse=True) if value in text),
            ADDRESS,
            NUMBER,
            MARK.pattern,
            *(name_pattern(name) for name in names),
            *(rf"(?i:{_whole(term)})" for term in terms),
        ]
        return "|".join(f"(?:{part})" for part in parts)

    def _take(self, match: re.Match[str]) -> str:
        mark = self._read(match[0])
        if mark not in self.marks:
            self.marks.append(mark)
        return f"[{self.marks.index(mark) + 1}]"

    def _read(self, words: str) -> Mark:
        if words == CHILD:
            return Mark(formats.PER_GUARDIAN, CHILD)
        if known := self._exact.get(words):
            return known
        if MARK.fullmatch(words):
            return Mark(LITERAL, words)
        if re.fullmatch(f"{ADDRESS}|{NUMBER}", words):
            return Mark(CONTACT, words)
        fixed = self._terms.get(words.casefold())
        if fixed is None or any(words.casefold() == name.casefold() for name in self._names):
            return Mark(NAME, words)
        return Mark(TERM, f"{fixed[:1].upper()}{fixed[1:]}" if words[:1].isupper() else fixed)


def _parts(name: str) -> list[str]:
    """A full name, and each of its words that is a name by itself."""
    return [part for part in (name, *name.split()) if part and part.casefold() not in PARTICLES]


def name_pattern(part: str) -> str:
    """A name as a word of its own; a short one only as it is written, for "An" is also a word."""
    words = re.escape(part)
    return rf"(?<!\w){words}(?!\w)" if len(part) <= SHORT_NAME else rf"(?i:(?<!\w){words})"


def _exact_values(values: Mapping[str, str], source: str) -> dict[str, Mark]:
    """How each value stands in a text of this language, with and without its year."""
    found: dict[str, Mark] = {}
    for name, value in values.items():
        for short in (True, False):
            words = formats.written(name, value, source, short=short)
            if len(words) > 1:
                found[words] = Mark(name, formats.plain(value), short)
    return found


def _whole(value: str) -> str:
    """The value where no letter or figure goes on before or after it."""
    return rf"(?<!\w){re.escape(value)}(?!\w)"
