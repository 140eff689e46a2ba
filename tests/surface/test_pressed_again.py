"""A button that is pressed a second time, by an impatient finger or on a page that lay open, leads to a page that says
how it stands, and not to one that is not here."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: What is sent besides, so that the first press does its work.
WITH = {
    "same_family_decide": {"answer": "same"},
    "reading_alert_seen": {"finding": "Toetsen"},
    "adaptation_decide": {"what": "share"},
}
BUTTONS = sorted(name for name, route in STAFF.items() if route.method == "post" and route.rows)


@pytest.mark.parametrize("name", BUTTONS)
def test_a_second_press_meets_no_page_that_is_not_here(rows: Rows, name: str) -> None:
    route = STAFF[name]
    with transaction.atomic():
        there = reverse(name, args=route.arguments(rows)) + route.query(rows)
        data = {**route.data(rows), **WITH.get(name, {})}
        who = sorted(route.rows)[0]
        client = rows.cast.client(who)
        first, second = client.post(there, data), client.post(there, data)
        transaction.set_rollback(True)
    if first.status_code in (302, 303):
        assert second.status_code != 404


def test_what_somebody_else_removed_is_gone(rows: Rows) -> None:
    """Where a form led is told to the same session only, of the same form."""
    there = reverse("growth_take_back", args=[rows.growth.pk])
    teacher, head = rows.cast.client("teacher_3b"), rows.cast.client("head")
    assert teacher.post(there).status_code == 302
    assert teacher.post(there).headers["Location"] == teacher.post(there).headers["Location"]
    assert head.post(there).status_code == 404
    assert teacher.post(there, {"next": "/elders/"}).status_code == 404
    assert teacher.post(there, {"csrfmiddlewaretoken": "that of another window"}).status_code == 302


def test_what_is_pressed_is_done_while_the_cache_is_away(rows: Rows, settings: Any) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}
    there, teacher = reverse("growth_take_back", args=[rows.growth.pk]), rows.cast.client("teacher_3b")
    assert [teacher.post(there).status_code for _press in range(2)] == [302, 404]
