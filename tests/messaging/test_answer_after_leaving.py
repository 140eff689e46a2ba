"""Who answered reads, once the child is at the school no more, why the answer cannot be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from messaging.services import give_answer
from schools import clock
from schools.models import Enrolment
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, page_url, sent
from tests.parents.frame import text_of

OVER = "U hoeft niet meer te antwoorden"


@pytest.mark.parametrize("answers", [True, False])
def test_a_closed_answer_says_why(cast: Cast, client: Client, answers: bool) -> None:
    delivery = delivery_to(sent(cast), cast, "separated_father")
    if answers:
        give_answer(delivery=delivery, key="yes")
    url = page_url(delivery) + "?taal=nl"
    assert OVER not in text_of(client.get(url))
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
    page = text_of(client.get(url))
    assert OVER in page
    assert ("<fieldset disabled" in page) is answers
