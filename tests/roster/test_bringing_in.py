"""A school's list comes into an empty school, and a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from parents.models import ContactPoint, Family, FamilyMembership, Guardian, Guardianship, Household
from parents.roster.whole import plan_whole
from schools import clock
from schools.models import Enrolment, Pupil, School, SchoolClass
from schools.roster.rows import Finding, Place, Roster, Severity
from tests import factories as make
from tests.roster.people import a_class, a_link, a_pupil, an_adult, apply, small_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    make.make_school_year()
    return make.make_school()


def deeds(roster: Roster, school: School) -> dict[str, dict[str, int]]:
    counts = plan_whole(roster, school).counts()
    return {
        kind: {deed: count for deed, count in counts[kind].items() if count} for kind in ("class", "pupil", "guardian")
    }


def test_an_empty_school_is_filled(school: School) -> None:
    plan = apply(small_roster(), school)
    assert deeds(small_roster(), school) == {"class": {"leave": 2}, "pupil": {"leave": 3}, "guardian": {"leave": 3}}
    assert plan.counts()["pupil"]["create"] == 3
    amrit = Pupil.objects.get(first_name="Amrit")
    assert amrit.enrolments.get().school_class.name == "3B"
    parveen = Guardian.objects.get(first_name="Parveen")
    assert parveen.contact_language == "pa"
    assert parveen.language_confirmed_on is None, "nobody asked the parent yet"
    assert set(Guardianship.objects.filter(guardian=parveen).values_list("pupil__first_name", flat=True)) == {
        "Amrit",
        "Jasleen",
    }
    assert set(parveen.contact_points.values_list("value", flat=True)) == {"parveen@thuis.example", "+32470000011"}
    assert plan.adults.without_language == 1


def test_parents_of_a_child_at_one_address_share_a_household(school: School) -> None:
    apply(small_roster(), school)
    assert Household.objects.get().guardians.count() == 2


def test_a_number_of_two_people_is_marked_as_shared(school: School) -> None:
    apply(small_roster(), school)
    assert ContactPoint.objects.get(value="+32470000011").is_shared
    assert not ContactPoint.objects.get(value="parveen@thuis.example").is_shared


def test_children_who_share_a_guardian_are_one_family(school: School) -> None:
    apply(small_roster(), school)
    assert Family.objects.count() == 2
    gill = FamilyMembership.objects.get(pupil__first_name="Amrit").family
    assert gill == FamilyMembership.objects.get(pupil__first_name="Jasleen").family
    assert gill.home_language == "pa"


def test_a_family_does_not_chain(school: School) -> None:
    """Noor shares a mother with Sam and a father with Lien, who share nobody."""
    roster = Roster(
        "wisa",
        classes=[a_class()],
        pupils=[a_pupil("sam", "Sam"), a_pupil("noor", "Noor"), a_pupil("lien", "Lien")],
        guardians=[an_adult("mother", "An"), an_adult("father", "Bert")],
        links=[a_link("sam", "mother"), a_link("noor", "mother"), a_link("noor", "father"), a_link("lien", "father")],
    )
    apply(roster, school)
    families = {row.pupil.first_name: row.family_id for row in FamilyMembership.objects.select_related("pupil")}
    assert families["Sam"] == families["Noor"] != families["Lien"]


def test_a_surname_makes_no_family(school: School) -> None:
    roster = Roster(
        "wisa",
        classes=[a_class()],
        pupils=[a_pupil("a", "Simran Kaur"), a_pupil("b", "Kiran Kaur"), a_pupil("c", "Ahmad")],
        guardians=[an_adult("x", "Harpreet Kaur"), an_adult("y", "Manpreet Kaur"), an_adult("z", "Zalmai")],
        links=[a_link("a", "x"), a_link("b", "y"), a_link("c", "z")],
    )
    apply(roster, school)
    assert Family.objects.count() == 3
    assert Pupil.objects.get(first_name="Ahmad").last_name == "", "one name alone is a whole name"


def test_a_second_time_changes_nothing_and_says_so(school: School) -> None:
    apply(small_roster(), school)
    plan = apply(small_roster(), school)
    assert plan.changes_nothing
    assert [model.objects.count() for model in (Pupil, Guardian, Enrolment, Guardianship, Family)] == [3, 3, 3, 5, 2]


def test_a_child_that_changes_class_moves_with_a_date(school: School) -> None:
    roster = small_roster()
    apply(roster, school)
    roster.pupils[0] = replace(roster.pupils[0], class_id="k-1A")
    Enrolment.objects.filter(pupil__first_name="Amrit").update(starts_on=clock.today() - timedelta(days=20))
    plan = apply(roster, school)
    assert plan.counts()["pupil"]["change"] == 1
    before, after = Enrolment.objects.filter(pupil__first_name="Amrit").order_by("starts_on")
    assert (before.school_class.name, before.ends_on) == ("3B", clock.today() - timedelta(days=1))
    assert (after.school_class.name, after.starts_on, after.ends_on) == ("1A", clock.today(), None)
    assert apply(roster, school).changes_nothing


def test_whoever_is_not_on_a_complete_list_has_left(school: School) -> None:
    apply(small_roster(), school)
    roster = small_roster()
    roster.pupils.pop()
    plan = apply(roster, school)
    assert plan.counts()["pupil"]["end"] == 1
    assert plan.lets_many_leave, "one of three is more than a fifth"
    assert Enrolment.objects.get(pupil__first_name="Mila").ends_on == clock.today()
    assert Pupil.objects.filter(first_name="Mila").exists()
    assert apply(roster, school).changes_nothing


def test_a_child_that_left_by_mistake_comes_back(school: School) -> None:
    apply(small_roster(), school)
    without = small_roster()
    without.pupils.pop()
    apply(without, school)
    apply(small_roster(), school)
    assert Enrolment.objects.get(pupil__first_name="Mila").ends_on is None


def test_a_delta_ends_only_what_it_names(school: School) -> None:
    apply(small_roster(), school)
    last_day = clock.today() - timedelta(days=3)
    Enrolment.objects.update(starts_on=last_day - timedelta(days=30))
    gone = a_pupil("p3", "Mila Maes", "", ended=True, ends_on=last_day)
    plan = apply(Roster("wisa", complete=False, pupils=[gone]), school)
    assert plan.counts()["pupil"] == {"create": 0, "change": 0, "end": 1, "leave": 0}
    assert Enrolment.objects.get(pupil__first_name="Mila").ends_on == last_day
    assert Enrolment.objects.get(pupil__first_name="Amrit").ends_on is None


def test_a_delta_changes_a_guardian_whose_children_it_does_not_name(school: School) -> None:
    apply(small_roster(), school)
    roster = Roster("wisa", complete=False, guardians=[an_adult("g3", "Godelieve Maes", phones=("+32470000033",))])
    apply(roster, school)
    assert ContactPoint.objects.filter(value="+32470000033", guardians__first_name="Godelieve").exists()


def test_a_new_sister_joins_the_family(school: School) -> None:
    apply(small_roster(), school)
    roster = Roster(
        "wisa",
        complete=False,
        classes=[a_class("1A")],
        pupils=[a_pupil("p9", "Kiran Gill", "1A")],
        guardians=[an_adult("g1", "Parveen Gill")],
        links=[a_link("p9", "g1")],
    )
    apply(roster, school)
    assert Family.objects.count() == 2
    amrit, kiran = (FamilyMembership.objects.get(pupil__first_name=name).family_id for name in ("Amrit", "Kiran"))
    assert amrit == kiran


def test_children_known_by_name_and_birth_are_taken_over_not_doubled(school: School) -> None:
    room = make.make_class(school, "3B")
    here = make.make_pupil(room, "Amrit")
    Pupil.objects.filter(pk=here.pk).update(last_name="gill", birth_date=date(2018, 3, 14))
    plan = apply(small_roster(), school)
    here.refresh_from_db()
    assert (here.source_id, here.last_name) == ("p1", "Gill")
    assert Pupil.objects.count() == 3
    line = next(line for line in plan.lines if line.name == "Amrit Gill")
    assert ("same_person", "") in line.notes
    assert apply(small_roster(), school).changes_nothing


def test_of_two_with_one_name_none_is_taken(school: School) -> None:
    room = make.make_class(school, "3B")
    for _number in range(2):
        twin = make.make_pupil(room, "Amrit")
        Pupil.objects.filter(pk=twin.pk).update(last_name="Gill", birth_date=date(2018, 3, 14))
    plan = plan_whole(small_roster(), school)
    assert "plan_several_same" in {finding.code for finding in plan.findings}


def test_the_same_number_at_another_school_is_another_child(school: School) -> None:
    apply(small_roster(), school)
    other = make.make_school()
    apply(small_roster(), other)
    assert Pupil.objects.filter(source_id="p1").count() == 2
    assert Guardian.objects.filter(source_id="g1").count() == 2
    assert apply(small_roster(), school).changes_nothing


def test_a_class_without_a_level_gets_that_of_its_children(school: School) -> None:
    first = clock.today().year - (clock.today().month < 9)
    roster = Roster(
        "wisa",
        classes=[a_class("Kikkers", level="")],
        pupils=[a_pupil("p1", "Amrit", "Kikkers", birth_date=date(first - 4, 5, 1))],
    )
    plan = apply(roster, school)
    assert SchoolClass.objects.get(name="Kikkers").level == "K2"
    assert "plan_level_by_age" in {finding.code for finding in plan.findings}


def test_the_level_of_a_class_is_asked_about_once_and_not_when_it_is_known(school: School) -> None:
    first = clock.today().year - (clock.today().month < 9)
    unclear = Finding(Severity.WARNING, "class_without_level", Place(""), {"name": "Kikkers"})
    roster = Roster(
        "wisa",
        classes=[a_class("Kikkers", level="")],
        pupils=[a_pupil("p1", "Amrit", "Kikkers", birth_date=date(first - 4, 5, 1))],
        findings=[unclear],
    )
    new = {finding.code for finding in apply(roster, school).findings}
    assert new & {"class_without_level", "plan_level_by_age"} == {"plan_level_by_age"}
    known = {finding.code for finding in plan_whole(roster, school).findings}
    assert not known & {"class_without_level", "plan_level_by_age"}


def test_a_class_of_which_nobody_knows_the_level_stops_the_roster(school: School) -> None:
    roster = Roster("wisa", classes=[a_class("Kikkers", level="")])
    assert plan_whole(roster, school).has_errors
