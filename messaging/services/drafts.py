"""The row of a notice that may still be changed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeStatus


def locked_draft(notice: Notice) -> Notice:
    """The notice's row, locked. Raises ValidationError when it was sent meanwhile."""
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.status == NoticeStatus.SCHEDULED:
        raise ValidationError(_("This notice waits for its hour. Take it back to a draft to change it."))
    if row.status != NoticeStatus.DRAFT:
        raise ValidationError(_("This notice has been sent already. Write a new one to correct it."))
    return row


def locked_unsent(notice: Notice) -> Notice:
    """The row, locked, of a draft or of a notice that waits for its hour: its translations may still come in."""
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    return row if row.status == NoticeStatus.SCHEDULED else locked_draft(notice)
