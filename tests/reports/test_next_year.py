"""A project goes on: its schools come along, goals are its own, and what was measured last is the baseline."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from reports.disclosure import Cell
from reports.figures import FigureScope, Period, compute
from reports.measuring import close_wave
from reports.models import (
    BudgetLine,
    EvaluationReport,
    MeasurementBox,
    MeasurementWave,
    ReportState,
    Target,
    TargetAgreement,
)
from reports.nextyear import due_a_year_later, next_of, posts_of, start_next_year, undo_next_year
from schools import clock
from schools.models import Assignment, PostDecision, Project, Role, School, User
from schools.postreview import undecided
from schools.scope import scope_of
from schools.services import lay_school_year
from schools.services.places import keep_project
from schools.services.postreview import Decision, decide_posts, take_decision_back
from schools.services.staffing import Post, appoint, end_post
from schools.staffing import remit_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_year_after(cast: Cast) -> None:
    lay_school_year(cast.year.starts_on.year + 1, with_holidays=False)


@pytest.fixture
def project(cast: Cast) -> Project:
    assert cast.project is not None
    Target.objects.filter(project=cast.project).delete()
    for code, value in (("I01", "70"), ("I13", "2.5")):
        Target.objects.create(
            project=cast.project,
            indicator=code,
            value=Decimal(value),
            objective="Elk gezin",
            holds_from=clock.today(),
        )
    return cast.project


def wave(project: Project, cast: Cast, kind: str, counts: list[int]) -> MeasurementWave:
    day = cast.year.starts_on + timedelta(days=40 if kind == "BASELINE" else 240)
    return MeasurementWave.objects.create(
        project=project,
        school=cast.schools["kersenboom"],
        kind=kind,
        audience="PARENTS",
        opens_on=day,
        closes_on=day + timedelta(days=14),
        invited=40,
        counts={"welcome": counts},
    )


def start(project: Project, cast: Cast, goals: dict[str, Decimal] | None = None) -> Project:
    return start_next_year(
        project=project,
        by=cast.staff["admin"],
        goals={"I01": Decimal(80)} if goals is None else goals,
        report_due_on=due_a_year_later(project),
        posts={row.pk for row in posts_of(project, cast.staff["admin"])},
    )


def test_schools_centres_and_posts_go_along_and_goals_are_new(project: Project, cast: Cast) -> None:
    fresh = start(project, cast)
    assert (fresh.name, fresh.year.starts_on.year) == (project.name, project.year.starts_on.year + 1)
    old = set(project.participations.values_list("school_id", "role"))
    assert set(fresh.participations.values_list("school_id", "role")) == old
    assert set(fresh.shares.values_list("centre_id", "share")) == set(project.shares.values_list("centre_id", "share"))
    assert list(Target.objects.filter(project=fresh).values_list("indicator", "value", "objective")) == [
        ("I01", Decimal("80.0"), "Elk gezin")
    ]
    assert Target.objects.get(project=project, indicator="I01").value == Decimal("70.0")
    post = Assignment.objects.get(user=cast.staff["joint"], project=fresh)
    assert fresh.ends_on is not None
    assert (post.starts_on, post.ends_on) == (fresh.starts_on, fresh.ends_on + timedelta(days=14))


def test_in_the_days_of_grace_the_worker_finishes_the_report_of_that_year_too(project: Project, cast: Cast) -> None:
    fresh = start(project, cast)
    report = EvaluationReport.objects.create(
        project=fresh,
        version=1,
        state=ReportState.DRAFT,
        title="Verslag",
        created_at=clock.now(),
        edited_at=clock.now(),
    )
    assert fresh.ends_on is not None
    july = datetime.combine(fresh.ends_on + timedelta(days=10), time(12), clock.BRUSSELS)
    with time_machine.travel(july, tick=False):
        worker = User.objects.get(pk=cast.staff["joint"].pk)
        assert EvaluationReport.objects.editable_by(worker).filter(pk=report.pk).exists()
        assert set(School.objects.visible_to(worker)) == set(cast.schools.values()), "as in the year before"
    with time_machine.travel(july + timedelta(days=5), tick=False):
        assert fresh.pk not in scope_of(User.objects.get(pk=worker.pk)).joint_projects


def test_nobody_lengthens_the_own_post(project: Project, cast: Cast) -> None:
    """It waits with the others that nobody confirmed, for an administrator."""
    joint = Assignment.objects.get(user=cast.staff["joint"], project=project)
    browser, url = cast.client("joint"), reverse("project_next_year", args=[project.pk])
    page = browser.get(url).content.decode()
    assert f'value="{joint.pk}"' not in page
    assert "Over je eigen opdrachten beslist iemand anders." in page
    facts = {"goal-I01": "85", "report_due_on": str(due_a_year_later(project))}
    assert browser.post(url, facts | {"posts": [joint.pk]}).status_code == 422
    start_next_year(project=project, by=joint.user, goals={}, report_due_on=due_a_year_later(project), posts={joint.pk})
    assert not Assignment.objects.filter(project=next_of(project), user=joint.user).exists()
    remit = remit_of(scope_of(cast.staff["admin"]))
    assert joint in undecided(remit.posts, next_of(project).year)  # type: ignore[union-attr]


def test_the_end_measurement_is_the_new_baseline_else_the_old_one(project: Project, cast: Cast) -> None:
    MeasurementWave.objects.filter(project=project).delete()
    first = wave(project, cast, "BASELINE", [1, 2, 3, 4, 5])
    fresh = start(project, cast)
    carried = MeasurementWave.objects.get(project=fresh)
    assert (carried.kind, carried.counts) == ("BASELINE", first.counts)
    undo_next_year(project=fresh, by=cast.staff["joint"])
    undo_next_year(project=fresh, by=cast.staff["joint"])  # pressed twice
    last = wave(project, cast, "END", [0, 0, 1, 9, 9])
    carried = MeasurementWave.objects.get(project=start(project, cast))
    assert (carried.kind, carried.counts, carried.invited) == ("BASELINE", last.counts, 40)


def test_an_end_measurement_that_closes_after_the_next_year_was_begun_is_its_baseline_too(
    project: Project, cast: Cast
) -> None:
    """The application asks for the next year in spring, the teams and parents are asked in June."""
    MeasurementWave.objects.filter(project=project).delete()
    wave(project, cast, "BASELINE", [1, 2, 3, 4, 5])
    fresh, faces = start(project, cast), [0, 0, 1, 9, 9]

    def closed(audience: str, counts: list[int], *, late_by: int = 0, own: int = 0) -> MeasurementWave:
        last = wave(project, cast, "END", [])
        last.audience, last.counts = audience, {}
        last.opens_on, last.closes_on = (day + timedelta(days=late_by) for day in (last.opens_on, last.closes_on))
        last.save()
        MeasurementBox.objects.create(wave=last, counts={"welcome": counts}, forms={"own": own or sum(counts)})
        with time_machine.travel(datetime.combine(last.opens_on, time(12), clock.BRUSSELS)):
            close_wave(wave=last, by=cast.staff["joint"])
        return MeasurementWave.objects.get(pk=last.pk)

    for audience in ("TEAM", "PARENTS"):
        last = closed(audience, faces)
        carried = MeasurementWave.objects.get(project=fresh, audience=audience)
        known = (carried.kind, carried.counts, carried.opens_on, carried.closes_on, carried.forms)
        assert known == ("BASELINE", {"welcome": faces}, last.opens_on, last.closes_on, {"own": 19})
    MeasurementWave.objects.filter(project=project, kind="END").delete()
    assert closed("TEAM", [0, 0, 0, 0, 4], own=5).has_results, "one only wrote: no sentence has five answers"
    assert MeasurementWave.objects.get(project=fresh, audience="TEAM").counts == {"welcome": faces}
    MeasurementWave.objects.filter(project=project).delete()
    own = MeasurementWave.objects.filter(project=fresh, audience="PARENTS")
    own.update(opens_on=fresh.starts_on, closes_on=fresh.starts_on, counts={"welcome": [5, 5, 5, 5, 5]})
    closed("PARENTS", faces, late_by=200)  # forgotten until then
    assert own.get().counts == {"welcome": [5, 5, 5, 5, 5]}
    with pytest.raises(ValidationError):  # what the new year measured stays
        undo_next_year(project=fresh, by=cast.staff["joint"])
    own.delete()
    undo_next_year(project=fresh, by=cast.staff["joint"])
    assert next_of(project) is None


def test_the_baseline_that_came_along_stands_beside_the_figures_of_the_new_year(project: Project, cast: Cast) -> None:
    """It was measured before the year began, so it is no answer of that year."""
    MeasurementWave.objects.filter(project=project).delete()
    wave(project, cast, "END", [0, 0, 1, 9, 10])
    fresh = start(project, cast)
    period = Period(fresh.starts_on, fresh.starts_on + timedelta(days=60))
    figure = compute("I25", FigureScope(project=fresh), period, "wave")
    assert (figure.total, figure.rows) == (Cell(0, 0), {"BASELINE": Cell(19, 20)})
    assert figure.also["baseline"] == Cell(19, 20)
    assert figure.response is None
    assert compute("I25", FigureScope(project=fresh), period, "question").rows == {}


def test_a_post_that_is_not_ticked_ends(project: Project, cast: Cast) -> None:
    fresh = start_next_year(
        project=project, by=cast.staff["joint"], goals={}, report_due_on=due_a_year_later(project), posts=()
    )
    assert not Assignment.objects.filter(project=fresh).exists()


def test_only_once_and_with_a_day_within_reach(project: Project, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        start_next_year(project=project, by=cast.staff["joint"], goals={}, report_due_on=date(2020, 1, 1))
    assert next_of(project) is None
    start(project, cast)
    with pytest.raises(ValidationError):
        start(project, cast)


def test_taken_back_within_a_week_and_not_later(project: Project, cast: Cast) -> None:
    fresh = start(project, cast)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False), pytest.raises(ValidationError):
        undo_next_year(project=fresh, by=cast.staff["joint"])
    undo_next_year(project=fresh, by=cast.staff["joint"])
    assert next_of(project) is None
    assert Project.objects.filter(pk=project.pk).exists()


def test_a_colleague_whom_somebody_appointed_for_it_keeps_the_post(project: Project, cast: Cast) -> None:
    fresh, admin = start(project, cast), cast.staff["admin"]
    post = appoint(
        email="nieuw@school.example",
        name="Noor Willems",
        language="nl",
        post=Post(role=Role.COORDINATOR, project=fresh, starts_on=fresh.starts_on),
        by=admin,
    )
    with pytest.raises(ValidationError):
        undo_next_year(project=fresh, by=cast.staff["joint"])
    assert Assignment.objects.filter(pk=post.pk).exists()
    end_post(post=post, last_day=fresh.starts_on - timedelta(days=1), by=admin)
    undo_next_year(project=fresh, by=cast.staff["joint"])
    assert next_of(project) is None


def test_a_post_that_an_administrator_confirmed_is_not_taken_back_with_the_year(project: Project, cast: Cast) -> None:
    """The worker starts the year and presses Undo; in between the administrator decided about the worker's own post."""
    fresh = start_next_year(
        project=project, by=cast.staff["joint"], goals={}, report_due_on=due_a_year_later(project), posts=()
    )
    post = Assignment.objects.get(user=cast.staff["joint"], project=project)
    decision = Decision(post=post, kind=PostDecision.Kind.KEPT, project=fresh, until=fresh.ends_on)
    decide_posts(decisions=[decision], year=fresh.year, by=cast.staff["admin"])
    with pytest.raises(ValidationError):
        undo_next_year(project=fresh, by=cast.staff["joint"])
    take_decision_back(decision=PostDecision.objects.get(), by=cast.staff["admin"])
    undo_next_year(project=fresh, by=cast.staff["joint"])


def test_a_school_that_was_added_to_it_stays_in_it(project: Project, cast: Cast) -> None:
    fresh, school = start(project, cast), cast.schools["kersenboom"].pk
    fresh.participations.filter(school=school).delete()
    shares = dict(fresh.shares.values_list("centre_id", "share"))
    keep_project(project=fresh, shares=shares, roles={school: "PILOT"}, by=cast.staff["admin"])
    with pytest.raises(ValidationError):
        undo_next_year(project=fresh, by=cast.staff["joint"])


@pytest.mark.parametrize("what", ["budget", "target", "agreement"])
def test_what_somebody_wrote_in_the_new_year_does_not_go_with_it(project: Project, cast: Cast, what: str) -> None:
    fresh = start(project, cast)
    moment, joint = clock.now(), cast.staff["joint"]
    if what == "budget":
        BudgetLine.objects.create(project=fresh, name="Loonkost", granted=42000)
    elif what == "target":
        Target.objects.create(project=fresh, indicator="I02", value=60, holds_from=fresh.starts_on, set_at=moment)
    else:
        TargetAgreement.objects.create(
            target=Target.objects.get(project=fresh), school=cast.schools["kersenboom"], way="TALK",
            agreed_on=clock.today(), noted_at=moment, noted_by=joint,
        )  # fmt: skip
    with pytest.raises(ValidationError):
        undo_next_year(project=fresh, by=cast.staff["joint"])
    assert next_of(project) == fresh


def test_the_page_fills_in_this_years_goals_and_starts_the_next(project: Project, cast: Cast) -> None:
    browser, url = cast.client("coordinator"), reverse("project_next_year", args=[project.pk])
    html = browser.get(url).content.decode()
    assert 'name="goal-I01" value="70"' in html
    assert re.search(r"Het doel van dit jaar: 70\s%", html), "not what was reached"
    posts = [row.pk for row in posts_of(project, cast.staff["coordinator"])]
    for goal in ("-3", "101"):
        wrong = browser.post(url, {"goal-I01": goal, "report_due_on": str(due_a_year_later(project)), "posts": posts})
        assert wrong.status_code == 422, goal
    assert next_of(project) is None
    facts = {"goal-I01": "85", "goal-I13": "", "report_due_on": str(due_a_year_later(project)), "posts": posts}
    assert browser.post(url, facts).status_code == 302
    fresh = next_of(project)
    assert fresh is not None
    assert dict(Target.objects.filter(project=fresh).values_list("indicator", "value")) == {"I01": Decimal("85.0")}
    assert 'name="undo"' in browser.get(url).content.decode()
    assert browser.post(url, {"undo": "1"}).status_code == 302
    assert next_of(project) is None


def test_the_same_button_in_two_windows_is_told_apart(project: Project, cast: Cast) -> None:
    """The second window's goals are not those of the year, and its undo empties no form."""
    browser, url = cast.client("coordinator"), reverse("project_next_year", args=[project.pk])
    facts = {"goal-I01": "85", "report_due_on": str(due_a_year_later(project))}
    assert browser.post(url, facts).status_code == 302
    late = browser.post(url, {**facts, "goal-I01": "60"}, follow=True).content.decode()
    assert "heeft zijn volgende jaar al" in late
    assert browser.post(url, {"undo": "1"}).status_code == 302
    again = browser.post(url, {"undo": "1"}, follow=True)
    assert "Dit is al teruggedraaid" in again.content.decode()
    assert 'name="goal-I01" value="70"' in again.content.decode()


def test_the_report_is_due_on_the_same_day_also_in_a_leap_year(project: Project) -> None:
    project.report_due_on = date(2027, 6, 30)
    assert due_a_year_later(project) == date(2028, 6, 30)
    project.report_due_on = date(2028, 2, 29)
    assert due_a_year_later(project) == date(2029, 2, 28)


def test_what_was_handed_in_is_read_by_who_goes_on_in_the_next_year(project: Project, cast: Cast) -> None:
    """Their posts in the year before are over. What was never signed stays with those who wrote it, and what other
    centres carried under the same name is another project."""
    fresh, year = start(project, cast), lay_school_year(cast.year.starts_on.year - 1, with_holidays=False)
    other = Project.objects.create(
        name=project.name, year=year, starts_on=year.starts_on, ends_on=year.ends_on, report_due_on=year.ends_on
    )
    rows = [(project, 1, ReportState.SUBMITTED), (project, 2, ReportState.DRAFT), (other, 1, ReportState.SUBMITTED)]
    reports = [
        EvaluationReport.objects.create(
            project=of, version=version, state=state, title=f"Verslag {of.pk}.{version}",
            created_at=clock.now(), edited_at=clock.now(),
        )
        for of, version, state in rows
    ]  # fmt: skip
    Assignment.objects.filter(project=project).update(ends_on=project.year.ends_on)
    september = datetime.combine(fresh.starts_on + timedelta(days=30), time(12), clock.BRUSSELS)
    with time_machine.travel(september, tick=False):
        for name in ("joint", "coordinator"):
            page = cast.client(name).get(reverse("report_list")).content.decode()
            assert [report.title in page for report in reports] == [True, False, False]
            user = User.objects.get(pk=cast.staff[name].pk)
            assert not EvaluationReport.objects.editable_by(user).exists()
            assert not EvaluationReport.objects.discussed_by(user).exists()
        begin = reverse("application_new", args=[reports[0].pk])
        assert cast.client("joint").post(begin).status_code == 404, "she could not write it there any more"
        assert not EvaluationReport.objects.visible_to(cast.staff["teacher_3b"]).exists()


def test_until_the_first_month_is_over_city_and_directors_read_the_figures_of_the_year_before(
    project: Project, cast: Cast
) -> None:
    """Their posts in that year are over; a school that a director chooses is in the new one."""
    fresh = start(project, cast)
    Assignment.objects.filter(project=project).update(ends_on=project.year.ends_on)
    Assignment.objects.filter(role="CLB_DIRECTOR").update(ends_on=None)
    School.objects.create(
        name="VBS De Linde", institution_number="999901", network="VGO", clb=cast.schools["kersenboom"].clb,
        street="Lindestraat 1", postcode="3800", city="Sint-Truiden", phone="+3211000001", email="de@linde.example",
    )  # fmt: skip
    places = {"the old": str(project), "the new": str(fresh)}
    for day, place in ((14, "the old"), (29, "the old"), (30, "the new")):
        moment = datetime.combine(fresh.starts_on + timedelta(days=day), time(12), clock.BRUSSELS)
        with time_machine.travel(moment, tick=False):
            for name in ("coordinator", "director_vclb"):
                told = cast.client(name).get(reverse("dashboard"), {"json": "1"}).json()
                assert told["place"] == places[place], (name, day)
            own = {"json": "1", "school": str(cast.schools["kersenboom"].pk)}
            figures = cast.client("director_vclb").get(reverse("dashboard"), own).json()["figures"]
            assert {figure["from"] for figure in figures} == {fresh.starts_on.isoformat()}
