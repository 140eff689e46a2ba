"""Zip files from outside: every member is looked at before it is unpacked, and counted while it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from schools.roster import limits
from schools.roster.findings import unreadable
from schools.roster.rows import Place

_CHUNK = 64 * 1024


class Archive:
    """An opened zip. Raises ``Unreadable`` for one that is broken, encrypted, a bomb, or tries to leave its folder."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._unpacked = 0
        with _guarded(Place(name)):
            self._zip = zipfile.ZipFile(path)
            members = self._zip.infolist()
        if len(members) > limits.MEMBERS:
            raise unreadable("zip_too_many", Place(name), count=len(members), limit=limits.MEMBERS)
        self._members = {member.filename: member for member in members if not member.filename.endswith("/")}
        for member in self._members.values():
            self._look_at(member)

    def close(self) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def _look_at(self, member: zipfile.ZipInfo) -> None:
        name = member.filename
        parts = name.replace("\\", "/").split("/")
        if not name or name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\0" in member.orig_filename:
            raise unreadable("zip_path", Place(self.name))
        if member.flag_bits & 0x1:
            raise unreadable("zip_encrypted", Place(self.name))
        too_dense = member.file_size > limits.SMALL and member.file_size > limits.RATIO * max(member.compress_size, 1)
        if member.file_size > limits.MEMBER or too_dense:
            raise unreadable("zip_bomb", Place(self.name))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The bytes of a member, counted as they are read."""
        with _guarded(Place(name)):
            stream = self._zip.open(self._members[name])
        try:
            yield cast("BinaryIO", io.BufferedReader(_Member(self, self._members[name], stream), _CHUNK))
        finally:
            stream.close()

    def count(self, size: int) -> None:
        """Add to what was unpacked from this zip so far."""
        self._unpacked += size
        if self._unpacked > limits.UNPACKED:
            raise unreadable("zip_bomb", Place(self.name))


class _Member(io.RawIOBase):
    """Bytes of one member, counted as they come: a zip may lie about sizes."""

    def __init__(self, archive: Archive, info: zipfile.ZipInfo, stream: IO[bytes]) -> None:
        self._archive, self._stream, self._read = archive, stream, 0
        self._most = min(limits.MEMBER, max(limits.SMALL, limits.RATIO * max(info.compress_size, 1)))

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray) -> int:  # type: ignore[override]
        with _guarded(Place(self._archive.name)):
            found = self._stream.read(min(len(target), _CHUNK))
        self._read += len(found)
        self._archive.count(len(found))
        if self._read > self._most:
            raise unreadable("zip_bomb", Place(self._archive.name))
        target[: len(found)] = found
        return len(found)


@contextmanager
def _guarded(place: Place) -> Iterator[None]:
    """Around calls of the zip library alone: of a spoiled file it raises whatever its parts raise."""
    try:
        yield
    except Exception as error:
        raise unreadable("zip_broken", place) from error
