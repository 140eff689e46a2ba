"""One person under two numbers of the school's own system: the list says so, and a parent can be joined for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from messaging.services.erasing import erase_guardian
from parents.models import ContactPoint, Guardian, Guardianship
from parents.roster.outright import bring_in
from parents.roster.whole import WholePlan
from parents.services import join_guardians
from schools.models import Pupil, School, User
from schools.roster.plan import Deed
from schools.roster.rows import ClassRow, GuardianRow, LinkRow, Place, PupilRow, Roster
from schools.roster.sentences import sentence_of

pytestmark = pytest.mark.django_db
AT = Place("lijst.csv", 2)
BORN = date(2018, 4, 3)
MOTHERS = (
    GuardianRow(AT, "G1", "Parveen", "Kaur", emails=("parveen@thuis.example",), phones=("+32470001111",)),
    GuardianRow(AT, "G2", "PARVEEN", "Kaur", phones=("+32470002222",)),
)


def roster(*guardians: GuardianRow, pupils: tuple[str, ...] = ("L1",), complete: bool = True) -> Roster:
    return Roster(
        "wisa",
        complete=complete,
        classes=[ClassRow(AT, "k1", "3B")],
        pupils=[PupilRow(AT, number, "Arjan", "Singh", BORN, "k1") for number in pupils],
        guardians=list(guardians),
        links=[LinkRow(AT, "L1", row.source_id) for row in guardians],
    )


def brought(school: School, content: Roster) -> WholePlan:
    (plan,) = bring_in(content, [school], many_leave=True)
    return plan


def told(plan: WholePlan, code: str) -> list[str]:
    return [sentence_of(finding) for finding in plan.findings if finding.code == code]


def numbers_of(guardian: Guardian) -> set[str]:
    usable = ContactPoint.objects.usable().filter(uses__guardian=guardian, kind="PHONE")
    return set(usable.values_list("value", flat=True))


def test_a_child_under_two_numbers_is_told_with_what_to_do(school: School) -> None:
    plan = brought(school, roster(MOTHERS[0], pupils=("L1", "L2")))
    (sentence,) = told(plan, "plan_pupil_double")
    assert "L1" in sentence
    assert "L2" in sentence
    assert not plan.has_errors
    assert not told(brought(school, roster(MOTHERS[0])), "plan_pupil_double")
    assert Pupil.objects.filter(enrolments__ends_on__isnull=True).count() == 1, "the next list lets the second leave"


def test_a_parent_under_two_numbers_is_told(school: School) -> None:
    (sentence,) = told(brought(school, roster(*MOTHERS)), "plan_guardian_double")
    assert "PARVEEN Kaur" in sentence
    assert Guardian.objects.count() == 2


def test_who_left_the_list_or_has_another_name_is_no_double(school: School) -> None:
    other = replace(MOTHERS[1], first_name="Simran")
    assert not told(brought(school, roster(MOTHERS[0], other)), "plan_guardian_double")
    gone = replace(MOTHERS[1], ended=True)
    assert not told(brought(school, roster(MOTHERS[0], gone)), "plan_guardian_double")


class TestJoined:
    @pytest.fixture
    def kept(self, school: School, office: User) -> Guardian:
        brought(school, roster(*MOTHERS))
        first, second = Guardian.objects.order_by("source_id")
        return join_guardians(first=first, second=second, school=school, by=office)

    def test_the_next_list_knows_both_numbers_as_one_parent(self, school: School, kept: Guardian) -> None:
        plan = brought(school, roster(*MOTHERS))
        assert plan.changes_nothing, [line for line in plan.lines if line.deed is not Deed.LEAVE]
        assert not told(plan, "plan_guardian_double")
        assert Guardian.objects.filter(merged_into=None).count() == 1
        assert numbers_of(kept) == {"+32470001111", "+32470002222"}

    @pytest.mark.parametrize("stays", [0, 1])
    def test_one_number_that_is_gone_changes_no_right(self, school: School, kept: Guardian, stays: int) -> None:
        brought(school, roster(MOTHERS[stays], replace(MOTHERS[1 - stays], ended=True)))
        brought(school, roster(MOTHERS[stays]))
        assert Guardianship.objects.current().get().guardian == kept
        assert numbers_of(kept) == {MOTHERS[stays].phones[0]}
        assert brought(school, roster(MOTHERS[stays])).changes_nothing

    def test_both_numbers_gone_the_tie_ends(self, school: School, kept: Guardian) -> None:
        gone = [replace(row, ended=True) for row in MOTHERS]
        brought(school, roster(*gone))
        assert Guardianship.objects.get().ends_on is not None

    def test_who_is_erased_comes_back_under_neither(self, school: School, kept: Guardian) -> None:
        erase_guardian(guardian=kept, by=None)
        brought(school, roster(*MOTHERS))
        assert not Guardian.objects.exclude(first_name="").exists()
