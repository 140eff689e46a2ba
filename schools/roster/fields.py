"""What a column of a spreadsheet may hold, and the headers by which schools' programs call it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from schools.roster.headers import nearest, plain

#: Guardians that one row may name.
GUARDIANS = 4

_WORDS: dict[str, Any] = json.loads((Path(__file__).parent / "columns.json").read_text(encoding="utf-8"))
_PUPIL: dict[str, str] = _WORDS["pupil"]
#: Of the child itself or of a guardian, by who stands before it.
_BOTH: dict[str, str] = _WORDS["both"]
_GUARDIAN: dict[str, str] = _WORDS["guardian"] | _BOTH
#: Who a column is about; the rest of the header says what. The first that fits wins.
_OWNERS = tuple(
    (re.compile(pattern), slot)
    for pattern, slot in (
        (
            r"(?:lpv|leerplichtverantwoordelijke|ouder|oudervoogd|voogd|guardian|parent|contactpersoon|contact|coaccount|co)([1-4])",
            0,
        ),
        (r"([1-4])(?:e|de|ste)?(?:lpv|ouder|voogd|guardian|parent|contactpersoon)", 0),
        (r"oudervoogd|voogd|ouder|guardian|parent|lpv|contactpersoon", 1),
        (r"moeder|mama|mother|mere", 1),
        (r"vader|papa|father|pere", 2),
    )
)
_RELATIONS = {1: re.compile("moeder|mama|mother|mere"), 2: re.compile("vader|papa|father|pere")}
_BEFORE, _AFTER = re.compile("^(?:van|des|der|de|het)"), re.compile("(?:van|der|de|het|leerling|kind)$")


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: field for field, words in table.items() for word in words.split()}


_GUARDIAN_WORDS = _by_word(_GUARDIAN)
_BOTH_WORDS = {word: f"home.{field}" for word, field in _by_word(_BOTH).items()}
_PUPIL_WORDS = _BOTH_WORDS | _by_word(_PUPIL)
#: Of a class list, and nothing that we keep.
_LEFT_ALONE = frozenset(_WORDS["left_alone"].split())

FIELDS: tuple[str, ...] = (
    *_PUPIL,
    *(f"home.{name}" for name in _BOTH),
    *(f"guardian{slot}.{name}" for slot in range(1, GUARDIANS + 1) for name in _GUARDIAN),
)


@lru_cache(maxsize=4096)
def field_named(header: str, about_guardians: bool = False) -> str:
    """The field that a header names; "" when it names none. ``about_guardians``: the sheet has a row for each of them,
    so that a plain "naam" is theirs."""
    name = plain(header)
    if not name or name in _LEFT_ALONE:
        return ""
    if about_guardians and (found := _of_guardian_sheet(name)):
        return found
    if name in _PUPIL_WORDS:
        return _PUPIL_WORDS[name]
    slot, rest = _owner(name)
    if slot:
        tries = _without_fillers(rest)
        named = next((_GUARDIAN_WORDS[word] for word in tries if word in _GUARDIAN_WORDS), "")
        if not named and "" in tries:
            named = "full_name"
        return f"guardian{slot}.{named}" if named else ""
    return _BOTH_WORDS.get(name.rstrip("0123456789"), "")


def relation_named(header: str) -> str:
    """``"moeder"`` for "GSM moeder": who the header itself says this is."""
    name = plain(header)
    for pattern in _RELATIONS.values():
        if found := pattern.search(name):
            return found[0]
    return ""


def nearest_field(header: str) -> str:
    """A field whose name this header misspells; "" when there is none."""
    word = nearest(header, _PUPIL_WORDS)
    if word:
        return _PUPIL_WORDS[word]
    slot, rest = _owner(plain(header))
    word = nearest(_without_fillers(rest)[-1], _GUARDIAN_WORDS) if slot else ""
    return f"guardian{slot}.{_GUARDIAN_WORDS[word]}" if word else ""


def _of_guardian_sheet(name: str) -> str:
    child = re.search("leerling|pupil|student|kind|eleve", name)
    if child:
        return "pupil.id" if _PUPIL_WORDS.get(name) == "pupil.id" else ""
    slot, rest = _owner(name)
    tries = _without_fillers(rest) if slot else [name]
    found = next((_GUARDIAN_WORDS[word] for word in tries if word in _GUARDIAN_WORDS), "")
    return f"guardian1.{found}" if found else ""


def _owner(name: str) -> tuple[int, str]:
    for pattern, slot in _OWNERS:
        if found := pattern.search(name):
            rest = name[: found.start()] + name[found.end() :]
            return slot or int(found[1]), rest
    return 0, name


def _without_fillers(rest: str) -> list[str]:
    """What a header says without its owner, then with one small word less at a time: "postcode" and "deelgemeente" are
    words of their own, "naam van de" is not."""
    tries = [rest, rest.rstrip("0123456789")]
    for filler in (_BEFORE, _AFTER):
        while (shorter := filler.sub("", tries[-1])) != tries[-1]:
            tries.append(shorter)
    return tries
