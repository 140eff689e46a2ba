"""How a program's files name their columns. Those that come with the portal were drawn from public descriptions: each
is to be confirmed with a file of the school's own. A school keeps its own in the same form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from schools.roster.fields import FIELDS
from schools.roster.headers import plain

_SHIPPED = Path(__file__).parent / "presets.json"


@dataclass(frozen=True, slots=True)
class Preset:
    """``columns`` go from header to field ("" leaves one out). ``system`` is the source system of what is read by it;
    ``confirm``: drawn from descriptions, not from a file of the school."""

    code: str
    title: str
    system: str
    columns: Mapping[str, str] = field(default_factory=dict)
    confirm: bool = False
    #: Headers that are all in a file of this program.
    signs: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "system": self.system,
            "columns": dict(self.columns),
            "confirm": self.confirm,
            "signs": list(self.signs),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Preset:
        """Raises ValueError for what is no preset: fields that nobody knows are refused, not forgotten."""
        columns = data.get("columns", {})
        if not isinstance(columns, dict) or not all(
            isinstance(data.get(key), str) for key in ("code", "title", "system")
        ):
            raise ValueError("A preset has a code, a title, a system and columns.")
        if unknown := sorted({str(name) for name in columns.values()} - {*FIELDS, ""}):
            raise ValueError(f"No such fields: {', '.join(unknown)}.")
        signs = tuple(map(str, data.get("signs", ())))
        confirm = bool(data.get("confirm", False))
        return cls(data["code"], data["title"], data["system"][:40], columns, confirm, signs)


@cache
def shipped() -> dict[str, Preset]:
    """By code."""
    entries = json.loads(_SHIPPED.read_text(encoding="utf-8"))
    return {entry["code"]: Preset.from_json(entry) for entry in entries}


def recognised(headers: list[str]) -> Preset | None:
    """The shipped preset whose signs are all among these headers; of several the one with most."""
    names = {plain(header) for header in headers}
    fitting = [preset for preset in shipped().values() if preset.signs and {*map(plain, preset.signs)} <= names]
    return max(fitting, key=lambda preset: len(preset.signs), default=None)
