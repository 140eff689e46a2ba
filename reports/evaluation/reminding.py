"""The mail that says when an evaluation is due and what is still to do, to whoever has the next step.

A row for each report, person and day: each mail leaves once (``schools.colleaguemail``). A report that moves on between
two of the days is told of the next morning to whom it waits for then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.evaluation.deadline import Deadline, deadlines, open_reports
from reports.models import EvaluationReport, ReportReminder, ReportSignature, ReportState
from schools import clock
from schools.colleaguemail import Sending, held, mail_to, sent
from schools.models import Assignment, CentreShare, Holiday, Role, User

#: Between two mails that say that the evaluation can be handed in.
_DAYS_BETWEEN = 3


def remind_of_deadline() -> int:
    """Mail everybody for whom an evaluation waits that is nearly due; how many mails left. A mail server that is away
    ends the round. Before the day itself nothing leaves on days without class."""
    left, is_school_day = 0, Holiday.objects.all().calendar().is_school_day(clock.today())
    for one in deadlines(open_reports()):
        fixed_at = one.report.fixed_at
        mark = _mark_since(fixed_at) if fixed_at else mark_of(one.school_days)
        if mark is None or not (is_school_day or one.is_over):
            continue
        for person in people_to_act(one.report):
            row = held(ReportReminder, report=one.report, person=person, days_before=mark)
            if row is None:
                continue
            outcome = sent(row, person, _mail(person, one))
            if outcome is Sending.AWAY:
                return left
            left += outcome is Sending.LEFT
    return left


def mark_of(school_days: int) -> int | None:
    """Of which of the set days one hears when so many are left: of the last that has come. None before the first."""
    return min((mark for mark in settings.EVALUATION_REMIND_DAYS if mark >= school_days), default=None)


def _mark_since(fixed_at: datetime) -> int:
    """Below nought, another one every few days: that it can be handed in is said until somebody does."""
    return -1 - (clock.now() - fixed_at).days // _DAYS_BETWEEN


def people_to_act(report: EvaluationReport) -> list[User]:
    """The joint worker while it is a draft; once frozen the directors who did not sign; nobody when it is signed until
    it is fixed, then all of them."""
    posts = Assignment.objects.current().filter(user__is_active=True)
    carried = CentreShare.objects.filter(project_id=report.project_id)
    if report.fixed_at is not None:
        directs = Q(role=Role.CLB_DIRECTOR, clb_centre_id__in=carried.values("centre_id"))
        posts = posts.filter(directs | Q(role=Role.JOINT_CLB, project_id=report.project_id))
    elif report.state == ReportState.DRAFT:
        posts = posts.filter(role=Role.JOINT_CLB, project_id=report.project_id)
    elif report.state == ReportState.REVIEW:
        frozen = report.frozen.defer("content", "pdf").first()
        signed = ReportSignature.objects.filter(frozen=frozen).values("centre_id")
        centres = carried.exclude(centre_id__in=signed)
        posts = posts.filter(role=Role.CLB_DIRECTOR, clb_centre_id__in=centres.values("centre_id"))
    else:
        return []
    return _once(post.user for post in posts.select_related("user").order_by("user_id"))


def _once(people: Iterable[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())


def _mail(person: User, deadline: Deadline) -> EmailMessage:
    return mail_to(
        person,
        subject=_("The evaluation was due: one step is yours")
        if deadline.is_over
        else _("The evaluation is due soon: one step is yours"),
        template="reports/deadline_mail.txt",
        words={
            "project": deadline.report.project,
            "day": deadline.due_on,
            "is_over": deadline.is_over,
            "is_ready": deadline.is_ready,
            "is_draft": deadline.report.state == ReportState.DRAFT,
            "link": settings.SITE_URL + reverse("report_detail", args=[deadline.report.pk]),
        },
    )
