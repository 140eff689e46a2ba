"""A kind of reference text: where its words stand, in which languages, and what its parts may hold."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from schools.languages import text_codes
from schools.scope import Scope

PLACEHOLDER = re.compile(r"\{(\w*)\}")
#: Control and direction characters: nobody types them, and pages set directions themselves.
_CONTROLS = re.compile("[\u0000-\u0009\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]")
Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a text. ``longest`` in characters; ``of_lines``: several lines, ``is_list``: one entry a line, as
    many in a translation as in the Dutch. ``allowed`` are the placeholders its Dutch may hold."""

    name: str
    label: Any
    longest: int
    of_lines: bool = False
    is_list: bool = False
    allowed: frozenset[str] = frozenset()


class TextKind(ABC):
    """One kind. ``code`` stands in addresses and in ``Wording.kind``."""

    code: str
    label: Any
    icon: str
    languages: tuple[str, ...] = text_codes()

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """All texts of this kind, with what reading them needs."""

    def visible_to(self, scope: Scope) -> QuerySet[Any]:
        """Those that somebody who maintains texts may see: all, unless they belong to places."""
        return self.rows()

    def is_theirs(self, scope: Scope, row: Any) -> bool:
        """Whether the text belongs to a place of theirs, so that they write it in every language."""
        return False

    @abstractmethod
    def title(self, row: Any) -> str:
        """What the row is called, in Dutch."""

    def group(self, row: Any) -> str:
        """A word that tells rows with equal titles apart; may be empty."""
        return ""

    @abstractmethod
    def parts(self, row: Any) -> list[Part]:
        """The fields of the row."""

    def read(self, row: Any, language: str) -> Words:
        """The words of a row in one language, by the name of the part; an empty one is an empty string."""
        return {part.name: getattr(row, f"{part.name}_{language}") or "" for part in self.parts(row)}

    def write(self, row: Any, language: str, words: Mapping[str, str]) -> None:
        """Save the words of one language, and nothing else."""
        names = [f"{part.name}_{language}" for part in self.parts(row)]
        for name in names:
            setattr(row, name, words[name.removesuffix(f"_{language}")])
        row.save(update_fields=names)

    def has_changed(  # noqa: B027 - most kinds keep nothing
        self, row: Any, *, reviewed: Collection[str], stale: Collection[str]
    ) -> None:
        """Called after a change with the languages that are reviewed and stale now, for kinds that keep them."""

    def lock(self, pk: int) -> Model:
        """The row, held until the end of the transaction."""
        locked = self.rows().model._default_manager.select_for_update(of=("self",)).get(pk=pk)
        found: Model = self.rows().get(pk=locked.pk)
        return found


def placeholders(text: str) -> list[str]:
    """Placeholders of a text in alphabetical order, each as often as it stands there."""
    return sorted(PLACEHOLDER.findall(text))


def hash_of(words: Mapping[str, str]) -> str:
    """What a translation remembers of the Dutch it was made from, and a review of the words it read."""
    return hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def tidy(text: str, part: Part | None = None) -> str:
    """Typed words as they are kept: composed letters, no control characters, no empty ends; on one line where the part
    has one."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    lines = (_CONTROLS.sub("", line).rstrip() for line in text.split("\n"))
    return ("\n" if part is None or part.of_lines else " ").join(lines).strip()


_KINDS: dict[str, TextKind] = {}


def register(*kinds: TextKind) -> None:
    for kind in kinds:
        _KINDS[kind.code] = kind


def all_kinds() -> tuple[TextKind, ...]:
    return tuple(_KINDS.values())


def kind_of(code: str) -> TextKind | None:
    return _KINDS.get(code)
