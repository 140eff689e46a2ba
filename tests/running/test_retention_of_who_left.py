"""Numbers, names and addresses of families that left go, each after its own time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from parents.models import CalendarFeed, ContactPoint, ContactRequest, FamilyMatch, Guardian, Household
from parents.services import join_families
from parents.services.homes import Address, move_home
from schools import clock
from schools.models import Enrolment, Pupil
from tests.cast import Cast
from tests.running.nights import keep, would
from tests.running.test_retention import hold

pytestmark = pytest.mark.django_db


class TestWhoLeft:
    @pytest.fixture
    def left(self, cast: Cast) -> date:
        """Yusuf leaves today; Simran's brother stays at the other school."""
        day = clock.today()
        Enrolment.objects.filter(pupil__in=[cast.pupils["yusuf"], cast.pupils["simran"]]).update(ends_on=day)
        return day

    def test_keeps_numbers_and_addresses_for_three_months(self, cast: Cast, left: date) -> None:
        keep(left + timedelta(days=92))
        father = cast.guardians["separated_father"]
        assert father.point_uses.exists()
        keep(left + timedelta(days=93))
        father.refresh_from_db()
        assert not father.point_uses.exists()
        assert father.household is None
        assert father.first_name == "Karim"
        assert not ContactPoint.objects.filter(value="karim@elders.example").exists()

    def test_keeps_those_of_a_parent_with_another_child_at_a_school(self, cast: Cast, left: date) -> None:
        keep(left + timedelta(days=700))
        mother, grandfather = cast.guardians["mother"], cast.guardians["grandfather"]
        assert mother.point_uses.count() == 2
        assert not grandfather.point_uses.exists()
        shared = ContactPoint.objects.get(value="+32470000001")
        assert shared.is_usable, "the mother still uses it"

    def test_who_answers_for_no_child_any_more_keeps_no_number_for_longer(self, cast: Cast) -> None:
        father, day = cast.guardians["separated_father"], clock.today()
        father.guardianships.update(ends_on=day)
        keep(day + timedelta(days=92))
        assert father.point_uses.exists()
        assert keep(day + timedelta(days=93))["guardians without a child at school who keep no number and address"] == 1
        assert not father.point_uses.exists()
        assert cast.guardians["separated_mother"].point_uses.count() == 2

    def test_nor_the_name(self, cast: Cast) -> None:
        father, day = cast.guardians["separated_father"], clock.today()
        father.guardianships.update(ends_on=day)
        keep(day + timedelta(days=550))
        assert Guardian.objects.get(pk=father.pk).first_name == "Karim"
        keep(day + timedelta(days=551))
        assert Guardian.objects.get(pk=father.pk).first_name == ""
        assert Pupil.objects.get(pk=cast.pupils["yusuf"].pk).first_name == "Yusuf"

    def test_nor_what_was_asked_by_who_had_no_number_yet(self, cast: Cast, left: date) -> None:
        father = cast.guardians["separated_father"]
        wish = {"kind": "PHONE", "value": "+32470000077", "is_proven": False}
        ContactRequest.objects.create(guardian=father, asked_at=clock.now(), **wish)
        father.point_uses.all().delete()
        Guardian.objects.filter(pk=father.pk).update(household=None)
        keep(left + timedelta(days=92))
        assert ContactRequest.objects.exists()
        keep(left + timedelta(days=93))
        assert not ContactRequest.objects.exists()

    def test_whose_right_ended_fetches_no_calendar(self, cast: Cast) -> None:
        father, words = cast.guardians["separated_father"], "calendar links of who has no rights any more"
        CalendarFeed.objects.create(guardian=father, digest="f" * 64, made_at=clock.now())
        assert words not in would(clock.today())
        father.guardianships.update(information_right=False, may_receive=False)
        assert keep(clock.today())[words] == 1

    def test_that_two_families_are_one_stays_known_while_one_of_them_is(self, cast: Cast) -> None:
        words = "families that may be one, and what was decided"
        first, second = sorted((cast.families["kaur"], cast.families["haddad"]), key=lambda family: family.pk)
        match = FamilyMatch.objects.create(first=first, second=second, score=60, found_at=clock.now())
        join_families(match=match, by=cast.staff["joint"])
        assert words not in would(clock.today())
        Pupil.objects.update(first_name="", last_name="", birth_date=None)
        assert keep(clock.today())[words] == 1

    def test_an_address_goes_once_nobody_lives_there(self, cast: Cast) -> None:
        mother, grandfather = cast.guardians["mother"], cast.guardians["grandfather"]
        left, words = mother.household, "addresses that everybody moved away from"
        assert left is not None
        assert words not in would(clock.today())
        there = Address(grandfather.household.street, "3800", "Sint-Truiden")  # type: ignore[union-attr]
        move_home(
            pupil=cast.pupils["simran"], people=[mother], address=there, by=cast.staff["head"],
            school=cast.schools["kersenboom"],
        )  # fmt: skip
        assert keep(clock.today())[words] == 1
        assert not Household.objects.filter(pk=left.pk).exists()
        mother.refresh_from_db()
        assert mother.household_id == grandfather.household_id

    def test_names_go_later_and_rows_stay(self, cast: Cast, left: date) -> None:
        guardians, pupils = Guardian.objects.count(), Pupil.objects.count()
        keep(left + timedelta(days=550))
        assert Pupil.objects.get(pk=cast.pupils["yusuf"].pk).first_name == "Yusuf"
        keep(left + timedelta(days=551))
        child, father = (
            Pupil.objects.get(pk=cast.pupils["yusuf"].pk),
            Guardian.objects.get(last_name="", pk=cast.guardians["separated_father"].pk),
        )
        assert (child.first_name, child.last_name, child.birth_date) == ("", "", None)
        assert (father.first_name, father.may_be_contacted) == ("", False)
        assert (Guardian.objects.count(), Pupil.objects.count()) == (guardians, pupils)

    def test_what_was_still_to_do_for_a_child_goes_with_its_name(self, cast: Cast, left: date) -> None:
        assert cast.follow_up is not None
        keep(left + timedelta(days=549))
        cast.follow_up.refresh_from_db()
        assert cast.follow_up.what == "Bring the library card"
        Enrolment.objects.filter(pupil=cast.pupils["gurjot"]).update(ends_on=left)
        keep(left + timedelta(days=551))
        cast.follow_up.refresh_from_db()
        assert (cast.follow_up.what, cast.follow_up.status) == ("–", "DROPPED")

    def test_a_held_family_stays_whole(self, cast: Cast, left: date) -> None:
        hold(cast, "haddad", left + timedelta(days=800))
        keep(left + timedelta(days=700))
        assert cast.guardians["separated_father"].point_uses.exists()
        assert Pupil.objects.get(pk=cast.pupils["yusuf"].pk).first_name == "Yusuf"
