"""The file around the document: opened empty, saved so that equal content gives equal bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as DocumentType

#: The first day that a ZIP file can say.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_UNUSED = ("/thumbnail", "/stylesWithEffects", "/customXml")
#: Who wrote it, as a role: the file names nobody.
AUTHOR = "Gezamenlijke CLB-medewerker"


def blank() -> DocumentType:
    """An empty document without what the template carries along: a preview, a second set of styles, stray XML."""
    document = Document()
    for rels in (document.part.package.rels, document.part.rels):
        for key in [key for key, rel in rels.items() if any(word in rel.reltype for word in _UNUSED)]:
            rels.pop(key)
    body = document.element.body
    for leftover in list(body)[:-1]:
        body.remove(leftover)
    return document


def describe(document: DocumentType, content: dict[str, Any]) -> None:
    """Title, language, day and checksum; a role as author and no person."""
    about = document.core_properties
    day = datetime.fromisoformat(f"{content['date'][:10]}T12:00:00")
    about.title, about.subject = content["title"], content["subtitle"]
    about.author = about.last_modified_by = AUTHOR
    about.comments, about.keywords, about.category = "", content["brand"], ""
    about.identifier = content.get("checksum", "")
    about.language = content["lang"]
    about.created = about.modified = day
    about.revision = 1


def saved(document: DocumentType) -> bytes:
    """The file, with the same time on each of its parts."""
    loose = io.BytesIO()
    document.save(loose)
    file = io.BytesIO()
    with zipfile.ZipFile(loose) as parts, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, parts.read(name))
    return file.getvalue()
