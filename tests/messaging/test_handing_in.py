"""What a translator hands in: the notice's text, once, and no word lost when it is not taken."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging.audience import sendable_languages
from messaging.models import Notice, NoticeText, RequestStatus, TextOrigin, TextState, TranslationRequest
from messaging.services import update_notice, withdraw_request
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.asked_translations import (
    asked_for,
    hand_in,
    notice_with_names,
    taken_by_the_translator,
    words,
    work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast: Cast) -> TranslationRequest:
    return asked_for(notice_with_names(cast))


@pytest.fixture
def taken(cast: Cast, asked: TranslationRequest) -> TranslationRequest:
    return taken_by_the_translator(cast, asked)


def test_the_words_become_the_notices_with_everybody_in_place(cast: Cast, taken: TranslationRequest) -> None:
    hand_in(cast, taken, is_native="on")
    row = NoticeText.objects.get(notice=taken.notice_id, language="pa")
    assert (row.origin, row.state, row.reviewed_by) == (
        TextOrigin.TRANSLATOR,
        TextState.REVIEWED,
        cast.staff["translator"],
    )
    assert row.title == "ਪੰ Kom praten over {child}"
    assert "Simran Kaur" in row.body
    assert "15:30" in row.body
    assert "pa" in sendable_languages(taken.notice)
    assert TranslationRequest.objects.get().status == RequestStatus.DONE


def test_a_lost_mark_is_refused_at_its_field(cast: Cast, taken: TranslationRequest) -> None:
    answer = hand_in(cast, taken, body="ਪੰਜਾਬੀ")
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"body"}
    assert TranslationRequest.objects.get().status == RequestStatus.ACCEPTED
    assert "ਪੰਜਾਬੀ" in answer.content.decode(), "the words are kept"


def test_a_dutch_that_changed_is_shown_first(cast: Cast, taken: TranslationRequest) -> None:
    typed = words(cast, taken)
    update_notice(Notice.objects.get(pk=taken.notice_id), dutch={"subject": "Iets anders"})
    address = reverse("translation_work", args=[taken.pk])
    browser = cast.client("translator")
    answer = browser.post(address, typed)
    assert answer.status_code == 422
    assert "Iets anders" in answer.content.decode()
    assert browser.post(address, typed).status_code == 302, "now they have seen it"


def test_who_gave_it_back_in_another_tab_takes_it_again_with_it(cast: Cast, asked: TranslationRequest) -> None:
    answer = hand_in(cast, asked, body="ਪੰਜਾਬੀ")
    assert answer.status_code == 422
    assert "ਪੰਜਾਬੀ" in answer.content.decode(), "the words are kept"
    hand_in(cast, asked)
    row = TranslationRequest.objects.get()
    assert (row.status, row.translator) == (RequestStatus.DONE, cast.staff["translator"])


def test_the_same_words_sent_twice_are_handed_in_once(cast: Cast, taken: TranslationRequest) -> None:
    typed = words(cast, taken)
    hand_in(cast, taken)
    again = cast.client("translator").post(reverse("translation_work", args=[taken.pk]), typed)
    assert (again.status_code, again.headers["Location"]) == (302, reverse("translation_queue"))
    assert AuditEntry.objects.filter(verb="handed a translation in").count() == 1


def test_other_words_after_that_are_not_taken_for_handed_in(cast: Cast, taken: TranslationRequest) -> None:
    hand_in(cast, taken)
    answer = hand_in(cast, taken, title="ਹੋਰ {child}".replace("{child}", "[1]"))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert "ਹੋਰ" in answer.content.decode(), "the words are kept"
    assert not NoticeText.objects.filter(language="pa", title__contains="ਹੋਰ").exists()


def test_what_the_school_took_back_is_not_called_handed_in(cast: Cast, taken: TranslationRequest) -> None:
    typed = words(cast, taken)
    withdraw_request(request=taken, by=taken.notice.author)
    browser = cast.client("translator")
    page = browser.get(reverse("translation_work", args=[taken.pk]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("translation_queue")
    assert [message.level_tag for message in page.context["messages"]] == ["warning"]
    answer = browser.post(reverse("translation_work", args=[taken.pk]), typed)
    assert answer.status_code == 422
    assert typed["title"] in answer.content.decode(), "the words are kept"


def test_who_was_signed_out_meanwhile_keeps_the_words(cast: Cast, taken: TranslationRequest) -> None:
    assert '<form method="post" class="form" data-while-signed-in>' in work(cast, taken).content.decode()
    beside = cast.client("teacher_3b").get(reverse("notice_translation", args=[taken.notice_id, "pa"]))
    assert "data-while-signed-in" in beside.content.decode()


def test_it_can_be_given_back(cast: Cast, taken: TranslationRequest) -> None:
    cast.client("translator").post(reverse("translation_return", args=[taken.pk]))
    row = TranslationRequest.objects.get()
    assert (row.status, row.translator) == (RequestStatus.OPEN, None)


def test_each_step_is_in_the_log(cast: Cast, taken: TranslationRequest) -> None:
    hand_in(cast, taken)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"asked translators", "took a translation", "handed a translation in"} <= verbs
