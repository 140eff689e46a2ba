"""Cells as people meant them: without what nobody sees, and otherwise as written."""

from __future__ import annotations

import re
import unicodedata

#: Controls, direction marks, soft hyphens, byte order marks and other characters without a shape.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ue000-\uf8ff\ud800-\udfff]"
)
#: These two join or part letters of Arabic and Indian scripts; elsewhere they are dirt.
_JOINERS = re.compile("[\u200c\u200d]")
_NEEDS_JOINERS = re.compile("[\u0600-\u0dff]")
_FORMULA = re.compile("[\\s'\"]*(?:[=\uff1d]|[@+-]\\s*[A-Za-z]+\\s*[|(!])")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Spaces single, ends bare, composed letters, nothing invisible. Names keep their letters and capitals."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    if not _NEEDS_JOINERS.search(text):
        text = _JOINERS.sub("", text)
    return _SPACES.sub(" ", text).strip(" \u200c\u200d")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute this text. Phone numbers and signed numbers are none."""
    return bool(_FORMULA.match(text))
