"""What kind of file an upload is, and its tables one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from schools.roster import limits
from schools.roster.archives import Archive
from schools.roster.delimited import delimited_table
from schools.roster.findings import Findings, unreadable
from schools.roster.lines import Table
from schools.roster.ods import is_ods, ods_tables
from schools.roster.oneroster import looks_like_oneroster
from schools.roster.rows import Place
from schools.roster.xlsx import is_xlsx, xlsx_tables

_TEXTS = (".csv", ".txt", ".tsv", ".tab")


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    ONEROSTER = "oneroster"
    ZIP = "zip"


class Source:
    """An upload of a known format. Raises ``Unreadable`` when it has none that is read."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        size = path.stat().st_size
        if size > limits.FILE:
            raise unreadable(
                "too_large", Place(name), megabytes=size // limits.MEGABYTE, limit=limits.FILE // limits.MEGABYTE
            )
        if not size:
            raise unreadable("empty", Place(name))
        with path.open("rb") as file:
            is_zip = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
        self.archive = Archive(path, name) if is_zip else None
        self.format = self._format_of(self.archive) if self.archive else Format.CSV

    def _format_of(self, archive: Archive) -> Format:
        names = archive.names
        if "xl/workbook.bin" in names:
            raise unreadable("is_old_excel", Place(self.name))
        if is_xlsx(archive):
            return Format.XLSX
        if is_ods(archive):
            return Format.ODS
        if "word/document.xml" in names:
            raise unreadable("is_document", Place(self.name))
        if looks_like_oneroster(names):
            return Format.ONEROSTER
        if any(name.lower().endswith(_TEXTS) for name in names):
            return Format.ZIP
        lower = {name.lower() for name in names}
        if any(name.endswith((".zip", ".xlsx", ".ods", ".7z", ".rar")) for name in lower):
            raise unreadable("zip_inside", Place(self.name))
        raise unreadable("zip_nothing", Place(self.name))

    def close(self) -> None:
        if self.archive:
            self.archive.close()

    def tables(self, findings: Findings) -> Iterator[Table]:
        """Each is to be read before the next is asked for."""
        if self.archive is None:
            with self.path.open("rb") as file:
                yield delimited_table(file, self.name, findings)
        elif self.format is Format.XLSX:
            yield from xlsx_tables(self.archive, findings)
        elif self.format is Format.ODS:
            yield from ods_tables(self.archive)
        elif self.format is Format.ZIP:
            yield from self._members(self.archive, findings)

    def _members(self, archive: Archive, findings: Findings) -> Iterator[Table]:
        for name in archive.names:
            if name.startswith("__MACOSX") or name.rsplit("/", 1)[-1].startswith("."):
                continue
            if not name.lower().endswith(_TEXTS):
                findings.note("member_left_out", Place(name))
                continue
            with archive.open(name) as member:
                yield delimited_table(member, name, findings)


@contextmanager
def opened(path: Path, name: str) -> Iterator[Source]:
    source = Source(path, name)
    try:
        yield source
    finally:
        source.close()
