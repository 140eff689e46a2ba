"""An evaluation that was not handed in when the worker's post and its days of grace are over."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from reports.models import EvaluationReport, ReportState
from schools.models import Assignment
from tests.cast import Cast
from tests.reports.test_deadline import at, freeze, last_day, report, signed_by

__all__ = ["report"]

MINE, LEFT = "lees ze en onderteken ze voor je CLB", "Wat nog rest, is indienen"


def week(cast: Cast, name: str) -> str:
    return cast.client(name).get(reverse("my_week")).content.decode()


def test_it_waits_for_a_director_until_it_is_signed_and_handed_in(cast: Cast, report: EvaluationReport) -> None:
    freeze(report)
    Assignment.objects.filter(role="JOINT_CLB").update(ends_on=last_day(cast) + timedelta(days=14))
    with at(last_day(cast) + timedelta(days=40)):
        assert MINE in week(cast, "director_go")
        assert "Moest binnen zijn op" in cast.client("director_go").get(reverse("report_list")).content.decode()
        signed_by(report, cast, "director_go")
        assert [MINE in week(cast, name) for name in ("director_go", "director_vclb")] == [False, True]
        assert LEFT not in week(cast, "director_go")
        signed_by(report, cast, "director_vclb")
        assert [LEFT in week(cast, name) for name in ("director_go", "director_vclb", "coordinator")] == [
            True,
            True,
            False,
        ]
        assert cast.client("director_go").post(reverse("report_submit", args=[report.pk])).status_code == 302
        assert LEFT not in week(cast, "director_vclb")
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED
