"""The mail of an invitation, in the language of the colleague's pages; its subject says nothing of the post."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from schools import clock
from schools.invitations import link_of
from schools.languages import language
from schools.models import StaffInvitation


def mail_invitation(number: int) -> bool:
    """Send it unless it was sent, used, revoked or has expired; whether it left."""
    row = StaffInvitation.objects.open().filter(pk=number, sent_at=None).select_related("user", "made_by").first()
    if row is None:
        return False
    entry = language(row.user.language)
    with override(entry.interface):
        words = {"person": row.user, "by": row.made_by, "link": link_of(row), "until": clock.local_date(row.expires_at)}
        mail = EmailMessage(
            subject=gettext("Your account for In groei en bloei"),
            body=render_to_string("schools/staff_invitation.txt", words),
            to=[row.user.email],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": entry.html_lang},
        )
    mail.send()
    StaffInvitation.objects.filter(pk=row.pk).update(sent_at=clock.now())
    return True
