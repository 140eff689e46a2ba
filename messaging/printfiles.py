"""The printed PDFs."""

from __future__ import annotations

from schools.privatefiles import PrivateFiles

_letters = PrivateFiles("letters", ".pdf")
keep, has, read = _letters.keep, _letters.has, _letters.read
remove, remove_unknown = _letters.remove, _letters.remove_unknown
