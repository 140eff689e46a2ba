"""Letters: the content of a print run. Paper has no driver; a person prints it and gives it along.

Knows words and codes only. What the fields mean: templates/typst/letter.typ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno

Words = dict[str, str]
SlotWords = tuple[str, str, str]  # key, label, text


@dataclass(frozen=True, slots=True)
class Side:
    """The notice in one language."""

    title: str
    slots: tuple[SlotWords, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One sheet. ``own`` is None for a reader of Dutch; ``answers`` are (Dutch, own) words."""

    class_name: str
    child_names: tuple[str, ...]
    address: tuple[str, ...]
    language: str
    language_name: str
    direction: str
    place_and_date: str
    dutch: Side
    own: Side | None
    banner: Words
    answers: tuple[tuple[str, str], ...]
    code: str
    code_url: str
    link: str
    contact: Words


@dataclass(frozen=True, slots=True)
class PrintRun:
    """Letters of one notice. ``labels`` are the fixed words by language, ``cover`` those of the print list."""

    title: str
    day: date
    school_name: str
    school_address: tuple[str, ...]
    school_phone: str
    school_email: str
    labels: Mapping[str, Words]
    cover_title: str
    cover_lines: tuple[str, ...]
    cover_labels: Words
    pictograms: Mapping[str, str]


def print_content(run: PrintRun, letters: Iterable[Letter]) -> dict[str, Any]:
    """The content for the print template ``letter``: by class, then by child."""
    ordered = sorted(letters, key=lambda letter: (letter.class_name, letter.child_names, letter.code))
    return {
        "lang": "nl-BE",
        "date": run.day.isoformat(),
        "title": run.title,
        "school": {
            "name": run.school_name,
            "address": list(run.school_address),
            "phone": run.school_phone,
            "email": run.school_email,
        },
        "labels": dict(run.labels),
        "pictograms": dict(run.pictograms),
        "duplex": True,
        "cover": {"title": run.cover_title, "lines": list(run.cover_lines), "labels": run.cover_labels},
        "letters": [_sheet(letter) for letter in ordered],
    }


def qr_rows(link: str) -> list[str]:
    """The modules of a QR code, one row each, without its quiet zone."""
    return [
        "".join("1" if module else "0" for module in row) for row in segno.make(link, error="m", micro=False).matrix
    ]


def _sheet(letter: Letter) -> dict[str, Any]:
    own = letter.own
    return {
        "class_name": letter.class_name,
        "child_names": list(letter.child_names),
        "address": list(letter.address),
        "language": letter.language,
        "language_name": letter.language_name,
        "direction": letter.direction,
        "date": {"nl": letter.place_and_date},
        "title": letter.dutch.title,
        "slots": _slots(letter.dutch.slots),
        "body": letter.dutch.body,
        "translated": {"title": own.title, "slots": _slots(own.slots), "body": own.body} if own else None,
        "banner": letter.banner,
        "answers": [{"nl": dutch, **({"own": words} if own else {})} for dutch, words in letter.answers],
        "code": letter.code,
        "url": letter.code_url,
        "qr": qr_rows(letter.link),
        "contact": letter.contact,
    }


def _slots(slots: Sequence[SlotWords]) -> list[Words]:
    return [{"key": key, "label": label, "text": text, "pictogram": key} for key, label, text in slots]
