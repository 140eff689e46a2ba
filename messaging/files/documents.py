"""PDFs, written anew from their objects: what hides before, behind or between them stays out, and so do the names of
author and program. One that is locked, does something by itself or carries other files is refused, not mended."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pikepdf

from messaging.files.limits import Refusal, Refused

MAX_PAGES = 40
MAX_OBJECTS = 50_000
#: Bytes of everything in it, unpacked; and dots of one picture in it.
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PIXELS = 100_000_000

#: Actions that run, fetch, send or play something; going to a page or to a web address is no harm.
_ACTIVE_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        "GoTo3DView", "GoToE", "GoToR", "ImportData", "JavaScript", "Launch", "Movie", "Rendition", "RichMediaExecute",
        "Sound", "SubmitForm",
    )
)  # fmt: skip
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA"})
_ACTIVE_NOTES = frozenset({"/3D", "/Movie", "/RichMedia", "/Screen", "/Sound"})
#: What a reader may do without being asked: show a page.
_QUIET_ACTIONS = frozenset({"", "/GoTo"})
_MOST_STARTED = 100
_FILE_KEYS = frozenset({"/EF", "/EmbeddedFiles", "/Collection"})
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
#: Filters that do not unpack to much more than they are, and those of pictures, which say their size themselves.
_HARMLESS_FILTERS = frozenset({"/ASCIIHexDecode", "/CCITTFaxDecode", "/DCTDecode", "/JBIG2Decode", "/JPXDecode"})
_RUN_LENGTH_AT_MOST = 64


def cleaned(content: bytes) -> bytes:
    """The same pages in a new file. Raises Refused."""
    pikepdf.settings.set_qpdf_limits(flate_max_memory=MAX_UNPACKED, run_length_max_memory=MAX_UNPACKED)
    try:
        with pikepdf.open(BytesIO(content)) as document:
            if document.is_encrypted:
                raise Refused(Refusal.LOCKED)
            if len(document.objects) > MAX_OBJECTS:
                raise Refused(Refusal.EXPANDS)
            _inspect(document)
            pages = len(document.pages)
            if not pages:
                raise Refused(Refusal.BROKEN)
            if pages > MAX_PAGES:
                raise Refused(Refusal.TOO_MANY_PAGES)
            return _written(document)
    except pikepdf.PasswordError as error:
        raise Refused(Refusal.LOCKED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError) as error:
        raise Refused(Refusal.BROKEN) from error


def _written(document: pikepdf.Pdf) -> bytes:
    for place, key in (
        (document.trailer, "/Info"),
        (document.trailer, "/ID"),
        (document.Root, "/Metadata"),
        (document.Root, "/PieceInfo"),
    ):
        if key in place:
            del place[key]
    out = BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _inspect(document: pikepdf.Pdf) -> None:
    """Every object, also what no page leads to."""
    left = MAX_UNPACKED
    for item in _everything([document.trailer, *document.objects]):
        if isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
            _refuse_active(item)
            _refuse_started(item)
        if isinstance(item, pikepdf.Stream):
            _refuse_large_picture(item)
            left -= _unpacked(item, left)


def _everything(roots: list[Any]) -> Iterator[Any]:
    """These objects and what stands in them; what they only refer to has its own turn."""
    waiting, seen = roots, 0
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            inner = [value for _key, value in item.items()]
        elif isinstance(item, pikepdf.Array):
            inner = list(item)
        else:
            continue
        seen += len(inner)
        if seen > 20 * MAX_OBJECTS:
            raise Refused(Refusal.EXPANDS)
        waiting += [value for value in inner if not getattr(value, "is_indirect", False)]


def _refuse_active(item: Any) -> None:
    keys = set(item.keys())
    action, note = str(item.get("/S", "")), str(item.get("/Subtype", ""))
    if keys & _FILE_KEYS or note == "/FileAttachment":
        raise Refused(Refusal.HOLDS_FILES)
    if keys & _ACTIVE_KEYS or action in _ACTIVE_ACTIONS or note in _ACTIVE_NOTES:
        raise Refused(Refusal.ACTIVE)
    address = item.get("/URI")
    if isinstance(address, pikepdf.String) and urlsplit(str(address).strip()).scheme.lower() not in _SCHEMES:
        raise Refused(Refusal.ACTIVE)


def _refuse_started(item: Any) -> None:
    """What happens when the file or a page of it is opened, closed or printed: a web address that is fetched then tells
    others who reads, when and where."""
    if isinstance(item, pikepdf.Stream) and "/F" in item:  # its content would be fetched from elsewhere
        raise Refused(Refusal.ACTIVE)
    moments = item.get("/AA")
    waiting = [item.get("/OpenAction")]
    waiting += [action for _moment, action in moments.items()] if isinstance(moments, pikepdf.Dictionary) else []
    for _number in range(_MOST_STARTED):
        if not waiting:
            return
        action = waiting.pop()
        if not isinstance(action, pikepdf.Dictionary):  # a place in the file, or nothing
            continue
        if str(action.get("/S", "")) not in _QUIET_ACTIONS:
            raise Refused(Refusal.ACTIVE)
        following = action.get("/Next")
        waiting += list(following) if isinstance(following, pikepdf.Array) else [following]
    raise Refused(Refusal.ACTIVE)


def _refuse_large_picture(stream: pikepdf.Stream) -> None:
    if str(stream.get("/Subtype", "")) == "/Image" and int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > (
        MAX_PIXELS
    ):
        raise Refused(Refusal.TOO_MANY_PIXELS)


def _unpacked(stream: pikepdf.Stream, most: int) -> int:
    """How many bytes a stream unpacks to; raises Refused above ``most``. One in an old or a nested packing, which a
    few bytes could blow up, is refused unseen."""
    raw = stream.read_raw_bytes()
    size, flat = len(raw), False
    for name in _filters(stream):
        if name == "/FlateDecode" and not flat:
            raw, flat = _inflated(raw, most), True
        elif name == "/ASCII85Decode" and not flat:
            raw = base64.a85decode(raw.strip().removeprefix(b"<~").removesuffix(b"~>"))
        elif name == "/RunLengthDecode":
            size *= _RUN_LENGTH_AT_MOST
        elif name not in _HARMLESS_FILTERS:
            raise Refused(Refusal.EXPANDS)
    size = max(size, len(raw))
    if size > most:
        raise Refused(Refusal.EXPANDS)
    return size


def _filters(stream: pikepdf.Stream) -> list[str]:
    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(name) for name in named] if isinstance(named, pikepdf.Array) else [str(named)]


def _inflated(raw: bytes, most: int) -> bytes:
    """Up to one byte more than ``most``; a damaged end is the reader's business."""
    try:
        return zlib.decompressobj().decompress(raw, most + 1)
    except zlib.error:
        return raw
