"""The demo's ways out: everything that would leave is kept for the demo's outbox page (rulings 7)."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from messaging.channels.base import Outgoing
from messaging.models import Channel, RecordedNotice
from schools import clock


class RecordingChannel:
    """Records instead of sending; everything arrives."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def send(self, outgoing: Outgoing) -> str:
        sender = outgoing.sender_name or parseaddr(settings.DEFAULT_FROM_EMAIL)[0]
        row = RecordedNotice.objects.create(
            channel=self._channel,
            delivery_id=outgoing.number,
            sender=sender,
            recipient=outgoing.address,
            subject=outgoing.subject[:250],
            text=outgoing.text,
            html=outgoing.html,
            at=clock.now(),
        )
        return f"recorded {row.pk}"

    def close(self) -> None:
        """Nothing is kept open."""


class RecordingBackend(BaseEmailBackend):
    """What Django itself mails in a demo: sign-in codes, password resets."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            alternatives = getattr(message, "alternatives", None) or []
            html = next((str(part[0]) for part in alternatives if part[1] == "text/html"), "")
            RecordedNotice.objects.create(
                channel=Channel.EMAIL,
                sender=message.from_email,
                recipient=", ".join(message.recipients())[:254],
                subject=str(message.subject)[:250],
                text=str(message.body),
                html=html,
                at=clock.now(),
            )
        return len(email_messages)
