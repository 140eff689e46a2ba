"""What waits in a list stands in "my week" of who decides about it, with the day that the law gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from parents.models import DataRequest, ReadingAlert
from parents.services import acknowledge
from reports.waiting import waiting_for
from schools import clock
from schools.services.staffing import ask_factor_reset
from tests.cast import Cast
from tests.messaging.datarequests import ask, grant
from tests.parents.frame import text_of
from tests.parents.test_unusual_reading import few_are_many, look, read

__all__ = ["few_are_many"]
pytestmark = pytest.mark.django_db


def week(cast: Cast, who: str) -> str:
    return text_of(cast.client(who).get(reverse("my_week")))


def test_a_request_about_data_waits_in_the_week_of_who_answers_it(cast: Cast) -> None:
    assert "vraag over gegevens" not in week(cast, "head")
    ask(cast, "ACCESS")
    first = DataRequest.objects.get()
    said = week(cast, "head")
    assert "Er wacht niets op je" not in said
    assert "vraag over gegevens wacht op een antwoord" in said
    assert f"ten laatste op {first.due_on.day}\u00a0" in said
    assert [one.slug for one in waiting_for(cast.staff["teacher_3b"])] == []
    assert [one.slug for one in waiting_for(cast.staff["clb_vclb"])] == [], "it was asked of the school"
    with time_machine.travel(clock.now() + timedelta(days=40)):
        assert "te laat" in week(cast, "head")
    grant(cast, first)
    assert "vraag over gegevens" not in week(cast, "head")


def test_unusual_reading_waits_for_the_head_until_it_was_looked_at(cast: Cast) -> None:
    read(cast, "teacher_3b", 5)
    look()
    assert reverse("reading_alerts") in {one.url for one in waiting_for(cast.staff["head"])}
    assert "keer las iemand meer dan gewoonlijk" in week(cast, "head")
    assert reverse("reading_alerts") not in {one.url for one in waiting_for(cast.staff["teacher_3b"])}
    acknowledge(alert=ReadingAlert.objects.get(), by=cast.staff["head"], finding="Een klassenraad.")
    assert waiting_for(cast.staff["head"]) == []


def test_a_lost_second_factor_waits_for_whoever_may_be_the_second_person(cast: Cast) -> None:
    """It lapses after a day: who is not told would never look."""
    ask_factor_reset(user=cast.staff["teacher_3b"], by=cast.staff["head"])
    assert "is een tweede factor kwijt" in week(cast, "care")
    assert reverse("factor_resets") in {one.url for one in waiting_for(cast.staff["care"])}
    assert "is een tweede factor kwijt" not in week(cast, "head"), "the head asked"
    for key in ("teacher_1a", "clb_go", "head_go"):
        assert reverse("factor_resets") not in {one.url for one in waiting_for(cast.staff[key])}, key
