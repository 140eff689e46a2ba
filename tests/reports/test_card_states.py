"""The state of a card, by the rule of each, and the versions of its words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import override

from parents.models import ContactMoment
from reports.cardversions import keep_versions, newest_versions
from reports.evaluation.resources import STATUSES
from reports.maturity import standings
from reports.models import CardVersion, MethodAdoption
from reports.packaging import contents
from schools import clock
from schools.models import Method, School
from schools.models.methods import MethodStatus
from tests.cast import Cast
from tests.reports.conftest import grow

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(school: School) -> Method:
    return Method.objects.get(slug="good-news-call")


def address(card: Method, school: School) -> str:
    return f"{reverse('card_at_school', args=[card.slug])}?school={school.pk}"


def test_a_card_is_tried_proven_embedded_by_its_rule(school: School, card: Method, cast: Cast) -> None:
    Method.objects.update(status="TRIED")
    other, long_ago = cast.schools["bloesem"], clock.today() - timedelta(days=200)

    def carried() -> str | None:
        found = standings()[card.pk].carried
        return found.value if found else None

    assert carried() is None
    here = MethodAdoption.objects.create(method=card, school=school, status="IN_USE", since=long_ago, is_origin=True)
    assert carried() == "TRIED"
    there = MethodAdoption.objects.create(method=card, school=other, status="IN_USE", since=long_ago)
    assert carried() == "TRIED"  # five families were not met with it
    lacking = "vijf gezinnen of meer mee bereikt werden, is nog niet bekend"
    assert lacking in standings()[card.pk].words, "or the counts of schools would explain nothing"
    grow(cast, "3b", "nl", 6, reached=6, start=cast.year.starts_on)
    ContactMoment.objects.filter(kind="PHONE").update(method=card)
    assert carried() == "PROVEN"
    assert lacking not in standings()[card.pk].words
    MethodAdoption.objects.filter(pk=there.pk).update(since=clock.today())
    assert carried() == "TRIED"  # not for a term
    MethodAdoption.objects.update(status="EMBEDDED")
    assert carried() == "EMBEDDED"
    MethodAdoption.objects.update(is_origin=True)
    assert carried() == "PROVEN"
    assert here.school == school


def test_a_card_from_another_portal_has_the_state_that_the_schools_here_carry(
    school: School, card: Method, cast: Cast
) -> None:
    Method.objects.filter(pk=card.pk).update(author_status="EMBEDDED", status="PROVEN")

    def exported() -> dict[str, Any]:
        return next(entry for entry in contents(None)["cards"] if entry["key"] == card.slug)

    assert (exported()["status"], exported()["author_status"]) == ("TRIED", "EMBEDDED")
    shown = cast.client("head").get(address(card, school)).content.decode()
    assert "Hier probeerde nog geen school het." in shown
    assert "Waar ze vandaan komt, is ze verankerd." in shown
    long_ago = clock.today() - timedelta(days=200)
    for place in (school, cast.schools["bloesem"]):
        MethodAdoption.objects.create(method=card, school=place, status="IN_USE", since=long_ago)
    grow(cast, "3b", "nl", 6, reached=6, start=cast.year.starts_on)
    last_month = clock.today().replace(day=1) - timedelta(days=1)
    ContactMoment.objects.filter(kind="PHONE").update(method=card, held_on=last_month)
    assert (exported()["status"], exported()["author_status"]) == ("PROVEN", "EMBEDDED")
    own = next(entry for entry in contents(None)["cards"] if entry["key"] == "home-visit")
    assert "author_status" not in own


def test_each_state_has_one_word_everywhere() -> None:
    with override("nl"):
        assert {state: str(state.label) for state in MethodStatus} == STATUSES
        assert str(MethodAdoption.Status.EMBEDDED.label) == STATUSES[MethodStatus.EMBEDDED]


def test_a_card_s_page_says_the_rule_and_what_is_known_here(school: School, card: Method, cast: Cast) -> None:
    shown = cast.client("head").get(address(card, school)).content.decode()
    assert "Beproefd: minstens twee scholen" in shown
    assert "Hier probeerde nog geen school het" in shown


def test_words_that_change_make_a_version_and_nothing_else_does(school: School, card: Method) -> None:
    assert keep_versions() == 12
    assert keep_versions() == 0
    card.refresh_from_db()
    card.card = {**card.card, "privacy": "Anders."}
    card.save()
    assert keep_versions() == 1
    assert newest_versions()[card.pk].number == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        CardVersion.objects.update(number=9)
