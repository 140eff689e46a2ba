"""How easy a school makes it for parents: kept whole, compared, acted upon, and told outside as a mean only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from ingroeibloei import retention
from reports.accessibility import POINTS, THEMES
from reports.models import AccessScan, ScanAction, ScanAnswer
from reports.scanlines import action_lines
from reports.scans import (
    Plan,
    Score,
    correct_scan,
    keep_scan,
    latest_two,
    may_scan,
    mean_scores,
    plan_action,
    scores,
)
from schools import clock
from schools.models import Participation, School, User
from tests.cast import Cast, build_cast
from tests.reports.beats import at_once
from tests.reports.scanned import answers, scanned

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(cast: Cast) -> School:
    return cast.schools["kersenboom"]


def fields(**more: Any) -> dict[str, Any]:
    return {"measured_on": clock.today().isoformat(), "client_id": str(uuid4()), **dict.fromkeys(POINTS, "YES")} | more


def more_schools(cast: Cast, number: int) -> list[School]:
    """Schools that take part too."""
    project, first = cast.project, cast.schools["bloesem"]
    assert project is not None
    found = []
    for place in range(number):
        one = School.objects.create(
            name=f"School {place}", institution_number=f"99920{place}", network=first.network, clb=first.clb,
            street="x", postcode="3800", city="x", phone="x", email="x@school.example",
        )  # fmt: skip
        project.participations.create(school=one, role="PILOT", starts_on=project.starts_on)
        found.append(one)
    return found


def test_a_theme_is_scored_by_the_points_that_apply(school: School, cast: Cast) -> None:
    given = answers(welcome_1="NO", welcome_2="PARTLY", welcome_3="NA", cost_1="NA", cost_2="NA", cost_3="NA")
    found = {one.theme.key: one.percent for one in scores(scanned(school, cast.staff["head"], given))}
    assert found["welcome"] == 50
    assert found["cost"] is None
    assert found["digital"] == 100


def test_a_measurement_is_compared_with_the_one_before(school: School, cast: Cast) -> None:
    head = cast.staff["head"]
    scanned(school, head, answers("NO"), days=200)
    scanned(school, head, answers("PARTLY"), days=100)
    scanned(school, head, answers("YES", time_1="NO"))
    change = {one.theme.key: one.change for one in scores(*latest_two([school])[school.pk])}
    assert (change["welcome"], change["time"]) == (50, 25)


def test_a_change_is_taken_before_anything_is_rounded() -> None:
    """78.5 to 70.4 per cent: eight points less, on the city's page as in the evaluation."""
    found = Score(THEMES[0], Fraction(704, 1000), Fraction(785, 1000))
    assert (found.percent, found.change) == (70, -8)


def test_nothing_is_kept_half(school: School, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        scanned(school, cast.staff["head"], {key: ("YES", "") for key in list(POINTS)[1:]})
    with pytest.raises(ValidationError):
        scanned(school, cast.staff["head"], answers(welcome_1="PERHAPS"))
    assert not AccessScan.objects.exists()
    assert not ScanAnswer.objects.exists()


def test_one_measurement_a_day_and_a_form_sent_twice_is_one(school: School, cast: Cast) -> None:
    key, facts = uuid4(), dict[str, Any](school=school, measured_on=clock.today(), answers=answers())
    first = keep_scan(client_id=key, by=cast.staff["head"], **facts)
    assert keep_scan(client_id=key, by=cast.staff["head"], **facts) == first
    with pytest.raises(ValidationError):
        scanned(school, cast.staff["joint"])
    with pytest.raises(ValidationError):
        scanned(school, cast.staff["head"], days=-1)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_the_same_moment_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build_cast()
    place, key = cast.schools["kersenboom"], uuid4()
    facts: dict[str, Any] = {"school": place, "measured_on": clock.today(), "answers": answers(), "client_id": key}
    create = AccessScan.objects.create

    def slowly(**more: Any) -> AccessScan:
        sleep(0.3)  # so that both would have looked
        return create(**more)

    monkeypatch.setattr(AccessScan.objects, "create", slowly)
    first, second = at_once(lambda: keep_scan(**facts, by=cast.staff["head"]).pk)
    assert first == second


def test_only_the_newest_is_put_right(school: School, cast: Cast) -> None:
    head = cast.staff["head"]
    old, new = scanned(school, head, days=50), scanned(school, head, days=5)
    with pytest.raises(ValidationError):
        correct_scan(scan=old, measured_on=old.measured_on, answers=answers("NO"), by=head)
    with pytest.raises(ValidationError):
        correct_scan(scan=new, measured_on=old.measured_on, answers=answers("NO"), by=head)
    correct_scan(scan=new, measured_on=clock.today(), answers=answers("NO"), by=head)
    assert set(new.answers.values_list("answer", flat=True)) == {"NO"}
    assert new.answers.count() == len(POINTS)


@pytest.mark.parametrize("key", ["teacher_3b", "head_go", "coordinator", "director_vclb"])
def test_nobody_else_keeps_a_schools_scan(school: School, cast: Cast, key: str) -> None:
    with pytest.raises(ValidationError):
        scanned(school, cast.staff[key])


def test_the_worker_keeps_no_scan_of_a_school_that_left_the_project(school: School, cast: Cast) -> None:
    scan = scanned(school, cast.staff["joint"], days=5)
    Participation.objects.filter(school=school).update(ends_on=clock.today() - timedelta(days=1))
    joint = User.objects.get(pk=cast.staff["joint"].pk)
    assert not may_scan(school, joint)
    assert not AccessScan.objects.visible_to(joint).filter(pk=scan.pk).exists()


class TestThePages:
    def test_a_form_with_a_point_open_keeps_what_was_chosen(self, school: School, cast: Cast) -> None:
        head, url = cast.client("head"), reverse("scan_new", args=[school.pk])
        given = fields(**{"welcome-2-remark": "Sinds september"})
        del given["welcome-1"]
        answer = head.post(url, given)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="Sinds september"' in html
        assert 'href="#id_welcome-1_field"' in html
        assert html.count("checked") == len(POINTS) - 1
        assert not AccessScan.objects.exists()
        assert head.post(url, given | {"welcome-1": "PARTLY"}).status_code == 302
        page = head.get(reverse("scan_school", args=[school.pk])).content.decode()
        assert "Sinds september" in page
        assert "88\u00a0%" in page

    def test_the_next_time_says_what_was_answered_before(self, school: School, cast: Cast) -> None:
        scanned(school, cast.staff["head"], answers("PARTLY"), days=30)
        html = cast.client("joint").get(reverse("scan_new", args=[school.pk])).content.decode()
        assert html.count("vorige keer: gedeeltelijk") == len(POINTS)
        assert "checked" not in html

    def test_a_head_comes_to_the_own_school_only(self, school: School, cast: Cast) -> None:
        head = cast.client("head")
        assert head.get(reverse("scan_list")).headers["Location"] == reverse("scan_school", args=[school.pk])
        other = scanned(cast.schools["bloesem"], cast.staff["head_go"])
        for name, number in (
            ("scan_school", other.school_id), ("scan_new", other.school_id), ("scan_correct", other.pk),
        ):  # fmt: skip
            assert head.get(reverse(name, args=[number])).status_code == 404

    def test_the_worker_reads_every_school_by_theme(self, school: School, cast: Cast) -> None:
        scanned(school, cast.staff["head"], answers("PARTLY", place_1="YES"))
        html = cast.client("joint").get(reverse("scan_list")).content.decode()
        assert "63\u00a0%" in html
        assert "Nog niet gemeten" in html
        assert html.index("GO! basisschool De Bloesem") < html.index("VBS De Kersenboom")

    def test_the_coordinator_reads_the_mean_of_three_schools_and_no_name(self, school: School, cast: Cast) -> None:
        third = more_schools(cast, 1)[0]
        scanned(school, cast.staff["head"], answers("NO"))
        scanned(cast.schools["bloesem"], cast.staff["head_go"], answers("YES"))
        city = cast.client("coordinator")
        html = city.get(reverse("scan_list")).content.decode()
        assert "50\u00a0%" not in html
        scanned(third, cast.staff["joint"], answers("PARTLY"))
        html = city.get(reverse("scan_list")).content.decode()
        assert html.count("50\u00a0%") >= len(THEMES)
        for name in ("Kersenboom", "Bloesem", "School 0"):
            assert name not in html.split("<main")[1]

    def test_an_action_has_somebody_and_a_day_and_is_ticked_off(self, school: School, cast: Cast) -> None:
        scanned(school, cast.staff["head"], answers(time_3="NO"))
        head, url = cast.client("head"), reverse("scan_school", args=[school.pk])
        due = (clock.today() + timedelta(days=30)).isoformat()
        plan = {"action-point": "time-3", "action-what": "Opvang regelen", "action-due_on": due}
        assert head.post(url, plan | {"action-owner": cast.staff["teacher_go"].pk}).status_code == 422
        assert head.post(url, plan | {"action-owner": cast.staff["care"].pk}).status_code == 302
        action = ScanAction.objects.get()
        assert "An Lemmens" in head.get(url).content.decode()
        done = reverse("scan_action_done", args=[action.pk])
        assert cast.client("head_go").post(done).status_code == 404
        for _twice in range(2):
            assert head.post(done).status_code == 302
        action.refresh_from_db()
        assert action.done_on == clock.today()
        head.post(done, {"open": "1"})
        action.refresh_from_db()
        assert action.done_on is None

    def test_a_measurement_in_the_address_that_is_none_shows_the_newest(self, school: School, cast: Cast) -> None:
        scanned(school, cast.staff["head"])
        url = reverse("scan_school", args=[school.pk])
        for number in ("x", "9" * 25, "0"):
            assert cast.client("head").get(url, {"meting": number}).status_code == 200


def test_of_many_actions_those_to_do_come_first_and_then_what_was_done_last(
    school: School, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(point="time-3", what="Opvang", owner=cast.staff["care"], due_on=clock.today())
    plans = [replace(plan, what=f"Opvang {number}") for number in range(4)]
    rows = [plan_action(school=school, plan=plan, by=cast.staff["head"]) for plan in plans]
    for days, row in zip((20, 5, 10), rows, strict=False):
        ScanAction.objects.filter(pk=row.pk).update(done_on=clock.today() - timedelta(days=days))
    monkeypatch.setattr("reports.scanlines.ACTIONS_SHOWN", 3)
    shown = [line["row"].pk for line in action_lines(ScanAction.objects.filter(school=school))]
    assert shown == [rows[3].pk, rows[1].pk, rows[2].pk]


def test_the_mean_of_two_schools_is_not_told(school: School, cast: Cast) -> None:
    pair = (scanned(school, cast.staff["head"]), None)
    assert mean_scores([pair, pair]) is None
    assert mean_scores([pair, pair, pair]) is not None


def test_names_go_after_two_years_and_answers_stay(school: School, cast: Cast) -> None:
    head = cast.staff["head"]
    scan = scanned(school, head, answers(time_3="NO"))
    plan = Plan(point="time-3", what="Opvang", owner=cast.staff["care"], due_on=clock.today())
    done, undone = (plan_action(school=school, plan=one, by=head) for one in (plan, replace(plan, what="Een bord")))
    ScanAction.objects.filter(pk=done.pk).update(done_on=clock.today())
    with time_machine.travel(clock.now() + timedelta(days=735), tick=False):
        retention.run(dry_run=False)
    for row in (scan, done, undone):
        row.refresh_from_db()
    assert (scan.kept_by, done.owner, done.planned_by) == (None, None, None)
    assert undone.owner == cast.staff["care"]
    assert scan.answers.count() == len(POINTS)
