"""Everything printed is set here: letters, the evaluation report, the draaiboek.

People's words reach the templates as JSON only and are never read as markup. Equal content gives equal bytes: the
document's date comes from ``content["date"]`` and no clock is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import typst

from schools.fontcoverage import FONTS, printable

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates" / "typst"
PICTOGRAMS = ROOT / "ingroeibloei" / "static" / "ingroeibloei" / "pictograms"
#: PDF/UA-1: tagged, with languages, alternative texts and a title.
ACCESSIBLE = "ua-1"


class TypesettingError(Exception):
    """A document could not be set; the message says which and why."""


def typeset(template: str, content: dict[str, Any], *, standard: str | None = ACCESSIBLE) -> bytes:
    """The PDF of ``templates/typst/<template>.typ`` filled with ``content``.

    ``content`` holds JSON values only and must carry ``date`` (ISO 8601), which becomes the document's date.
    Characters that no bundled font draws are replaced by U+FFFD. Raises TypesettingError.
    """
    source = TEMPLATES / f"{template}.typ"
    if not source.is_file() or source.parent != TEMPLATES:
        raise TypesettingError(f"There is no print template called “{template}”.")
    try:
        date.fromisoformat(content["date"])
        inputs = {"content": json.dumps(_clean(content), ensure_ascii=False)}
    except (KeyError, TypeError, ValueError) as error:
        raise TypesettingError(f"The content for “{template}” is not complete: {error}.") from error
    try:
        pdf = typst.compile(
            str(source),
            root=str(TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=[standard] if standard else [],
        )
    except typst.TypstError as error:
        raise TypesettingError(f"“{template}” could not be typeset: {error}") from error
    if not isinstance(pdf, bytes):
        raise TypesettingError(f"“{template}” did not become one PDF.")
    return pdf


def pictogram_drawings(names: Iterable[str]) -> dict[str, str]:
    """SVG texts of the own pictogram set by name; a name without a drawing is left out."""
    paths = {name: PICTOGRAMS / f"{name}.svg" for name in names}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _clean(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(entry) for entry in value]
    return value
