"""Mails about data breaches: at once when one is reported, then 48, 24 and 6 hours before the time is over.

Each stage leaves once. The mail says that something waits and where, never what; one who keeps the place gets it.
"""

from __future__ import annotations

import logging

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from reports.models import DataBreach
from schools.languages import language
from schools.models import Assignment, Role, User

log = logging.getLogger(__name__)

#: Hours before the time is over; the first is the report itself.
STAGES = (72, 48, 24, 6)


def remind_of_breaches() -> int:
    """Mail whoever keeps a breach whose next stage has come; how many breaches that were. A mail server that is away
    ends the round, and the next one takes the same stage again."""
    told = 0
    for breach in DataBreach.objects.running():
        stage = min(hours for hours in STAGES if hours >= breach.hours_left or hours == STAGES[0])
        before = breach.reminded_at_hours
        if before is not None and before <= stage:
            continue
        row = DataBreach.objects.filter(pk=breach.pk, reminded_at_hours=before)
        if not row.update(reminded_at_hours=stage):
            continue  # another worker took it
        try:
            for person in keepers_of(breach):
                _mail(person, breach)
        except (OSError, ValueError, AnymailError) as error:  # SMTP's: OSErrors, a header's: ValueErrors
            log.error("The reminder of data breach %s failed: %s", breach.pk, type(error).__name__)
            DataBreach.objects.filter(pk=breach.pk, reminded_at_hours=stage).update(reminded_at_hours=before)
            break
        told += 1
    return told


def keepers_of(breach: DataBreach) -> list[User]:
    """Heads of the school or directors of the centre, and administrators without a place."""
    theirs = Q(role=Role.ADMIN, school=None)
    if breach.school_id:
        theirs |= Q(role=Role.HEAD, school_id=breach.school_id)
    if breach.centre_id:
        theirs |= Q(role=Role.CLB_DIRECTOR, clb_centre_id=breach.centre_id)
    posts = Assignment.objects.current().filter(theirs, user__is_active=True)
    return list({post.user_id: post.user for post in posts.select_related("user").order_by("pk")}.values())


def _mail(person: User, breach: DataBreach) -> None:
    entry = language(person.language)
    with override(entry.interface):
        words = {
            "person": person,
            "due_at": breach.due_at,
            "is_late": breach.is_late,
            "link": settings.SITE_URL + reverse("breach", args=[breach.pk]),
        }
        mail = EmailMessage(
            subject=gettext("Something waits for you in the portal, with a deadline"),
            body=render_to_string("reports/breach_mail.txt", words),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": entry.html_lang},
        )
    mail.send()
