"""The peer: django-post-office on a database of its own, settings and all, as its documentation sets it up."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Callable
from typing import Any

SECRET_KEY = "only for measuring"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "post_office"]
DATABASES: dict[str, Any] = {}
if "PEER_DATABASE" in os.environ:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["PEER_HOST"],
            "USER": os.environ["PEER_USER"],
            "NAME": os.environ["PEER_DATABASE"],
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
EMAIL_BACKEND = "post_office.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
_pictures = tempfile.TemporaryDirectory(prefix="post-office-")
MEDIA_ROOT = _pictures.name
DEFAULT_FROM_EMAIL = "school@school.example"
#: A larger batch than usual is to its advantage: it starts its processes anew for each (measured).
POST_OFFICE = {"BATCH_SIZE": 1_000, "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}}


def peer(ready: str, processes: str) -> Callable[[], int]:
    """Queue these mails, ready made, and send them by so many processes."""
    from django.core.files.base import ContentFile
    from django.core.management import call_command
    from post_office import mail
    from post_office.models import STATUS, Attachment, Email

    from tests.bench.mails import read

    call_command("migrate", verbosity=0)
    entries = read(ready)
    mails = [
        {"recipients": entry.address, "subject": entry.subject, "message": entry.text, "html_message": entry.html}
        for entry in entries
    ]
    attachments = {}
    for name, content in {picture for entry in entries for picture in entry.pictures}:
        words = base64.encodebytes(content)  # ready made too: it is put into the mail as it is
        headers = {"Content-Transfer-Encoding": "base64", "Content-ID": f"<{name}>", "Content-Disposition": "inline"}
        attachments[name] = Attachment.objects.create(
            file=ContentFile(words, name), name=name, mimetype="image/png", headers=headers
        )
    shown = Email.attachments.through

    def work() -> int:
        emails = mail.send_many(mails)
        shown.objects.bulk_create(
            shown(email_id=email.pk, attachment_id=attachments[name].pk)
            for email, entry in zip(emails, entries, strict=True)
            for name, _content in entry.pictures
        )
        mail.send_queued_mail_until_done(processes=int(processes))
        return int(Email.objects.filter(status=STATUS.sent).count())

    return work
