"""A last day that was said holds: neither the next school year nor taking it back lets anybody stay longer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from schools import clock
from schools.models import Assignment, Enrolment, PostDecision, Role, Rollover, User
from schools.postreview import undecided
from schools.rollover import Choices, plan_rollover, years_to_change
from schools.scope import scope_of
from schools.services import roll_over, staffing, undo_rollover
from schools.services.enrolling import let_leave
from schools.services.postreview import Decision, decide_posts, take_decision_back
from tests.cast import Cast
from tests.schools.posts import august, coming, on, post_of, town_before_september

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return town_before_september()


def yesterday() -> date:
    return clock.today() - timedelta(days=1)


def roll(cast: Cast, choices: Choices | None = None) -> Rollover:
    school, chosen = cast.schools["kersenboom"], choices or Choices()
    years = years_to_change(school)
    assert years
    plan = plan_rollover(school=school, from_year=years[0], to_year=years[1], choices=chosen)
    return roll_over(plan=plan, choices=chosen, by=cast.staff["head"])


def place_of(cast: Cast, pupil: str) -> Enrolment:
    return cast.pupils[pupil].enrolments.filter(school=cast.schools["kersenboom"]).earliest("starts_on")


def last_day_of(row: Any) -> date | None:
    row.refresh_from_db()
    found: date | None = row.ends_on
    return found


class TestPostThatIsStillToBegin:
    def given(self, cast: Cast, email: str) -> Assignment:
        in_autumn = staffing.Post(
            role=Role.CARE_COORDINATOR, school=cast.schools["kersenboom"], starts_on=coming().starts_on
        )
        return staffing.appoint(email=email, name="Noor Willems", language="nl", post=in_autumn, by=cast.staff["head"])

    @pytest.mark.parametrize("days", [0, 7])
    def test_a_day_before_its_first_opens_nothing_on_that_day(self, cast: Cast, days: int) -> None:
        post = self.given(cast, "noor.willems@kersenboom.example")
        staffing.end_post(post=post, last_day=clock.today() + timedelta(days=days), by=cast.staff["head"])
        assert not scope_of(User.objects.get(pk=post.user_id)).roles
        assert not Assignment.objects.filter(user=post.user_id, ends_on__gte=clock.today()).exists()

    def test_it_is_taken_back_also_beside_the_same_post_of_this_year(self, cast: Cast) -> None:
        running = post_of(cast, "care")
        post = self.given(cast, running.user.email)
        data = {"post": post.pk, f"post{post.pk}-ends_on": yesterday().isoformat()}
        assert cast.client("head").post(reverse("staff_person", args=[post.user_id]), data).status_code == 302
        assert last_day_of(post) == yesterday()
        assert scope_of(User.objects.get(pk=post.user_id)).roles == {Role.CARE_COORDINATOR}

    def test_nobody_is_asked_whether_it_goes_on(self, cast: Cast) -> None:
        post = self.given(cast, "noor.willems@kersenboom.example")
        with on(august(cast) - timedelta(days=5)):
            staffing.end_post(post=post, last_day=clock.today(), by=cast.staff["head"])
            assert not undecided(Assignment.objects.filter(pk=post.pk), coming()).exists()


class TestDecisionAboutAPost:
    def test_who_stopped_since_does_not_come_back_with_it(self, cast: Cast) -> None:
        post = post_of(cast, "care")
        decide_posts(decisions=[Decision(post=post, kind=PostDecision.Kind.KEPT)], year=coming(), by=cast.staff["head"])
        staffing.end_post(post=post, last_day=yesterday(), by=cast.staff["head"])
        take_decision_back(decision=PostDecision.objects.get(), by=cast.staff["head"])
        assert last_day_of(post) == yesterday()
        assert Assignment.objects.filter(user=post.user_id).count() == 1


class TestNextSchoolYear:
    def test_who_stopped_since_does_not_come_back_with_it(self, cast: Cast) -> None:
        row, post = roll(cast), post_of(cast, "care")
        staffing.end_post(post=post, last_day=yesterday(), by=cast.staff["head"])
        undo_rollover(rollover=row, by=cast.staff["head"])
        assert last_day_of(post) == yesterday()

    def test_a_child_that_left_since_does_not_come_back_with_it(self, cast: Cast) -> None:
        row = roll(cast)
        let_leave(
            pupil=cast.pupils["yusuf"],
            school=cast.schools["kersenboom"],
            last_day=clock.today(),
            by=cast.staff["head"],
        )
        undo_rollover(rollover=row, by=cast.staff["head"])
        assert last_day_of(place_of(cast, "yusuf")) == clock.today()

    def test_whose_last_day_is_in_june_is_not_kept_until_august(self, cast: Cast) -> None:
        june, post, place = cast.year.ends_on, post_of(cast, "care"), place_of(cast, "yusuf")
        Assignment.objects.filter(pk=post.pk).update(ends_on=june)
        Enrolment.objects.filter(pk=place.pk).update(ends_on=june)
        roll(cast, Choices(posts=frozenset(), leaves={place.pk}))
        assert (last_day_of(post), last_day_of(place)) == (june, june)

    def test_a_child_that_moves_up_is_in_the_old_class_through_the_summer(self, cast: Cast) -> None:
        place = place_of(cast, "yusuf")
        Enrolment.objects.filter(pk=place.pk).update(ends_on=cast.year.ends_on)
        roll(cast, Choices(leaves=frozenset()))
        assert last_day_of(place) == coming().starts_on - timedelta(days=1)
