"""What is signed and was not handed in when the worker's post ended waits for somebody who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from reports.evaluation import draft_evaluation, sign, start_application, submit_for_review, submit_report
from reports.evaluation.steps import steps_of
from reports.models import EvaluationReport, FrozenReport, ReportKind
from schools import clock
from schools.models import Assignment, CentreShare, Project, SchoolYear, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def signed(town: Cast, frozen: FrozenReport) -> None:
    for key in ("director_vclb", "director_go"):
        sign(report=frozen.report, checksum=frozen.checksum, by=town.staff[key])


def handed_in(town: Cast, frozen: FrozenReport) -> EvaluationReport:
    signed(town, frozen)
    submit_report(report=frozen.report, by=town.staff["joint"])
    return frozen.report


def waits_for(town: Cast, report: EvaluationReport, *keys: str) -> list[str]:
    people = [(key, User.objects.get(pk=town.staff[key].pk)) for key in keys]
    return [key for key, person in people if report.pk in [one.report.pk for one in steps_of(person, [])]]


def end_the_worker_s_post() -> None:
    Assignment.objects.filter(role="JOINT_CLB").update(ends_on=clock.today() - timedelta(days=1))


def year_after(project: Project) -> Project:
    first = project.year.starts_on.replace(year=project.year.starts_on.year + 1)
    year = SchoolYear.objects.filter(starts_on__gt=project.year.starts_on).first()
    year = year or SchoolYear.objects.create(starts_on=first, ends_on=first.replace(year=first.year + 1, month=6))
    facts = {"starts_on": project.starts_on + timedelta(days=1), "ends_on": year.ends_on, "report_due_on": year.ends_on}
    fresh = Project.objects.create(name=project.name, year=year, **facts)
    for share in project.shares.all():
        CentreShare.objects.create(project=fresh, centre_id=share.centre_id, share=share.share)
    return fresh


def test_a_signed_correction_waits_for_a_director_once_the_worker_is_gone(town: Cast, frozen: FrozenReport) -> None:
    report = handed_in(town, frozen)
    second = draft_evaluation(project=report.project, kind=ReportKind.FINAL, by=town.staff["joint"])
    signed(town, submit_for_review(report=second, by=town.staff["joint"]))
    who = ("joint", "director_go", "director_vclb", "coordinator", "clb_go")
    assert waits_for(town, second, *who) == ["joint"]
    end_the_worker_s_post()
    assert waits_for(town, second, *who) == ["director_go", "director_vclb"]
    week = town.client("director_go").get(reverse("my_week")).content.decode()
    assert "Wat nog rest, is indienen" in week
    assert town.client("director_go").post(reverse("report_submit", args=[second.pk])).status_code == 302
    assert waits_for(town, second, *who) == []


def test_so_it_does_while_the_worker_cannot_sign_in(town: Cast, frozen: FrozenReport) -> None:
    """As whom reminders ask: an account that is switched off reads no week."""
    second = draft_evaluation(project=handed_in(town, frozen).project, kind=ReportKind.FINAL, by=town.staff["joint"])
    signed(town, submit_for_review(report=second, by=town.staff["joint"]))
    User.objects.filter(pk=town.staff["joint"].pk).update(is_active=False)
    assert waits_for(town, second, "director_go", "director_vclb") == ["director_go", "director_vclb"]


def test_a_signed_application_waits_for_the_worker_of_the_year_it_asks_for(town: Cast, frozen: FrozenReport) -> None:
    report = handed_in(town, frozen)
    application = start_application(source=report, by=town.staff["joint"])
    signed(town, submit_for_review(report=application, by=town.staff["joint"]))
    end_the_worker_s_post()
    assert waits_for(town, application, "director_go", "clb_go") == ["director_go"]
    fresh, today = year_after(report.project), clock.today()
    Assignment.objects.create(user=town.staff["clb_go"], role="JOINT_CLB", project=fresh, starts_on=today)
    assert waits_for(town, application, "director_go", "clb_go") == ["clb_go"]
