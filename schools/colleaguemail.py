"""A mail to a colleague, in the language of the own pages; and one that leaves once though a process dies.

The table is the truth: a row (``Reminder``) for each mail. Who sends holds the row; a process that died left it without
``sent_at``, and when the hold has run out the next beat sends, with the same Message-ID.

An address that the mail server refuses for good rests for a day, whatever mail is next: asked at every beat, that
server would refuse the portal. The colleague's page and Operations say so (``User.mail_refused_at``).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import Enum
from smtplib import SMTPRecipientsRefused
from typing import Any, TypeVar

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import override

from schools import clock
from schools.languages import language
from schools.models import Reminder, User

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Reminder)

#: Longer than any mail takes.
HOLD = timedelta(minutes=20)
#: So long a refused address rests: what rings once a day finds it free again.
REST = timedelta(hours=20)
_FOR_GOOD = 500
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


def named(mail: EmailMessage, name: str) -> EmailMessage:
    """The mail with a Message-ID of its own: left twice, because a process died between sending and writing down that
    it left, it is one mail, of which a mail program shows one."""
    mail.extra_headers["Message-ID"] = f"<{name}@{DNS_NAME}>"
    return mail


def ends_round(error: Exception) -> bool:
    """Whether the next mail would fail too. An address that the mail server refuses, such as one that was typed wrong,
    says nothing about those of others."""
    return not isinstance(error, (SMTPRecipientsRefused, AnymailRecipientsRefused))


class Sending(Enum):
    """What became of a mail: it left, its address was refused, or the mail server is away and the round ends."""

    LEFT, REFUSED, AWAY = range(3)


def send_to(person: User, mail: EmailMessage, *, about: str) -> Sending:
    """Send one mail to a colleague whose address does not rest; ``about`` is for the log."""
    if rests(person):
        return Sending.REFUSED
    try:
        mail.send()
    except FAILURES as error:
        log.error("The mail of %s for account %s failed: %s", about, person.pk, type(error).__name__)
        if ends_round(error):
            return Sending.AWAY
        if _is_for_good(error):
            _note(person, clock.now())
        return Sending.REFUSED
    if person.mail_refused_at is not None:
        _note(person, None)
    return Sending.LEFT


def rests(person: User) -> bool:
    """Whether the mail server refused this address lately."""
    return person.mail_refused_at is not None and abs(clock.now() - person.mail_refused_at) < REST


def _is_for_good(error: Exception) -> bool:
    """A server that asks to come back later, because it does not know us yet, refuses nobody."""
    answers = error.recipients.values() if isinstance(error, SMTPRecipientsRefused) else ()
    return all(code >= _FOR_GOOD for code, _words in answers)


def _note(person: User, moment: datetime | None) -> None:
    person.mail_refused_at = moment
    person.save(update_fields=["mail_refused_at"])


def held(kind: type[Row], **which: Any) -> Row | None:
    """The row of one mail, held by this process alone; None when the mail left or another process holds it."""
    now = clock.now()
    row, is_new = kind._default_manager.get_or_create(**which, defaults={"held_until": now + HOLD})
    if is_new:
        return row
    is_over = Q(held_until__lte=now) | Q(held_until__gt=now + 2 * HOLD)  # by a clock that was ahead
    free = kind._default_manager.filter(is_over, pk=row.pk, sent_at=None)
    return row if free.update(held_until=now + HOLD) else None


def sent(row: Reminder, person: User, mail: EmailMessage) -> Sending:
    """Send the mail of a held row. One that did not leave because the mail server is away whoever comes next may try
    again; one that was refused stays held for a while."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    outcome = send_to(person, named(mail, f"{row._meta.model_name}-{row.pk}"), about=f"{row._meta.label} {row.pk}")
    if outcome is Sending.LEFT:
        rows.update(sent_at=clock.now())
    elif outcome is Sending.AWAY:
        rows.update(held_until=clock.now())
    return outcome
