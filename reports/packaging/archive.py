"""The zip of a package: written the same for the same content, and of one from outside no byte believed unseen.

Nothing is compressed when it is written: so the same content is the same file, whatever library wrote it.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
#: Bytes of the package as it comes; ours has less than one megabyte beside the files of its cards.
PACKAGE = 12 * MEGABYTE
#: Bytes of one file in it, and of all together; counted while unpacking, whatever the zip says of them.
MEMBER = 3 * MEGABYTE
UNPACKED = 16 * MEGABYTE
MEMBERS = 40
#: Words of fourteen languages shrink to a sixth; what shrinks to a hundredth is a bomb, unless it stays small.
RATIO = 100
SMALL = 64 * 1024
#: How the entry of a file begins in the list of contents, and how often that may stand anywhere: a text for Word has a
#: list of its own.
_ENTRY, _ENTRIES = b"PK\x01\x02", 6_000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class PackageError(Exception):
    """A package that is not taken in. Its message is a sentence for who brought it."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, in the order of their names and without a date."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _EARLIEST)
            member.create_system = 3
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(member, files[name])
    return target.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip by their names. Raises PackageError for one that is broken, locked, too large, or that would
    leave its folder."""
    if len(content) > PACKAGE:
        raise PackageError(_("This file is too large to be a package of a draaiboek."))
    if content.count(_ENTRY) > _ENTRIES:
        raise _too_many()
    with _guarded():
        archive = zipfile.ZipFile(io.BytesIO(content))
    with archive:
        members = archive.infolist()
        if len(members) > MEMBERS:
            raise _too_many()
        _look_at(members)
        files: dict[str, bytes] = {}
        for member in members:
            files[member.filename] = _read(archive, member, UNPACKED - sum(map(len, files.values())))
    return files


def _look_at(members: list[zipfile.ZipInfo]) -> None:
    """What the list of contents says, before anything is unpacked."""
    for member in members:
        name, kind = member.filename, stat.S_IFMT(member.external_attr >> 16)
        if _leaves(name) or _leaves(member.orig_filename) or "\0" in member.orig_filename:
            raise PackageError(_("A file in this package wants to be written outside its folder."))
        if kind not in (0, stat.S_IFREG):
            raise PackageError(_("There is a link or a folder in this package; it may hold files only."))
        if member.flag_bits & 0x1:
            raise PackageError(_("This package is locked with a password."))
        if member.compress_type not in _METHODS:
            raise PackageError(_("This package is compressed in a way that the portal does not read."))
        too_dense = member.file_size > SMALL and member.file_size > RATIO * max(member.compress_size, 1)
        if member.file_size > MEMBER or too_dense:
            raise _bomb()
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise PackageError(_("Two files in this package have the same name."))
    if sum(member.file_size for member in members) > UNPACKED:
        raise _bomb()


def _leaves(name: str) -> bool:
    """Whether a name is anything but that of a file beside the others."""
    parts = name.replace("\\", "/").split("/")
    return not name or name.startswith(("/", "\\")) or ".." in parts or ":" in name


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    most = min(MEMBER, left, max(SMALL, RATIO * max(member.compress_size, 1)))
    with _guarded(), archive.open(member) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise _bomb()
    return content


def _too_many() -> PackageError:
    return PackageError(_("There are too many files in this package."))


def _bomb() -> PackageError:
    return PackageError(_("This package would unpack to far more than a draaiboek holds."))


@contextmanager
def _guarded() -> Iterator[None]:
    """Around calls of the zip library alone: of a spoiled file it raises whatever its parts raise."""
    try:
        yield
    except Exception as error:
        raise PackageError(_("This file is no package of a draaiboek, or it is damaged.")) from error
