"""A notice as it will leave, before it leaves: in one language and by one channel. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from messaging.attachments import AttachmentLine, staff_lines
from messaging.audience import pupils_of
from messaging.formats import MISSING
from messaging.mails import sms_words
from messaging.models import Notice, NoticeText
from messaging.noticepage import NoticePage, NoticeView, page_of
from messaging.readers import Child, Reader
from messaging.rendering import corrected_on, preview_reader, preview_sms
from messaging.segments import Segments, sms_segments
from schools import languages

#: How the address of a preview calls each way out.
WORDS = ("pagina", "mail", "sms", "brief")
#: The link of a preview opens nothing; a real one is this many characters longer.
_SHOWN_LINK, _REAL_LINK = "/b/…/", f"/b/{'x' * 19}/"


def text_message(notice: Notice, text: NoticeText, *, is_shared: bool) -> str:
    """The text message in one language with a link as long as a real one; on a shared phone without content."""
    url = settings.SITE_URL + _REAL_LINK
    sees_all = not is_shared and not notice.is_confidential
    replaced_on = corrected_on(notice)
    reader = Reader(language=text.language, children=(), url=url, sees_all=sees_all, replaced_on=replaced_on)
    return sms_words(notice, text, reader)


@dataclass(frozen=True)
class Preview:
    """One notice in one language by one channel."""

    notice: Notice
    text: NoticeText
    word: str
    #: Who looks: the child in it is one that they may see.
    user: object

    @property
    def language(self) -> languages.Language:
        return languages.language(self.text.language)

    @property
    def frame(self) -> languages.Language:
        """What the parent's page around the text speaks."""
        return languages.frame_of(self.language.code)

    @cached_property
    def page(self) -> NoticePage:
        reader = preview_reader(self.notice, self.text.language)
        pupil = pupils_of(self.notice).visible_to(self.user).first()  # type: ignore[attr-defined]
        name = pupil.first_name if pupil else MISSING
        reader.children = [Child(0, name, name, "")]
        texts = {row.language: row for row in self.notice.texts.all()}
        return page_of(self.notice, texts, reader)

    @cached_property
    def buttons(self) -> list[tuple[str, str]]:
        """What a parent taps on the page, in this language and in Dutch: the answers, or that one chooses a time."""
        if not self.notice.leads_to_times:
            return [(answer.label, answer.dutch) for answer in self.page.answers]
        words = []
        for code in (self.frame.interface, languages.MASTER):
            with override(code):
                words.append(gettext("Choose a time"))
        return [(words[0], words[1])]

    @property
    def slots(self) -> dict[str, SafeString]:
        return _by_key(self.page.text)

    @property
    def dutch_slots(self) -> dict[str, SafeString]:
        return _by_key(self.page.dutch) if self.page.dutch else {}

    @cached_property
    def files(self) -> list[AttachmentLine]:
        """As a parent of this language reads about them; each opens behind the staff's door."""
        with override(self.language.interface):
            return staff_lines(self.notice, self.text.language)

    @cached_property
    def sms(self) -> str:
        return preview_sms(self.notice, self.text.language)

    @property
    def segments(self) -> Segments:
        """What the text message costs with a real link in it."""
        return sms_segments(self.sms.replace(_SHOWN_LINK, _REAL_LINK))


def _by_key(view: NoticeView) -> dict[str, SafeString]:
    return {slot.key: slot.html for slot in view.slots}


def preview_of(notice: Notice, code: str, word: str, user: object) -> Preview | None:
    """The preview, or None when the notice has no text in that language or no such way exists."""
    text = NoticeText.objects.filter(notice=notice, language=code).first()
    return Preview(notice, text, word, user) if text and word in WORDS else None
