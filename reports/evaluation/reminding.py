"""The mail that says when an evaluation is due and what is still to do, to whoever has the next step.

The table is the truth: a row for each report, person and day. Who sends holds the row; a process that died left it
without ``sent_at``, and when the hold has run out the next beat sends, with the same Message-ID. A report that moves on
between two of the days is told of the next morning to whom it waits for then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from reports.evaluation.deadline import Deadline, deadlines, open_reports
from reports.models import EvaluationReport, ReportReminder, ReportSignature, ReportState
from schools import clock
from schools.languages import language
from schools.models import Assignment, CentreShare, Holiday, Role, User

log = logging.getLogger(__name__)

#: Longer than any mail takes, shorter than the hour after which the beat asks again.
HOLD = timedelta(minutes=20)
#: Between two mails that say that the evaluation can be handed in.
_DAYS_BETWEEN = 3


def remind_of_deadline() -> int:
    """Mail everybody for whom an evaluation waits that is nearly due; how many mails left. A mail server that is away
    ends the round. Before the day itself nothing leaves on days without class."""
    left, is_school_day = 0, Holiday.objects.all().calendar().is_school_day(clock.today())
    for one in deadlines(open_reports()):
        mark = _mark_since_fixed(one) if one.is_ready else mark_of(one.school_days)
        if mark is None or not (is_school_day or one.is_over):
            continue
        for person in people_to_act(one.report):
            row = _held(one.report, person, mark)
            if row is None:
                continue
            if not _sent(row, person, one):
                return left
            left += 1
    return left


def mark_of(school_days: int) -> int | None:
    """Of which of the set days one hears when so many are left: of the last that has come. None before the first."""
    return min((mark for mark in settings.EVALUATION_REMIND_DAYS if mark >= school_days), default=None)


def _mark_since_fixed(one: Deadline) -> int:
    """Below nought, another one every few days: that it can be handed in is said until somebody does."""
    assert one.report.fixed_at is not None
    return -1 - (clock.now() - one.report.fixed_at).days // _DAYS_BETWEEN


def people_to_act(report: EvaluationReport) -> list[User]:
    """The joint worker while it is a draft; once frozen the directors who did not sign; nobody when it is signed until
    it is fixed, then all of them."""
    posts = Assignment.objects.current().filter(user__is_active=True)
    if report.fixed_at is not None:
        centres = CentreShare.objects.filter(project_id=report.project_id).values("centre_id")
        posts = posts.filter(
            Q(role=Role.JOINT_CLB, project_id=report.project_id) | Q(role=Role.CLB_DIRECTOR, clb_centre_id__in=centres)
        )
    elif report.state == ReportState.DRAFT:
        posts = posts.filter(role=Role.JOINT_CLB, project_id=report.project_id)
    elif report.state == ReportState.REVIEW:
        frozen = report.frozen.defer("content", "pdf").first()
        signed = ReportSignature.objects.filter(frozen=frozen).values("centre_id")
        centres = CentreShare.objects.filter(project_id=report.project_id).exclude(centre_id__in=signed)
        posts = posts.filter(role=Role.CLB_DIRECTOR, clb_centre_id__in=centres.values("centre_id"))
    else:
        return []
    return _once(post.user for post in posts.select_related("user").order_by("user_id"))


def _once(people: Iterable[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())


def _held(report: EvaluationReport, person: User, mark: int) -> ReportReminder | None:
    """The row that says so, held by this process alone; None when the mail left or another process holds it."""
    now = clock.now()
    row, is_new = ReportReminder.objects.get_or_create(
        report=report, person=person, days_before=mark, defaults={"held_until": now + HOLD}
    )
    if is_new:
        return row
    free = ReportReminder.objects.filter(pk=row.pk, sent_at=None, held_until__lte=now)
    return row if free.update(held_until=now + HOLD) else None


def _sent(row: ReportReminder, person: User, deadline: Deadline) -> bool:
    rows = ReportReminder.objects.filter(pk=row.pk)
    try:
        _mail(row, person, deadline)
    except (OSError, ValueError, AnymailError) as error:  # SMTP's: OSErrors, a header's: ValueErrors
        log.error(
            "The reminder of evaluation %s for account %s failed: %s", row.report_id, person.pk, type(error).__name__
        )
        rows.update(held_until=clock.now())
        return False
    rows.update(sent_at=clock.now())
    return True


def _mail(row: ReportReminder, person: User, deadline: Deadline) -> None:
    entry = language(person.language)
    with override(entry.interface):
        words = {
            "project": deadline.report.project,
            "day": deadline.due_on,
            "is_over": deadline.is_over,
            "is_ready": deadline.is_ready,
            "is_draft": deadline.report.state == ReportState.DRAFT,
            "link": settings.SITE_URL + reverse("report_detail", args=[row.report_id]),
        }
        mail = EmailMessage(
            subject=gettext("The evaluation is due soon: one step is yours"),
            body=render_to_string("reports/deadline_mail.txt", words),
            to=[person.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Content-Language": entry.html_lang,
                "Message-ID": f"<evaluation-{row.pk}@{DNS_NAME}>",
            },
        )
    mail.send()
