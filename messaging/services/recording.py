"""Voices that go with a notice: recorded or chosen, replaced, heard again, taken away."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.files.listening import CheckedSound
from messaging.models import Notice, NoticeTemplate, Recording
from messaging.recordings import hash_to_read, template_hash_to_read, texts_of
from messaging.services.drafts import locked_draft
from messaging.services.voice_files import keep_voice, take_away
from schools import audit
from schools.models import School, User

#: What a notice takes over from the recording of its template.
_SHARED = (
    "school_id",
    "language",
    "kind",
    "size",
    "seconds",
    "sha256",
    "file",
    "speaker",
    "made_by_id",
    "made_at",
)


def record_notice(*, notice: Notice, by: User, sound: CheckedSound, language: str, speaker: str = "") -> Recording:
    """A draft read aloud in a language; an earlier recording in it is replaced. Raises ValidationError when the notice
    was sent meanwhile, and OSError when the disk does not take it."""
    with transaction.atomic():
        draft = locked_draft(notice)
        take_away(draft.recordings.filter(language=language))
        row = Recording(
            notice=draft, school_id=draft.school_id, source_hash=hash_to_read(draft, texts_of(draft), language)
        )
        keep_voice(row, sound, by=by, language=language, speaker=speaker)
        audit.record(actor=by, verb="recorded", target=draft, school_id=draft.school_id, language=language)
    return row


def record_template(
    *, template: NoticeTemplate, school: School, by: User, sound: CheckedSound, language: str, speaker: str = ""
) -> Recording:
    """A template read aloud for the notices of one school; an earlier recording in that language is replaced, also for
    drafts, and stays with what was sent. Raises OSError when the disk does not take it."""
    with transaction.atomic():
        School.objects.select_for_update().get(pk=school.pk)
        take_away(Recording.objects.filter(notice=None, template=template, school=school, language=language))
        row = Recording(template=template, school=school, source_hash=template_hash_to_read(template, language))
        keep_voice(row, sound, by=by, language=language, speaker=speaker)
        audit.record(actor=by, verb="recorded", target=template, school_id=school.pk, language=language)
    return row


def use_general(*, notice: Notice, recording: Recording, by: User) -> Recording:
    """Let the voice of its template go with a draft. Raises ValidationError when the notice was sent meanwhile, has a
    voice in that language, or the recording is not one of its template at its school."""
    with transaction.atomic():
        draft = locked_draft(notice)
        wanted = (None, draft.template_id, draft.school_id)
        fits = (recording.notice_id, recording.template_id, recording.school_id) == wanted
        if not fits or draft.recordings.filter(language=recording.language).exists():
            raise ValidationError(_("This recording cannot go with the notice: it has one in that language already."))
        row = Recording.objects.create(
            notice=draft,
            is_general=True,
            source_hash=hash_to_read(draft, texts_of(draft), recording.language, is_general=True),
            **{name: getattr(recording, name) for name in _SHARED},
        )
        audit.record(actor=by, verb="chose recording", target=draft, school_id=draft.school_id, language=row.language)
    return row


def confirm_recording(*, recording: Recording, by: User) -> None:
    """Somebody listened again: it still says what the changed text says. Raises ValidationError once it is sent."""
    with transaction.atomic():
        assert recording.notice is not None  # noqa: S101 - only those of notices grow old by a change of a draft
        draft = locked_draft(recording.notice)
        fresh = hash_to_read(draft, texts_of(draft), recording.language, is_general=recording.is_general)
        Recording.objects.filter(pk=recording.pk).update(source_hash=fresh)
        audit.record(
            actor=by, verb="confirmed recording", target=draft, school_id=draft.school_id, language=recording.language
        )


def remove_recording(*, recording: Recording, by: User) -> int:
    """Take a voice away, also from what was sent: a voice is somebody's. That of a template goes from every notice that
    took it over. Returns how many recordings that were."""
    with transaction.atomic():
        rows = Recording.objects.filter(pk=recording.pk)
        if recording.notice_id is None:
            rows = Recording.objects.filter(file=recording.file)
        target: Any = recording.notice or recording.template
        count = take_away(rows)
        if count:
            facts = {"language": recording.language, "recordings": count}
            audit.record(actor=by, verb="removed recording", target=target, school_id=recording.school_id, **facts)
    return count
