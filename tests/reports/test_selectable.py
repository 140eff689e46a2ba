"""What stands on paper can be selected, searched and read aloud in every script: the words of a letter come out of its
PDF as they went in."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from schools.languages import INTERFACE_CODES, language
from schools.typeset import typeset
from tests.reports import print_samples as samples

FILE = Path(__file__).resolve().parents[2] / "messaging" / "content" / "notice_templates.json"
TEXTS = json.loads(FILE.read_text(encoding="utf-8"))["templates"][0]["texts"]
#: Of a hundred words written from right to left this many come out whole: a reader puts a ligature's letters, and
#: words beside a Latin one, in an order of its own.
WHOLE = {"ltr": 100, "rtl": 95}


def words_of(text: str) -> list[str]:
    """Words in their plain letters and vowel signs."""
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cf", "Cc"} or sign.isspace())
    return re.findall(r"[^\s\d.,:;?!()«»“”’'‘\-–،؟۔।/]+", kept)


def letter_in(code: str) -> tuple[str, str]:
    """The translated text of a letter, and everything that can be selected on it."""
    body = re.sub(r"\{\w+\}", "3B", TEXTS[code]["body"])
    content = samples.letters("ar")
    content["labels"][code] = content["labels"]["ar"]
    letter = content["letters"][0]
    letter |= {"language": code, "language_name": language(code).own_name, "direction": language(code).direction}
    letter["translated"]["body"] = body
    document = pypdfium2.PdfDocument(typeset("letter", content))
    return body, "\n".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))


@pytest.mark.parametrize("code", [code for code in INTERFACE_CODES if code != "nl"])
def test_the_words_of_a_letter_can_be_selected(code: str) -> None:
    body, selected = letter_in(code)
    written, found = words_of(body), words_of(selected)
    # The reader of these tests leaves out a blank behind some vowel signs of Gurmukhi.
    together, letters = "".join(found), {"".join(sorted(word)) for word in found}
    lost = [word for word in written if word not in together and "".join(sorted(word)) not in letters]
    assert len(written) > 35
    assert 100 - 100 * len(lost) / len(written) >= WHOLE[language(code).direction], lost
    assert "\ufffd" not in selected
