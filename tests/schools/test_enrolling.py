"""A child leaves, stays after all, or goes to another class; a class is made: each by the office, without a list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from schools import clock
from schools.models import AuditEntry, Enrolment, Pupil, SchoolClass, SchoolYear
from schools.services.classes import is_used
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine]
ONE_DAY = timedelta(days=1)


def send(cast: Cast, form: str, key: str = "office", child: str = "yusuf", **fields: Any) -> Any:
    page = reverse("pupil_detail", args=[cast.pupils[child].pk])
    return cast.client(key).post(page, {"form": form} | {f"{form}-{name}": value for name, value in fields.items()})


def leave(cast: Cast, day: date, **more: Any) -> Any:
    return send(cast, "leave", last_day=day.isoformat(), **more)


def move(cast: Cast, room: str, day: date, **more: Any) -> Any:
    return send(cast, "move", school_class=cast.classes[room].pk, first_day=day.isoformat(), **more)


def places(cast: Cast, child: str = "yusuf") -> list[tuple[str, date, date | None]]:
    rows = Enrolment.objects.filter(pupil=cast.pupils[child]).order_by("starts_on")
    return [(row.school_class.name, row.starts_on, row.ends_on) for row in rows]


def test_a_child_leaves_on_a_day_and_nothing_is_taken_away(cast: Cast) -> None:
    yesterday = clock.today() - ONE_DAY
    assert leave(cast, yesterday).status_code == 302
    assert places(cast) == [("3B", cast.year.starts_on, yesterday)]
    assert not Pupil.objects.visible_to(cast.staff["teacher_3b"]).filter(first_name="Yusuf").exists()
    line = AuditEntry.objects.get(verb="let a child leave")
    assert line.detail["last_day"] == yesterday.isoformat()
    assert "Yusuf" in text_of(cast.client("office").get(reverse("pupil_list"))), "among who left lately"


def test_a_leaving_is_taken_back(cast: Cast) -> None:
    leave(cast, clock.today() - ONE_DAY)
    assert send(cast, "stay").status_code == 302
    assert places(cast) == [("3B", cast.year.starts_on, None)]
    assert AuditEntry.objects.filter(verb="took a leaving back").exists()


def test_another_last_day_instead_of_the_first(cast: Cast) -> None:
    leave(cast, clock.today() - ONE_DAY)
    leave(cast, clock.today() + ONE_DAY)
    assert places(cast) == [("3B", cast.year.starts_on, clock.today() + ONE_DAY)]


def test_after_a_month_nothing_can_be_put_right(cast: Cast) -> None:
    days = {"starts_on": clock.today() - timedelta(days=90), "ends_on": clock.today() - timedelta(days=31)}
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(**days)
    assert send(cast, "stay").status_code == 404


def test_a_child_taken_in_elsewhere_does_not_come_back_by_itself(cast: Cast) -> None:
    leave(cast, clock.today() - ONE_DAY)
    there = cast.classes["go2"]
    Enrolment.objects.create(
        pupil=cast.pupils["yusuf"], school=there.school, school_class=there, starts_on=clock.today()
    )
    answer = send(cast, "stay")
    assert answer.status_code == 302
    assert places(cast)[0][2] == clock.today() - ONE_DAY


def test_a_day_before_the_child_came_is_no_last_day(cast: Cast) -> None:
    answer = leave(cast, cast.year.starts_on - ONE_DAY)
    assert answer.status_code == 422
    assert "de laatste dag kan niet eerder zijn" in text_of(answer)
    assert places(cast) == [("3B", cast.year.starts_on, None)]


def test_a_day_after_the_school_year_is_no_last_day(cast: Cast) -> None:
    assert leave(cast, date(cast.year.ends_on.year, 9, 1)).status_code == 422


def test_before_a_change_of_class_that_was_made_there_is_no_last_day(cast: Cast) -> None:
    """It would say that the child was there one day, and left on that one."""
    move(cast, "1a", clock.today() - 2 * ONE_DAY)
    before = places(cast)
    answer = leave(cast, clock.today() - 5 * ONE_DAY)
    assert answer.status_code == 422
    assert "in klas 1A. Kies die dag of een latere." in text_of(answer)
    assert places(cast) == before
    assert leave(cast, clock.today() - 2 * ONE_DAY).status_code == 302


def test_who_leaves_before_a_change_of_class_is_in_the_other_class_on_no_day(cast: Cast) -> None:
    move(cast, "1a", clock.today() + 5 * ONE_DAY)
    assert leave(cast, clock.today() + ONE_DAY).status_code == 302
    assert places(cast) == [("3B", cast.year.starts_on, clock.today() + ONE_DAY)]
    assert (
        AuditEntry.objects.get(verb="let a child leave").detail["enrolment"]
        == Enrolment.objects.get(pupil=cast.pupils["yusuf"]).pk
    )
    assert send(cast, "stay").status_code == 302
    assert places(cast) == [("3B", cast.year.starts_on, None)]


def test_a_child_changes_class_from_a_day_on(cast: Cast) -> None:
    assert move(cast, "1a", clock.today()).status_code == 302
    assert places(cast) == [
        ("3B", cast.year.starts_on, clock.today() - ONE_DAY),
        ("1A", clock.today(), None),
    ]
    assert Pupil.objects.visible_to(cast.staff["teacher_1a"]).filter(first_name="Yusuf").exists()


def test_a_place_still_to_come_is_changed_from_its_own_first_day(cast: Cast) -> None:
    """In July every child has a place in the class of September, and today was refused for each of them."""
    coming = clock.today() + timedelta(days=60)
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(starts_on=coming)
    page = cast.client("office").get(reverse("pupil_detail", args=[cast.pupils["yusuf"].pk]))
    assert page.context["move_form"]["first_day"].value() == coming


def test_a_change_by_mistake_is_put_right_with_the_same_day(cast: Cast) -> None:
    move(cast, "1a", clock.today())
    move(cast, "3b", clock.today())
    assert [name for name, _first, _last in places(cast)] == ["3B"]
    assert Pupil.objects.visible_to(cast.staff["teacher_3b"]).filter(first_name="Yusuf").exists()


def test_a_change_to_a_third_class_keeps_where_the_child_was_before(cast: Cast) -> None:
    third = SchoolClass.objects.create(
        school=cast.classes["1a"].school, year=cast.year, name="4C", level=cast.classes["1a"].level
    )
    move(cast, "1a", clock.today())
    send(cast, "move", school_class=third.pk, first_day=clock.today().isoformat())
    assert places(cast) == [("3B", cast.year.starts_on, clock.today() - ONE_DAY), ("4C", clock.today(), None)]


def test_who_was_away_in_between_has_two_places_in_one_class(cast: Cast) -> None:
    away = clock.today() - timedelta(days=10)
    rows = Enrolment.objects.filter(pupil=cast.pupils["yusuf"])
    rows.update(ends_on=away)
    place = rows.get()
    place.pk, place.school_class, place.starts_on, place.ends_on = None, cast.classes["1a"], clock.today(), None
    place.save()
    move(cast, "3b", clock.today())
    assert places(cast) == [("3B", cast.year.starts_on, away), ("3B", clock.today(), None)]


def test_a_change_of_class_keeps_the_last_day(cast: Cast) -> None:
    leave(cast, clock.today() + timedelta(days=5))
    move(cast, "1a", clock.today() + ONE_DAY)
    assert places(cast)[-1] == ("1A", clock.today() + ONE_DAY, clock.today() + timedelta(days=5))


def test_a_class_of_another_school_is_no_choice(cast: Cast) -> None:
    assert move(cast, "go2", clock.today()).status_code == 422
    assert len(places(cast)) == 1


def test_before_a_change_that_was_made_there_is_no_other(cast: Cast) -> None:
    move(cast, "1a", clock.today())
    assert move(cast, "3b", clock.today() - ONE_DAY).status_code == 422


@pytest.mark.parametrize("key", ["head_go", "teacher_3b", "care", "joint", "admin"])
def test_nobody_else_lets_a_child_leave(cast: Cast, key: str) -> None:
    assert leave(cast, clock.today(), key=key).status_code in (403, 404)
    assert places(cast) == [("3B", cast.year.starts_on, None)]


def test_the_office_makes_a_class(cast: Cast) -> None:
    client = cast.client("office")
    answer = client.post(reverse("class_new"), {"name": " 3C ", "level": "L3"})
    room = SchoolClass.objects.get(name="3C")
    assert (answer.status_code, room.school, room.year, room.level) == (
        302, cast.schools["kersenboom"], cast.year, "L3",
    )  # fmt: skip
    page = text_of(client.get(answer.headers["Location"]))
    assert "3C" in page
    assert "nog geen leerkracht" in page
    assert f"?klas={room.pk}" in text_of(cast.client("head").get(reverse("pupil_list")))


def test_the_head_is_led_on_to_appoint_the_teacher(cast: Cast) -> None:
    room = cast.classes["3b"]
    page = text_of(cast.client("head").get(f"{reverse('staff_new')}?klas={room.pk}"))
    assert f'<option value="{room.pk}" selected>' in page
    assert '<option value="TEACHER" selected>' in page


@pytest.mark.parametrize("fields", [{"name": "3b", "level": "L3"}, {"name": "", "level": "L3"}, {"name": "3C"}])
def test_a_class_without_name_or_level_or_twice_is_refused(cast: Cast, fields: dict[str, str]) -> None:
    before = SchoolClass.objects.count()
    assert cast.client("office").post(reverse("class_new"), fields).status_code == 422
    assert SchoolClass.objects.count() == before


def test_a_class_gets_other_words(cast: Cast) -> None:
    address = reverse("class_edit", args=[cast.classes["3b"].pk])
    assert cast.client("office").post(address, {"name": "3 Kersen", "level": "L3"}).status_code == 302
    assert SchoolClass.objects.get(pk=cast.classes["3b"].pk).name == "3 Kersen"
    assert cast.client("head_go").get(address).status_code == 404


def test_a_class_made_by_mistake_goes_and_one_with_a_child_stays(cast: Cast) -> None:
    client = cast.client("office")
    client.post(reverse("class_new"), {"name": "3X", "level": "L3"})
    mistaken = SchoolClass.objects.get(name="3X")
    answer = client.post(reverse("class_edit", args=[mistaken.pk]), {"act": "remove"})
    assert answer.headers["Location"].startswith(reverse("pupil_list"))
    assert not SchoolClass.objects.filter(name="3X").exists()
    assert AuditEntry.objects.get(verb="removed a class").target_id == mistaken.pk
    used = reverse("class_edit", args=[cast.classes["3b"].pk])
    page = text_of(client.get(client.post(used, {"act": "remove"}).headers["Location"]))
    assert "Bij deze klas staan of stonden kinderen, collega’s of berichten" in page
    assert SchoolClass.objects.filter(pk=cast.classes["3b"].pk).exists()
    assert cast.client("head_go").post(used, {"act": "remove"}).status_code == 404


def test_each_kind_of_row_that_names_a_class_keeps_it(cast: Cast) -> None:
    """A notice, a post or a gathering is enough, without any child."""
    room = SchoolClass.objects.create(school=cast.schools["kersenboom"], year=cast.year, name="9Z", level="L3")
    assert not is_used(room)
    post = cast.staff["teacher_3b"].assignments.filter(school_class=cast.classes["3b"]).get()
    type(post).objects.filter(pk=post.pk).update(school_class=room)
    assert is_used(room)


def test_the_list_of_children_is_searched_and_narrowed(cast: Cast) -> None:
    client = cast.client("office")
    found = text_of(client.get(reverse("pupil_list"), {"q": "haddad"}))
    assert "Yusuf Haddad" in found
    assert "Emma Peeters" not in found
    narrowed = text_of(client.get(reverse("pupil_list"), {"klas": cast.classes["1a"].pk}))
    assert "Emma Peeters" in narrowed
    assert "Yusuf Haddad" not in narrowed
    assert "haddad" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_reading_a_child_counts_as_reading_the_family(cast: Cast) -> None:
    """So that parents see it, and unusual reading is noticed."""
    cast.client("office").get(reverse("pupil_detail", args=[cast.pupils["yusuf"].pk]))
    line = AuditEntry.objects.get(verb="read")
    assert (line.target_kind, line.target_id) == ("parents.family", cast.families["haddad"].pk)
    assert line.subjects.get().pupil_id == cast.pupils["yusuf"].pk


class TestAfterTheChangeOfYear:
    """In June the school went into its next year: until the first of September a child has a place in both."""

    @pytest.fixture
    def coming(self, cast: Cast) -> Any:
        """1 June, with a class of next year that Yusuf goes to and one that he does not."""
        first = cast.year.last_day + ONE_DAY
        year = SchoolYear.objects.create(starts_on=first, ends_on=date(first.year + 1, 6, 30))
        school, yusuf = cast.schools["kersenboom"], cast.pupils["yusuf"]
        rooms = [SchoolClass.objects.create(school=school, year=year, name=name, level="L4") for name in ("4A", "4B")]
        Enrolment.objects.filter(pupil=yusuf).update(ends_on=cast.year.last_day)
        Enrolment.objects.create(pupil=yusuf, school=school, school_class=rooms[1], starts_on=first)
        with time_machine.travel(datetime(first.year, 6, 1, 10, tzinfo=clock.BRUSSELS)):
            yield rooms

    def test_the_child_changes_class_in_the_year_that_runs_out(self, cast: Cast, coming: list[SchoolClass]) -> None:
        page = text_of(cast.client("office").get(reverse("pupil_detail", args=[cast.pupils["yusuf"].pk])))
        assert "Naar een andere klas, dit schooljaar" in page
        assert "Naar een andere klas, volgend schooljaar" in page
        day = clock.today()
        assert send(cast, "now", school_class=cast.classes["1a"].pk, first_day=day.isoformat()).status_code == 302
        assert places(cast) == [
            ("3B", cast.year.starts_on, day - ONE_DAY),
            ("1A", day, cast.year.last_day),
            ("4B", coming[1].year.starts_on, None),
        ]
        assert Pupil.objects.visible_to(cast.staff["teacher_1a"]).filter(first_name="Yusuf").exists()

    def test_and_in_the_next_one_as_before(self, cast: Cast, coming: list[SchoolClass]) -> None:
        first = coming[0].year.starts_on
        assert send(cast, "move", school_class=coming[0].pk, first_day=first.isoformat()).status_code == 302
        assert places(cast)[1:] == [("4A", first, None)]

    def test_no_class_of_the_other_year_and_no_day_after_the_year(self, cast: Cast, coming: list[SchoolClass]) -> None:
        first = coming[0].year.starts_on.isoformat()
        before = places(cast)
        assert send(cast, "now", school_class=coming[0].pk, first_day=first).status_code == 422
        assert send(cast, "now", school_class=cast.classes["1a"].pk, first_day=first).status_code == 422
        assert places(cast) == before

    def test_a_child_with_one_place_has_one_form(self, cast: Cast) -> None:
        page = text_of(cast.client("office").get(reverse("pupil_detail", args=[cast.pupils["yusuf"].pk])))
        assert "dit schooljaar" not in page
        assert (
            send(cast, "now", school_class=cast.classes["1a"].pk, first_day=clock.today().isoformat()).status_code
            == 422
        )
        assert len(places(cast)) == 1
