"""Whose next post has not begun yet reads when it does, and not that there is none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from schools import clock
from schools.days import full_day
from schools.models import Assignment
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = reverse("home")


def test_who_goes_on_after_a_summer_without_a_post_reads_from_when(cast: Cast) -> None:
    post = Assignment.objects.get(user=cast.staff["joint"])
    day = clock.today() + timedelta(days=40)
    Assignment.objects.create(
        user=post.user, role=post.role, project=post.project, starts_on=day, ends_on=day + timedelta(days=300)
    )
    post.ends_on = clock.today() - timedelta(days=1)
    post.save(update_fields=["ends_on"])
    page = cast.client("joint").get(HOME).content.decode()
    assert "Je opdracht is nog niet begonnen" in page
    assert full_day(day) in page
    assert "Je opdracht is afgelopen" not in page


def test_who_has_none_to_come_reads_that_it_ended(cast: Cast) -> None:
    Assignment.objects.filter(user=cast.staff["joint"]).update(ends_on=clock.today() - timedelta(days=1))
    page = cast.client("joint").get(HOME).content.decode()
    assert "Je opdracht is afgelopen" in page
    assert "nog niet begonnen" not in page
