"""A text as whoever lends a voice sees it: the words and what the asker said of them, nobody's name."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from messaging.models import NoticeText, Recording, VoiceRequest
from messaging.recordingdesk import Desk
from messaging.recordings import Voice, template_text, text_to_read, texts_of
from messaging.sealednotice import Words, without_people
from messaging.translators import languages_with_translators
from schools.languages import MASTER
from schools.models import School


class VoiceWork(Desk):
    """The desk of one request."""

    def __init__(self, asked: VoiceRequest) -> None:
        super().__init__(asked.language)
        self.asked = asked

    @cached_property
    def text(self) -> NoticeText | None:
        asked = self.asked
        if asked.template is not None:
            return template_text(asked.template, asked.language)
        assert asked.notice is not None  # noqa: S101 - the database keeps that it is of one of them
        text = text_to_read(texts_of(asked.notice), asked.language)
        if text is None:
            return None
        close = without_people(asked.notice, text.language)
        words = Words.of(text).each(lambda _name, typed: close(typed))
        return NoticeText(language=text.language, title=words.title, body=words.body, slots=dict(words.slots))

    @property
    def context(self) -> str:
        notice, words = self.asked.notice, self.asked.context
        return without_people(notice, MASTER)(words) if notice and words else words

    @property
    def recordings(self) -> dict[str, Recording]:
        return {}

    @property
    def is_outdated(self) -> bool:
        return False

    def voice_of(self, row: Recording) -> Voice:
        """No recording is found here: a volunteer hears nobody else's voice."""
        raise LookupError(f"recording {row.pk}")


def asking(desk: Desk, school: School, user: object, **text: Any) -> dict[str, Any]:
    """What the desk of a notice or template shows this user of volunteers: whether one can be asked, and who was."""
    rows = VoiceRequest.objects.waiting().filter(school=school, language=desk.code, **text)
    asked = rows.select_related("asked_by").first()
    return {
        "can_ask": desk.code in languages_with_translators(school.pk),
        "asked": asked,
        "may_take_back": asked is not None and rows.editable_by(user).filter(pk=asked.pk).exists(),
        "school": school,
        "text": text,
    }
