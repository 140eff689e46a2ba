"""Who goes on next school year: each post is decided about on one page, and what nobody decided ends by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from schools import clock
from schools.models import (
    Assignment,
    AuditEntry,
    PostDecision,
    Project,
    Role,
    SchoolClass,
    SchoolYear,
    StaffInvitation,
    User,
)
from schools.postreview import undecided, until_when, waiting_for
from schools.rollover import Choices, plan_rollover, years_to_change
from schools.scope import scope_of
from schools.services import roll_over, undo_rollover
from schools.services.postreview import Decision, decide_posts
from schools.staffing import remit_of
from tests.cast import Cast, build_cast, make_account
from tests.schools.posts import august, coming, on, post_of, town_before_september

pytestmark = pytest.mark.django_db
Kind = PostDecision.Kind


@pytest.fixture
def cast() -> Cast:
    return town_before_september()


def line(post: Assignment, kind: str, **more: Any) -> dict[str, Any]:
    """What a line of the page sends; as it came unless it is said otherwise."""
    usual = {"kind": kind, "share": post.share, "until": august_after(post).isoformat()} | more
    return {"posts": [post.pk]} | {f"post{post.pk}-{name}": value for name, value in usual.items()}


def august_after(post: Assignment) -> date:
    first = coming().starts_on
    return first.replace(year=first.year + 1) - timedelta(days=1)


def send(cast: Cast, key: str, data: dict[str, Any]) -> Any:
    return cast.client(key).post(reverse("post_review"), data)


def shown(cast: Cast, key: str, **query: str) -> str:
    return cast.client(key).get(reverse("post_review"), query).content.decode()


def waits(cast: Cast, key: str) -> set[User]:
    rows: QuerySet[Assignment] = waiting_for(remit_of(scope_of(cast.staff[key])), coming())
    return {row.user for row in rows}


class TestWhoDecides:
    def test_each_decides_about_the_own_place_and_nobody_about_oneself(self, cast: Cast) -> None:
        staff = cast.staff
        assert waits(cast, "head") == {staff[key] for key in ("teacher_3b", "teacher_1a", "care", "office")}
        assert waits(cast, "director_vclb") == {staff["clb_vclb"]}
        assert waits(cast, "admin") >= {staff[key] for key in ("head", "director_go", "joint", "coordinator")}
        assert staff["teacher_3b"] not in waits(cast, "admin")
        page = shown(cast, "head")
        assert escape(staff["office"].full_name) in page
        assert escape(staff["teacher_go"].full_name) not in page

    def test_an_administrator_may_decide_where_a_head_does_not(self, cast: Cast) -> None:
        name = escape(cast.staff["teacher_3b"].full_name)
        assert name not in shown(cast, "admin")
        assert name in shown(cast, "admin", toon="anderen")
        Assignment.objects.filter(role=Role.HEAD).update(ends_on=clock.today() - timedelta(days=1))
        assert name in shown(cast, "admin")

    def test_a_post_of_another_place_is_not_decided_about(self, cast: Cast) -> None:
        post = post_of(cast, "office")
        assert send(cast, "head_go", line(post, Kind.ENDED)).status_code == 422
        assert send(cast, "director_vclb", line(post, Kind.ENDED)).status_code == 422
        assert not PostDecision.objects.exists()


class TestThePage:
    def test_the_own_post_waits_for_somebody_else_until_it_is_decided(self, cast: Cast) -> None:
        assert "beslist iemand anders" in shown(cast, "head")
        assert send(cast, "admin", line(post_of(cast, "head"), Kind.KEPT)).status_code == 302
        assert "beslist iemand anders" not in shown(cast, "head")

    def test_a_post_is_one_line_and_what_becomes_of_it_is_folded(self, cast: Cast) -> None:
        page = shown(cast, "head")
        assert page.count('<details class="disclosure">') == len(waits(cast, "head"))
        assert '<details class="disclosure" open' not in page
        name = escape(cast.staff["care"].full_name)
        assert f"<span><bdi>{name}</bdi>" in page, "whose it is stands on the line"

    def test_more_decided_posts_of_a_centre_cost_no_more_queries(self, cast: Cast) -> None:
        client, url = cast.client("director_vclb"), f"{reverse('post_review')}?toon=beslist"
        send(cast, "director_vclb", line(post_of(cast, "clb_vclb"), Kind.KEPT))

        def counted() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            return len(queries)

        counted()
        few = counted()
        for number in range(3):
            post = post_of(cast, "clb_vclb")
            post.pk, post.user = None, make_account(f"clb{number}@school.example", f"Clb {number}")
            post.save()
            send(cast, "director_vclb", line(post, Kind.KEPT))
        assert PostDecision.objects.count() == 4
        assert counted() == few

    def test_what_was_filled_in_and_not_kept_stands_open(self, cast: Cast) -> None:
        post = post_of(cast, "office")
        page = send(cast, "head", line(post, Kind.KEPT, share=50)).content.decode()
        assert page.count('<details class="disclosure" open>') == 1

    def test_posts_of_one_role_or_one_class(self, cast: Cast) -> None:
        room = post_of(cast, "teacher_3b").school_class
        assert room is not None
        teacher, other, office = (escape(cast.staff[key].full_name) for key in ("teacher_3b", "teacher_1a", "office"))
        page = shown(cast, "head", rol=Role.TEACHER)
        assert teacher in page
        assert other in page
        assert f"<bdi>{office}</bdi>" not in page
        page = shown(cast, "head", klas=str(room.pk))
        assert f"<bdi>{teacher}</bdi>" in page
        assert f"<bdi>{other}</bdi>" not in page
        for nonsense in ({"rol": "KING"}, {"klas": "x"}, {"klas": "9" * 30}):
            assert f"<bdi>{office}</bdi>" in shown(cast, "head", **nonsense)

    def test_who_decided_stays_in_the_list_that_was_chosen(self, cast: Cast) -> None:
        post, address = post_of(cast, "care"), f"{reverse('post_review')}?rol={Role.CARE_COORDINATOR}"
        onward = cast.client("head").post(address, line(post, Kind.ENDED)).headers["Location"]
        assert onward.endswith(f"?rol={Role.CARE_COORDINATOR}")
        assert "Over elke opdracht in deze lijst is beslist." in cast.client("head").get(onward).content.decode()


class TestDecided:
    def test_a_post_goes_on_from_1_september_until_the_next_31_august(self, cast: Cast) -> None:
        post = post_of(cast, "care")
        assert send(cast, "head", line(post, Kind.KEPT)).status_code == 302
        post.refresh_from_db()
        assert post.ends_on == august(cast), "last year's post stays what it was"
        new = Assignment.objects.on(coming().starts_on).get(user=post.user)
        assert (new.starts_on, new.ends_on, new.role) == (coming().starts_on, august_after(post), post.role)
        assert post.user not in waits(cast, "head")
        row = AuditEntry.objects.get(verb="decided about a post of the next school year")
        assert (row.actor, row.target_id) == (cast.staff["head"], post.pk)
        page = shown(cast, "head", toon="beslist")
        assert escape(post.user.full_name) in page
        assert escape(cast.staff["head"].full_name) in page

    def test_another_share_and_last_day_are_a_change_that_is_said(self, cast: Cast) -> None:
        post, until = post_of(cast, "office"), coming().ends_on
        answer = send(cast, "head", line(post, Kind.KEPT, share=50))
        assert answer.status_code == 422
        assert 'value="50"' in answer.content.decode(), "what was filled in stays"
        assert not PostDecision.objects.exists()
        assert send(cast, "head", line(post, Kind.CHANGED, share=50, until=until.isoformat())).status_code == 302
        new = PostDecision.objects.get().renewal
        assert new is not None
        assert (new.share, new.ends_on) == (50, until)

    def test_a_post_that_ends_opens_nothing_from_1_september(self, cast: Cast) -> None:
        post = post_of(cast, "care")
        browser = cast.client("care")
        assert send(cast, "head", line(post, Kind.ENDED)).status_code == 302
        assert browser.get(reverse("my_week")).status_code == 200
        with on(coming().starts_on):
            assert not scope_of(User.objects.get(pk=post.user_id)).roles

    def test_what_nobody_decided_ends_on_its_own_last_day(self, cast: Cast) -> None:
        post = post_of(cast, "care")
        assert send(cast, "head", line(post, "")).status_code == 422, "nothing was chosen"
        with on(coming().starts_on):
            assert not scope_of(User.objects.get(pk=post.user_id)).roles

    def test_a_teacher_goes_on_in_a_class_of_next_year(self, cast: Cast) -> None:
        post = post_of(cast, "teacher_3b")
        refused = send(cast, "head", line(post, Kind.KEPT))
        assert refused.status_code == 422
        assert f'<a href="{reverse("school_rollover")}">' in refused.content.decode(), "where such a class is made"
        assert reverse("school_rollover") in shown(cast, "head")
        room = SchoolClass.objects.create(school=cast.schools["kersenboom"], year=coming(), name="4B", level="L4")
        elsewhere = SchoolClass.objects.create(school=cast.schools["bloesem"], year=coming(), name="4B", level="L4")
        assert send(cast, "head", line(post, Kind.KEPT, school_class="")).status_code == 422
        assert send(cast, "head", line(post, Kind.KEPT, school_class=elsewhere.pk)).status_code == 422
        assert send(cast, "head", line(post, Kind.KEPT, school_class=room.pk)).status_code == 302
        assert Assignment.objects.on(coming().starts_on).get(user=post.user).school_class == room

    def test_the_joint_worker_goes_on_in_the_project_of_next_year_until_its_report(self, cast: Cast) -> None:
        post, year = post_of(cast, "joint"), coming()
        Assignment.objects.filter(pk=post.pk).update(ends_on=cast.year.ends_on + timedelta(days=14))
        assert send(cast, "admin", line(post, Kind.KEPT)).status_code == 422
        project = Project.objects.create(
            name="Verder", year=year, starts_on=year.starts_on, ends_on=year.ends_on, report_due_on=year.ends_on
        )
        project.shares.create(centre=cast.centres["vclb"], share=70)
        assert "70 %" in shown(cast, "admin")
        until = year.ends_on + timedelta(days=14)
        data = line(post, Kind.CHANGED, project=project.pk, share=80, until=until.isoformat())
        assert send(cast, "admin", data).status_code == 302
        new = Assignment.objects.on(year.starts_on).get(user=post.user)
        assert (new.project, new.share, new.ends_on) == (project, 80, until)

    def test_a_project_for_ever_lasts_as_long_as_the_school_year(self, cast: Cast) -> None:
        project = post_of(cast, "joint").project
        assert project is not None
        project.ends_on = date.max
        assert until_when(post_of(cast, "joint"), coming(), project) == coming().last_day

    def test_a_post_without_a_last_day_gets_one(self, cast: Cast) -> None:
        post = post_of(cast, "office")
        Assignment.objects.filter(pk=post.pk).update(ends_on=None)
        assert send(cast, "head", line(post, Kind.ENDED)).status_code == 302
        post.refresh_from_db()
        assert post.ends_on == august(cast)

    @pytest.mark.parametrize("wrong", [{"until": "2001-01-01"}, {"share": "0"}, {"share": "x"}, {"kind": "MORE"}])
    def test_what_cannot_be_is_said_and_nothing_is_kept(self, cast: Cast, wrong: dict[str, str]) -> None:
        good, post = post_of(cast, "care"), post_of(cast, "office")
        data = line(good, Kind.KEPT) | line(post, Kind.CHANGED) | {"posts": [good.pk, post.pk]}
        data |= {f"post{post.pk}-{name}": value for name, value in wrong.items()}
        assert send(cast, "head", data).status_code == 422
        assert not PostDecision.objects.exists()

    def test_a_second_press_blames_nobody(self, cast: Cast) -> None:
        care, office, until = post_of(cast, "care"), post_of(cast, "office"), coming().ends_on.isoformat()
        both = line(care, Kind.ENDED) | line(office, Kind.CHANGED, share=50, until=until)
        both["posts"] = [care.pk, office.pk]
        assert [send(cast, "head", both).status_code for _press in range(2)] == [302, 302]
        assert PostDecision.objects.count() == 2
        assert send(cast, "head", line(office, Kind.CHANGED, share=60, until=until)).status_code == 422

    def test_two_who_decide_at_once_decide_once(self, cast: Cast) -> None:
        post, by = post_of(cast, "care"), cast.staff["head"]
        first = Decision(post=post, kind=Kind.ENDED)
        decide_posts(decisions=[first], year=coming(), by=cast.staff["admin"])
        with pytest.raises(ValidationError, match=post.user.full_name):
            decide_posts(
                decisions=[Decision(post=post_of(cast, "office"), kind=Kind.ENDED), first], year=coming(), by=by
            )
        assert PostDecision.objects.count() == 1

    def test_who_was_appointed_for_next_year_already_does_not_wait(self, cast: Cast) -> None:
        post = post_of(cast, "care")
        Assignment.objects.create(
            user=post.user, role=post.role, school=post.school, starts_on=coming().starts_on, ends_on=coming().ends_on
        )
        assert post.user not in waits(cast, "head")

    def test_in_september_a_post_goes_on_from_the_day_of_the_decision(self, cast: Cast) -> None:
        post, year = post_of(cast, "care"), coming()
        with on(year.starts_on + timedelta(days=9)):
            assert coming() == year
            decide_posts(
                decisions=[Decision(post=post, kind=Kind.KEPT, until=year.ends_on)], year=year, by=cast.staff["admin"]
            )
        new = PostDecision.objects.get().renewal
        assert new is not None
        assert new.starts_on == year.starts_on + timedelta(days=9)


class TestTakenBack:
    def back(self, cast: Cast, key: str = "head") -> int:
        row = PostDecision.objects.get()
        return int(cast.client(key).post(reverse("post_decision_undo", args=[row.pk])).status_code)

    def test_everything_is_as_it_was(self, cast: Cast) -> None:
        before = list(Assignment.objects.order_by("pk").values_list("pk", "starts_on", "ends_on"))
        send(cast, "head", line(post_of(cast, "care"), Kind.KEPT))
        assert self.back(cast, "head_go") == 404
        assert self.back(cast) == 302
        assert list(Assignment.objects.order_by("pk").values_list("pk", "starts_on", "ends_on")) == before
        assert cast.staff["care"] in waits(cast, "head")

    def test_not_once_the_school_year_has_begun(self, cast: Cast) -> None:
        send(cast, "head", line(post_of(cast, "care"), Kind.KEPT))
        Assignment.objects.filter(user=cast.staff["head"]).update(ends_on=None)
        with on(coming().starts_on):
            assert self.back(cast) == 302
        assert PostDecision.objects.exists()


class TestWithTheChangeOfSchoolYear:
    def roll(self, cast: Cast, choices: Choices) -> Any:
        school = cast.schools["kersenboom"]
        years = years_to_change(school)
        assert years
        plan = plan_rollover(school=school, from_year=years[0], to_year=years[1], choices=choices)
        return roll_over(plan=plan, choices=choices, by=cast.staff["head"])

    def test_what_was_decided_there_is_decided_here_and_comes_back_with_it(self, cast: Cast) -> None:
        keeps = post_of(cast, "care")
        row = self.roll(cast, Choices(posts={keeps.pk}))
        assert not waits(cast, "head")
        kinds = dict(PostDecision.objects.values_list("post__user__full_name", "kind"))
        assert (kinds[keeps.user.full_name], kinds[cast.staff["office"].full_name]) == (Kind.KEPT, Kind.ENDED)
        undo_rollover(rollover=row, by=cast.staff["head"])
        assert not PostDecision.objects.exists()
        assert keeps.user in waits(cast, "head")

    def test_what_was_decided_here_is_not_decided_again_there(self, cast: Cast) -> None:
        post = post_of(cast, "care")
        send(cast, "head", line(post, Kind.KEPT))
        self.roll(cast, Choices())
        assert Assignment.objects.on(coming().starts_on).filter(user=post.user).count() == 1


def test_a_page_without_a_laid_year_says_so() -> None:
    cast = build_cast()
    SchoolYear.objects.exclude(pk=cast.year.pk).delete()
    assert "nog niet" in shown(cast, "head")
    assert not StaffInvitation.objects.exists()
    assert not undecided(Assignment.objects.none(), cast.year).exists()


def test_a_role_of_which_nothing_was_decided_is_not_everything(cast: Cast) -> None:
    nothing = "Er is nog niets beslist"
    assert nothing in shown(cast, "head", toon="beslist")
    send(cast, "head", line(post_of(cast, "care"), Kind.KEPT))
    narrowed = shown(cast, "head", toon="beslist", rol=Role.TEACHER)
    assert nothing not in narrowed
    assert "Niets gevonden" in narrowed
    assert nothing not in shown(cast, "head", toon="beslist")
