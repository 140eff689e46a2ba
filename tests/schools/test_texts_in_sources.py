"""Texts that nobody extracts would stay English for every reader: the check of the catalogs finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingroeibloei import catalogs


def test_a_text_inside_an_f_string_is_found(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "messaging").mkdir()
    source = tmp_path / "messaging" / "page.py"
    source.write_text("from django.utils.translation import gettext as _\n\nnote = f\"{1} {_('Not yet read.')}\"\n")
    assert list(catalogs.unseen()) == ["messaging/page.py:3: a text inside an f-string is not extracted"]
    source.write_text(
        'from django.utils.translation import gettext as _\n\nunread = _("Not yet read.")\nnote = f"{unread}"\n'
    )
    assert list(catalogs.unseen()) == []
