"""The mail of an invitation, in the language of the colleague's pages; its subject says nothing of the post.

The table is the truth: what did not leave, because worker or mail server were away, leaves with a later beat. Two
beats at once may send one twice, with the same link.
"""

from __future__ import annotations

import logging

from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.colleaguemail import FAILURES, ends_round, mail_to
from schools.invitations import link_of
from schools.models import StaffInvitation

log = logging.getLogger(__name__)

#: So many in one go; the next minute goes on.
AT_ONCE = 50


def mail_invitations() -> int:
    """Send every open invitation that did not leave yet; how many left. A mail server that is away ends the round."""
    left = 0
    for row in StaffInvitation.objects.to_mail().select_related("user", "made_by")[:AT_ONCE]:
        try:
            _mail(row)
        except FAILURES as error:
            log.error("Invitation %s could not be sent: %s", row.pk, type(error).__name__)
            if ends_round(error):
                break
            StaffInvitation.objects.filter(pk=row.pk).update(refused_at=clock.now())
            continue
        left += StaffInvitation.objects.filter(pk=row.pk, sent_at=None).update(sent_at=clock.now())
    return left


def _mail(row: StaffInvitation) -> None:
    mail_to(
        row.user,
        subject=_("Your account for In groei en bloei"),
        template="schools/staff_invitation.txt",
        words={"by": row.made_by, "link": link_of(row), "until": clock.local_date(row.expires_at)},
    ).send()
