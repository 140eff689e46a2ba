"""Who was erased does not come back by the school's list: it is told in words, and everybody else comes in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from messaging.services.erasing import erase_guardian, erase_pupil
from parents.models import Guardian
from parents.roster.whole import WholePlan
from schools import clock
from schools.models import Enrolment, Pupil, School
from schools.roster.plan import Deed
from schools.roster.sentences import sentence_of
from tests import factories as make
from tests.roster.people import apply, small_roster

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(settings: Any, tmp_path: Path) -> School:
    settings.ERASED_FILE = tmp_path / "erased.txt"
    make.make_school_year()
    school = make.make_school()
    apply(small_roster(), school)
    return school


def leave(*children: str) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Enrolment.objects.filter(pupil__first_name__in=children).update(starts_on=yesterday, ends_on=yesterday)


def told(plan: WholePlan, code: str) -> list[str]:
    return [sentence_of(finding) for finding in plan.findings if finding.code == code]


def left_out(plan: WholePlan) -> list[str]:
    return [line.name for line in plan.lines if line.notes == [("erased", "")] and line.deed is Deed.LEAVE]


def test_an_erased_child_is_left_out_and_counted_as_left_alone(school: School) -> None:
    leave("Mila")
    with transaction.atomic():
        erase_pupil(pupil=Pupil.objects.get(first_name="Mila"), by=make.make_user("Operator"))
    plan = apply(small_roster(), school)
    assert not Pupil.objects.filter(first_name="Mila").exists()
    assert left_out(plan) == ["Mila Maes"]
    (sentence,) = told(plan, "plan_pupils_erased")
    assert sentence.startswith("1 ")
    counts = plan.counts()["pupil"]
    assert (counts["create"], counts["leave"]) == (0, 3), "the two who stayed and the one left out"
    assert Enrolment.objects.current().count() == 2


@pytest.mark.parametrize("number", ["g3", "g77"], ids=["under the old number", "under a new number"])
def test_an_erased_parent_is_left_out_also_when_the_list_numbers_anew(school: School, number: str) -> None:
    leave("Mila")
    with transaction.atomic():
        erase_guardian(guardian=Guardian.objects.get(first_name="Godelieve"), by=None)
    roster = small_roster()
    roster.guardians[2] = replace(roster.guardians[2], source_id=number)
    roster.links[4] = replace(roster.links[4], guardian_id=number)
    plan = apply(roster, school)
    assert not Guardian.objects.filter(first_name="Godelieve").exists()
    assert left_out(plan) == ["Godelieve Maes"]
    assert told(plan, "plan_guardians_erased")
    assert Pupil.objects.filter(first_name="Mila").exists(), "the child was not erased"


def test_somebody_else_of_the_same_name_comes_in(school: School) -> None:
    leave("Mila")
    with transaction.atomic():
        erase_guardian(guardian=Guardian.objects.get(first_name="Godelieve"), by=None)
    roster = small_roster()
    other = replace(roster.guardians[2], source_id="g77", emails=("godelieve@elders.example",))
    roster.guardians[2], roster.links[4] = other, replace(roster.links[4], guardian_id="g77")
    assert left_out(apply(roster, school)) == []
    assert Guardian.objects.filter(first_name="Godelieve", source_id="g77").exists()
