"""What colleagues who left had taken on is passed on to somebody who may have it; nobody else sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape

from ingroeibloei.templatetags.written import daydate
from messaging.models import Thread
from messaging.services import ask_question
from parents.models import FollowUp
from parents.services import give_follow_up
from reports.leftover import left_behind
from reports.models import PlannedStep, ScanAction, SchoolPlan
from schools import clock
from schools.models import Assignment, AuditEntry, Participation, SchoolYear
from tests.cast import Cast, build_cast
from tests.surface.agreed import planned, year_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def leaves(cast: Cast, key: str) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Assignment.objects.filter(user=cast.staff[key]).update(ends_on=yesterday)


def task_of(cast: Cast, key: str, what: str = "Bellen over de bril") -> FollowUp:
    return FollowUp.objects.create(
        school=cast.schools["kersenboom"],
        family=cast.families["haddad"],
        pupil=cast.pupils["yusuf"],
        what=what,
        owner=cast.staff[key],
        due_on=clock.today(),
        created_at=clock.now(),
    )


def question_of(cast: Cast, key: str) -> Thread:
    mother, yusuf = cast.guardians["separated_mother"], cast.pupils["yusuf"]
    row = ask_question(guardian=mother, pupil=yusuf, notice=None, text="Quand?", language="fr")
    Thread.objects.filter(pk=row.pk).update(assigned_to=cast.staff[key])
    return row


def page(cast: Cast, key: str) -> str:
    return cast.client(key).get(reverse("left_tasks")).content.decode()


def give(cast: Cast, key: str, **chosen: Any) -> int:
    data = {name.replace("_", "-"): value for name, value in chosen.items()}
    return int(cast.client(key).post(reverse("left_tasks"), data).status_code)


def test_each_kind_is_listed_once_its_owner_left_and_goes_to_who_may_have_it(cast: Cast) -> None:
    task, question = task_of(cast, "care"), question_of(cast, "care")
    step, action = year_plan(cast), planned(cast)
    assert not left_behind(cast.staff["head"])
    leaves(cast, "care")
    found = {one.key: one for one in left_behind(cast.staff["head"])}
    keys = (f"taak-{task.pk}", f"vraag-{question.pk}", f"stap-{step.pk}", f"actie-{action.pk}")
    assert set(keys) <= set(found)
    teacher, head, joint = (cast.staff[key] for key in ("teacher_3b", "head", "joint"))
    for key in keys[:2]:
        assert {teacher, head, joint} <= set(found[key].heirs)
        assert not {cast.staff[key] for key in ("teacher_1a", "office", "clb_go", "care")} & set(found[key].heirs)
    assert cast.staff["office"] in found[keys[2]].heirs
    words = page(cast, "head")
    assert "Bellen over de bril" in words
    assert escape(cast.staff["care"].full_name) in words
    chosen = dict.fromkeys(keys, teacher.pk)
    assert give(cast, "head", **chosen) == 302
    assert [FollowUp.objects.get(pk=task.pk).owner, Thread.objects.get(pk=question.pk).assigned_to] == [teacher] * 2
    assert PlannedStep.objects.get(pk=step.pk).owner == teacher
    assert ScanAction.objects.get(pk=action.pk).owner == teacher
    lines = AuditEntry.objects.filter(verb="assigned", target_kind="parents.followup", target_id=task.pk)
    assert [line.actor for line in lines] == [head]
    assert "Bellen over de bril" not in page(cast, "head")


def test_a_step_of_a_plan_whose_year_is_over_waits_for_nobody_any_more(cast: Cast) -> None:
    """It stands in no plan that is shown, nor in anybody's week: whoever got it would never see it."""
    step = year_plan(cast)
    leaves(cast, "care")
    assert f"stap-{step.pk}" in {one.key for one in left_behind(cast.staff["head"])}
    SchoolPlan.objects.update(
        year=SchoolYear.objects.create(
            starts_on=cast.year.starts_on - timedelta(days=365), ends_on=cast.year.starts_on - timedelta(days=63)
        )
    )
    assert not left_behind(cast.staff["head"])


def test_who_works_elsewhere_in_the_school_has_not_left(cast: Cast) -> None:
    task_of(cast, "teacher_3b")
    Assignment.objects.create(
        user=cast.staff["teacher_3b"],
        role="TEACHER",
        school=cast.schools["kersenboom"],
        school_class=cast.classes["1a"],
        starts_on=clock.today(),
    )
    Assignment.objects.filter(user=cast.staff["teacher_3b"], school_class=cast.classes["3b"]).update(
        ends_on=clock.today() - timedelta(days=1)
    )
    assert not left_behind(cast.staff["head"])


def test_a_closed_account_has_left_too(cast: Cast) -> None:
    task_of(cast, "care")
    cast.staff["care"].is_active = False
    cast.staff["care"].save(update_fields=["is_active"])
    assert [one.kind for one in left_behind(cast.staff["head"])] == ["taak"]


@pytest.mark.parametrize("is_over", [True, False])
def test_the_joint_worker_has_left_a_school_that_left_the_project(cast: Cast, *, is_over: bool) -> None:
    hers, other, joint = task_of(cast, "joint"), task_of(cast, "care", "Brief vertalen"), cast.staff["joint"]
    leaves(cast, "care")
    assert [(one.row, joint in one.heirs) for one in left_behind(cast.staff["head"])] == [(other, True)]
    change = {"ends_on": clock.today() - timedelta(days=1)} if is_over else {"role": "COMPARISON"}
    Participation.objects.filter(school=cast.schools["kersenboom"]).update(**change)
    found = {one.row: joint in one.heirs for one in left_behind(cast.staff["head"])}
    assert found == {hers: False, other: False}


def test_a_director_passes_on_what_the_own_people_left_and_nothing_of_the_school_s(cast: Cast) -> None:
    own, other = task_of(cast, "clb_vclb", "Dossier nakijken"), task_of(cast, "care", "Brillenwinkel")
    for key in ("clb_vclb", "care"):
        leaves(cast, key)
    words = page(cast, "director_vclb")
    assert own.what in words
    assert other.what not in words
    assert own.what not in page(cast, "director_go")
    assert own.what not in page(cast, "head_go")
    assert {own.what, other.what} <= {one.what for one in left_behind(cast.staff["head"])}


def test_who_may_not_see_the_child_gets_nothing(cast: Cast) -> None:
    task = task_of(cast, "care")
    leaves(cast, "care")
    for key in ("teacher_1a", "teacher_go", "partner"):
        assert give(cast, "head", **{f"taak-{task.pk}": cast.staff[key].pk}) == 422
    assert give(cast, "head", **{f"taak-{task.pk}": "²"}) == 422
    assert give(cast, "head") == 422
    assert give(cast, "head_go", **{f"taak-{task.pk}": cast.staff["teacher_3b"].pk}) == 422
    with pytest.raises(ValidationError):
        give_follow_up(follow_up=task, to=cast.staff["teacher_go"], by=cast.staff["head"])
    assert FollowUp.objects.get(pk=task.pk).owner == cast.staff["care"]


def test_one_wrong_line_keeps_all_of_them_and_what_was_chosen(cast: Cast) -> None:
    first, second = task_of(cast, "care"), task_of(cast, "care", "Brief vertalen")
    leaves(cast, "care")
    teacher = cast.staff["teacher_3b"]
    data = {f"taak-{first.pk}": teacher.pk, f"taak-{second.pk}": cast.staff["teacher_go"].pk}
    answer = cast.client("head").post(reverse("left_tasks"), data)
    assert answer.status_code == 422
    assert f'value="{teacher.pk}" selected' in answer.content.decode()
    assert FollowUp.objects.get(pk=first.pk).owner == cast.staff["care"]


def test_the_list_of_colleagues_leads_there(cast: Cast) -> None:
    listed = reverse("staff_list")
    assert reverse("left_tasks") in cast.client("head").get(listed).content.decode()
    assert reverse("left_tasks") not in cast.client("admin").get(listed).content.decode()


def test_a_question_says_since_when_it_waits_and_no_day_by_which_it_is_due(cast: Cast) -> None:
    question_of(cast, "care")
    leaves(cast, "care")
    shown = page(cast, "head")
    assert f"gesteld op {daydate(clock.today())}, nog geen antwoord" in shown
    assert f"tegen {daydate(clock.today())}" not in shown
    Thread.objects.update(waits_on=None)
    assert "nog geen antwoord" not in page(cast, "head")
