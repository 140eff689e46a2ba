"""A mail and a text message to oneself, to see whether they leave; what went wrong is said in words that help."""

from __future__ import annotations

import smtplib
import socket
import ssl

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from messaging.channels.base import ChannelError
from messaging.direct import hand_to_gateway

#: Of what the other side said.
_SHOWN = 200


def try_mail(address: str) -> str:
    """Send a mail to this address; what is wrong, or nothing."""
    mail = EmailMessage(
        subject=_("A try of In groei en bloei"),
        body=_("If you read this, mails of the portal arrive."),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (OSError, ValueError, AnymailError) as error:  # SMTP's: OSErrors, a header's: ValueErrors
        return _with_answer(_mail_trouble(error), error)
    return ""


def try_sms(number: str) -> str:
    """Send a text message to this number; what is wrong, or nothing."""
    if settings.SMS_DRIVER == "off":
        return _("Text messages are switched off: set SMS_DRIVER and SMS_GATEWAY_URL.")
    try:
        hand_to_gateway(number, _("If you read this, text messages of the portal arrive."))
    except (ChannelError, OSError) as error:
        return _with_answer(_sms_trouble(error), error)
    return ""


def _mail_trouble(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("The mail server does not take our name and password: check EMAIL_HOST_USER and EMAIL_HOST_PASSWORD.")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _("The mail server does not take our sender: check DEFAULT_FROM_EMAIL.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _("The mail server does not take your address. Is it right, and may we send outside?")
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return _("No safe connection with the mail server: check its certificate, EMAIL_USE_TLS and EMAIL_PORT.")
    if isinstance(error, socket.gaierror):
        return _("There is no machine of this name: check EMAIL_HOST.")
    if isinstance(error, AnymailError):
        return _("The mail provider refuses it: check its key and the sender.")
    if isinstance(error, (ConnectionError, TimeoutError, smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected)):
        return _("The mail server does not answer: check EMAIL_HOST and EMAIL_PORT, and whether a firewall is between.")
    return _("The mail did not leave.")


def _sms_trouble(error: Exception) -> str:
    if isinstance(error, ChannelError) and error.reason == "UNUSABLE":
        return _("This is no telephone number. Write it as +32470000000.")
    if isinstance(error, ChannelError) and isinstance(error.__cause__, OSError):
        return _("The gateway does not answer: check SMS_GATEWAY_URL, and whether a firewall is between.")
    if isinstance(error, ChannelError) and error.unavailable:
        return _("The gateway does not let us in: check SMS_GATEWAY_USER and SMS_GATEWAY_PASSWORD.")
    return _("The gateway refused the text message.")


def _with_answer(trouble: str, error: Exception) -> str:
    return _("%(trouble)s It said: %(words)s") % {"trouble": trouble, "words": answer_in(error)}


def answer_in(error: Exception) -> str:
    """What the other side said, for whoever has to ask there; of SMTP its own words, never what we sent."""
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = b" ".join(words for _code, words in error.recipients.values())
    else:
        said = error.smtp_error if isinstance(error, smtplib.SMTPResponseException) else str(error)
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(words.split())[:_SHOWN]
