"""Files that go with a draft: added, taken off. Once the notice is sent they stay as they are."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.files.checking import CheckedFile
from messaging.files.limits import MAX_FILES
from messaging.models import Attachment, Notice
from messaging.services.attached_files import keep_row, remove_when_done
from messaging.services.drafts import locked_draft
from schools import audit, clock
from schools.models import User


def attach_file(*, notice: Notice, by: User, file: CheckedFile, title: str, language: str) -> Attachment:
    """Let a cleaned file go with a draft. Raises ValidationError when the notice was sent meanwhile, has the very same
    file already or has as many as it may; and OSError when the disk does not take it."""
    with transaction.atomic():
        draft = locked_draft(notice)
        known = list(draft.attachments.values_list("sha256", flat=True))
        if file.sha256 in known:
            raise ValidationError(_("This file is with the notice already."), code="twice")
        if len(known) >= MAX_FILES:
            raise ValidationError(
                _("A notice takes %(count)d files. Remove one first, or put pages together in one PDF.")
                % {"count": MAX_FILES},
                code="full",
            )
        audit.record(actor=by, verb="attached", target=draft, school_id=draft.school_id, kind=file.kind.value)
        row = Attachment(
            notice=draft,
            title=title,
            language=language,
            kind=file.kind,
            size=len(file.content),
            sha256=file.sha256,
            added_at=clock.now(),
        )
        keep_row(row, file.content)
    return row


def remove_attachment(*, attachment: Attachment, by: User) -> None:
    """Take a file off a draft. Raises ValidationError when the notice was sent meanwhile."""
    with transaction.atomic():
        draft = locked_draft(attachment.notice)
        row = Attachment.objects.filter(pk=attachment.pk).first()
        if row is None:  # a second tap
            return
        audit.record(actor=by, verb="detached", target=draft, school_id=draft.school_id)
        remove_when_done([row.file])
        row.delete()
