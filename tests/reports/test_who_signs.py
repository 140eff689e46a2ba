"""Whose signature a frozen evaluation waits for: who directs a centre may leave before signing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from reports.evaluation import sign
from reports.evaluation.deadline import fix_due
from reports.evaluation.reminding import remind_of_deadline
from reports.models import EvaluationReport, FrozenReport
from schools import clock
from schools.models import Assignment, CentreShare
from tests.cast import Cast
from tests.reports.conftest import travel_to

pytestmark = pytest.mark.django_db


def waits_for(town: Cast, report: EvaluationReport) -> dict[str, str]:
    """By centre what the page says of its signature."""
    report.refresh_from_db()
    page = town.client("joint").get(reverse("report_detail", args=[report.pk]))
    shown = page.content.decode()
    found = {}
    for row in page.context["signatures"]:
        assert row["organisation"] in shown
        state = f"{row['name']} heeft nog niet ondertekend" if row.get("is_directed") else "Niemand leidt dit CLB"
        if row["signature"]:
            state = f"{row['signature'].signed_by.full_name} ondertekende op"
        assert state in " ".join(shown.split())
        found[row["organisation"]] = state
    return found


def test_the_page_names_who_directs_the_centre_today(town: Cast, frozen: FrozenReport) -> None:
    report, gone = frozen.report, Assignment.objects.get(user=town.staff["director_go"], role="CLB_DIRECTOR")
    go = gone.clb_centre
    assert go is not None
    assert waits_for(town, report)[go.name] == f"{gone.user.full_name} heeft nog niet ondertekend"
    Assignment.objects.filter(pk=gone.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert waits_for(town, report)[go.name] == "Niemand leidt dit CLB"
    new = town.staff["clb_go"]
    Assignment.objects.create(user=new, role="CLB_DIRECTOR", clb_centre=go, starts_on=clock.today())
    assert waits_for(town, report)[go.name] == f"{new.full_name} heeft nog niet ondertekend"
    sign(report=report, checksum=frozen.checksum, by=new)
    assert waits_for(town, report)[go.name] == f"{new.full_name} ondertekende op"


def test_a_signature_of_a_centre_that_left_stays_and_a_missing_one_is_not_waited_for(
    town: Cast, frozen: FrozenReport
) -> None:
    report, director = frozen.report, town.staff["director_go"]
    sign(report=report, checksum=frozen.checksum, by=director)
    go = Assignment.objects.get(user=director, role="CLB_DIRECTOR").clb_centre_id
    CentreShare.objects.filter(project=report.project_id).exclude(centre=go).delete()
    first = set(waits_for(town, report).values())
    assert first == {f"{director.full_name} ondertekende op"}


def test_no_page_or_mail_says_that_two_signed_where_one_centre_carries_the_project(
    town: Cast, frozen: FrozenReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, director = frozen.report, town.staff["director_go"]
    go = Assignment.objects.get(user=director, role="CLB_DIRECTOR").clb_centre_id
    CentreShare.objects.filter(project=report.project_id).exclude(centre=go).delete()
    sign(report=report, checksum=frozen.checksum, by=director)
    joint = town.client("joint")
    page, week = reverse("report_detail", args=[report.pk]), reverse("my_week")
    travel_to(monkeypatch, report.project.report_due_on - timedelta(days=5))
    for address in (page, week):
        assert "elk CLB" in joint.get(address).content.decode()
        assert "beide CLB" not in joint.get(address).content.decode()
    travel_to(monkeypatch, report.project.report_due_on + timedelta(days=1))
    fix_due()
    assert remind_of_deadline()
    for said in (joint.get(page).content.decode(), joint.get(week).content.decode(), str(mail.outbox[0].body)):
        assert "elk clb" in said.casefold()
        assert "beide clb" not in said.casefold()
