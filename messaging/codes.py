"""Sends one-time codes."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from messaging.direct import Words, send_directly
from messaging.firsttime import privacy_url
from parents.signin import IssuedCode
from schools import languages


def send_code(issued: IssuedCode | None, code: str) -> None:
    """Send a code in the language ``code`` of the page; None: nobody uses that address, so nothing is sent.

    The parent who sees no code come asks for another or calls the school.
    """
    if issued is None:
        return
    entry = languages.language(code)
    context = {
        "code": issued.digits,
        "minutes": settings.SIGN_IN_CODE_MINUTES,
        "language": entry,
        "privacy_url": privacy_url(code),
    }
    with translation.override(entry.interface):
        words = Words(
            subject=_("Your code for the school: %(code)s") % {"code": issued.digits},
            text=render_to_string("emails/sign_in_code.txt", context).strip(),
            html=render_to_string("emails/sign_in_code.html", context),
            sms=render_to_string("sms/sign_in_code.txt", context).strip(),
        )
    send_directly(issued.contact, words, entry)
