"""The mail that reminds a colleague of steps of the year planner: one for all that come near, neutral in its subject.

The table is the truth: what did not leave leaves with the next beat; what leaves twice, for a process died, is the same
mail. Whose post at the school ended gets none.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from reports.models import PlannedStep
from reports.planner.lines import words_of
from schools import clock
from schools.colleaguemail import Sending, mail_to, named, send_to
from schools.languages import language
from schools.models import Assignment, User
from schools.posts import accompanies

#: Steps looked at in one go; the next beat goes on.
AT_ONCE = 500
#: Steps in one mail; more are a plan that somebody has to look at as a whole.
IN_A_MAIL = 12
#: What was due longer ago is on the page, marked late, and needs no mail any more.
STALE = timedelta(days=14)


def remind_owners() -> int:
    """Mail everybody whose steps come near; how many mails left. A mail server that is away ends the round."""
    waiting: dict[User, list[PlannedStep]] = defaultdict(list)
    rows = PlannedStep.objects.to_remind().filter(_still_here(), due_on__gte=clock.today() - STALE)
    for row in rows.select_related("owner", "step", "plan__school").order_by("due_on", "pk")[:AT_ONCE]:
        if row.owner is not None:
            waiting[row.owner].append(row)
    left = 0
    for owner, steps in waiting.items():
        outcome = send_to(owner, _mail(owner, steps), about="the year planner")
        if outcome is Sending.AWAY:
            break
        if outcome is Sending.LEFT:
            PlannedStep.objects.filter(pk__in=[step.pk for step in steps]).update(reminded_at=clock.now())
            left += 1
    return left


def _still_here() -> Q:
    """The owner's account is open, and so is a post at the school or in its project."""
    posts = Assignment.objects.current().filter(user_id=OuterRef("owner_id"))
    here = Q(school_id=OuterRef("plan__school_id"))
    joint = accompanies(OuterRef("plan__school_id"))
    return Q(owner__is_active=True) & Q(Exists(posts.filter(here | joint)))


def _mail(owner: User, steps: list[PlannedStep]) -> EmailMessage:
    schools = {step.plan.school for step in steps}
    first = steps[0]
    with override(language(owner.language).interface):
        lines = [
            (step.due_on, words_of(step.step), step.plan.school if len(schools) > 1 else "")
            for step in steps[:IN_A_MAIL]
        ]
    mail = mail_to(
        owner,
        subject=_("Year planner: something of yours comes near"),
        template="reports/planner_reminder.txt",
        words={
            "lines": lines,
            "more": max(0, len(steps) - IN_A_MAIL),
            "link": settings.SITE_URL + reverse("plan_list"),
        },
    )
    return named(mail, f"plannedstep-{first.pk}-{first.due_on:%Y%m%d}-{owner.pk}")
