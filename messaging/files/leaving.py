"""The one way in which a file leaves: its type is what it was found to be, its name says nothing, and in a window of
its own it may do nothing at all. A picture is shown, everything else saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from messaging.files.limits import Kind

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Type and ending of each kind.
CONTENT_TYPES = {
    Kind.PDF: ("application/pdf", "pdf"),
    Kind.JPEG: ("image/jpeg", "jpg"),
    Kind.PNG: ("image/png", "png"),
    Kind.WEBP: ("image/webp", "webp"),
    Kind.DOCX: (_WORD, "docx"),
    Kind.ODT: ("application/vnd.oasis.opendocument.text", "odt"),
}
PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})


@dataclass(frozen=True, slots=True)
class LeavingFile:
    """A file for somebody who was asked who they are, or that is everybody's. ``name`` is without its ending,
    ``opened`` gives its content."""

    kind: Kind
    name: str
    size: int
    sha256: str
    opened: Callable[[], IO[Any]]


def leaving(request: HttpRequest, file: LeavingFile, cache: str = "private, no-store") -> HttpResponseBase:
    """The file, or that its reader has it already; ``cache`` says who may keep it. Raises what ``opened`` raises."""

    # A picture alone in a window is styled by the browser itself; beyond that it may do nothing at all.
    @csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [NONE], "sandbox": True})
    def sandboxed(asked: HttpRequest) -> HttpResponseBase:
        return _answer(asked, file, cache)

    return sandboxed(request)


def _answer(request: HttpRequest, file: LeavingFile, cache: str) -> HttpResponseBase:
    content_type, ending = CONTENT_TYPES[file.kind]
    name, is_saved = f"{file.name}.{ending}", file.kind not in PICTURES
    etag = f'"{file.sha256}"'
    headers = {
        "Cache-Control": cache,
        "Content-Disposition": content_disposition_header(is_saved, name) or "",
        "Content-Length": str(file.size),
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }
    # Packed already: to pack it once more would cost time and its length.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    bare = HttpResponse(content_type=content_type, headers=headers)
    at_hand = get_conditional_response(request, etag=etag, response=bare)
    if request.method == "HEAD" or at_hand is not bare:
        return at_hand or bare
    return FileResponse(
        file.opened(), as_attachment=is_saved, filename=name, content_type=content_type, headers=headers
    )
