"""Packages of a draaiboek as another portal would make them: ours, with something changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from reports.cardfiles import card_contents
from reports.models import PlaybookPackage
from reports.packaging import Item, Package, State, bring_package, compare, contents, install, read, written
from reports.packaging.reading import FILES, MANIFEST, Entry
from tests.cast import Cast

Change = Callable[[dict[str, list[Entry]]], None]


def package_of(change: Change | None = None, *, edition: int = 3, files: Mapping[str, bytes] | None = None) -> bytes:
    """What this portal would export today, changed, with other files besides those that its cards carry."""
    packed = deepcopy(contents(None))
    if change:
        change(packed)
    return written(packed, edition=edition, frozen_on="2027-05-15", files={**card_contents(), **(files or {})})


def entry_of(packed: Mapping[str, list[Entry]], name: str, key: str) -> Entry:
    return next(entry for entry in packed[name] if entry["key"] == key)


def different_and_new(packed: dict[str, list[Entry]]) -> None:
    """A card that says something else, one that is new, and a word for which there is no place."""
    visit = entry_of(packed, "cards", "home-visit")
    packed["cards"].append(deepcopy(visit) | {"key": "book-market"})
    visit["texts"]["nl"]["pitfalls"][0] = "Te lang blijven."
    visit["cost_eur"] = 3
    packed["vocabulary"].append({"key": "contact_kind/OWL", "icon": "", "texts": {"nl": {"label": "Uilenpost"}}})


def files_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Any files as a zip, as anybody could write it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_file(package: bytes, name: str, content: bytes | str | Any) -> bytes:
    """The package with another file in it, and a manifest that agrees."""
    files = files_of(package)
    if not isinstance(content, bytes):
        content = json.dumps(content).encode() if not isinstance(content, str) else content.encode()
    files[name] = content
    manifest = json.loads(files[MANIFEST])
    if name in FILES.values():
        manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        files[MANIFEST] = json.dumps(manifest).encode()
    return zipped(files)


def with_manifest(package: bytes, **changes: Any) -> bytes:
    files = files_of(package)
    files[MANIFEST] = json.dumps(json.loads(files[MANIFEST]) | changes).encode()
    return zipped(files)


def compared(cast: Cast, *changes: Change, who: str = "joint") -> tuple[Package, dict[str, Item]]:
    def change(packed: dict[str, list[Entry]]) -> None:
        for one in changes:
            one(packed)

    package = read(package_of(change))
    return package, {item.code: item for item in compare(package, cast.staff[who])}


def installed(cast: Cast, *changes: Change, take: set[str] | None = None, who: str = "joint") -> PlaybookPackage:
    def change(packed: dict[str, list[Entry]]) -> None:
        for one in changes:
            one(packed)

    row = bring_package(content=package_of(change), by=cast.staff[who])
    items = compare(read(bytes(row.content)), cast.staff[who])
    new = {item.code for item in items if item.state == State.NEW}
    install(row=row, chosen=new | (take or set()), by=cast.staff[who])
    return row
