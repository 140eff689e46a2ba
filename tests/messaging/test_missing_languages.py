"""What readers get of a language that has no text to send: chosen for each notice, waited for, kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.checking import Check
from messaging.models import Delivery, LanguageChoice, Notice, NoticeKind, NoticeStatus, NoticeText, TextKind
from messaging.services import (
    choose_languages,
    publish_due,
    publish_notice,
    review_text,
    schedule_notice,
    set_reason,
    set_rules,
    unschedule_notice,
    update_notice,
    write_translation,
)
from messaging.tokens import make_token
from parents.models import Guardian
from schools import clock
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, draft, sent
from tests.parents.frame import language_and_direction

pytestmark = pytest.mark.django_db

OTHER_WORDS = {"body": "Beste ouder,\nKom graag eens langs over {child}."}


@pytest.fixture
def stale(cast: Cast) -> Notice:
    """To 3B, whose parents read Punjabi, French and Arabic; the Dutch was changed after the ready texts."""
    return update_notice(draft(cast), dutch=OTHER_WORDS)


def kinds(notice: Notice) -> dict[str, tuple[str, str]]:
    rows = Delivery.objects.filter(notice=notice).exclude(channel="CALL").select_related("guardian")
    return {row.guardian.contact_language: (row.language, row.text_kind) for row in rows}


def choose(notice: Notice, **choices: str) -> None:
    wanted = dict.fromkeys(("pa", "fr", "ar"), LanguageChoice.DUTCH.value) | choices
    choose_languages(notice=notice, choices=wanted, by=notice.author)


def test_it_is_not_sent_before_the_sender_has_chosen(cast: Cast, stale: Notice) -> None:
    with pytest.raises(ValidationError) as refusal:
        publish_notice(notice=stale, by=stale.author)
    assert refusal.value.code == "missing_language"
    browser = cast.client("teacher_3b")
    page = browser.get(reverse("notice_check", args=[stale.pk])).content.decode()
    assert 'name="talen-pa"' in page
    assert 'name="talen-nl"' not in page


def test_where_nothing_is_chosen_the_page_names_the_languages_once(cast: Cast, stale: Notice) -> None:
    answer = cast.client("teacher_3b").post(reverse("notice_languages", args=[stale.pk]), {"talen-pa": "DUTCH"})
    assert answer.status_code == 422
    form = answer.context["check"].choices_form
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "same": ["Kies wat deze gezinnen krijgen: العربية, Français."]
    }
    page = answer.content.decode()
    assert "العربية, Français." in page
    summary = re.search(r'<div class="notice-banner notice-banner-wrong"[^>]*autofocus.*?</ul>', page, re.DOTALL)
    assert summary, "the button lies two screens below the field: the page opens with what is wrong"
    assert 'href="#id_talen-same"' in summary[0]
    assert Notice.objects.get(pk=stale.pk).language_choices == {}


def test_what_was_chosen_stays_while_its_last_moment_is_missing(cast: Cast, stale: Notice) -> None:
    typed = {"talen-pa": "WAIT", "talen-fr": "OTHER", "talen-ar": "DUTCH"}
    answer = cast.client("teacher_3b").post(reverse("notice_languages", args=[stale.pk]), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Kies tot wanneer het bericht wacht" in page
    selects = re.findall(r'<select name="talen-(\w+)"(.*?)</select>', page, re.DOTALL)
    chosen = {code: re.findall(r'value="(\w+)" selected', options) for code, options in selects}
    assert {code: value[0] for code, value in chosen.items() if value} == {"pa": "WAIT", "fr": "OTHER", "ar": "DUTCH"}


def test_many_languages_are_given_the_same_at_once(cast: Cast, stale: Notice) -> None:
    typed = {"talen-same": "DUTCH", "talen-ar": "OTHER"}
    cast.client("teacher_3b").post(reverse("notice_languages", args=[stale.pk]), typed)
    choices = Notice.objects.get(pk=stale.pk).language_choices
    assert choices == {"pa": "DUTCH", "fr": "DUTCH", "ar": "OTHER"}


def test_of_two_languages_each_is_asked(cast: Cast, stale: Notice) -> None:
    Guardian.objects.filter(contact_language="fr").update(contact_language="nl")
    browser = cast.client("teacher_3b")
    assert "talen-same" not in browser.get(reverse("notice_check", args=[stale.pk])).content.decode()
    answer = browser.post(reverse("notice_languages", args=[stale.pk]), {"talen-same": "DUTCH", "talen-pa": "DUTCH"})
    assert list(answer.context["check"].choices_form.errors) == ["ar"]


def test_the_choice_is_made_on_the_check_page_and_stored_with_what_was_sent(cast: Cast, stale: Notice) -> None:
    browser = cast.client("teacher_3b")
    typed = {"talen-pa": "DUTCH", "talen-fr": "DUTCH", "talen-ar": "OTHER"}
    browser.post(reverse("notice_languages", args=[stale.pk]), typed)
    browser.post(reverse("notice_publish", args=[stale.pk]))
    assert kinds(stale) == {
        "pa": ("nl", TextKind.FALLBACK),
        "fr": ("nl", TextKind.FALLBACK),
        "ar": ("nl", TextKind.FALLBACK),
    }


class TestAnotherLanguage:
    """The one they named, else that of their home, else Dutch."""

    def sent_to(self, **choice: Any) -> dict[str, tuple[str, str]]:
        room = make.make_class()
        named = make.make_family(room, languages=["pa"])
        at_home = make.make_family(room, languages=["pa"], home_language="tr")
        neither = make.make_family(room, languages=["pa"], home_language="pa")
        named.guardians[0].second_language = "en"
        named.guardians[0].save(update_fields=["second_language"])
        notice = make.make_notice(room)
        NoticeText.objects.filter(notice=notice, language="pa").delete()
        choose_languages(notice=notice, choices={"pa": LanguageChoice.OTHER}, by=notice.author)
        publish_notice(notice=notice, by=notice.author)
        rows = {row.guardian_id: (row.language, row.text_kind) for row in Delivery.objects.filter(notice=notice)}
        return {
            name: rows[family.guardians[0].pk]
            for name, family in (("named", named), ("at home", at_home), ("neither", neither))
        }

    def test_each_gets_the_nearest(self) -> None:
        assert self.sent_to() == {
            "named": ("en", TextKind.TEMPLATE),
            "at home": ("tr", TextKind.TEMPLATE),
            "neither": ("nl", TextKind.FALLBACK),
        }


def test_a_parent_names_another_language_with_the_own_one(cast: Cast) -> None:
    mother = cast.guardians["mother"]
    wanted = {"form": "language", "language-language": "pa", "language-second": "en"}
    cast.guardian_client("mother").post(reverse("portal_choices"), wanted)
    mother.refresh_from_db()
    assert (mother.contact_language, mother.second_language) == ("pa", "en")
    cast.guardian_client("mother").post(reverse("portal_choices"), wanted | {"language-second": "rom"})
    mother.refresh_from_db()
    assert mother.second_language == "en", "a language that is only spoken is none to read"


def test_pages_of_who_speaks_a_language_without_texts_are_in_the_one_they_read(cast: Cast) -> None:
    father, client = cast.guardians["separated_father"], cast.guardian_client("separated_father")
    wanted = {"form": "language", "language-language": "rif", "language-second": "fr"}
    assert language_and_direction(client.post(reverse("portal_choices"), wanted, follow=True)) == ("fr-BE", "ltr")
    notice = sent(cast)
    link = reverse("token_notice", args=[make_token(delivery_to(notice, cast, "separated_father"))])
    page = Client().get(link, headers={"accept-language": "tr"})
    assert language_and_direction(page) == ("fr-BE", "ltr")
    assert "Invitation" in page.context["page"].text.title_html
    client.post(reverse("portal_choices"), wanted | {"language-second": ""})
    father.refresh_from_db()
    assert language_and_direction(Client().get(link)) == ("nl-BE", "ltr")


def test_who_reads_dutch_and_who_gets_a_colleagues_words_are_told_apart() -> None:
    room = make.make_class()
    for code in ("nl", "fr", "ar"):
        make.make_family(room, languages=[code])
    notice = make.make_notice(room)
    write_translation(notice=notice, language="fr", text={"title": "Parlons"}, author=notice.author)
    publish_notice(notice=notice, by=notice.author)
    assert kinds(notice) == {
        "nl": ("nl", TextKind.MASTER),
        "fr": ("fr", TextKind.PERSON),
        "ar": ("ar", TextKind.TEMPLATE),
    }


class TestWaiting:
    @pytest.fixture
    def waiting(self, stale: Notice) -> Notice:
        """It waits for the Punjabi until tomorrow."""
        write_translation(notice=stale, language="pa", text={"title": "ਗੱਲਬਾਤ"}, author=stale.author)
        NoticeText.objects.filter(notice=stale, language="pa").update(source_hash="an older Dutch")
        tomorrow = clock.now() + timedelta(days=1)
        choices = {"pa": LanguageChoice.WAIT, "fr": LanguageChoice.DUTCH, "ar": LanguageChoice.DUTCH}
        choose_languages(notice=stale, choices=choices, by=stale.author, wait_until=tomorrow)
        return Notice.objects.get(pk=stale.pk)

    def test_only_what_somebody_is_at_can_be_waited_for(self, stale: Notice) -> None:
        moment = clock.now() + timedelta(days=1)
        with pytest.raises(ValidationError, match="العربية"):
            choose_languages(notice=stale, choices={"ar": LanguageChoice.WAIT}, by=stale.author, wait_until=moment)

    def test_a_wait_ends_some_time(self, stale: Notice) -> None:
        with pytest.raises(ValidationError):
            choose_languages(notice=stale, choices={"ar": LanguageChoice.WAIT}, by=stale.author)

    def test_it_does_not_leave_now(self, waiting: Notice) -> None:
        with pytest.raises(ValidationError) as refusal:
            publish_notice(notice=waiting, by=waiting.author)
        assert refusal.value.code == "waiting"
        assert Check(waiting, waiting.author).waits

    def test_at_its_last_moment_it_goes_with_what_there_is(self, waiting: Notice) -> None:
        schedule_notice(notice=waiting, by=waiting.author)
        assert publish_due() == 0
        Notice.objects.filter(pk=waiting.pk).update(send_at=clock.now())
        assert publish_due() == 1
        assert kinds(waiting)["pa"] == ("nl", TextKind.FALLBACK)

    def test_back_to_a_draft_it_waits_for_nothing(self, waiting: Notice) -> None:
        schedule_notice(notice=waiting, by=waiting.author)
        unschedule_notice(notice=waiting, by=waiting.author)
        row = Notice.objects.get(pk=waiting.pk)
        assert (row.status, row.send_at, row.earliest_at) == (NoticeStatus.DRAFT, None, None)

    def test_back_to_a_draft_it_has_its_own_hour_and_not_the_last_moment(self, waiting: Notice) -> None:
        hour = clock.now() + timedelta(hours=3)
        Notice.objects.filter(pk=waiting.pk).update(send_at=hour)
        schedule_notice(notice=waiting, by=waiting.author)
        unschedule_notice(notice=waiting, by=waiting.author)
        assert Notice.objects.get(pk=waiting.pk).send_at == hour

    def test_held_back_and_given_an_hour_it_keeps_that_hour(self, waiting: Notice) -> None:
        schedule_notice(notice=waiting, by=waiting.author)
        Notice.objects.filter(pk=waiting.pk).update(send_at=clock.now(), kind=NoticeKind.DRINGEND)
        assert publish_due() == 0, "nobody said why it is urgent"
        choose(waiting)
        hour = clock.now() + timedelta(days=3)
        Notice.objects.filter(pk=waiting.pk).update(kind=NoticeKind.ACTIE, send_at=hour)
        schedule_notice(notice=waiting, by=waiting.author)
        master = waiting.texts.get(language="nl")
        NoticeText.objects.filter(notice=waiting, language="ar").update(source_hash=master.source_hash)
        review_text(notice=waiting, language="ar", by=waiting.author)
        assert Notice.objects.get(pk=waiting.pk).send_at == hour

    def test_it_waits_no_longer_than_a_translator_may_have(self, cast: Cast, waiting: Notice) -> None:
        choices = {"talen-pa": "WAIT", "talen-fr": "DUTCH", "talen-ar": "DUTCH", "talen-wait_until": "9999-12-31T23:30"}
        page = cast.client("teacher_3b").post(reverse("notice_languages", args=[waiting.pk]), choices, follow=True)
        assert "meer dan twee maanden" in page.content.decode()
        assert Notice.objects.get(pk=waiting.pk).wait_until == waiting.wait_until


class TestThePurpose:
    def test_a_translation_needs_one(self, cast: Cast) -> None:
        notice = draft(cast)
        set_reason(notice=notice, reason="", by=notice.author)
        with pytest.raises(ValidationError) as refusal:
            publish_notice(notice=notice, by=notice.author)
        assert refusal.value.code == "reason"
        set_reason(notice=notice, reason="INTEGRATION", by=notice.author)
        assert publish_notice(notice=notice, by=notice.author)

    def test_a_notice_in_dutch_alone_needs_none(self) -> None:
        room = make.make_class()
        make.make_family(room)
        notice = make.make_notice(room)
        set_reason(notice=notice, reason="", by=notice.author)
        assert publish_notice(notice=notice, by=notice.author) == 1

    def test_nor_where_the_rules_ask_for_none(self, cast: Cast) -> None:
        notice = draft(cast)
        set_reason(notice=notice, reason="", by=notice.author)
        set_rules(by=cast.staff["head"], school=notice.school, needs_reason=False, machine="REVIEWED")
        assert publish_notice(notice=notice, by=notice.author)
