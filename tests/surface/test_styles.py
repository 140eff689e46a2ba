"""A stylesheet is read to its end by every browser, without a word when a brace is missing: so we look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.questions import ROOT

STYLESHEETS = sorted((ROOT / "ingroeibloei" / "static").rglob("*.css"))
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@pytest.mark.parametrize("sheet", STYLESHEETS, ids=lambda sheet: sheet.name)
def test_every_block_of_a_stylesheet_ends_before_the_next_begins(sheet: Path) -> None:
    """Rules stand on one line, or one step deep in a block whose first and last line are its own."""
    inside = ""
    for line in _COMMENT.sub("", sheet.read_text()).splitlines():
        opens = line.count("{") - line.count("}")
        if inside and line and not line.startswith((" ", "}")):
            raise AssertionError(f"{inside!r} does not end before {line[:80]!r}")
        if opens > 0 and not inside:
            inside = line
        elif opens < 0 and not line.startswith(" "):
            inside = ""
    assert not inside, f"{inside!r} does not end"
    assert len(STYLESHEETS) > 5
