"""Servers of others: the mail server and the text gateway, asked without sending anything."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from ingroeibloei.operating.findings import Finding, bad, well

_SECONDS = 10


def look() -> Iterator[Finding]:
    """Only those that this portal uses."""
    backend = get_connection()
    if isinstance(backend, EmailBackend):
        yield _mail(backend)
    if settings.SMS_DRIVER == "gateway" and settings.SMS_GATEWAY_URL:
        yield _gateway()


def _mail(backend: EmailBackend) -> Finding:
    """Up to the sign-in: what a server says about an address it only says of a real mail."""
    place = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT}
    silent = _("Nobody answers as a mail server at %(host)s, port %(port)d. See EMAIL_HOST and EMAIL_PORT.")
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError:
        words = _("The mail server refuses our sign-in. Set EMAIL_HOST_USER and EMAIL_HOST_PASSWORD right.")
        return bad("mail", words)
    except smtplib.SMTPServerDisconnected:  # who takes us and says nothing is no mail server, or waits for TLS (465)
        return bad("mail", silent % place)
    except smtplib.SMTPException:
        words = _("The mail server at %(host)s refuses us. See EMAIL_USE_TLS, and whether it lets this machine send.")
        return bad("mail", words % place)
    except ssl.SSLCertVerificationError as error:  # an OSError too, though somebody answered
        words = _(
            "The mail server at %(host)s has a certificate that is not believed (%(why)s). Let it be renewed, or set "
            "EMAIL_HOST to the name that stands in it."
        )
        return bad("mail", words % (place | {"why": error.verify_message.rstrip(".")}))
    except OSError:
        return bad("mail", silent % place)
    finally:
        backend.close()
    return well("mail", _("The mail server takes our mails."))


def _gateway() -> Finding:
    address = urlsplit(settings.SMS_GATEWAY_URL)
    port = address.port or {"https": 443}.get(address.scheme, 80)
    try:
        socket.create_connection((address.hostname or "", port), timeout=_SECONDS).close()
    except OSError:
        words = _("Nobody answers at SMS_GATEWAY_URL (%(host)s, port %(port)d): text messages wait.")
        return bad("sms", words % {"host": address.hostname, "port": port})
    return well("sms", _("The gateway for text messages answers."))
