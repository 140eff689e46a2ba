"""Mails about data breaches: at once when one is reported, 48, 24 and 6 hours before the time is over, and when it is.

The mail says that something waits and where, never what; who keeps the place gets it, and when the time is over the
administrators too. Each stage leaves once (``schools.colleaguemail``).
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.models import BreachReminder, DataBreach
from schools.colleaguemail import Sending, held, mail_to, sent
from schools.models import Assignment, Role, User

#: Hours before the time is over; the first is the report itself.
STAGES = (72, 48, 24, 6)
#: The stage when it is over.
OVER = 0


def remind_of_breaches() -> int:
    """Mail whoever keeps a breach whose next stage has come; how many mails left. A mail server that is away ends the
    round."""
    left = 0
    for breach in DataBreach.objects.running():
        stage = stage_of(breach)
        for person in people_to_tell(breach, stage):
            row = held(BreachReminder, breach=breach, person=person, hours_left=stage)
            if row is None:
                continue
            outcome = sent(row, person, _mail(person, breach))
            if outcome is Sending.AWAY:
                return left
            left += outcome is Sending.LEFT
    return left


def stage_of(breach: DataBreach) -> int:
    """The last stage that has come."""
    if breach.is_late:
        return OVER
    return min((hours for hours in STAGES if hours >= breach.hours_left), default=STAGES[0])


def people_to_tell(breach: DataBreach, stage: int) -> list[User]:
    """Heads of the school or directors of the centre; administrators without a place where there is none of these, and
    when the time is over."""
    posts = Assignment.objects.current().filter(user__is_active=True).select_related("user").order_by("pk")
    keepers = [post.user for post in posts.filter(_keeps(breach))] if breach.school_id or breach.centre_id else []
    others = [post.user for post in posts.filter(role=Role.ADMIN, school=None)] if stage == OVER or not keepers else []
    return list({person.pk: person for person in [*keepers, *others]}.values())


def _keeps(breach: DataBreach) -> Q:
    if breach.school_id:
        return Q(role=Role.HEAD, school_id=breach.school_id)
    return Q(role=Role.CLB_DIRECTOR, clb_centre_id=breach.centre_id)


def _mail(person: User, breach: DataBreach) -> EmailMessage:
    return mail_to(
        person,
        subject=_("Something waits for you in the portal, with a deadline"),
        template="reports/breach_mail.txt",
        words={
            "due_at": breach.due_at,
            "is_late": breach.is_late,
            "link": settings.SITE_URL + reverse("breach", args=[breach.pk]),
        },
    )
