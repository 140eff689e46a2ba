"""What a parent chose or proved stays, whatever the school's list says; the preview tells of the difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from parents.models import ContactPoint, FamilyMembership, Guardian, Guardianship, Household, ReadingMode
from parents.roster.whole import WholePlan
from parents.services import change_language
from parents.services.wishes import choose_reading
from schools import clock
from schools.models import School
from schools.roster.rows import LanguageRow, Roster
from tests import factories as make
from tests.roster.people import apply, place, small_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    make.make_school_year()
    school = make.make_school()
    apply(small_roster(), school)
    return school


def with_parveen(**facts: object) -> Roster:
    roster = small_roster()
    roster.guardians[0] = replace(roster.guardians[0], **facts)  # type: ignore[arg-type]
    return roster


def notes(plan: WholePlan) -> list[tuple[str, str]]:
    return [note for line in plan.lines for note in line.notes]


def parveen() -> Guardian:
    return Guardian.objects.get(first_name="Parveen")


def test_a_language_that_the_parent_chose_stays(school: School) -> None:
    change_language(guardian=parveen(), language="en")
    plan = apply(small_roster(), school)
    assert parveen().contact_language == "en"
    assert ("own_language", "pa") in notes(plan)


def test_a_language_that_only_the_school_wrote_follows_the_list(school: School) -> None:
    apply(with_parveen(contact_language="fr"), school)
    assert parveen().contact_language == "fr"


def test_how_the_parent_reads_is_the_parents_word(school: School) -> None:
    choose_reading(guardian=parveen(), reading_mode=ReadingMode.ORAL_ONLY, preferred_channel="CALL")
    plan = apply(with_parveen(reading_mode="TEXT"), school)
    assert parveen().reading_mode == ReadingMode.ORAL_ONLY
    assert parveen().preferred_channel == "CALL"
    assert ("own_reading", "TEXT") in notes(plan)


def test_how_the_parent_reads_stays_when_the_access_log_no_longer_knows(school: School) -> None:
    Guardian.objects.filter(pk=parveen().pk).update(
        reading_mode=ReadingMode.ORAL_ONLY, reading_confirmed_on=clock.today()
    )
    apply(with_parveen(reading_mode="TEXT"), school)
    assert parveen().reading_mode == ReadingMode.ORAL_ONLY


def test_a_verified_address_stays_beside_the_one_on_the_list(school: School) -> None:
    ContactPoint.objects.filter(value="parveen@thuis.example").update(verified_on=clock.today())
    plan = apply(with_parveen(emails=("ander@thuis.example",)), school)
    usable = set(
        ContactPoint.objects.usable().filter(guardians=parveen(), kind="EMAIL").values_list("value", flat=True)
    )
    assert usable == {"parveen@thuis.example", "ander@thuis.example"}
    assert ("own_contact", "parveen@thuis.example") in notes(plan)


def test_an_unverified_address_gives_way(school: School) -> None:
    apply(with_parveen(emails=("ander@thuis.example",)), school)
    old = ContactPoint.objects.get(value="parveen@thuis.example")
    assert (old.valid_until, old.ended_because) == (clock.today(), "ROSTER")
    assert apply(with_parveen(emails=("ander@thuis.example",)), school).changes_nothing


def test_an_empty_column_wipes_nothing(school: School) -> None:
    plan = apply(with_parveen(emails=(), phones=(), street="", contact_language=None), school)
    assert plan.changes_nothing


def test_an_address_that_bounced_does_not_come_back(school: School) -> None:
    yesterday = clock.today() - timedelta(days=1)
    ContactPoint.objects.filter(value="parveen@thuis.example").update(
        valid_from=yesterday, valid_until=yesterday, ended_because="BOUNCED"
    )
    plan = apply(small_roster(), school)
    assert not ContactPoint.objects.usable().filter(value="parveen@thuis.example").exists()
    assert ("ended_contact", "parveen@thuis.example") in notes(plan)


def test_a_shared_number_that_one_leaves_stays_of_the_other(school: School) -> None:
    apply(with_parveen(phones=("+32470000099",)), school)
    number = ContactPoint.objects.get(value="+32470000011")
    assert number.is_usable
    assert list(number.guardians.values_list("first_name", flat=True)) == ["Jagdeep"]


def test_who_moves_alone_leaves_the_other_at_home(school: School) -> None:
    apply(with_parveen(street="Kersenstraat 9"), school)
    assert parveen().household != Guardian.objects.get(first_name="Jagdeep").household
    assert Household.objects.count() == 2


def test_a_household_that_moves_together_stays_one(school: School) -> None:
    roster = small_roster()
    roster.guardians[:2] = [replace(row, street="Kersenstraat 9") for row in roster.guardians[:2]]
    apply(roster, school)
    assert Household.objects.get().street == "Kersenstraat 9"


def test_authority_on_a_seen_paper_is_not_overwritten(school: School) -> None:
    roster = small_roster()
    roster.links[0] = replace(roster.links[0], authority="INFORMATION_ONLY")
    apply(roster, school)
    link = Guardianship.objects.get(pupil__first_name="Amrit", guardian__first_name="Parveen")
    assert (link.authority, link.may_decide, link.information_right) == ("INFORMATION_ONLY", False, True)
    Guardianship.objects.filter(pk=link.pk).update(basis_seen_on=clock.today())
    roster.links[0] = replace(roster.links[0], authority="SOLE")
    plan = apply(roster, school)
    link.refresh_from_db()
    assert link.authority == "INFORMATION_ONLY"
    assert ("seen_authority", "SOLE") in notes(plan)


def test_who_may_know_nothing_on_a_seen_paper_does_not_come_back_by_a_list_that_forgot_and_remembers(
    school: School,
) -> None:
    roster = small_roster()
    apply(roster, school)
    ties = Guardianship.objects.filter(pupil__first_name="Amrit", guardian__first_name="Jagdeep")
    for tie in ties:
        tie.give("NONE")
        tie.basis_seen_on = clock.today()
        tie.save()
    without = small_roster()
    without.links = [link for link in without.links if link.guardian_id != "g2"]
    without.guardians = [row for row in without.guardians if row.source_id != "g2"]
    apply(without, school)
    apply(roster, school)
    assert [(tie.authority, tie.information_right, tie.ends_on) for tie in ties.all()] == [("NONE", False, None)]


def test_an_adult_whom_the_list_no_longer_links_ends_with_a_date(school: School) -> None:
    roster = small_roster()
    roster.links = [link for link in roster.links if link.guardian_id != "g2"]
    roster.guardians = [row for row in roster.guardians if row.source_id != "g2"]
    plan = apply(roster, school)
    assert plan.counts()["guardian"]["end"] == 1
    assert not Guardianship.objects.filter(guardian__first_name="Jagdeep", ends_on=None).exists()
    assert Guardian.objects.filter(first_name="Jagdeep").exists()
    assert apply(roster, school).changes_nothing


def test_a_guardian_whom_the_portal_added_by_hand_stays(school: School) -> None:
    pupil = Guardianship.objects.filter(pupil__first_name="Amrit")[0].pupil
    make.make_guardian([pupil])
    assert apply(small_roster(), school).changes_nothing


def test_a_second_file_says_languages_of_those_who_are_here(school: School) -> None:
    said = [
        LanguageRow(place(), guardian_id="g2", contact_language="en"),
        LanguageRow(place(), pupil_id="p3", contact_language="fr", home_language="fr"),
    ]
    roster = Roster("wisa", complete=False, languages=said)
    plan = apply(roster, school)
    assert plan.counts()["guardian"]["change"] == 2
    assert Guardian.objects.get(first_name="Jagdeep").contact_language == "en"
    assert Guardian.objects.get(first_name="Godelieve").contact_language == "fr"
    assert FamilyMembership.objects.get(pupil__first_name="Mila").family.home_language == "fr"
    assert apply(roster, school).changes_nothing
