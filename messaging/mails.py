"""Mails and text messages: a mail's skeleton is rendered once for a notice and language, and filled for each guardian.

Filling happens after escaping, each part in its own way: names are escaped for HTML and isolated in both (limits.md:
building messages is what costs).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext, override

from messaging import formats
from messaging.attachments import comes_with
from messaging.channels.base import Picture
from messaging.firsttime import privacy_url
from messaging.mailpictures import name_of, pictures_in
from messaging.models import Notice, NoticeText
from messaging.noticepage import NoticePage, as_html
from messaging.readers import Reader
from messaging.segments import sms_segments
from schools.languages import MASTER, Language, frame_of, language

#: That a text message replaces another is said within so many parts: each is paid, and the page says it too.
MOST_PARTS = 2
#: Private-use characters stand for what differs between guardians; typed texts cannot contain them (formats.plain).
_URL, _OWN_NAMES, _DUTCH_NAMES = "\ue0f1", "\ue0f2", "\ue0f3"
_CHILD = "{" + formats.PER_GUARDIAN + "}"


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str
    html_lang: str
    direction: str
    url: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A mail with marks where guardians differ."""

    subject: str
    text: str
    html: str
    language: Language
    pictures: tuple[Picture, ...]

    def filled(self, reader: Reader) -> Mail:
        names = [formats.plain(child.first_name) for child in reader.children]
        own, dutch = self.language.code, MASTER
        text = self.text.replace(_OWN_NAMES, formats.joined([formats.isolated(name, own) for name in names], own))
        text = text.replace(_DUTCH_NAMES, formats.joined([formats.isolated(name, dutch) for name in names], dutch))
        marked = [f"<bdi>{escape(name)}</bdi>" for name in names]
        html = self.html.replace(_OWN_NAMES, formats.joined(marked, own)).replace(
            _DUTCH_NAMES, formats.joined(marked, dutch)
        )
        return Mail(
            subject=self.subject,
            text=text.replace(_URL, reader.url),
            html=html.replace(_URL, str(escape(reader.url))),
            html_lang=self.language.html_lang,
            direction=self.language.direction,
            url=reader.url,
            pictures=self.pictures,
        )


class MailSkeletons:
    """The skeletons of one drain: what was sent is frozen, so a skeleton serves all who read the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Skeleton] = {}

    def mail(self, notice_id: int, reader: Reader, page: Callable[[], NoticePage]) -> Mail:
        """The mail for one reader. ``page`` is only asked for when nobody read the same before; it still has
        ``{child}`` in its texts."""
        how = (reader.sees_all, reader.replaced_on, reader.is_reminder, reader.is_first, reader.hears, reader.is_asked)
        key = (notice_id, reader.language, reader.wanted, *how)
        if key not in self._known:
            self._known[key] = _skeleton(page(), reader)
        return self._known[key].filled(reader)


def mail_of(page: NoticePage, reader: Reader) -> Mail:
    """A single mail; ``page`` still has ``{child}`` in its texts."""
    return _skeleton(page, reader).filled(reader)


def door_words(reader: Reader) -> str:
    """What the link is for, in the language in force: a voice or a question is promised only where there is one."""
    if reader.hears:
        return gettext("Read, listen and answer") if reader.is_asked else gettext("Read and listen")
    return gettext("Read and answer") if reader.is_asked else gettext("Read the notice")


def _skeleton(page: NoticePage, reader: Reader) -> Skeleton:
    full = reader.sees_all
    reads = page.untranslated or page.language
    frame = page.language if full else frame_of(reads.code)  # only a link: each word of it is the portal's own
    last_day = page.answer_by if page.notice.takes_answers else None
    context: dict[str, Any] = {
        "is_first": reader.is_first,
        "reads": reads,
        "privacy_url": privacy_url(reads.code),
        "page": page,
        "language": frame,
        "url": _URL,
        "own_title": page.text.title.replace(_CHILD, _OWN_NAMES),
        "own_body": page.text.body.replace(_CHILD, _OWN_NAMES),
        "dutch_title": page.dutch.title.replace(_CHILD, _DUTCH_NAMES) if page.dutch else "",
        "dutch_body": page.dutch.body.replace(_CHILD, _DUTCH_NAMES) if page.dutch else "",
        "answer_by": formats.long_day(last_day, page.language.code) if last_day else "",
        "dutch_answer_by": formats.long_day(last_day, MASTER) if last_day else "",
        "slots": [
            {"cid": name_of(slot.key), "label": slot.label, "html": as_html(slot.text.replace(_CHILD, _OWN_NAMES))}
            for slot in page.text.slots
        ],
        "replaced": formats.long_day(page.replaced_on, page.language.code) if page.replaced_on else "",
        "dutch_replaced": formats.long_day(page.replaced_on, MASTER) if page.replaced_on else "",
    }
    context |= _about_files(page)
    if page.untranslated:
        own = page.untranslated.code
        context["own_slots"] = [replace(slot, text=slot.text.replace(_CHILD, _OWN_NAMES)) for slot in page.own_slots]
        context["own_answer_by"] = formats.long_day(last_day, own) if last_day else ""
    context |= {f"{key}_html": as_html(str(context[key])) for key in ("own_body", "dutch_body")}
    name = "emails/notice" if full else "emails/notice_link"
    with override(frame.interface):
        context["door_words"] = door_words(reader)
        text, html = render_to_string(f"{name}.txt", context), render_to_string(f"{name}.html", context)
    return Skeleton(subject_of(page.notice, page.text.subject), text, html, frame, pictures_in(html))


def _about_files(page: NoticePage) -> dict[str, str]:
    """That files wait on the page, in the reader's language and in Dutch."""
    if not page.files:
        return {}
    with override(page.language.interface):
        own = comes_with(page.files)
    with override(MASTER):
        return {"files": own, "dutch_files": comes_with(page.files)}


def subject_of(notice: Notice, neutral: str) -> str:
    """The kind's Dutch word, which parents learn, and the neutral line: never a name (rulings 4)."""
    line = neutral.replace(formats.ISOLATE, "").replace(formats.POP, "").replace(_CHILD, "")
    return f"{notice.kind}: {' '.join(line.split())}"


def sms_words(notice: Notice, text: NoticeText, reader: Reader) -> str:
    """A text message: the notice's own words, or on a shared phone only that there is a notice, for want of a
    translation too in the reader's language; and the link."""
    name = "sms/notice" if reader.sees_all else "sms/notice_link"
    frame = language(text.language) if reader.sees_all else frame_of(reader.wanted or text.language)
    words = text.sms
    if reader.is_reminder:
        words = _where_it_fits(formats.reminder(words, text.language), words, reader)
    if reader.replaced_on:
        words = _where_it_fits(formats.correction(words, text.language), words, reader)
    context = {"school": notice.school.name, "words": words, "url": reader.url}
    with override(frame.interface):
        return " ".join(render_to_string(f"{name}.txt", context).split())


def _where_it_fits(longer: str, words: str, reader: Reader) -> str:
    """What more is said, unless the message would then take more parts than a parent's phone gets of us: each is paid,
    and the page behind the link says it too."""
    sent = " ".join(f"{longer} {reader.url}".split())  # a no-break space, as in an amount, leaves as a plain one
    return longer if sms_segments(sent).segments <= MOST_PARTS else words
