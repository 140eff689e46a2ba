"""A mail to a colleague, in the language of the own pages; and one that leaves once though a process dies.

The table is the truth: a row (``Reminder``) for each mail. Who sends holds the row; a process that died left it without
``sent_at``, and when the hold has run out the next beat sends, with the same Message-ID.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from enum import Enum
from smtplib import SMTPRecipientsRefused
from typing import Any, TypeVar

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.template.loader import render_to_string
from django.utils.translation import override

from schools import clock
from schools.languages import language
from schools.models import Reminder, User

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Reminder)

#: Longer than any mail takes.
HOLD = timedelta(minutes=20)
#: What a mail that does not leave raises: SMTP's are OSErrors, a header's is a ValueError.
FAILURES = (OSError, ValueError, AnymailError)


def mail_to(person: User, *, subject: Any, template: str, words: dict[str, Any]) -> EmailMessage:
    """``subject`` is said in the language of the person: a lazy one."""
    entry = language(person.language)
    with override(entry.interface):
        return EmailMessage(
            subject=str(subject),
            body=render_to_string(template, {"person": person, **words}),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": entry.html_lang},
        )


def ends_round(error: Exception) -> bool:
    """Whether the next mail would fail too. An address that the mail server refuses, such as one that was typed wrong,
    says nothing about those of others."""
    return not isinstance(error, (SMTPRecipientsRefused, AnymailRecipientsRefused))


def held(kind: type[Row], **which: Any) -> Row | None:
    """The row of one mail, held by this process alone; None when the mail left or another process holds it."""
    now = clock.now()
    row, is_new = kind._default_manager.get_or_create(**which, defaults={"held_until": now + HOLD})
    if is_new:
        return row
    free = kind._default_manager.filter(pk=row.pk, sent_at=None, held_until__lte=now)
    return row if free.update(held_until=now + HOLD) else None


class Sending(Enum):
    """What became of a mail: it left, its address was refused, or the mail server is away and the round ends."""

    LEFT, REFUSED, AWAY = range(3)


def sent(row: Reminder, mail: EmailMessage) -> Sending:
    """Send the mail of a held row. One that did not leave whoever comes next may try again."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    mail.extra_headers["Message-ID"] = f"<{row._meta.model_name}-{row.pk}@{DNS_NAME}>"
    try:
        mail.send()
    except FAILURES as error:
        log.error("The mail of %s %s failed: %s", row._meta.label, row.pk, type(error).__name__)
        rows.update(held_until=clock.now())
        return Sending.AWAY if ends_round(error) else Sending.REFUSED
    rows.update(sent_at=clock.now())
    return Sending.LEFT
