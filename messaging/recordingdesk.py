"""Where a text is read aloud: in which languages its parents listen, what there is already, and the words to read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString

from messaging.audience import guardians_of
from messaging.models import Notice, NoticeTemplate, NoticeText, Recording
from messaging.models.texts import SLOTS
from messaging.noticepage import as_html
from messaging.recordings import (
    Voice,
    is_outdated,
    spoken,
    template_hash_to_read,
    template_text,
    text_to_read,
    texts_of,
    voices_of,
)
from parents.models.families import BY_EAR
from schools.languages import CONTACT_CODES, LANGUAGES, MASTER, Language
from schools.models import School


@dataclass(frozen=True, slots=True)
class LanguageTab:
    """A language in which somebody may be spoken to: ``parents`` have it as contact language, ``by_ear`` of them do not
    read or have a language that is only spoken."""

    entry: Language
    parents: int
    by_ear: int
    has_voice: bool
    current: bool


class Desk(ABC):
    """A text at one language; a constant number of queries."""

    def __init__(self, code: str) -> None:
        self.code = code if code in LANGUAGES else MASTER

    @property
    def entry(self) -> Language:
        return LANGUAGES[self.code]

    @property
    @abstractmethod
    def recordings(self) -> dict[str, Recording]:
        """What is recorded, by language."""

    @property
    @abstractmethod
    def text(self) -> NoticeText | None:
        """What is to be read."""

    @property
    @abstractmethod
    def is_outdated(self) -> bool:
        """The words changed since they were read."""

    @abstractmethod
    def voice_of(self, row: Recording) -> Voice:
        """A recording with the doors through which it is heard and taken away."""

    @property
    def people(self) -> dict[str, tuple[int, int]]:
        """By language how many parents, and how many of them by ear, where that is known."""
        return {}

    @cached_property
    def tabs(self) -> list[LanguageTab]:
        """The languages of the parents, those most heard first, with what is recorded and shown."""
        people = self.people
        codes = sorted(people, key=lambda code: (-people[code][1], -people[code][0], code))
        shown = dict.fromkeys([*codes, *self.recordings, self.code])
        return [
            LanguageTab(LANGUAGES[code], *people.get(code, (0, 0)), code in self.recordings, code == self.code)
            for code in shown
        ]

    @property
    def others(self) -> list[Language]:
        """All further languages one can choose."""
        shown = {tab.entry.code for tab in self.tabs}
        return [LANGUAGES[code] for code in CONTACT_CODES if code not in shown]

    @property
    def recording(self) -> Recording | None:
        return self.recordings.get(self.code)

    @cached_property
    def voice(self) -> Voice | None:
        """What there is in this language."""
        return self.voice_of(self.recording) if self.recording else None

    @property
    def title(self) -> SafeString:
        return as_html(spoken(self.text.title)) if self.text else SafeString("")

    @property
    def body(self) -> str:
        return spoken(self.text.body) if self.text else ""

    @property
    def slots(self) -> dict[str, SafeString]:
        text = self.text
        if text is None:
            return {}
        return {key: as_html(spoken(text.slots[key])) for key in SLOTS if text.slots.get(key)}


class NoticeDesk(Desk):
    """The desk of a draft."""

    def __init__(self, notice: Notice, code: str) -> None:
        super().__init__(code)
        self.notice = notice

    @cached_property
    def _texts(self) -> dict[str, NoticeText]:
        return texts_of(self.notice)

    @cached_property
    def recordings(self) -> dict[str, Recording]:
        return _by_language(self.notice.recordings.select_related("made_by"))

    @property
    def text(self) -> NoticeText | None:
        return text_to_read(self._texts, self.code)

    @property
    def is_outdated(self) -> bool:
        return self.recording is not None and is_outdated(self.recording, self._texts)

    def voice_of(self, row: Recording) -> Voice:
        return replace(voices_of([row], staff_url)[0], remove_url=_remove_url(row))

    @cached_property
    def people(self) -> dict[str, tuple[int, int]]:
        rows = guardians_of(self.notice).order_by().values_list("contact_language")
        counted = rows.annotate(Count("pk", distinct=True), by_ear=Count("pk", filter=BY_EAR, distinct=True))
        return {code: (parents, by_ear) for code, parents, by_ear in counted if code in LANGUAGES}

    @cached_property
    def general(self) -> Voice | None:
        """The voice of the notice's template in this language, where that still says what the template says."""
        template = self.notice.template
        if template is None or self.recording is not None:
            return None
        rows = Recording.objects.filter(notice=None, template=template, school_id=self.notice.school_id)
        row = rows.filter(language=self.code).first()
        if row is None or row.source_hash != template_hash_to_read(template, self.code):
            return None
        return voices_of([row], template_url)[0]


class TemplateDesk(Desk):
    """The desk of a template, for the notices of one school."""

    def __init__(self, template: NoticeTemplate, school: School, code: str) -> None:
        super().__init__(code)
        self.template, self.school = template, school

    @cached_property
    def recordings(self) -> dict[str, Recording]:
        rows = Recording.objects.filter(notice=None, template=self.template, school=self.school)
        return _by_language(rows.select_related("made_by", "template"))

    @cached_property
    def text(self) -> NoticeText:
        return template_text(self.template, self.code)

    @property
    def is_outdated(self) -> bool:
        row = self.recording
        return row is not None and row.source_hash != template_hash_to_read(self.template, self.code)

    def voice_of(self, row: Recording) -> Voice:
        remove_url = reverse("template_recording_remove", args=[self.template.slug, row.pk])
        return replace(voices_of([row], template_url)[0], remove_url=remove_url)


def _by_language(rows: Iterable[Recording]) -> dict[str, Recording]:
    return {row.language: row for row in rows}


def staff_url(row: Recording) -> str:
    """Where the staff hear a recording of a notice."""
    return reverse("notice_recording", args=[row.notice_id, row.pk])


def template_url(row: Recording) -> str:
    """Where the staff hear a recording of a template."""
    assert row.template is not None  # noqa: S101 - asked of recordings of templates alone
    return reverse("template_recording", args=[row.template.slug, row.pk])


def _remove_url(row: Recording) -> str:
    return reverse("notice_recording_remove", args=[row.notice_id, row.pk])


def staff_voices(notice: Notice, user: object = None) -> list[Voice]:
    """The voices of a notice behind the staff's door; ``remove_url`` only for those whom this user may take away."""
    voices = voices_of(notice.recordings.select_related("made_by"), staff_url)
    own = Recording.objects.removable_by(user).filter(notice=notice) if voices and user else Recording.objects.none()
    removable = set(own.values_list("pk", flat=True))
    return [
        replace(voice, remove_url=_remove_url(voice.recording)) if voice.pk in removable else voice for voice in voices
    ]
