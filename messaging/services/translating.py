"""Translations of a draft: made by a person or a machine, read by a native speaker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeText, TextState
from messaging.services.writing import locked_draft
from messaging.texts import change_text
from schools import audit, clock
from schools.languages import MASTER
from schools.models import User


def write_translation(
    *, notice: Notice, language: str, text: Mapping[str, Any], author: User, machine: bool = False
) -> NoticeText:
    """A translation of the present Dutch, made by a person or a machine: it is no longer stale."""
    with transaction.atomic():
        notice = locked_draft(notice)
        master = notice.texts.get(language=MASTER)
        row = notice.texts.filter(language=language).first() or NoticeText(notice=notice, language=language)
        change_text(row, text)
        row.state = TextState.MACHINE if machine else TextState.DRAFT
        row.source_hash, row.author, row.reviewed_by, row.reviewed_at = master.source_hash, author, None, None
        row.save()
        audit.record(actor=author, verb="translated", target=notice, school_id=notice.school_id, language=language)
    return row


def review_text(*, notice: Notice, language: str, by: User) -> None:
    """A native speaker read a translation of the present Dutch. Raises ValidationError for a stale one."""
    with transaction.atomic():
        notice = locked_draft(notice)
        master, row = notice.texts.get(language=MASTER), notice.texts.get(language=language)
        if row.source_hash != master.source_hash:
            raise ValidationError(_("The Dutch text has changed since this translation was made. Translate it first."))
        row.state, row.reviewed_by, row.reviewed_at = TextState.REVIEWED, by, clock.now()
        row.save(update_fields=["state", "reviewed_by", "reviewed_at"])
        audit.record(actor=by, verb="reviewed", target=notice, school_id=notice.school_id, language=language)
