"""Who answers "I have a question" or wants to know more is asked what it is, at once and until it is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from messaging.models import Answer, Delivery
from messaging.services import create_notice, publish_notice
from messaging.tokens import make_token
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, page_url, template
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
TO_THE_FORM, OPENED = 'href="#vraag"', '<details class="disclosure" open>'


@pytest.fixture
def trip(cast: Cast) -> Delivery:
    """A trip that a father is asked to allow."""
    day, room = clock.today() + timedelta(days=14), cast.classes["3b"]
    values = {"activity": "zwemmen", "place": "het bos", "date": day.isoformat(), "time": "15:30", "amount": "5"}
    values["deadline"] = (day - timedelta(days=7)).isoformat()
    notice = create_notice(
        author=cast.staff["teacher_3b"],
        template=template("school-trip-consent"),
        school=room.school,
        school_class=room,
        values=values,
        answer_by=day - timedelta(days=7),
    )
    publish_notice(notice=notice, by=notice.author)
    return delivery_to(notice, cast, "separated_father")


@pytest.fixture(params=["by link", "signed in"])
def door(request: pytest.FixtureRequest, cast: Cast, client: Client, trip: Delivery) -> tuple[Client, dict[str, str]]:
    """The browser, and where it sends an answer and a question."""
    if request.param == "by link":
        names = {"page": "token_notice", "answer": "token_answer", "question": "token_question"}
        return client, {key: page_url(trip, name) for key, name in names.items()}
    return cast.guardian_client("separated_father"), dict.fromkeys(
        ("page", "answer", "question"), f"/ouders/berichten/{trip.pk}/"
    )


def test_the_form_opens_beside_such_an_answer(door: tuple[Client, dict[str, str]], trip: Delivery) -> None:
    client, urls = door
    before = text_of(client.get(urls["page"]))
    assert (TO_THE_FORM in before, OPENED in before) == (False, False)
    page = text_of(client.post(urls["answer"], {"answer": "question"}, follow=True))
    assert Answer.objects.get(notice=trip.notice).key == "question"
    assert (page.count(TO_THE_FORM), page.count(OPENED), page.count('id="vraag"')) == (1, 1, 1)
    asked = {"action": "question", "text": "Mag hij zelf eten meenemen?"}
    later = text_of(client.post(urls["question"], asked, follow=True))
    assert (TO_THE_FORM in later, OPENED in later) == (False, False)


def test_another_answer_asks_nothing(door: tuple[Client, dict[str, str]]) -> None:
    client, urls = door
    page = text_of(client.post(urls["answer"], {"answer": "yes"}, follow=True))
    assert (TO_THE_FORM in page, OPENED in page) == (False, False)


def test_who_is_signed_in_is_not_told_to_sign_in(cast: Cast, client: Client, trip: Delivery) -> None:
    address = f"/b/{make_token(trip)}/?taal=nl"
    doors = '<span class="muted">Aanmelden</span>'
    assert doors in text_of(client.get(address))
    page = text_of(cast.guardian_client("separated_father").get(address))
    assert "Alle berichten en uw kinderen" in page
    assert doors not in page
