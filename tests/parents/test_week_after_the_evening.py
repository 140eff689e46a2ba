"""After an evening of talks my week asks its teacher who came, until it is written down."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.services.attendance import Evening, write_attendance
from reports.week import week_of
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of, ten_days_on
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


def test_the_week_asks_who_came_until_it_is_written_down(cast: Cast) -> None:
    made, teacher = round_of(cast), cast.staff["teacher_3b"]
    for place, (pupil, guardian) in enumerate((("simran", "mother"), ("yusuf", "separated_father"))):
        book(cast, slot_of(cast, made, pupil), hours_of(made)[place], guardian)
    assert not week_of(teacher).held, "it is still to come"
    ten_days_on(made)
    host = made.hosts.get()
    [held] = week_of(teacher).held
    assert (held.host_id, held.n) == (host.pk, 2)
    page = text_of(cast.client("teacher_3b").get(reverse("my_week")))
    assert "waarvan niemand noteerde of de ouders kwamen" in page
    assert reverse("conference_host", args=[host.pk]) in page
    assert not week_of(cast.staff["teacher_1a"]).held, "it is not hers"
    slots = list(made.slots.order_by("starts_at").values_list("pk", flat=True).filter(starts_at__isnull=False))
    write_attendance(host=host, evening=Evening(slots, slots[:1]), by=teacher)
    assert not week_of(teacher).held
