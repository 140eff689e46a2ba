"""The printed PDFs."""

from __future__ import annotations

from schools.privatefiles import PrivateFiles

_letters = PrivateFiles("letters", ".pdf")
keep, read, remove, remove_unknown = _letters.keep, _letters.read, _letters.remove, _letters.remove_unknown
