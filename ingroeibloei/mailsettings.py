"""Strict readers of what concerns mail: the provider that carries it, and the mailbox where it comes back."""

from __future__ import annotations

import os
from email.utils import parseaddr
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ingroeibloei import environment

#: Providers that carry our signed name into every report and let us switch off the rewriting of links.
PROVIDERS = ("mailgun", "mailjet", "mandrill", "postmark", "sendgrid", "sparkpost")
_FOR_ALL = ("WEBHOOK_SECRET",)
TLS = ("implicit", "starttls", "none")


def provider() -> str:
    """The name of the provider in ``ANYMAIL_BACKEND``."""
    if "ANYMAIL_BACKEND" not in os.environ:
        raise ImproperlyConfigured(f"MAIL_DRIVER=anymail needs ANYMAIL_BACKEND: one of {', '.join(PROVIDERS)}.")
    return environment.choice("ANYMAIL_BACKEND", PROVIDERS, default="")


def provider_settings(name: str, timeout: int) -> dict[str, Any]:
    """django-anymail's settings from ``ANYMAIL_…``: those of this provider, and the secret of its web hook."""
    found: dict[str, Any] = {"REQUESTS_TIMEOUT": timeout}
    for variable, value in os.environ.items():
        key = variable.removeprefix("ANYMAIL_")
        if key == variable or key == "BACKEND":
            continue
        if key not in _FOR_ALL and not key.startswith(f"{name.upper()}_"):
            raise ImproperlyConfigured(f"{variable} is no setting of {name}; remove it or correct its name.")
        found[key] = value
    user, _, password = found.get("WEBHOOK_SECRET", "").partition(":")
    if not user or len(password) < 32:
        raise ImproperlyConfigured(
            "ANYMAIL_WEBHOOK_SECRET must be a user name, a colon and at least 32 random characters: "
            "whoever knows it can end the deliveries of mails."
        )
    return found


def bounce_mailbox(running: str) -> dict[str, Any]:
    """Where mails come back, from ``BOUNCE_IMAP_…``; empty without a host: then nobody reads it."""
    host = environment.server("BOUNCE_IMAP_HOST")
    if not host:
        return {}
    tls = environment.choice("BOUNCE_IMAP_TLS", TLS, default="implicit")
    if tls == "none" and running == environment.PRODUCTION:
        raise ImproperlyConfigured("BOUNCE_IMAP_TLS=none would send the password in the clear; use implicit.")
    user, password = os.environ.get("BOUNCE_IMAP_USER", ""), os.environ.get("BOUNCE_IMAP_PASSWORD", "")
    if not user or not password:
        raise ImproperlyConfigured("BOUNCE_IMAP_HOST needs BOUNCE_IMAP_USER and BOUNCE_IMAP_PASSWORD too.")
    return {
        "host": host,
        "port": environment.integer(
            "BOUNCE_IMAP_PORT", default=993 if tls == "implicit" else 143, least=1, most=65_535
        ),
        "user": user,
        "password": password,
        "tls": tls,
    }


def mail_address(name: str, default: str) -> str:
    """An address that mails leave from or come to, perhaps with a name before it."""
    value = os.environ.get(name) or default
    local, at, host = parseaddr(value)[1].rpartition("@")
    if (value and not (local and at and host)) or any(letter in value for letter in "\r\n"):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an e-mail address such as school@example.be.")
    return value
