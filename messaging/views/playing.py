"""The one way in which any recording leaves: in pieces where a phone asks for pieces, and as nothing but sound."""

from __future__ import annotations

import logging
import re

from csp.constants import NONE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from messaging.files.sounds import SoundKind
from messaging.files.store import recordings as store
from messaging.models import Recording

logger = logging.getLogger(__name__)

CONTENT_TYPES = {
    SoundKind.MP4: "audio/mp4",
    SoundKind.WEBM: "audio/webm",
    SoundKind.OGG: "audio/ogg",
    SoundKind.MP3: "audio/mpeg",
    SoundKind.WAV: "audio/wav",
}
_PIECE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def sounding(request: HttpRequest, recording: Recording) -> HttpResponseBase:
    """A recording that the visitor may hear; 404 when it is lost. Telephones of Apple play only what comes in pieces
    (RFC 9110, 14.2)."""

    @csp({"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": True})
    def sandboxed(asked: HttpRequest) -> HttpResponseBase:
        return _leaving(asked, recording)

    return sandboxed(request)


def _leaving(request: HttpRequest, recording: Recording) -> HttpResponse:
    # Packed already: to pack it once more would cost time and its length.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    try:
        content = store.read(recording.file)
    except FileNotFoundError as error:
        logger.error("The file of recording %s is not in its folder", recording.pk)
        raise Http404 from error
    kind, whole = CONTENT_TYPES[SoundKind(recording.kind)], len(content)
    piece = _piece(request.headers.get("Range", ""), whole)
    if piece is None:
        return HttpResponse(content, content_type=kind, headers=headers)
    first, last = piece
    if first > last:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{whole}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{whole}"
    return HttpResponse(content[first : last + 1], status=206, content_type=kind, headers=headers)


def _piece(asked: str, whole: int) -> tuple[int, int] | None:
    """First and last byte of the one piece that is asked for; None for all of it, an empty piece for one beyond it."""
    found = _PIECE.fullmatch(asked.strip())
    if not found or found.group(1) == found.group(2) == "":
        return None
    if not found.group(1):
        length = int(found.group(2))
        return max(0, whole - length), whole - 1 if length else -1
    first = int(found.group(1))
    last = min(int(found.group(2)), whole - 1) if found.group(2) else whole - 1
    return (first, last) if first < whole else (1, 0)
