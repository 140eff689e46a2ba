"""What leaves the portal without being a notice: sign-in codes, and word that something was changed."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from messaging.channels.base import ChannelError, Outgoing
from messaging.channels.mime import attach_pictures
from messaging.channels.sms import GatewayChannel
from messaging.mailpictures import pictures_in
from messaging.models import Channel, RecordedNotice
from parents.models import PointKind
from parents.signin import Reachable
from schools import clock
from schools.languages import Language

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in both ways; ``text`` and ``html`` are the parts of the mail."""

    subject: str
    text: str
    html: str
    sms: str


def send_directly(contact: Reachable, words: Words, entry: Language) -> bool:
    """Send now, without the outbox; whether it left. A failure is logged without the address."""
    try:
        if contact.kind == PointKind.EMAIL:
            written(contact.value, words, entry).send()
            return True
        return _send_sms(contact.value, words.sms)
    except (OSError, ValueError, AnymailError, ChannelError) as error:  # SMTP's: OSErrors, a header's: ValueErrors
        log.error("Something could not be sent: %s", type(error).__name__)
        return False


def written(address: str, words: Words, entry: Language) -> EmailMultiAlternatives:
    """The mail, ready to leave."""
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[address],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": entry.html_lang},
    )
    mail.attach_alternative(words.html, "text/html")
    attach_pictures(mail, pictures_in(words.html))
    return mail


def _send_sms(number: str, text: str) -> bool:
    if settings.SMS_DRIVER == "off":
        log.warning("A text message was asked for, but no gateway for text messages is set.")
        return False
    hand_to_gateway(number, text)
    return True


def hand_to_gateway(number: str, text: str) -> None:
    """Send one text message now. Raises ChannelError."""
    if settings.SMS_DRIVER == "record":
        RecordedNotice.objects.create(channel=Channel.SMS, recipient=number, text=text, at=clock.now())
        return
    gateway = GatewayChannel(
        url=settings.SMS_GATEWAY_URL, user=settings.SMS_GATEWAY_USER, password=settings.SMS_GATEWAY_PASSWORD
    )
    try:
        gateway.send(Outgoing(number=0, round=0, address=number, text=text))
    finally:
        gateway.close()
