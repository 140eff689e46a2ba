"""The manifest of a OneRoster package: its version, and of each file whether it is whole, a delta, or absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schools.roster.archives import Archive
from schools.roster.delimited import delimited_table
from schools.roster.findings import Findings, Unreadable
from schools.roster.headers import plain
from schools.roster.oneroster_files import KINDS
from schools.roster.rows import Place

_FILE = "manifest.csv"
_VERSIONS = ("1.1", "1.2")
_MODES = frozenset(("bulk", "delta", "absent"))


@dataclass(frozen=True, slots=True)
class Manifest:
    """``modes`` by the name of the file (``users``)."""

    system: str
    modes: Mapping[str, str]

    @property
    def complete(self) -> bool:
        """Whether who is not in the package has left: only when people and their places are all in it."""
        return all(self.modes.get(name, "bulk") == "bulk" for name in ("users", "enrollments"))

    def present(self, members: Mapping[str, str], findings: Findings) -> dict[str, str]:
        """The members that the manifest names; what it names and is not there is an error."""
        for name, mode in self.modes.items():
            if mode != "absent" and name not in members and name in KINDS:
                findings.error("member_missing", Place(_FILE), file=f"{name}.csv")
        found = {}
        for name, member in members.items():
            if name == "manifest":
                continue
            if self.modes and self.modes.get(name, "absent") == "absent":
                findings.warning("member_absent", Place(member))
            else:
                found[name] = member
        return found


def read_manifest(archive: Archive, members: Mapping[str, str], findings: Findings) -> Manifest:
    if "manifest" not in members:
        findings.error("manifest_missing", Place(archive.name))
        return Manifest("oneroster", {})
    properties = _properties(archive, members["manifest"], findings)
    version = properties.get("onerosterversion", "")
    if version not in _VERSIONS:
        findings.error("manifest_version", Place(_FILE), version=version)
    by_plain = {plain(name): name for name in KINDS}
    modes = {}
    for key, value in properties.items():
        name = by_plain.get(key.removeprefix("file")) if key.startswith("file") else None
        if name is None:
            continue
        modes[name] = plain(value)
        if modes[name] not in _MODES:
            findings.error("manifest_mode", Place(_FILE), file=f"{name}.csv", mode=value)
            modes[name] = "bulk"
    name = properties.get("sourcesystemcode") or properties.get("sourcesystemname") or "oneroster"
    return Manifest(name[:40], modes)


def _properties(archive: Archive, member: str, findings: Findings) -> dict[str, str]:
    """By plain name (``onerosterversion``)."""
    found = {}
    try:
        with archive.open(member) as stream:
            table = delimited_table(stream, _FILE, findings, separator=",")
            for line in table.lines:
                if len(line.cells) >= 2:
                    found[plain(line.cells[0])] = line.cells[1].strip()[:200]
    except Unreadable as problem:
        findings.add(problem.finding)
    if "onerosterversion" not in found and "propertyname" not in found:
        findings.error("wrong_contents", Place(_FILE), looks_like="?")
    return found
