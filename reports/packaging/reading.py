"""A package that comes from outside, from bytes to content that fits the schema (docs/draaiboek-pakket.md)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import fastjsonschema
from django.utils.translation import gettext as _

from reports.packaging.archive import PackageError, packed, unpacked
from reports.sealing import canonical

FORMAT = "ingroeibloei-draaiboek"
#: What is written, and what is read: version 1 knew no files of cards.
SCHEMA, SCHEMAS = 2, (1, 2)
MANIFEST = "manifest.json"
#: The files of a package beside its manifest, by what they hold.
FILES = {
    name: f"{name}.json" for name in ("cards", "checklists", "guide", "planner", "targets", "templates", "vocabulary")
}
LICENCES = dict.fromkeys(("cards", "checklists", "guide", "planner"), "CC-BY-4.0") | {
    "templates": "CC0-1.0",
    "vocabulary": "CC0-1.0",
}
_SCHEMA_FILE = Path(__file__).with_name("schema.json")
#: The letter that is none, as JSON writes it.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
#: What a place in a file is shortened to.
_PLACE = 120

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """What a package says: of which edition it is, and its entries by the file they stand in."""

    edition: int
    frozen_on: date
    checksum: str
    contents: Mapping[str, list[Entry]]
    #: The files of its cards by their checksums, as they came: not yet opened.
    files: Mapping[str, bytes]


def written(
    contents: Mapping[str, list[Entry]], *, edition: int, frozen_on: str, files: Mapping[str, bytes] | None = None
) -> bytes:
    """The package of an edition; ``files`` are those that its cards name, by their checksums."""
    named = {one["sha256"]: one["kind"] for one in _files_in(contents["cards"])}
    carried = {file_name(mark, named[mark]): content for mark, content in (files or {}).items() if mark in named}
    made = {FILES[name]: canonical(contents[name]) for name in FILES} | carried
    languages = {code for entries in contents.values() for entry in entries for code in entry.get("texts", ())}
    manifest = {
        "format": FORMAT,
        "schema": SCHEMA,
        "edition": {"number": edition, "frozen_on": frozen_on},
        "languages": sorted(languages),
        "licences": LICENCES,
        "files": {name: {"bytes": len(content), "sha256": _sum(content)} for name, content in made.items()},
    }
    return packed({MANIFEST: canonical(manifest), **made})


def read(content: bytes) -> Package:
    """Raises PackageError, with a sentence, for everything that is no package of this schema."""
    files = unpacked(content)
    if MANIFEST not in files:
        raise PackageError(_("This zip is no package of a draaiboek: it has no manifest."))
    manifest = _parsed(MANIFEST, files.pop(MANIFEST))
    _know_version(manifest)
    _check("manifest", manifest)
    _know_day(manifest["edition"]["frozen_on"])
    carried = {name: files.pop(name) for name in [*files] if name not in FILES.values()}
    _compare_sums(manifest, files | carried)
    if set(files) != set(FILES.values()):
        raise _not_whole()
    contents: dict[str, list[Entry]] = {name: _parsed(file, files[file]) for name, file in FILES.items()}
    for name, entries in contents.items():
        _check(name, entries)
        _refuse_doubles(FILES[name], entries)
    edition = manifest["edition"]
    named = _named_files(contents["cards"], carried)
    return Package(edition["number"], date.fromisoformat(edition["frozen_on"]), _sum(content), contents, named)


def file_name(sha256: str, kind: str) -> str:
    """What the file of a card is called in a package."""
    return f"{sha256}.{kind.lower()}"


def _files_in(cards: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    return (one for card in cards for one in card.get("files", ()))


def _named_files(cards: Iterable[Entry], carried: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that cards name, by their checksums. Raises PackageError for one that is not what its name says, for
    one that is missing and for one of no card."""
    told = list(_files_in(cards))
    named = {file_name(one["sha256"], one["kind"]): one for one in told}
    if set(named) != set(carried) or len({one["sha256"] for one in told}) != len(named):
        raise _not_whole()
    for name, one in named.items():
        if one["bytes"] != len(carried[name]) or one["sha256"] != _sum(carried[name]):
            raise _other_sum(name)
    return {one["sha256"]: carried[name] for name, one in named.items()}


def _know_version(manifest: Any) -> None:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise PackageError(_("This zip is no package of a draaiboek: its manifest is that of something else."))
    if manifest.get("schema") not in SCHEMAS or isinstance(manifest["schema"], bool):
        raise PackageError(
            _("This package is written in version %(theirs)s of the format, and this portal reads version %(own)d.")
            % {"theirs": str(manifest.get("schema"))[:20], "own": SCHEMA}
        )


def _know_day(text: str) -> None:
    with suppress(ValueError):
        date.fromisoformat(text)
        return
    raise PackageError(_("The manifest of this package names a day that does not exist."))


def _compare_sums(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    if set(files) != set(manifest["files"]):
        raise _not_whole()
    for name, told in manifest["files"].items():
        if told["bytes"] != len(files[name]) or told["sha256"] != _sum(files[name]):
            raise _other_sum(name)


def _not_whole() -> PackageError:
    return PackageError(_("Files are missing in this package, or there are others than its format knows."))


def _other_sum(name: str) -> PackageError:
    return PackageError(_("%(file)s is not what the manifest says: its checksum differs.") % {"file": name})


def _refuse_doubles(file: str, entries: list[Entry]) -> None:
    keys = [entry["key"] for entry in entries]
    for key in keys:
        if keys.count(key) > 1:
            raise PackageError(_("“%(key)s” stands twice in %(file)s.") % {"key": key, "file": file})


def _parsed(name: str, content: bytes) -> Any:
    """JSON, and nothing that only some readers take for it."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise PackageError(_("%(file)s is not written in UTF-8.") % {"file": name}) from None
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        written_again = canonical(found)  # halves of letters can be read, but not written
        if _NUL.search(written_again):
            raise ValueError("no database keeps it")
    except (ValueError, RecursionError):
        raise PackageError(_("%(file)s is no valid JSON.") % {"file": name}) from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


@lru_cache(maxsize=1)
def _validators() -> dict[str, Any]:
    schema = json.loads(_SCHEMA_FILE.read_text(encoding="utf-8"))
    shared = {"$schema": schema["$schema"], "definitions": schema["definitions"]}
    return {
        name: fastjsonschema.compile(shared | schema["properties"][name], use_default=False)
        for name in ("manifest", *FILES)
    }


def _check(name: str, content: Any) -> None:
    try:
        _validators()[name](content)
    except fastjsonschema.JsonSchemaValueException as error:
        place = " › ".join(_steps(error.path[1:]))[:_PLACE]
        raise PackageError(
            _("%(file)s is not as the format wants it, at “%(place)s”: %(why)s")
            % {"file": FILES.get(name, MANIFEST), "place": place or "–", "why": _why(error)}
        ) from None


def _steps(path: list[Any]) -> Iterator[str]:
    for step in path:
        yield str(int(step) + 1) if str(step).isdecimal() and len(str(step)) < 9 else str(step)


def _why(error: fastjsonschema.JsonSchemaValueException) -> str:
    match error.rule:
        case "required":
            return _("something is missing.")
        case "additionalProperties" | "propertyNames":
            return _("there is something that the format does not know.")
        case "maxLength" | "maxItems" | "maxProperties":
            return _("it is longer than %(most)d.") % {"most": error.rule_definition}
        case "minimum" | "maximum" | "enum" | "const":
            return _("this value is not foreseen.")
        case "minLength" | "minItems":
            return _("nothing stands there.")
    return _("it is of another kind.")


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
