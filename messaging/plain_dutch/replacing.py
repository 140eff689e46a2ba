"""Putting everyday words into a text, and taking them out again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

#: Longest text that is looked at, in characters; a whole method card is shorter.
LONGEST_TEXT = 16_000
_LONGEST_CHOICE = 2_000


def as_typed(text: str) -> str:
    """A text as the field on the page counts it: a browser sends two characters for the end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Replacement:
    """Put ``to`` where ``words`` stand, at character ``start`` of the field ``field``."""

    field: str
    start: int
    words: str
    to: str

    @property
    def undone(self) -> Replacement:
        return Replacement(self.field, self.start, self.to, self.words)

    @property
    def value(self) -> str:
        """As the value of a button."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def applied(self, text: str) -> str | None:
        """The text with the replacement; None when something else stands there by now."""
        end = self.start + len(self.words)
        if self.start < 0 or text[self.start : end] != self.words:
            return None
        return text[: self.start] + self.to + text[end:]


def read_replacement(value: str) -> Replacement | None:
    """What a button said; None for what no button of ours says."""
    if len(value) > _LONGEST_CHOICE:
        return None
    try:
        given = json.loads(value)
        field, start, words, to = (given[name] for name in ("field", "start", "words", "to"))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_right = all(isinstance(word, str) for word in (field, words, to)) and type(start) is int
    return Replacement(field, start, words, to) if is_right else None
