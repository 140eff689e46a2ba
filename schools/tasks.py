from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from anymail.exceptions import AnymailError
from celery import shared_task
from django.conf import settings

from schools import services
from schools.services.invitationmail import mail_invitation


@shared_task
def lay_school_years() -> int:
    """Lay this school year and the next, so that no date falls outside a calendar."""
    return len(services.lay_coming_years(with_holidays=settings.FLEMISH_HOLIDAYS))


@shared_task(bind=True, max_retries=8, acks_late=True)
def send_invitation(self: Any, number: int) -> bool:
    """Mail the invitation while it is open; again later while the mail server is away. Whether it left."""
    try:
        return mail_invitation(number)
    except (OSError, SMTPException, AnymailError) as error:
        raise self.retry(exc=error, countdown=min(3600, 30 * 2**self.request.retries)) from error
