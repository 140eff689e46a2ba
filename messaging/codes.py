"""Sends one-time codes: the only thing that leaves the portal without being a notice."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from messaging.channels.base import ChannelError, Outgoing
from messaging.channels.sms import GatewayChannel
from messaging.models import Channel, RecordedNotice
from parents.models import PointKind
from parents.signin import IssuedCode
from schools import clock, languages

log = logging.getLogger(__name__)


def send_code(issued: IssuedCode | None, code: str) -> None:
    """Send a code in the language ``code`` of the page; None: nobody uses that address, so nothing is sent.

    A failure is logged without the address. The parent, who sees no code come, asks for another or calls the school.
    """
    if issued is None:
        return
    entry = languages.language(code)
    try:
        with translation.override(entry.interface):
            if issued.contact.kind == PointKind.EMAIL:
                _send_mail(issued, entry)
            else:
                _send_sms(issued)
    except (OSError, ChannelError):  # SMTP's errors are OSErrors
        log.exception("A sign-in code could not be sent.")


def _send_mail(issued: IssuedCode, entry: languages.Language) -> None:
    context = {"code": issued.digits, "minutes": settings.SIGN_IN_CODE_MINUTES, "language": entry}
    mail = EmailMultiAlternatives(
        subject=_("Your code for the school: %(code)s") % {"code": issued.digits},
        body=render_to_string("emails/sign_in_code.txt", context).strip(),
        to=[issued.contact.value],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": entry.html_lang},
    )
    mail.attach_alternative(render_to_string("emails/sign_in_code.html", context), "text/html")
    mail.send()


def _send_sms(issued: IssuedCode) -> None:
    text = render_to_string("sms/sign_in_code.txt", {"code": issued.digits}).strip()
    if settings.SMS_DRIVER == "record":
        RecordedNotice.objects.create(channel=Channel.SMS, recipient=issued.contact.value, text=text, at=clock.now())
        return
    if settings.SMS_DRIVER == "off":
        log.warning("A sign-in code was asked for by phone, but no gateway for text messages is set.")
        return
    gateway = GatewayChannel(
        url=settings.SMS_GATEWAY_URL, user=settings.SMS_GATEWAY_USER, password=settings.SMS_GATEWAY_PASSWORD
    )
    try:
        gateway.send(Outgoing(number=0, round=0, address=issued.contact.value, text=text))
    finally:
        gateway.close()
