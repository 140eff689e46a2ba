"""Texts of Word and OpenDocument as an office writes them, and as somebody with bad intentions does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache

from docx import Document

from tests.messaging.leaflets import picture

ODT = b"application/vnd.oasis.opendocument.text"
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def word(**more: bytes) -> bytes:
    """A Word document with a picture, by somebody; ``more`` are parts besides, by their path with __ for / and _ for
    the dot."""
    return with_parts(_plain(), {name.replace("__", "/").replace("_", "."): one for name, one in more.items()})


@lru_cache(maxsize=1)
def _plain() -> bytes:
    document = Document()
    document.add_heading("Aanwezig", 1)
    document.add_paragraph("Zet een streepje per gezin.")
    document.add_picture(io.BytesIO(picture(comment=b"Thuis bij Els")))
    document.core_properties.author = document.core_properties.last_modified_by = "Els Peeters"
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def odt(content: str = "<text:p>Aanwezig</text:p>", **more: bytes) -> bytes:
    """An OpenDocument text with a small picture of its first page, by somebody."""
    body = f"<office:document-content {_NAMES}><office:body><office:text>{content}</office:text></office:body>"
    meta = f"<office:document-meta {_NAMES}><office:meta><dc:creator>Els Peeters</dc:creator></office:meta>"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type=""/>'
        for path in ("/", "content.xml", "meta.xml", "Thumbnails/thumbnail.png")
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    parts = {
        "mimetype": ODT,
        "content.xml": f"{body}</office:document-content>".encode(),
        "meta.xml": f"{meta}</office:document-meta>".encode(),
        "Thumbnails/thumbnail.png": b"Els",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{space}">{listed}</manifest:manifest>'.encode(),
        **{name.replace("__", "/").replace("_", "."): one for name, one in more.items()},
    }
    return packed(parts)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(content: bytes, more: Mapping[str, bytes]) -> bytes:
    return packed({**parts_of(content), **more})


def packed(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in parts.items():
            archive.writestr(name, one, zipfile.ZIP_STORED if name == "mimetype" else None)
    return made.getvalue()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The file with other words in one of its parts."""
    found = parts_of(content)[part]
    assert old in found
    return with_parts(content, {part: found.replace(old, new, 1)})
