"""Letters: the content of a print run. Paper has no driver; a person prints it and gives it along.

Knows words and codes only. What the fields mean: templates/typst/letter.typ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from messaging.barcodes import qr_rows

Words = dict[str, str]
SlotWords = tuple[str, str, str]  # key, label, text


@dataclass(frozen=True, slots=True)
class Side:
    """The notice in one language; ``opening`` stands above the slots, ``body`` below them."""

    title: str
    opening: str
    slots: tuple[SlotWords, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One sheet. ``own`` is None for a reader of Dutch; ``answers`` are (Dutch, own) words."""

    number: int
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
    last_day: Words
    scan: Words
    contact: Words


@dataclass(frozen=True, slots=True)
class PrintRun:
    """Letters of one school. ``labels`` are the fixed words by language, ``cover`` those of the print list."""

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


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the print list; ``class_name`` is the class with which the letter goes along."""

    number: int
    class_name: str
    child_names: tuple[str, ...]
    language_name: str
    code: str


def print_content(run: PrintRun, letters: Iterable[Letter], listed: Sequence[Listed] | None = None) -> dict[str, Any]:
    """The content for the print template ``letter``: a print list if its lines are given, then the letters."""
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
        "cover": None if listed is None else _cover(run, listed),
        "letters": [_sheet(letter) for letter in letters],
    }


def _cover(run: PrintRun, listed: Sequence[Listed]) -> dict[str, Any]:
    classes = [
        {
            "name": name,
            "letters": [
                {
                    "number": line.number,
                    "child_names": list(line.child_names),
                    "language_name": line.language_name,
                    "code": line.code,
                }
                for line in lines
            ],
        }
        for name, lines in groupby(listed, key=lambda line: line.class_name)
    ]
    return {"title": run.cover_title, "lines": list(run.cover_lines), "labels": run.cover_labels, "classes": classes}


def _sheet(letter: Letter) -> dict[str, Any]:
    own = letter.own
    return {
        "number": letter.number,
        "class_name": letter.class_name,
        "child_names": list(letter.child_names),
        "address": list(letter.address),
        "language": letter.language,
        "language_name": letter.language_name,
        "direction": letter.direction,
        "date": {"nl": letter.place_and_date},
        "title": letter.dutch.title,
        "opening": letter.dutch.opening,
        "slots": _slots(letter.dutch.slots),
        "body": letter.dutch.body,
        "translated": _translated(own) if own else None,
        "banner": letter.banner,
        "answers": [{"nl": dutch, **({"own": words} if own else {})} for dutch, words in letter.answers],
        "code": letter.code,
        "url": letter.code_url,
        "scan": letter.scan,
        "qr": qr_rows(letter.link),
        "last_day": letter.last_day or None,
        "contact": letter.contact,
    }


def _translated(own: Side) -> dict[str, Any]:
    return {"title": own.title, "opening": own.opening, "slots": _slots(own.slots), "body": own.body}


def _slots(slots: Sequence[SlotWords]) -> list[Words]:
    return [{"key": key, "label": label, "text": text, "pictogram": key} for key, label, text in slots]
