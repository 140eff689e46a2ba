"""The files behind recordings: stored with the row that names them, shared by notices, removed with the last."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from messaging.files.listening import CheckedSound
from messaging.files.store import recordings as store
from messaging.models import Notice, Recording
from messaging.recordings import is_outdated, texts_of
from schools import clock
from schools.languages import language as language_of
from schools.models import User


def refuse_outdated(notice: Notice) -> None:
    """Raise ValidationError when a text changed since it was read aloud: a voice that tells another day misleads."""
    rows = list(notice.recordings.all())
    texts = texts_of(notice) if rows else {}
    if old := [row for row in rows if is_outdated(row, texts)]:
        names = ", ".join(language_of(row.language).own_name for row in old)
        raise ValidationError(
            _("The text has changed since it was read aloud. Listen again, or record it anew: %(languages)s.")
            % {"languages": names},
            code="outdated_recording",
        )


def copy_recordings(source: Notice, draft: Notice) -> None:
    """Give a draft the voices of another notice; they share their files."""
    rows = list(source.recordings.all())
    for row in rows:
        row.pk, row.notice, row.is_frozen = None, draft, False
    Recording.objects.bulk_create(rows)


def drop_recordings(notice: Notice) -> None:
    """Let the voices of a draft go with it."""
    take_away(notice.recordings.all())


def forget_lost_recordings() -> int:
    """Remove files that no row names: those of a process that was killed half-way, or of notices that went. Returns how
    many."""
    return store.remove_unknown(set(Recording.objects.values_list("file", flat=True)))


def keep_voice(row: Recording, sound: CheckedSound, *, by: User, language: str, speaker: str) -> None:
    """Store the sound and the row that names it: both or neither."""
    row.kind, row.size, row.seconds, row.sha256 = sound.kind, len(sound.content), sound.seconds, sound.sha256
    row.language, row.speaker, row.made_by, row.made_at = language, speaker, by, clock.now()
    row.file = store.keep(sound.content)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except BaseException:
        store.remove([row.file])
        raise


def take_away(rows: QuerySet[Recording]) -> int:
    """Let rows go, and their files as soon as that has ended well, unless another row still names them."""
    names = set(rows.values_list("file", flat=True))
    count: int = rows.delete()[0]

    def remove_files() -> None:
        used = set(Recording.objects.filter(file__in=names).values_list("file", flat=True))
        store.remove(names - used)

    if names:
        transaction.on_commit(remove_files)
    return count
