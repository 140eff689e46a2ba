"""Whether a file is a report that the portal froze, byte for byte; if not, which one it says it is and what differs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from reports.evaluation.freeze import mark_of
from reports.models import FrozenFile, FrozenReport
from reports.sealing import checksum
from schools import clock

_CHECKSUM = re.compile(rb"\b[0-9a-f]{64}\b")
#: What a report's file never reaches, unpacked: a bigger one is not looked into.
_MOST_BYTES = 40_000_000
_MOST_SHOWN, _LONGEST = 5, 60
_TEXT = "word/document.xml"
#: What a ZIP that somebody damaged or locked, or that is none, makes ``zipfile`` raise: such a file is judged as a
#: whole, and no reason to stop.
_UNREADABLE = (
    zipfile.BadZipFile,  # no archive, or a part whose checksum is wrong
    zlib.error,  # a part whose packed bytes make no sense
    EOFError,  # a part that ends too early
    NotImplementedError,  # packed in a way that nobody here unpacks
    RuntimeError,  # locked with a password
    ValueError,  # a name or number in it that cannot be one
    OSError,  # an offset before the beginning
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a file is a report that the portal froze, and if not, why."""

    is_genuine: bool
    sentence: str
    frozen: FrozenReport | None = None


def verify(file: bytes) -> Verdict:
    """Compare a PDF, a workbook or a Word document with what was frozen: the file's checksum, then the content's."""
    mark = mark_of(file)
    of_a_file = FrozenFile.objects.filter(checksum=mark).values("frozen_id")
    known = FrozenReport.objects.filter(Q(pdf_checksum=mark) | Q(pk__in=of_a_file))
    frozen = known.select_related("report").first()
    if frozen is None:
        return _not_frozen(file)
    content = {key: value for key, value in frozen.content.items() if key != "checksum"}
    if checksum(content) != frozen.checksum:
        return Verdict(False, "The stored content of this report no longer matches its checksum.", frozen)
    signed = ", ".join(
        f"{row.centre} ({clock.local_date(row.signed_at)})" for row in frozen.signatures.select_related("centre")
    )
    state = f"signed by {signed}" if signed else "not signed"
    return Verdict(True, f"Genuine: {frozen.report}, checksum {frozen.checksum}, {state}.", frozen)


def _not_frozen(file: bytes) -> Verdict:
    parts = _parts(file)
    named = {found.decode() for found in _CHECKSUM.findall(parts.get("docProps/core.xml", b"") if parts else file)}
    frozen = FrozenReport.objects.filter(checksum__in=named).select_related("report").first() if named else None
    if frozen is None:
        return Verdict(False, "This file is not a report that this portal froze, or it was changed afterwards.")
    says = f"This file says that it is {frozen.report}, checksum {frozen.checksum}, but it was changed afterwards."
    return Verdict(False, f"{says} {_differences(frozen, file, parts)}", frozen)


def _differences(frozen: FrozenReport, file: bytes, parts: dict[str, bytes]) -> str:
    if not parts:
        pdf = bytes(frozen.pdf)
        same = next((at for at, (one, other) in enumerate(zip(file, pdf, strict=False)) if one != other), len(pdf))
        return f"It differs from byte {same} on; it has {len(file)} bytes instead of {len(pdf)}."
    kind = FrozenFile.Kind.DOCX if _TEXT in parts else FrozenFile.Kind.XLSX
    stored = frozen.files.filter(kind=kind).first()
    if stored is None:
        return f"No {kind} of it was frozen."
    original = _parts(bytes(stored.content))
    changed = sorted(name for name in {*parts, *original} if parts.get(name) != original.get(name))
    words = _changed_words(original[_TEXT], parts[_TEXT]) if _TEXT in parts else []
    found = [f"Differs in {', '.join(changed) or 'nothing but how it is packed'}.", *words[:_MOST_SHOWN]]
    if len(words) > _MOST_SHOWN:
        found.append(f"And {len(words) - _MOST_SHOWN} more.")
    if _TEXT in changed and not words:
        found.append("Its words are the same.")
    return " ".join(found)


def _parts(file: bytes) -> dict[str, bytes]:
    """The parts of a ZIP file by name; none of another file, of a broken one, or of one too big to be a report."""
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                return {}
            return {name: archive.read(name) for name in archive.namelist()}
    except _UNREADABLE:
        return {}


def _changed_words(before: bytes, after: bytes) -> list[str]:
    """A sentence for each place where the paragraphs of two documents differ."""
    try:
        old, new = _paragraphs(before), _paragraphs(after)
    except SyntaxError:
        return ["Its text cannot be read."]
    found = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            was, now = (_short(" ".join(part)) for part in (old[old_from:old_to], new[new_from:new_to]))
            found.append(f"“{now}” stands where “{was}” stood.")
    return found


def _paragraphs(document: bytes) -> list[str]:
    body = parse_xml(document)  # its parser resolves no entities
    return ["".join(word.text or "" for word in one.iter(qn("w:t"))) for one in body.iter(qn("w:p"))]


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
