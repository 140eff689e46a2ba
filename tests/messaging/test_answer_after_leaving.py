"""Who answered reads why the answer cannot be changed any more: the child is at the school no more, or the day has
passed. No call is offered that nobody would make."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from messaging.models import Notice
from messaging.services import give_answer
from parents.models import Guardian, ReadingMode
from schools import clock
from schools.models import Enrolment
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, page_url, sent
from tests.messaging.test_untranslated import sent as sent_in_dutch
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


@pytest.mark.parametrize("answers", [True, False])
def test_only_who_did_not_answer_is_told_that_the_day_has_passed(cast: Cast, client: Client, answers: bool) -> None:
    delivery = delivery_to(sent(cast), cast, "separated_father")
    if answers:
        give_answer(delivery=delivery, key="yes")
    Notice.objects.filter(pk=delivery.notice_id).update(answer_by=clock.today() - timedelta(days=1))
    page = text_of(client.get(page_url(delivery) + "?taal=nl"))
    assert "<fieldset disabled" in page
    assert ("De dag om te antwoorden is voorbij. Bel de school." in page) is not answers
    assert ("Het is te laat om dit hier te veranderen. Bel de school." in page) is answers
    opened_before = client.post(f"{page_url(delivery)}antwoord/", {"answer": "yes"}, follow=True)
    assert ("De dag om te antwoorden is voorbij" in text_of(opened_before)) is not answers


@pytest.mark.parametrize("who", ["reads by ear", "reads Arabic"])
def test_nobody_is_asked_to_call_where_nobody_would(cast: Cast, client: Client, who: str) -> None:
    by_ear = who == "reads by ear"
    delivery = delivery_to(sent(cast) if by_ear else sent_in_dutch(cast), cast, "separated_father")
    if by_ear:
        Guardian.objects.filter(pk=delivery.guardian_id).update(reading_mode=ReadingMode.ORAL_ONLY)
    url, asks = page_url(delivery) + "?taal=ar", 'value="not_understood"'
    assert asks in text_of(client.get(url))
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
    page = text_of(client.get(url))
    assert asks not in page
    assert "tel:" in page
