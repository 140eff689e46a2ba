"""A school goes into its next year: pupils move up, posts are confirmed, history stays, a week to come back."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from parents.models import ContactMoment
from schools import clock
from schools.models import Assignment, Enrolment, Level, Role, Rollover, SchoolClass, SchoolYear
from schools.rollover import Choices, Plan, level_after, name_after, plan_rollover, years_to_change
from schools.services import PlanChangedError, lay_school_year, roll_over, staffing, undo_rollover
from schools.services.enrolling import let_leave
from tests.cast import Cast, build_cast
from tests.factories import make_pupil
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = build_cast()
    lay_school_year(cast.year.starts_on.year + 1, with_holidays=False)
    return cast


def plan(cast: Cast, choices: Choices | None = None) -> Plan:
    years = years_to_change(cast.schools["kersenboom"])
    assert years is not None
    return plan_rollover(
        school=cast.schools["kersenboom"], from_year=years[0], to_year=years[1], choices=choices or Choices()
    )


def go(cast: Cast, choices: Choices | None = None) -> Rollover:
    chosen = choices or Choices()
    return roll_over(plan=plan(cast, chosen), choices=chosen, by=cast.staff["head"])


def place(cast: Cast, pupil: str, day: date) -> str:
    row = Enrolment.objects.on(day).filter(pupil=cast.pupils[pupil]).select_related("school_class").first()
    return row.school_class.name if row else ""


def snapshot() -> list[object]:
    return [
        *Enrolment.objects.order_by("pk").values_list("pk", "school_class_id", "starts_on", "ends_on"),
        *Assignment.objects.order_by("pk").values_list("pk", "school_class_id", "starts_on", "ends_on"),
        *SchoolClass.objects.order_by("pk").values_list("pk", "name", "level", "year_id"),
    ]


@pytest.mark.parametrize(
    ("name", "level", "after"),
    [("3B", "L3", "4B"), ("K1", "K1", "K2"), ("K3", "K3", "1A"), ("6A", "L6", ""), ("Vlinders", "L2", "Vlinders 3")],
)
def test_the_name_of_a_class_a_year_later(name: str, level: str, after: str) -> None:
    assert name_after(name, level, {"1A", "1B", "3B"}) == after


def test_levels_follow_each_other_through_the_primary_school() -> None:
    assert [level_after(level) for level in (Level.K0, Level.K3, Level.L5, Level.L6)] == ["K1", "L1", "L6", ""]


class TestCarriedOut:
    def test_pupils_move_up_and_last_year_stays_true(self, cast: Cast) -> None:
        go(cast)
        first = SchoolYear.objects.order_by("starts_on").last()
        assert first is not None
        assert place(cast, "yusuf", first.starts_on) == "4B"
        assert place(cast, "yusuf", first.starts_on - timedelta(days=1)) == "3B"
        old = cast.classes["3b"]
        old.refresh_from_db()
        assert (old.name, old.year_id) == ("3B", cast.year.pk)
        fresh = SchoolClass.objects.get(school=cast.schools["kersenboom"], name="4B", year=first)
        assert fresh.level == Level.L4

    def test_another_school_is_left_alone(self, cast: Cast) -> None:
        before = list(Enrolment.objects.filter(school=cast.schools["bloesem"]).values_list("pk", "ends_on"))
        go(cast)
        assert list(Enrolment.objects.filter(school=cast.schools["bloesem"]).values_list("pk", "ends_on")) == before

    def test_who_stays_and_who_leaves_is_asked(self, cast: Cast) -> None:
        stays, leaves = make_pupil(cast.classes["3b"]), make_pupil(cast.classes["3b"])
        choices = Choices(stays={stays.enrolments.get().pk}, leaves={leaves.enrolments.get().pk})
        go(cast, choices)
        day = cast.year.starts_on.replace(year=cast.year.starts_on.year + 1)
        assert [row.school_class.name for row in stays.enrolments.on(day)] == ["3B"]
        assert not leaves.enrolments.on(day).exists()
        assert leaves.enrolments.get().ends_on == day - timedelta(days=1)

    def test_a_child_of_whom_a_last_day_was_said_leaves_unless_somebody_unticks_it(self, cast: Cast) -> None:
        home, day = cast.schools["kersenboom"], cast.year.ends_on
        let_leave(pupil=cast.pupils["yusuf"], school=home, last_day=day, by=cast.staff["office"])
        seats = {seat.pupil: seat.leaves for move in plan(cast).moves for seat in move.seats}
        assert [pupil for pupil, leaves in seats.items() if leaves] == [cast.pupils["yusuf"]]
        assert place(cast, "yusuf", day) == "3B"
        page = cast.client("head").get(f"{reverse('school_rollover')}?school={home.pk}").content.decode()
        assert re.search(rf'name="leaves"\s+value="{cast.pupils["yusuf"].enrolments.get().pk}" checked', page)
        undo_rollover(rollover=go(cast, Choices(leaves=frozenset())), by=cast.staff["head"])
        go(cast)
        assert place(cast, "yusuf", cast.year.last_day + timedelta(days=1)) == ""
        assert place(cast, "simran", cast.year.last_day + timedelta(days=1)) == "4B"

    def test_a_last_day_that_a_list_gave_every_child_lets_nobody_leave(self, cast: Cast) -> None:
        Enrolment.objects.update(ends_on=cast.year.ends_on)
        go(cast)
        assert place(cast, "yusuf", cast.year.last_day + timedelta(days=1)) == "4B"

    def test_a_post_that_is_not_confirmed_ends_on_31_august(self, cast: Cast) -> None:
        keeps = Assignment.objects.get(user=cast.staff["teacher_3b"], school_class=cast.classes["3b"])
        ends = Assignment.objects.get(user=cast.staff["teacher_1a"])
        go(cast, Choices(posts={keeps.pk}, post_targets={keeps.pk: "4B"}))
        ends.refresh_from_db()
        august = date(cast.year.starts_on.year + 1, 8, 31)
        assert ends.ends_on == august
        assert not Assignment.objects.on(august + timedelta(days=1)).filter(user=cast.staff["teacher_1a"]).exists()
        new = Assignment.objects.on(august + timedelta(days=1)).get(user=cast.staff["teacher_3b"])
        assert (new.role, new.school_class.name) == (Role.TEACHER, "4B")  # type: ignore[union-attr]
        assert new.ends_on == august.replace(year=august.year + 1)

    def test_teachers_stand_as_their_classes_do_toddlers_first(self, cast: Cast) -> None:
        home = cast.schools["kersenboom"]
        toddlers = SchoolClass.objects.create(school=home, year=cast.year, name="K2", level=Level.K2)
        Assignment.objects.filter(user=cast.staff["teacher_3b"], role=Role.TEACHER).update(school_class=toddlers)
        names = [post.assignment.school_class.name for post in plan(cast).posts if post.assignment.school_class]
        assert names.index("K2") < names.index("1A")

    @pytest.mark.parametrize("ticked", [False, True])
    def test_who_has_a_post_in_that_year_already_does_not_get_it_twice(self, cast: Cast, ticked: bool) -> None:
        """Whoever was appointed for it: the one would stay when the other is ended."""
        first = cast.year.last_day + timedelta(days=1)
        posts = Assignment.objects.filter(user=cast.staff["care"])
        posts.update(ends_on=cast.year.last_day)
        coming = staffing.Post(role=Role.CARE_COORDINATOR, school=cast.schools["kersenboom"], starts_on=first)
        care = cast.staff["care"]
        staffing.appoint(email=care.email, name="", language="nl", post=coming, by=cast.staff["head"])
        page = cast.client("head").get(f"{reverse('school_rollover')}?school={cast.schools['kersenboom'].pk}")
        assert "of er is al een nieuwe voor" in page.content.decode()
        go(cast, Choices(posts={posts.earliest("starts_on").pk}) if ticked else None)
        assert posts.on(first).count() == 1

    def test_a_teacher_who_was_appointed_to_another_class_keeps_that_one_alone(self, cast: Cast) -> None:
        coming = SchoolYear.objects.latest("starts_on")
        room = SchoolClass.objects.create(school=cast.schools["kersenboom"], year=coming, name="5A", level="L5")
        teacher, rows = cast.staff["teacher_3b"], Assignment.objects.on(coming.starts_on)
        rows.create(user=teacher, role=Role.TEACHER, school=room.school, school_class=room, starts_on=coming.starts_on)
        looked = {post.assignment.user: post.continues for post in plan(cast).posts}
        assert (looked[teacher], looked[cast.staff["teacher_1a"]]) == (False, True)
        go(cast)
        assert [row.school_class for row in rows.filter(user=teacher)] == [room]

    @pytest.mark.parametrize(
        ("key", "others"), [("office", {"care"}), ("head", {"care", "office"}), ("admin", {"care", "office", "head"})]
    )
    def test_nobody_decides_about_the_own_post_and_only_an_administrator_about_the_head(
        self, cast: Cast, key: str, others: set[str]
    ) -> None:
        """As on the page of next year's posts, where they wait for somebody else."""
        school, by = cast.schools["kersenboom"], cast.staff[key]
        years = years_to_change(school)
        assert years
        everybody = Choices(posts=set(Assignment.objects.filter(school=school).values_list("pk", flat=True)))
        plan = plan_rollover(school=school, from_year=years[0], to_year=years[1], choices=everybody, by=by)
        roll_over(plan=plan, choices=everybody, by=by)
        coming = Assignment.objects.filter(school=school, starts_on=years[1].starts_on)
        assert {name for name in ("care", "office", "head") if coming.filter(user=cast.staff[name]).exists()} == others
        assert key == "admin" or Assignment.objects.get(user=cast.staff["head"]).ends_on is None, "left as it is"

    def test_only_once_a_year(self, cast: Cast) -> None:
        looked_at = plan(cast)
        go(cast)
        before = snapshot()
        with pytest.raises(ValidationError):
            roll_over(plan=looked_at, choices=Choices(), by=cast.staff["head"])
        assert snapshot() == before

    def test_what_changed_after_the_look_stops_it(self, cast: Cast) -> None:
        looked_at = plan(cast)
        make_pupil(cast.classes["3b"])
        before = snapshot()
        with pytest.raises(PlanChangedError):
            roll_over(plan=looked_at, choices=Choices(), by=cast.staff["head"])
        assert snapshot() == before

    def test_a_pupil_with_a_place_next_year_stops_everything(self, cast: Cast) -> None:
        first = SchoolYear.objects.order_by("starts_on").last()
        assert first is not None
        elsewhere = SchoolClass.objects.create(school=cast.schools["bloesem"], year=first, name="4A", level="L4")
        row = cast.pupils["yusuf"].enrolments.get(school=cast.schools["kersenboom"])
        row.ends_on = cast.year.ends_on
        row.save(update_fields=["ends_on"])
        Enrolment.objects.create(
            pupil=cast.pupils["yusuf"], school=elsewhere.school, school_class=elsewhere, starts_on=first.starts_on
        )
        before = snapshot()
        with pytest.raises(ValidationError):
            go(cast, Choices(leaves=frozenset()))
        assert snapshot() == before


class TestTakenBack:
    def test_everything_is_as_it_was(self, cast: Cast) -> None:
        before = snapshot()
        undo_rollover(rollover=go(cast), by=cast.staff["head"])
        assert snapshot() == before
        go(cast)

    def test_not_after_a_week(self, cast: Cast) -> None:
        row = go(cast)
        with time_machine.travel(clock.now() + timedelta(days=8), tick=False), pytest.raises(ValidationError):
            undo_rollover(rollover=row, by=cast.staff["head"])

    def test_not_once_something_hangs_on_the_new_year(self, cast: Cast) -> None:
        row = go(cast)
        late = SchoolClass.objects.get(school=cast.schools["kersenboom"], name="4B", year=row.to_year)
        make_pupil(late)
        before = snapshot()
        with pytest.raises(ValidationError):
            undo_rollover(rollover=row, by=cast.staff["head"])
        assert snapshot() == before


class TestPage:
    def address(self, cast: Cast) -> str:
        return f"{reverse('school_rollover')}?school={cast.schools['kersenboom'].pk}"

    def filled(self, cast: Cast, **more: object) -> dict[str, object]:
        looked = plan(cast)
        fields: dict[str, object] = {f"to-{move.school_class.pk}": move.target for move in looked.moves} | {
            "goes-on": [post.assignment.pk for post in looked.posts]
        }
        return fields | more

    def test_looked_at_then_gone(self, cast: Cast) -> None:
        browser = cast.client("head")
        shown = browser.post(self.address(cast), self.filled(cast, act="look"))
        assert shown.status_code == 200
        mark, basis = shown.context["mark"], shown.context["basis"]
        assert mark
        gone = browser.post(self.address(cast), self.filled(cast, act="go", mark=mark, basis=basis))
        assert gone.status_code == 302
        row = Rollover.objects.get()
        assert row.made_by == cast.staff["head"]
        late = browser.post(self.address(cast), self.filled(cast, act="go", mark=mark, basis=basis), follow=True)
        assert "zit al in dat schooljaar" in late.content.decode(), "whoever pressed second is told"
        after = browser.get(self.address(cast))
        assert "plan" not in after.context, "no second plan for the same year"
        assert reverse("rollover_undo", args=[row.pk]) in after.content.decode()
        assert browser.post(reverse("rollover_undo", args=[row.pk])).status_code == 302
        row.refresh_from_db()
        assert row.undone_at is not None

    def test_a_class_typed_in_small_letters_is_that_class(self, cast: Cast) -> None:
        SchoolClass.objects.create(
            school=cast.schools["kersenboom"], year=SchoolYear.objects.latest("starts_on"), name="4B", level="L4"
        )
        browser, typed = cast.client("head"), {f"to-{cast.classes['3b'].pk}": "4b"}
        shown = browser.post(self.address(cast), self.filled(cast, act="look", **typed)).content.decode()
        found = dict(re.findall(r'name="(mark|basis)" value="(\w+)"', shown))
        sent = self.filled(cast, act="go", **found, **typed)
        assert browser.post(self.address(cast), sent).status_code == 302
        assert place(cast, "yusuf", Rollover.objects.get().to_year.starts_on) == "4B"
        assert SchoolClass.objects.filter(name__iexact="4b").count() == 1

    def test_nothing_goes_that_was_not_looked_at(self, cast: Cast) -> None:
        browser = cast.client("head")
        shown = browser.post(self.address(cast), self.filled(cast, act="look"))
        changed = self.filled(cast, act="go", mark=shown.context["mark"], basis=shown.context["basis"])
        changed[f"to-{cast.classes['3b'].pk}"] = "4Z"
        refused = browser.post(self.address(cast), changed)
        assert refused.status_code == 422
        page = refused.content.decode()
        assert f'action="{reverse("school_rollover")}?school={cast.schools["kersenboom"].pk}#what"' in page
        assert page.index(refused.context["problem"]) > page.index('id="what"'), "the form leads to what it says"
        assert not Rollover.objects.exists()

    @pytest.mark.parametrize("name", ["x" * 21, "4\u202eB", "7A", "9"])
    def test_a_name_that_is_none_is_said(self, cast: Cast, name: str) -> None:
        """And what was filled in beside it stays."""
        fields = self.filled(cast, act="look")
        stays = next(seat.enrolment.pk for move in plan(cast).moves for seat in move.seats)
        fields |= {f"to-{cast.classes['3b'].pk}": name, "stays": stays}
        answer = cast.client("head").post(self.address(cast), fields)
        assert answer.status_code == 422
        moves = answer.context["plan"].moves
        assert name in [move.target for move in moves]
        assert [seat.enrolment.pk for move in moves for seat in move.seats if seat.stays] == [stays]

    @pytest.mark.parametrize("name", ["4Z", "Zonnetjes", "Lokaal 7", "70"])
    def test_a_school_calls_its_classes_as_it_likes(self, cast: Cast, name: str) -> None:
        fields = self.filled(cast, act="look") | {f"to-{cast.classes['3b'].pk}": name}
        assert cast.client("head").post(self.address(cast), fields).status_code == 200

    def test_another_school_is_not_there(self, cast: Cast) -> None:
        assert cast.client("head_go").get(self.address(cast)).status_code == 404


class TestCommand:
    def test_shown_applied_and_taken_back(self, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        number, by = cast.schools["kersenboom"].institution_number, cast.staff["head"].email
        before = snapshot()
        call_command("rollover", number)
        assert "to 4B" in capsys.readouterr().out
        assert snapshot() == before
        with pytest.raises(CommandError, match="--by"):
            call_command("rollover", number, "--apply")
        call_command("rollover", number, "--apply", "--by", by)
        assert Rollover.objects.filter(undone_at=None).exists()
        call_command("rollover", number, "--undo", "--by", by)
        assert snapshot() == before
        with pytest.raises(CommandError):
            call_command("rollover", "000000")


def test_the_page_of_a_child_names_the_class_of_today_beside_the_coming_one(cast: Cast) -> None:
    """From the change in June until September it showed the coming class alone."""
    address = reverse("pupil_detail", args=[cast.pupils["yusuf"].pk])
    assert cast.client("head").get(address).context["running"] is None
    go(cast)
    page = " ".join(text_of(cast.client("head").get(address)).split())
    assert "<p><bdi>3B</bdi> · tot en met di 31 aug </p> <bdi>4B</bdi>" in page


def test_talks_of_last_year_are_still_about_the_old_class(cast: Cast) -> None:
    held_on = cast.moments["gate"].held_on
    go(cast)
    assert ContactMoment.objects.get(pk=cast.moments["gate"].pk).held_on == held_on
    assert place(cast, "yusuf", held_on) == "3B"
