"""Where a text is read aloud: in which languages its parents listen, what there is already, and the words to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString

from messaging.audience import guardians_of
from messaging.models import Notice, NoticeText, Recording
from messaging.models.notices import SLOTS
from messaging.noticepage import as_html
from messaging.recordings import Voice, is_outdated, spoken, text_to_read, texts_of, voices_of
from parents.models.families import BY_EAR
from schools.languages import CONTACT_CODES, LANGUAGES, MASTER, Language


@dataclass(frozen=True, slots=True)
class LanguageTab:
    """A language in which somebody may be spoken to: ``parents`` have it as contact language, ``by_ear`` of them do not
    read or have a language that is only spoken."""

    entry: Language
    parents: int
    by_ear: int
    has_voice: bool
    is_outdated: bool
    current: bool


class Desk:
    """The desk of one notice, at one language; a constant number of queries."""

    def __init__(self, notice: Notice, code: str) -> None:
        self.notice = notice
        self.code = code if code in LANGUAGES else MASTER

    @property
    def entry(self) -> Language:
        return LANGUAGES[self.code]

    @cached_property
    def _texts(self) -> dict[str, NoticeText]:
        return texts_of(self.notice)

    @cached_property
    def _recordings(self) -> dict[str, Recording]:
        rows = self.notice.recordings.select_related("made_by")
        return {row.language: row for row in rows}

    @cached_property
    def tabs(self) -> list[LanguageTab]:
        """The languages of the notice's parents, those most heard first, with what is recorded and shown."""
        rows = guardians_of(self.notice).order_by().values_list("contact_language")
        counted = rows.annotate(Count("pk", distinct=True), by_ear=Count("pk", filter=BY_EAR, distinct=True))
        people = {code: (parents, by_ear) for code, parents, by_ear in counted if code in LANGUAGES}
        codes = sorted(people, key=lambda code: (-people[code][1], -people[code][0], code))
        return [self._tab(code, *people.get(code, (0, 0))) for code in dict.fromkeys([*codes, *self._extra])]

    @property
    def _extra(self) -> list[str]:
        return [*self._recordings, self.code]

    @property
    def others(self) -> list[Language]:
        """All further languages one can choose."""
        shown = {tab.entry.code for tab in self.tabs}
        return [LANGUAGES[code] for code in CONTACT_CODES if code not in shown]

    def _tab(self, code: str, parents: int, by_ear: int) -> LanguageTab:
        row = self._recordings.get(code)
        return LanguageTab(
            entry=LANGUAGES[code],
            parents=parents,
            by_ear=by_ear,
            has_voice=row is not None,
            is_outdated=row is not None and is_outdated(row, self._texts),
            current=code == self.code,
        )

    @property
    def recording(self) -> Recording | None:
        return self._recordings.get(self.code)

    @property
    def is_outdated(self) -> bool:
        return self.recording is not None and is_outdated(self.recording, self._texts)

    @cached_property
    def voice(self) -> Voice | None:
        """What goes with the notice in this language."""
        row = self.recording
        return voices_of([row], staff_url)[0] if row else None

    @cached_property
    def text(self) -> NoticeText | None:
        """What is to be read."""
        return text_to_read(self._texts, self.code)

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


def staff_url(row: Recording) -> str:
    """Where the staff hear a recording of a notice."""
    return reverse("notice_recording", args=[row.notice_id, row.pk])


def staff_voices(notice: Notice, user: object = None) -> list[Voice]:
    """The voices of a notice behind the staff's door; ``is_removable`` by this user."""
    voices = voices_of(notice.recordings.select_related("made_by"), staff_url)
    own = Recording.objects.removable_by(user).filter(notice=notice) if voices and user else Recording.objects.none()
    removable = set(own.values_list("pk", flat=True))
    return [replace(voice, is_removable=voice.pk in removable) for voice in voices]
