"""Two write how one school does a card: nobody puts back unseen what the other wrote since the page was opened."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import Adaptation
from schools.models import Method, School
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WEDNESDAY, FRIDAY, BOTH = "Wij bellen op woensdag.", "Wij bellen op vrijdag.", "Wij bellen op woensdag en vrijdag."


def seen_on(page: str) -> str:
    (found,) = re.findall(r'name="own-seen"\s+value="([^"]*)"', page)
    return str(found)


@pytest.mark.parametrize("is_first", [True, False], ids=["the first words", "other words"])
def test_what_the_other_wrote_meanwhile_is_shown_first(school: School, cast: Cast, is_first: bool) -> None:
    card = Method.objects.get(slug="good-news-call")
    url = f"{reverse('card_at_school', args=[card.slug])}?school={school.pk}"
    head, joint = cast.client("head"), cast.client("joint")

    def opened(who: Client) -> str:
        return seen_on(who.get(url).content.decode())

    if not is_first:
        head.post(url, {"own-words": "Wij bellen.", "own-seen": opened(head)})
    of_head, of_joint = opened(head), opened(joint)
    assert joint.post(url, {"own-words": WEDNESDAY, "own-seen": of_joint}).status_code == 302
    refused = head.post(url, {"own-words": FRIDAY, "own-seen": of_head})
    page = refused.content.decode()
    assert (refused.status_code, "Iemand anders heeft dit intussen gewijzigd" in page) == (422, True)
    assert (WEDNESDAY in page, FRIDAY in page) == (True, True), "both can be read"
    assert Adaptation.objects.get().words == WEDNESDAY
    assert head.post(url, {"own-words": BOTH, "own-seen": seen_on(page)}).status_code == 302
    assert Adaptation.objects.get().words == BOTH
    assert head.post(url, {"own-words": BOTH, "own-seen": seen_on(page)}).status_code == 302, "pressed twice"


def test_a_second_press_blames_nobody_for_spaces_too_many(school: School, cast: Cast) -> None:
    card = Method.objects.get(slug="good-news-call")
    url = f"{reverse('card_at_school', args=[card.slug])}?school={school.pk}"
    head = cast.client("head")
    sent = {
        "own-words": "Wij bellen.  Op woensdag. \r\nEn op vrijdag.",
        "own-seen": seen_on(head.get(url).content.decode()),
    }
    assert [head.post(url, sent).status_code for _press in range(2)] == [302, 302]
    assert Adaptation.objects.get().words == "Wij bellen. Op woensdag.\nEn op vrijdag."
