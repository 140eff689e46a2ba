"""A school says that a card began there: nobody else could, and figures took every card for one from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from reports.models import AdoptionChange, CardQuestion, MethodAdoption
from schools import clock
from schools.models import AuditEntry, Method, School
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def sent(**facts: str) -> dict[str, str]:
    wanted = {"status": "IN_USE", "since": clock.today().isoformat(), **facts}
    return {f"use-{name}": value for name, value in wanted.items()}


def test_a_head_says_that_a_card_began_at_the_school_and_takes_it_back(school: School, cast: Cast) -> None:
    card = Method.objects.get(slug="good-news-call")
    head, page = cast.client("head"), f"{reverse('card_at_school', args=[card.slug])}?school={school.pk}"
    question = CardQuestion.objects.create(
        method=card, school=cast.schools["bloesem"], text="Hoelang?", asked_at=clock.now()
    )
    assert not CardQuestion.objects.editable_by(cast.staff["head"]).exists()
    assert head.post(page, sent()).status_code == 302
    assert head.post(page, sent(is_origin="on")).status_code == 302
    assert MethodAdoption.objects.get(method=card, school=school).is_origin
    assert "Ze begon hier." in head.get(page).content.decode()
    assert CardQuestion.objects.editable_by(cast.staff["head"]).get() == question
    assert AdoptionChange.objects.count() == 1  # where it began is no step of using it
    assert AuditEntry.objects.filter(verb="noted a card's use").count() == 2
    assert head.post(page, sent()).status_code == 302
    assert not MethodAdoption.objects.get(method=card, school=school).is_origin


def test_to_say_where_it_began_does_not_begin_its_use_anew(school: School, cast: Cast) -> None:
    """A card is proven by schools that use it for a term: the day that the form offers would begin that again."""
    card, begun = Method.objects.get(slug="good-news-call"), clock.today() - timedelta(days=120)
    facts = {"status": "IN_USE", "since": begun, "why": "Het werkt."}
    row = MethodAdoption.objects.create(method=card, school=school, **facts)
    page = f"{reverse('card_at_school', args=[card.slug])}?school={school.pk}"
    assert cast.client("head").post(page, sent(is_origin="on")).status_code == 302
    row.refresh_from_db()
    assert (row.is_origin, row.status, row.since, row.why) == (True, "IN_USE", begun, "Het werkt.")


def test_a_card_that_the_school_let_go_began_there_all_the_same(school: School, cast: Cast) -> None:
    """Why it stopped was said when it did, and is not asked for once more."""
    card, stopped = Method.objects.get(slug="good-news-call"), clock.today() - timedelta(days=40)
    row = MethodAdoption.objects.create(method=card, school=school, status="STOPPED", since=stopped, why="Te druk.")
    page, head = f"{reverse('card_at_school', args=[card.slug])}?school={school.pk}", cast.client("head")
    assert head.post(page, sent(status="STOPPED")).status_code == 422, "to stop once more asks why"
    assert head.post(page, sent(status="STOPPED", is_origin="on")).status_code == 302
    row.refresh_from_db()
    assert (row.is_origin, row.status, row.since, row.why) == (True, "STOPPED", stopped, "Te druk.")
