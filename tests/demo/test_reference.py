"""Words and method cards come from the repository's files, again and again without doubling."""

from __future__ import annotations

import pytest
from django.utils import translation

from parents.models.kinds import ContactKind
from schools.models import Method, Term
from schools.reference import load_methods, load_vocabulary

pytestmark = pytest.mark.django_db


def test_every_kind_of_contact_has_a_word_in_every_language() -> None:
    load_vocabulary()
    with translation.override("pa"):
        labels = Term.objects.labels("contact_kind")
    assert set(ContactKind.values) == set(labels)
    assert labels["HOME_VISIT"] != Term.objects.get(group="contact_kind", code="HOME_VISIT").label


def test_the_twelve_cards_are_there_with_what_they_refer_to() -> None:
    assert load_methods() == 12
    card = Method.objects.get(slug="home-visit")
    assert {"warm-welcome", "good-news-call"} <= {other.slug for other in card.related.all()}
    assert card.template_slugs == ["home-visit"]
    with translation.override("fr"):
        assert card.card["steps_before"]
        french = card.title
    assert french != card.title
    assert "title" not in card.card


def test_loading_again_changes_texts_and_doubles_nothing() -> None:
    load_vocabulary()
    load_methods()
    Method.objects.filter(slug="home-visit").update(title_nl="Oud")
    terms = Term.objects.count()
    assert load_vocabulary() == terms == Term.objects.count()
    assert load_methods() == Method.objects.count()
    assert Method.objects.get(slug="home-visit").title != "Oud"
