"""What a reader sees of a file before opening it: what it is, of which kind, how large, in which language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from messaging import formats
from messaging.files.limits import Kind
from messaging.models import Attachment, Notice
from schools.languages import LANGUAGES, MASTER, language

_MEGABYTE = 1024 * 1024
#: Languages that a file may be in, and none for a picture without words.
FILE_LANGUAGES = tuple(code for code, entry in LANGUAGES.items() if not entry.spoken_only)


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """One file in a list, in the language of the page; ``note`` only where the file speaks another one."""

    pk: int
    title: str
    url: str
    pictogram: str
    icon: str
    kind: str
    size: str
    note: str

    @property
    def title_html(self) -> SafeString:
        return format_html('<bdi lang="nl-BE">{}</bdi>', self.title)

    @property
    def about_html(self) -> SafeString:
        about = format_html('{} · <bdi dir="ltr">{}</bdi>', self.kind, self.size)
        return format_html("{}<br>{}", about, self.note) if self.note else about


def lines_of(attachments: Iterable[Attachment], url: Callable[[Attachment], str], code: str) -> list[AttachmentLine]:
    """``code`` is the language of the page; ``url`` is where the reader opens a file, behind the door they came by."""
    return [_line(row, url(row), code) for row in attachments]


def staff_lines(notice: Notice, code: str = "") -> list[AttachmentLine]:
    """The files of a notice behind the staff's door, for a page in the active language or in ``code``."""

    def url(row: Attachment) -> str:
        return reverse("notice_file", args=[row.notice_id, row.pk])

    return lines_of(notice.attachments.all(), url, code or get_language() or MASTER)


def _line(row: Attachment, url: str, code: str) -> AttachmentLine:
    is_document = row.kind == Kind.PDF
    return AttachmentLine(
        pk=row.pk,
        title=row.title,
        url=url,
        pictogram="what" if is_document else "photo",
        icon="file-text" if is_document else "paperclip",
        kind=_("PDF document") if is_document else _("Picture"),
        size=size_words(row.size),
        note=language_note(row.language, code),
    )


def size_words(size: int) -> str:
    """``340 kB``, ``1,2 MB`` (bytes in)."""
    if size < _MEGABYTE:
        return f"{max(1, round(size / 1024))}{formats.NO_BREAK}kB"
    return f"{number_format(size / _MEGABYTE, 1)}{formats.NO_BREAK}MB"


def language_note(of_file: str, code: str) -> str:
    """In which language the file is, for a reader of another one; empty when it has no words or is in theirs."""
    if not of_file or language(of_file).text == language(code).text:
        return ""
    if of_file == MASTER:
        return _("This file is in Dutch.")
    name = formats.isolated(language(of_file).own_name, code)
    return _("This file is in another language: %(language)s.") % {"language": name}


def comes_with(count: int) -> str:
    """For mails: that files wait on the page. They are not in the mail itself: it may be read by others."""
    words = ngettext(
        "%(count)d file comes with this notice. Open it on the page of the notice.",
        "%(count)d files come with this notice. Open them on the page of the notice.",
        count,
    )
    return words % {"count": count}


def on_paper(count: int) -> str:
    """For letters: how a family without a screen gets what comes along."""
    words = ngettext(
        "%(count)d file comes with this notice. Scan the code to read it, or ask the school for it on paper.",
        "%(count)d files come with this notice. Scan the code to read them, or ask the school for them on paper.",
        count,
    )
    return words % {"count": count}
