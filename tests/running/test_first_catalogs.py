"""On a first start the catalogs are compiled by the process that then speaks their languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.utils.translation import gettext, override
from django.utils.translation.reloader import translation_file_changed

from ingroeibloei import catalogs
from ingroeibloei.plurals import PLURALS


def test_what_was_compiled_is_spoken_at_once(tmp_path: Path, settings: Any) -> None:
    """The demo's world is written by the process that compiled: its holidays have Dutch names."""
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    translation_file_changed(None, tmp_path / "forget.mo")
    try:
        with override("nl"):
            assert gettext("Autumn of the cherries") == "Autumn of the cherries"
        source = catalogs.path_of("nl")
        source.parent.mkdir(parents=True)
        catalog = polib.POFile()
        catalog.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": PLURALS["nl"]}
        catalog.append(polib.POEntry(msgid="Autumn of the cherries", msgstr="Kersenherfst"))
        catalog.save(str(source))
        assert catalogs.compile_all() == 1
        with override("nl"):
            assert gettext("Autumn of the cherries") == "Kersenherfst"
    finally:
        translation_file_changed(None, tmp_path / "forget.mo")
