"""Everything printed is set here: letters, the evaluation report, the draaiboek.

People's words reach the templates as JSON only and are never read as markup. Equal content gives equal bytes: the
document's date comes from ``content["date"]`` and no clock is asked.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from schools import languages
from schools.fontcoverage import FONTS, printable

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates" / "typst"
PICTOGRAMS = ROOT / "ingroeibloei" / "static" / "ingroeibloei" / "pictograms"
#: PDF/UA-1: tagged, with languages, alternative texts and a title.
ACCESSIBLE = "ua-1"
TYPESETTER = Path(__file__).with_name("typesetter.py")
#: Dots to the inch of a picture: sharp in print, small in a file.
SHARPNESS = 200
#: Seconds after which a document is given up; 1,000 letters need about 3 on two quiet cores.
PATIENCE = 120


class TypesettingError(Exception):
    """A document could not be set; the message says which and why."""


def typeset(template: str, content: dict[str, Any], *, standard: str | None = ACCESSIBLE) -> bytes:
    """The PDF of ``templates/typst/<template>.typ`` filled with ``content``.

    ``content`` holds JSON values only and must carry ``date`` (ISO 8601), which becomes the document's date.
    Characters that no bundled font draws are replaced by U+FFFD. Raises TypesettingError.
    """
    made = _run(template, _request(template, content, standard=standard))
    if languages.direction(content.get("lang") or "ar") == "rtl":
        return made
    # typst's own table calls Punjabi right-to-left: whoever copies from the file would get its words backwards.
    return made.replace(b"/Direction/R2L", b"/Direction/L2R")


def pictures(template: str, content: dict[str, Any]) -> list[bytes]:
    """Each page of the template as a PNG picture, for files that cannot draw. Raises TypesettingError."""
    made: list[str] = json.loads(_run(template, _request(template, content, pictures=SHARPNESS)))
    return [base64.b64decode(picture) for picture in made]


def _request(
    template: str, content: dict[str, Any], *, standard: str | None = None, pictures: int | None = None
) -> bytes:
    source = TEMPLATES / f"{template}.typ"
    if not source.is_file() or source.parent != TEMPLATES:
        raise TypesettingError(f"There is no print template called “{template}”.")
    try:
        date.fromisoformat(content["date"])
        words = json.dumps(_clean(content), ensure_ascii=False)
    except (KeyError, TypeError, ValueError) as error:
        raise TypesettingError(f"The content for “{template}” is not complete: {error}.") from error
    request = {
        "source": str(source),
        "root": str(TEMPLATES),
        "fonts": str(FONTS),
        "standard": standard,
        "pictures": pictures,
        "content": words,
    }
    return json.dumps(request).encode()


def _run(template: str, request: bytes) -> bytes:
    # -P: this folder has a calendar.py of its own, which must not stand in for the standard library's.
    command = [sys.executable, "-P", str(TYPESETTER)]
    try:
        # Our own interpreter and script; nothing of the command comes from people.
        done = subprocess.run(command, input=request, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise TypesettingError(f"“{template}” was not typeset within {PATIENCE} seconds.") from error
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip()
        raise TypesettingError(f"“{template}” could not be typeset: {reason}")
    return done.stdout


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
