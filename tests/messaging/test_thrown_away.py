"""A draft is thrown away while somebody translates it or reads it aloud: their pages say so and return the words."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging.forms_translations import IN_ORDER
from messaging.models import TranslationRequest
from messaging.services import discard_notice
from tests.cast import Cast
from tests.messaging.asked_translations import asked_for, notice_with_names, taken_by_the_translator, words

pytestmark = pytest.mark.django_db

TAKEN = "Iemand anders heeft deze vertaling aangenomen, of ze is niet meer nodig."
GONE = "De school heeft dit bericht weggegooid: een vertaling is niet meer nodig."


@pytest.fixture
def asked(cast: Cast) -> TranslationRequest:
    return taken_by_the_translator(cast, asked_for(notice_with_names(cast)))


def test_what_was_typed_comes_back(cast: Cast, asked: TranslationRequest) -> None:
    typed = words(cast, asked)
    discard_notice(notice=asked.notice, by=asked.notice.author)
    page = cast.client("translator").post(reverse("translation_work", args=[asked.pk]), typed)
    said = page.content.decode()
    assert page.status_code == 410
    assert GONE in said
    assert all(line in said for text in typed.values() for line in text.splitlines())
    asked_for_in_turn = [name for name in IN_ORDER if typed.get(name, "").strip()]
    places = [said.index(typed[name].splitlines()[0], said.index("typed-title")) for name in asked_for_in_turn]
    assert places == sorted(places), "as the page of the work had them"


@pytest.mark.parametrize("name", ["translation_work", "translation_take", "translation_return"])
def test_a_page_that_stood_open_says_what_became_of_it(cast: Cast, asked: TranslationRequest, name: str) -> None:
    discard_notice(notice=asked.notice, by=asked.notice.author)
    client, address = cast.client("translator"), reverse(name, args=[asked.pk])
    page = (client.get if name == "translation_work" else client.post)(address, follow=True)
    assert page.redirect_chain == [(reverse("translation_queue"), 302)]
    assert GONE in page.content.decode()


def test_a_voice_that_nobody_needs_any_more(cast: Cast) -> None:
    page = cast.client("translator").get(reverse("voice_work", args=[987_654]), follow=True)
    assert page.redirect_chain == [(reverse("translation_queue"), 302)]
    assert "Dit verzoek is teruggenomen: niemand hoeft het nog voor te lezen." in page.content.decode()


@pytest.mark.parametrize("name", ["translation_work", "translation_take", "translation_return"])
def test_who_was_second_reads_that_somebody_else_took_it(cast: Cast, asked: TranslationRequest, name: str) -> None:
    TranslationRequest.objects.filter(pk=asked.pk).update(translator=cast.staff["head"])
    client, address = cast.client("translator"), reverse(name, args=[asked.pk])
    page = (client.get if name == "translation_work" else client.post)(address, follow=True)
    assert page.redirect_chain == [(reverse("translation_queue"), 302)]
    assert TAKEN in page.content.decode()


def test_what_the_second_had_typed_comes_back_too(cast: Cast, asked: TranslationRequest) -> None:
    typed = words(cast, asked)
    TranslationRequest.objects.filter(pk=asked.pk).update(translator=cast.staff["head"])
    page = cast.client("translator").post(reverse("translation_work", args=[asked.pk]), typed)
    assert page.status_code == 410
    assert TAKEN in page.content.decode()
    assert typed["title"] in page.content.decode()


def test_what_was_never_asked_of_them_is_not_there(cast: Cast, asked: TranslationRequest) -> None:
    TranslationRequest.objects.filter(pk=asked.pk).update(translator=cast.staff["head"], language="fr")
    for name in ("translation_take", "translation_return"):
        assert cast.client("translator").post(reverse(name, args=[asked.pk])).status_code == 404
    assert cast.client("translator").get(reverse("translation_work", args=[asked.pk])).status_code == 404
