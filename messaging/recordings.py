"""What a reader sees of a recording before hearing it; which one is theirs; and the words that were read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from django.utils.translation import gettext_lazy as _

from messaging import formats
from messaging.attachments import size_words
from messaging.models import Notice, NoticeTemplate, NoticeText, Recording
from messaging.models.texts import SLOTS
from messaging.texts import values_of
from schools.languages import LANGUAGES, MASTER, language


@dataclass(frozen=True, slots=True)
class Voice:
    """One recording in a player."""

    pk: int
    url: str
    code: str
    #: Minutes and seconds, and how much it weighs: some pay by the megabyte.
    length: str
    size: str
    note: str
    recording: Recording
    #: Where whoever may take it away posts to.
    remove_url: str = ""

    @property
    def about(self) -> str:
        return f"{self.length} · {self.size}"

    @property
    def name(self) -> str:
        """The language in its own words."""
        return language(self.code).own_name


_GENERAL = _("This voice tells what it is about. Day, hour and place stand on this page.")


def voices_of(recordings: Iterable[Recording], url: Callable[[Recording], str]) -> list[Voice]:
    return [
        Voice(
            pk=row.pk,
            url=url(row),
            code=row.language,
            length=f"{row.seconds // 60}:{row.seconds % 60:02}",
            size=size_words(row.size),
            note=str(_GENERAL) if row.is_general else "",
            recording=row,
        )
        for row in recordings
    ]


def own_first(voices: list[Voice], contact: str, page: str) -> tuple[list[Voice], list[Voice]]:
    """The voices in the guardian's contact language or that of the page, and the others. Those who only hear a language
    get the Dutch voice too where there is none in theirs."""
    wanted = [code for code in dict.fromkeys((contact, page)) if code]
    own = [voice for code in wanted for voice in voices if is_heard_as(voice.code, code)]
    own = list({voice.pk: voice for voice in own}.values())
    return own, [voice for voice in voices if voice not in own]


def is_heard_as(spoken: str, wanted: str) -> bool:
    """Dari is read as Persian and heard as either; an oral language is heard as itself alone."""
    if spoken == wanted:
        return True
    first, second = LANGUAGES.get(spoken), LANGUAGES.get(wanted)
    if not first or not second or first.spoken_only or second.spoken_only:
        return False
    return first.text == second.text


Texts = Mapping[str, NoticeText]


def texts_of(notice: Notice) -> dict[str, NoticeText]:
    return {text.language: text for text in notice.texts.all()}


def text_to_read(texts: Texts, code: str) -> NoticeText | None:
    """What is read aloud in a language: the text in it, or the Dutch that somebody tells in an oral language."""
    return texts.get(language(code).text) or texts.get(MASTER)


def hash_to_read(notice: Notice, texts: Texts, code: str, *, is_general: bool = False) -> str:
    """What a recording remembers of the words: title, text and slots, not those of subject and text message. A general
    one says nothing of what the author filled in, such as day and hour: it remembers the words around those."""
    text = text_to_read(texts, code)
    if text is None:
        return ""
    words = [text.title, text.body, *(text.slots.get(slot, "") for slot in SLOTS)]
    return _hash(*(_around_values(notice, text.language, words) if is_general else words))


def _around_values(notice: Notice, code: str, words: Iterable[str]) -> list[str]:
    given = values_of(notice)
    written = {formats.filled(f"{{{name}}}", given, code) for name in given}
    longest_first = sorted(written, key=lambda value: (-len(value), value))
    return [reduce(lambda rest, value: rest.replace(value, formats.MISSING), longest_first, line) for line in words]


def is_outdated(recording: Recording, texts: Texts) -> bool:
    """The words of the notice changed since they were read."""
    assert recording.notice is not None  # noqa: S101 - only those of notices grow old by a change of a draft
    fresh = hash_to_read(recording.notice, texts, recording.language, is_general=recording.is_general)
    return recording.source_hash != fresh


def template_hash_to_read(template: NoticeTemplate, code: str) -> str:
    return _hash(*(_template_words(template, name, language(code).text) for name in ("title", "body", *SLOTS)))


def template_text(template: NoticeTemplate, code: str) -> NoticeText:
    """A template as one reads it aloud for all notices that will use it: gaps for day, hour and place. Not saved."""
    code = language(code).text

    def words(name: str) -> str:
        return formats.filled(_template_words(template, name, code), {}, code)

    return NoticeText(
        language=code, title=words("title"), body=words("body"), slots={slot: words(slot) for slot in SLOTS}
    )


def _template_words(template: NoticeTemplate, name: str, code: str) -> str:
    """In the language, or in Dutch: a partner's language has columns only once its texts were asked for."""
    return getattr(template, f"{name}_{code}", "") or getattr(template, f"{name}_{MASTER}") or ""


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def spoken(words: str) -> str:
    """The words with a gap for a child's name, as one reads them for all families."""
    return words.replace("{" + formats.PER_GUARDIAN + "}", formats.MISSING)
