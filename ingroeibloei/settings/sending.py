"""Sending: the ways out to families, and how fast and when the outbox uses them."""

from __future__ import annotations

import os

from ingroeibloei import connections, environment, mailsettings
from ingroeibloei.settings.place import DEMO, MODE, PRODUCTION, TESTING, VAR_DIR

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
#: How notices leave: "record" keeps them on the demo's outbox page, the others send them; "anymail" by a provider.
MAIL_DRIVER = environment.choice("MAIL_DRIVER", ("record", "smtp", "anymail"), default="record" if DEMO else "smtp")
SMS_DRIVER = environment.choice("SMS_DRIVER", ("record", "gateway", "off"), default="record" if DEMO else "off")
if DEMO:
    EMAIL_BACKEND = "messaging.recorded.RecordingBackend"
EMAIL_HOST = environment.server("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = environment.integer("EMAIL_PORT", default=25, least=1, most=65_535)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=PRODUCTION)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = mailsettings.mail_address("DEFAULT_FROM_EMAIL", "In groei en bloei <school@ingroeibloei.example>")
#: Where a mail that cannot be delivered comes back, if not to the sender; and the mailbox in which it is read.
BOUNCE_ADDRESS = mailsettings.mail_address("BOUNCE_ADDRESS", "")
BOUNCE_IMAP = mailsettings.bounce_mailbox(MODE)
MAIL_PROVIDER = mailsettings.provider() if MAIL_DRIVER == "anymail" else ""
#: A provider is named, and nothing leaves by it.
MAIL_PROVIDER_UNUSED = not MAIL_PROVIDER and bool(os.environ.get("ANYMAIL_BACKEND"))
if MAIL_PROVIDER:
    ANYMAIL = mailsettings.provider_settings(MAIL_PROVIDER, EMAIL_TIMEOUT)
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
SMS_GATEWAY_URL = environment.web_address("SMS_GATEWAY_URL", whole=True)
SMS_GATEWAY_USER = os.environ.get("SMS_GATEWAY_USER", "")
SMS_GATEWAY_PASSWORD = os.environ.get("SMS_GATEWAY_PASSWORD", "")
#: A translation server of one's own that speaks LibreTranslate's HTTP API, or DeepL; without either it is off.
TRANSLATION_URL = environment.web_address("TRANSLATION_URL")
TRANSLATION_KEY = os.environ.get("TRANSLATION_KEY", "")
TRANSLATION_DRIVER = environment.translation_driver(TRANSLATION_URL, TRANSLATION_KEY)
if PRODUCTION:
    if not MAIL_PROVIDER:
        connections.require_encrypted_mail(EMAIL_HOST, use_tls=EMAIL_USE_TLS)
    for _name, _address in (("SMS_GATEWAY_URL", SMS_GATEWAY_URL), ("TRANSLATION_URL", TRANSLATION_URL)):
        connections.require_encrypted_web(_name, _address)
#: Stands in the address to which the gateway brings the text messages of parents (messaging.views.inbound); without it
#: that door stays shut.
SMS_INBOUND_KEY = environment.optional_secret("SMS_INBOUND_KEY", MODE, VAR_DIR)
#: Pauses all sending, for a look at the outbox after a restored backup.
OUTBOX_PAUSED = environment.flag("OUTBOX_PAUSED", default=False)
#: Nothing but urgent notices leaves in these hours, at the weekend, and (INFO) in school holidays; empty: at any hour.
#: Newcomers come to a demo at any hour, and so do tests.
QUIET_HOURS = environment.hours("QUIET_HOURS", default="" if DEMO or TESTING else "20:00-07:00")
#: Between Send and the first thing that leaves: time to take it back.
UNDO_SECONDS = environment.integer("UNDO_SECONDS", default=0 if TESTING else 20)
#: When the mail leaves that brings the INFO of a week to those who chose so: weekday (1 is Monday) and hour.
DIGEST_AT = environment.weekly("DIGEST_AT", default="5 16:00")
#: What is claimed cannot be taken back any more: large enough to cost little (at 500 a mail costs a fifth less than at
#: 200), small enough to leave within seconds.
OUTBOX_BATCH = environment.integer("OUTBOX_BATCH", default=200 if TESTING else 500, least=1)
OUTBOX_LEASE_SECONDS = environment.integer("OUTBOX_LEASE_SECONDS", default=60, least=1)
#: `manage.py run` starts its workers again when something has been due that long and nothing at all happened meanwhile.
WORKER_STILL_SECONDS = environment.integer("WORKER_STILL_SECONDS", default=300, least=1)
#: Connections to a mail server that takes its time, for each worker process; a quick one gets one. So many mails are
#: written down together and may come twice, under the same name, after a crash.
MAIL_CONNECTIONS = environment.integer("MAIL_CONNECTIONS", default=1 if TESTING else 8, least=1)
#: Most messages a second over all processes together; 0 is as many as can be.
MAIL_PER_SECOND = environment.integer("MAIL_PER_SECOND", default=0)
SMS_PER_SECOND = environment.integer("SMS_PER_SECOND", default=0)
#: A school with so many open deliveries waits with planning more: others have their share (GOV.UK, RapidPro).
SCHOOL_SHARE = 10_000
