"""What a sender is asked for says what it will say in the message."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging.variables import words_around
from tests.cast import Cast
from tests.messaging.notices_for_pages import template


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{date}. Terug op school: {time}", "Terug op school: …"),
        ("{date} om {time}", ""),
        ("{time}", ""),
        ("", ""),
        ("{date}\nDe poort opent om {time}", "De poort opent om …"),
    ],
)
def test_the_sentence_that_a_variable_has_to_itself(text: str, words: str) -> None:
    assert words_around(text, "time") == words


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "stands"), [("school-trip-consent", True), ("coffee-morning", False)])
def test_a_trip_asks_when_the_class_is_back_and_not_just_an_hour(cast: Cast, slug: str, stands: bool) -> None:
    page = cast.client("teacher_3b").get(reverse("notice_compose", args=[template(slug).slug])).content.decode()
    field = page[: page.index('name="time"')].rpartition('<div class="field')[2]
    assert ("Terug op school: …" in field) is stands
