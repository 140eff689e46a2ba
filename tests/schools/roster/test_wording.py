"""Every finding that the reader can make has its sentence, and every field a word; no sentence waits for nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import schools.roster
from schools.roster.fields import FIELDS
from schools.roster.fieldwords import field_label
from schools.roster.wording import SENTENCES

pytestmark = pytest.mark.either_engine
FOLDER = Path(schools.roster.__file__).parent
#: The rest of the package compares and applies, and has words of its own.
READER = (
    *(
        "adults",
        "archives",
        "cellgrid",
        "checks",
        "classplaces",
        "delimited",
        "encodings",
        "findings",
        "manifest",
        "markup",
    ),
    *(
        "ods",
        "oneroster",
        "oneroster_files",
        "people",
        "reading",
        "sheets",
        "sources",
        "tidying",
        "wishes",
        "xlsx",
        "xlsx_parts",
    ),
)


def test_codes_and_sentences_are_the_same() -> None:
    source = "".join((FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in READER)
    made = set(re.findall(r'\b(?:error|warning|note|unreadable|_say_once)\(\s*"(\w+)"', source))
    assert made <= set(SENTENCES)
    assert {code for code in SENTENCES if f'"{code}"' not in source} == set()


def test_every_field_has_words() -> None:
    assert [field for field in FIELDS if field_label(field) == field] == []
