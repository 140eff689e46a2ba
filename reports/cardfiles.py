"""Files that a card carries: who may add them, and how they are listed, for pages and for paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.attachments import size_words
from messaging.files.limits import Kind, Refusal
from reports.models import CardFile, KeptFile
from reports.models.cardfiles import FILE_LANGUAGES
from schools.languages import LANGUAGES
from schools.scope import Scope
from schools.texts.own import MethodKind
from schools.texts.rights import keeps_all, may_write

#: What a card may carry: what is printed, and what is filled in or adapted.
KINDS = frozenset(Kind)
#: Files of one card, and of the draaiboek together with their bytes: it travels as one package.
OF_A_CARD, OF_ALL, BYTES_OF_ALL = 4, 24, 8 * 1024 * 1024
#: What is wrong with a file and what to do.
WHY_REFUSED = {
    Refusal.EMPTY: gettext_lazy("This file is empty. Choose another one."),
    Refusal.TOO_BIG: gettext_lazy("This file is too large: a file of a card has at most 2 MB."),
    Refusal.UNKNOWN: gettext_lazy(
        "This is not a PDF, a picture (JPEG, PNG or WebP), a Word document (.docx) or an OpenDocument text (.odt)."
    ),
    Refusal.BROKEN: gettext_lazy(
        "This file cannot be opened: it is damaged, or it is not what its name says. "
        "Save it once more as a PDF or a picture."
    ),
    Refusal.LOCKED: gettext_lazy("This file is protected with a password. Save it without protection."),
    Refusal.ACTIVE: gettext_lazy(
        "Something in this file runs or fetches by itself (a macro, a script, a field). Save it as a PDF first."
    ),
    Refusal.HOLDS_FILES: gettext_lazy("Other files are packed into this one. Save it as a PDF first."),
    Refusal.TOO_MANY_PAGES: gettext_lazy("This PDF has too many pages. Take only those that the card needs."),
    Refusal.TOO_MANY_PIXELS: gettext_lazy(
        "This picture is too large to open on a phone. Make it smaller and choose it again."
    ),
    Refusal.EXPANDS: gettext_lazy("This file unpacks to something too large. Save it as a PDF first."),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in a list, in the active language; ``language`` is a code or empty."""

    title: str
    url: str
    kind: str
    size: str
    language: str

    @property
    def about(self) -> str:
        name = LANGUAGES[self.language].own_name if self.language else ""
        return " · ".join(part for part in (self.kind, self.size, name) if part)


def languages_for(scope: Scope) -> list[str]:
    """In which languages somebody adds and takes off files; the empty one, without words, for who keeps all texts."""
    kind = MethodKind()
    own = [code for code in FILE_LANGUAGES if may_write(scope, kind, None, code)]
    return [*own, ""] if keeps_all(scope) else own


def files_by_card() -> dict[int, list[CardFile]]:
    """The files of each card by its id, without their content; one query."""
    found: dict[int, list[CardFile]] = defaultdict(list)
    for row in CardFile.objects.select_related("kept").defer("kept__content"):
        found[row.method_id].append(row)
    return found


def card_contents() -> dict[str, bytes]:
    """The content of every file of the draaiboek by its checksum, for a package."""
    rows = KeptFile.objects.filter(pk__in=CardFile.objects.values("kept_id"))
    return {row.sha256: bytes(row.content) for row in rows}


def as_content(row: CardFile) -> dict[str, Any]:
    """What an edition and the versions of a card keep of a file."""
    kept = row.kept
    return {
        "title": row.title, "language": row.language, "kind": kept.kind, "bytes": kept.size, "sha256": kept.sha256,
        "code": kept.code,
    }  # fmt: skip


def line_of(told: Mapping[str, Any]) -> FileLine:
    """A file as ``as_content`` tells of it, in the active language."""
    kind = Kind(told["kind"])
    return FileLine(
        title=told["title"],
        url=address_of(told["code"]),
        kind=kind_words(kind),
        size=size_words(told["bytes"]),
        language=told["language"],
    )


def printed(told: Mapping[str, Any]) -> dict[str, str]:
    """The same for paper and Word: with the whole address, to type over."""
    line = line_of(told)
    return {"title": line.title, "about": line.about, "url": line.url, "address": settings.SITE_URL + line.url}


def address_of(code: str) -> str:
    return reverse("card_file", args=[code])


def kind_words(kind: Kind) -> str:
    return {
        Kind.PDF: _("PDF document"),
        Kind.DOCX: _("Word document"),
        Kind.ODT: _("OpenDocument text"),
    }.get(kind, _("Picture"))
