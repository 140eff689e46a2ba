"""The row of a notice that may still be changed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeStatus


def why_no_draft(notice: Notice) -> str:
    """Why nobody changes it any more; nothing for a draft."""
    if notice.status == NoticeStatus.SCHEDULED:
        return _("This notice waits for its hour. Take it back to a draft to change it.")
    return "" if notice.is_draft else _("This notice has been sent already. Write a new one to correct it.")


def locked_draft(notice: Notice) -> Notice:
    """The notice's row, locked. Raises ValidationError when it was sent meanwhile."""
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if words := why_no_draft(row):
        raise ValidationError(words)
    return row


def locked_unsent(notice: Notice) -> Notice:
    """The row, locked, of a draft or of a notice that waits for its hour: its translations may still come in."""
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    return row if row.status == NoticeStatus.SCHEDULED else locked_draft(notice)
