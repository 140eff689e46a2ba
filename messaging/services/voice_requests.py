"""A voice is asked of those who know a language; what they record is the notice's, or the school's."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import inviting
from messaging.files.listening import CheckedSound
from messaging.models import Notice, NoticeTemplate, VoiceRequest
from messaging.services.drafts import locked_draft
from messaging.services.recording import record_notice, record_template, remove_recording
from messaging.translators import languages_with_translators
from schools import audit, clock
from schools.models import School, User


def ask_voice(
    *,
    school: School,
    language: str,
    by: User,
    notice: Notice | None = None,
    template: NoticeTemplate | None = None,
    context: str = "",
) -> VoiceRequest:
    """Ask for a draft or for a template of a school to be read aloud; asking twice is asking once. Raises
    ValidationError for a language that no translator of the school knows, and once the notice is sent."""
    if language not in languages_with_translators(school.pk):
        raise ValidationError(_("Nobody who translates for this school knows this language."))
    with transaction.atomic():
        if notice is not None:
            locked_draft(notice)
        row, is_new = VoiceRequest.objects.get_or_create(
            notice=notice,
            template=template,
            school=school,
            language=language,
            done_at=None,
            defaults={"context": context.strip(), "asked_by": by, "asked_at": clock.now()},
        )
        if is_new:
            audit.record(actor=by, verb="asked for a voice", target=row, school_id=school.pk, language=language)
            inviting.ring()
    return row


def withdraw_voice_request(*, request: VoiceRequest, by: User) -> None:
    """Nobody needs to read it any more. Raises ValidationError when somebody did already."""
    with transaction.atomic():
        row = _open(request)
        audit.record(actor=by, verb="took a request back", target=row, school_id=row.school_id, language=row.language)
        row.delete()


def lend_voice(*, request: VoiceRequest, by: User, sound: CheckedSound, speaker: str = "") -> None:
    """What was read aloud. Raises ValidationError when somebody was first or the notice was sent meanwhile, and OSError
    when the disk does not take it."""
    with transaction.atomic():
        row = _open(request)
        if row.notice is not None:
            row.recording = record_notice(notice=row.notice, by=by, sound=sound, language=row.language, speaker=speaker)
        elif row.template is not None:
            row.recording = record_template(
                template=row.template, school=row.school, by=by, sound=sound, language=row.language, speaker=speaker
            )
        row.done_by, row.done_at = by, clock.now()
        row.save(update_fields=["recording", "done_by", "done_at"])


def take_voice_back(*, request: VoiceRequest, by: User) -> None:
    """One's own voice is heard no more, also in what was sent."""
    if request.recording is not None and request.recording.made_by_id == by.pk:
        remove_recording(recording=request.recording, by=by)


def _open(request: VoiceRequest) -> VoiceRequest:
    rows = VoiceRequest.objects.select_for_update(of=("self",)).select_related("notice__school", "template", "school")
    row = rows.filter(pk=request.pk, done_at=None).first()
    if row is None:
        raise ValidationError(_("Somebody else has read this aloud already, or it is no longer needed."))
    return row
