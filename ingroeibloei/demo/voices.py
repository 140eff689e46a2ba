"""A ready text read aloud in three languages, so that a newcomer hears something: by a computer's voice (espeak-ng)."""

from __future__ import annotations

from pathlib import Path

from messaging.files.listening import checked_sound
from messaging.models import Notice, Recording
from messaging.models.templates import ROUND_INVITATION
from messaging.services import record_template, use_general

#: The text that is read; and whose voice it is, in the words of the demo's school.
SLUG, SPEAKER = ROUND_INVITATION, "een computer, bij wijze van voorbeeld"
_FILES = Path(__file__).parent / "sounds"


def read_aloud(notice: Notice) -> None:
    """Let the voices of its template go with a draft, recorded for its school with the first notice that asks."""
    template = notice.template
    if template is None or template.slug != SLUG:
        return
    shelf = Recording.objects.filter(notice=None, template=template, school=notice.school)
    if not shelf.exists():
        for path in sorted(_FILES.glob("*.m4a")):
            record_template(
                template=template,
                school=notice.school,
                by=notice.author,
                sound=checked_sound(path.read_bytes()),
                language=path.stem,
                speaker=SPEAKER,
            )
    for recording in shelf:
        use_general(notice=notice, recording=recording, by=notice.author)
