"""A time is given back and taken by another family while its teacher has the page open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.models import SlotStatus
from parents.services.booking import cancel_booking
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


def test_the_talk_of_another_child_is_not_cancelled_with_a_reason_that_is_not_theirs(cast: Cast) -> None:
    made, teacher = round_of(cast), cast.client("teacher_3b")
    hour, simran, yusuf = hours_of(made)[0], slot_of(cast, made, "simran"), slot_of(cast, made, "yusuf")
    book(cast, simran, hour, "mother")
    url = reverse("conference_cancel", args=[hour.pk])
    page = teacher.get(reverse("conference_hour", args=[hour.pk])).content.decode()
    assert f'name="slot" value="{simran.pk}"' in page
    cancel_booking(slot=simran, by=cast.guardians["mother"])
    book(cast, slot_of(cast, made, "yusuf"), hour, "separated_father")
    answer = teacher.post(url, {"because": "Wij spraken elkaar al.", "slot": simran.pk}, follow=True)
    assert "Het gesprek is intussen veranderd. Bekijk het opnieuw." in text_of(answer)
    yusuf.refresh_from_db()
    assert (yusuf.status, yusuf.hour_id) == (SlotStatus.BOOKED, hour.pk)
    teacher.post(url, {"because": "Ik ben ziek.", "slot": yusuf.pk})
    yusuf.refresh_from_db()
    assert yusuf.status == SlotStatus.OFFERED
