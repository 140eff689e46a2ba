"""The door of the reader: a file in, checked rows and findings out. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schools.roster.checks import check
from schools.roster.fields import FIELDS
from schools.roster.findings import Findings, Unreadable
from schools.roster.oneroster import read_oneroster
from schools.roster.people import People
from schools.roster.presets import Preset
from schools.roster.rows import Place, Roster
from schools.roster.sheets import open_sheet, records
from schools.roster.sight import Sight, seen
from schools.roster.sources import Format, Source, opened

__all__ = ["Sight", "Unreadable", "look_at", "read_roster"]


def read_roster(
    path: Path,
    *,
    name: str,
    preset: Preset | None = None,
    mapping: Mapping[str, str] | None = None,
    default_region: str = "BE",
) -> Roster:
    """The roster in ``path``, called ``name`` by who sent it. ``mapping`` goes from header to field ("" leaves a column
    out) and is stronger than ``preset``; both are weaker than what may never be read. ``default_region`` is where phone
    numbers without a country belong. Raises ``Unreadable`` when nothing can be read."""
    findings = Findings()
    with opened(path, name) as source:
        if source.format is Format.ONEROSTER and source.archive:
            roster = read_oneroster(source.archive, findings, default_region)
        else:
            roster = _read_sheets(source, findings, preset, mapping or {}, default_region)
    check(roster, findings)
    roster.findings = findings.listed()
    return roster


def look_at(path: Path, *, name: str, preset: Preset | None = None, mapping: Mapping[str, str] | None = None) -> Sight:
    """What the file looks like, and how ``read_roster`` would read it with the same words. Reads its first rows only.
    Raises ``Unreadable``."""
    findings = Findings()
    with opened(path, name) as source:
        sight = Sight(source.format)
        for table in source.tables(findings):
            if sheet := open_sheet(table, mapping or {}, preset):
                sight.sheets.append(seen(sheet))
                sight.preset = sight.preset or sheet.preset
    if sight.needs_mapping and not sight.sheets:
        findings.error("empty", Place(name))
    sight.findings = findings.listed()
    return sight


def _read_sheets(
    source: Source, findings: Findings, preset: Preset | None, mapping: Mapping[str, str], region: str
) -> Roster:
    for header, field in mapping.items():
        if field and field not in FIELDS:
            findings.error("no_such_field", Place(source.name, 0, header), field=field)
    people = People(findings, region)
    used: Preset | None = None
    sheets = 0
    for table in source.tables(findings):
        sheet = open_sheet(table, mapping, preset)
        if sheet is None:
            continue
        sheets, rows = sheets + 1, 0
        for record in records(sheet, findings):
            people.add(record)
            rows += 1
        if not rows and sheet.headers:  # else it is no header but the one line of a cover sheet
            findings.error("header_only", Place(table.label))
        used = used or sheet.preset
    if not sheets:
        findings.error("empty", Place(source.name))
    if used and used.confirm:
        findings.note("preset_used", Place(source.name), preset=used.title)
    return people.roster(used.system if used else "file")
