"""The mail that reminds, once a year, who has to decide which colleagues go on; it names nobody.

The table is the truth: what did not leave, because worker or mail server were away, leaves with a later beat; what
leaves twice, for a process died, is the same mail.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.colleaguemail import Sending, mail_to, named, send_to
from schools.models import Assignment, ReviewReminder, SchoolYear, User
from schools.postreview import is_asked, waiting_for, year_to_decide
from schools.scope import scope_of
from schools.staffing import MANAGERS, remit_of


def remind_of_posts() -> int:
    """From 15 August mail everybody for whom posts wait; how many mails left. A mail server that is away ends the
    round."""
    year, left = year_to_decide(), 0
    if year is None or not is_asked(year):
        return 0
    managers = Assignment.objects.current().filter(role__in=MANAGERS).values("user_id")
    told = ReviewReminder.objects.filter(year=year).values("user_id")
    for user in User.objects.filter(pk__in=managers, is_active=True).exclude(pk__in=told).order_by("pk"):
        number = waiting_for(remit_of(scope_of(user)), year).order_by().count()
        if not number:
            continue
        mail = named(_mail(user, year, number), f"reviewreminder-{user.pk}-{year.pk}")
        outcome = send_to(user, mail, about="posts that wait")
        if outcome is Sending.AWAY:
            break
        if outcome is Sending.REFUSED:
            continue
        ReviewReminder.objects.bulk_create(
            [ReviewReminder(user=user, year=year, sent_at=clock.now())], ignore_conflicts=True
        )
        left += 1
    return left


def _mail(user: User, year: SchoolYear, number: int) -> EmailMessage:
    link = settings.SITE_URL + reverse("post_review")
    return mail_to(
        user,
        subject=_("Next school year: which colleagues go on"),
        template="schools/post_review_mail.txt",
        words={"first": year.starts_on, "number": number, "link": link},
    )
