"""Colleagues read as what they work, and in time that it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from ingroeibloei.templatetags.written import daydate
from schools import clock
from schools.models import Assignment
from schools.posts import owner_for, works_for
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SOON = "Je opdracht eindigt op"


def ends(cast: Cast, key: str, in_days: int) -> Assignment:
    post = cast.staff[key].assignments.get()
    post.ends_on = clock.today() + timedelta(days=in_days)
    post.save(update_fields=["ends_on"])
    return post


def again(post: Assignment, starts_on: date, **other: object) -> Assignment:
    post.pk, post.starts_on, post.ends_on = None, starts_on, starts_on + timedelta(days=300)
    for name, value in other.items():
        setattr(post, name, value)
    post.save()
    return post


def week_of(cast: Cast, key: str) -> str:
    return cast.client(key).get(reverse("my_week")).content.decode()


def test_the_own_account_says_as_what_and_until_when(cast: Cast) -> None:
    page = cast.client("teacher_3b").get(reverse("own_account")).content.decode()
    assert "3B, VBS De Kersenboom" in page
    post = ends(cast, "teacher_3b", 200)
    again(post, clock.today() + timedelta(days=201), school_class=cast.classes["1a"])
    page = cast.client("teacher_3b").get(reverse("own_account")).content.decode()
    assert page.index("3B, VBS De Kersenboom") < page.index("1A, VBS De Kersenboom")
    Assignment.objects.filter(school_class=cast.classes["3b"]).update(ends_on=clock.today() - timedelta(days=1))
    Assignment.objects.filter(user=cast.staff["teacher_3b"]).exclude(school_class=cast.classes["3b"]).update(
        starts_on=clock.today()
    )
    page = cast.client("teacher_3b").get(reverse("own_account")).content.decode()
    assert "3B, VBS De Kersenboom" not in page


@pytest.mark.parametrize("key", ["teacher_3b", "care", "joint", "head"])
def test_three_weeks_before_the_last_day_the_week_says_so(cast: Cast, key: str) -> None:
    assert SOON not in week_of(cast, key)
    post = ends(cast, key, 21)
    page = week_of(cast, key)
    assert f"{SOON} {daydate(post.ends_on)}" in page
    assert post.place in page
    ends(cast, key, 22)
    assert SOON not in week_of(cast, key)


def test_who_goes_on_without_a_day_between_reads_nothing(cast: Cast) -> None:
    post = ends(cast, "teacher_3b", 10)
    row = again(post, clock.today() + timedelta(days=11), school_class=cast.classes["1a"])
    assert SOON not in week_of(cast, "teacher_3b")
    row.starts_on = clock.today() + timedelta(days=40)
    row.save(update_fields=["starts_on"])
    assert SOON in week_of(cast, "teacher_3b")


def test_another_post_does_not_hide_that_this_one_ends(cast: Cast) -> None:
    post = ends(cast, "teacher_3b", 10)
    again(post, clock.today(), role="CARE_COORDINATOR", school_class=None)
    assert SOON in week_of(cast, "teacher_3b")


def test_who_can_sign_in_no_more_works_for_nobody_whatever_the_post_says(cast: Cast) -> None:
    """A task of theirs would lie in a week that nobody opens: it is the teacher's of the class."""
    head, school = cast.staff["head"], cast.schools["kersenboom"]
    assert works_for(head.pk, school)
    assert owner_for(head.pk, cast.pupils["yusuf"].pk, school) == head.pk
    head.is_active = False
    head.save(update_fields=["is_active"])
    assert Assignment.objects.on(clock.today()).filter(user=head).exists()
    assert not works_for(head.pk, school)
    assert owner_for(head.pk, cast.pupils["yusuf"].pk, school) == cast.staff["teacher_3b"].pk


def test_a_post_without_an_end_that_is_to_come_runs_since_no_day(cast: Cast) -> None:
    post = cast.staff["teacher_3b"].assignments.get()
    coming = again(post, clock.today() + timedelta(days=9))
    Assignment.objects.filter(user=cast.staff["teacher_3b"]).update(ends_on=None)
    page = cast.client("teacher_3b").get(reverse("own_account")).content.decode()
    assert f"vanaf {daydate(coming.starts_on, 'date')}" in page
    assert f"sinds {daydate(coming.starts_on, 'date')}" not in page
    assert page.count("sinds ") == 1
