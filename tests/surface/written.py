"""Notices of the teacher of 3B: written, with a file, read aloud, to leave later, to be translated."""

from __future__ import annotations

from datetime import timedelta

from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from messaging.files.listening import CheckedSound
from messaging.files.sounds import SoundKind
from messaging.models import (
    Attachment,
    Notice,
    NoticeTemplate,
    Recording,
    TranslationRequest,
)
from messaging.services import (
    ask_translators,
    attach_file,
    create_notice,
    record_notice,
    record_template,
    schedule_notice,
    update_notice,
)
from schools import clock
from tests.cast import Cast


def write_notice(cast: Cast) -> Notice:
    """A draft of the invitation to the parent–teacher meeting, to 3B."""
    day = clock.today() + timedelta(days=10)
    return create_notice(
        author=cast.staff["teacher_3b"],
        template=NoticeTemplate.objects.get(slug="parent-meeting-invitation"),
        school=cast.schools["kersenboom"],
        school_class=cast.classes["3b"],
        values={
            "teacher": "Lotte Claes",
            "date": day.isoformat(),
            "time": "16:00",
            "place": "Lokaal 3B",
            "phone": "+3211001122",
        },
    )


def attach_leaflet(notice: Notice, words: str = "Een blad") -> Attachment:
    """A file as it stands after it was opened and cleaned."""
    leaflet = CheckedFile(Kind.PDF, b"%PDF-1.7\n" + words.encode())
    return attach_file(notice=notice, by=notice.author, file=leaflet, title=words, language="nl")


def read_aloud(notice: Notice, language: str = "ar", content: bytes = b"OggS een stem") -> Recording:
    """A voice as it stands after it was heard and made small."""
    sound = CheckedSound(SoundKind.OGG, content, 12)
    return record_notice(notice=notice, by=notice.author, sound=sound, language=language)


def read_template_aloud(cast: Cast, slug: str = "parent-meeting-invitation") -> Recording:
    """A voice for all notices of De Kersenboom that use a template, by the teacher of 3B."""
    sound = CheckedSound(SoundKind.OGG, b"OggS een stem voor allen", 9)
    template, school = NoticeTemplate.objects.get(slug=slug), cast.schools["kersenboom"]
    return record_template(template=template, school=school, by=cast.staff["teacher_3b"], sound=sound, language="tr")


def schedule(notice: Notice) -> Notice:
    """To leave tomorrow."""
    update_notice(notice, send_at=clock.now() + timedelta(days=1))
    schedule_notice(notice=notice, by=notice.author)
    return notice


def ask_for_punjabi(cast: Cast, draft: Notice) -> TranslationRequest:
    """Of the cast's translator, who has not taken it yet."""
    due_on = clock.today() + timedelta(days=3)
    return ask_translators(notice=draft, languages=["pa"], due_on=due_on, by=cast.staff["teacher_3b"])[0]
