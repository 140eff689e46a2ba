"""Parents text back: STOP stops one purpose on that phone, anything else reaches people, and nothing is lost."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from ingroeibloei.logs import redact
from messaging.models import (
    Delivery,
    InboundOutcome,
    InboundText,
    Notice,
    OptOut,
    RecordedNotice,
    Thread,
    ThreadPost,
)
from messaging.stopwords import START_WORDS, STOP_WORDS, is_start, is_stop
from parents.models import ContactPoint, FamilyMembership, FollowUp, FollowUpKind, Guardian
from schools import clock
from schools.languages import INTERFACE_CODES
from schools.models import AuditEntry, Enrolment
from tests import factories as make
from tests.messaging.ladder_world import leave, publish, rungs

PHONE = "+32470000001"
KEY = "a-key-of-the-gateway-0123456789abcdef"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def door(settings: Any) -> Iterator[None]:
    settings.SMS_DRIVER = "record"
    settings.SMS_INBOUND_KEY = KEY
    cache.clear()
    yield
    cache.clear()


def texted(*languages: str, is_shared: bool = False) -> list[Any]:
    """Parents with one phone between them, to whom an invitation was texted."""
    school_class = make.make_class()
    family = make.make_family(school_class, languages=languages or ["tr"], emails=[])
    make.make_point(PHONE, *family.guardians, is_shared=is_shared)
    publish(make.make_notice(school_class))
    leave()
    return family.guardians


def brings(text: str, *, number: str = PHONE, gateway_id: str = "m-1", key: str = KEY, **more: str) -> int:
    """What Kannel asks for when a message came in."""
    query = urlencode({"k": key, "id": gateway_id, "from": number, "text": text} | more)
    return Client().get(f"/haken/sms/antwoord/?{query}").status_code


class TestStop:
    @pytest.mark.parametrize("language", INTERFACE_CODES)
    def test_in_every_language(self, language: str) -> None:
        for word in STOP_WORDS[language]:
            for written in (word, word.upper(), f"  {word} . ", word.replace(" ", "   "), f"\u200f{word}!"):
                assert is_stop(written), written

    @pytest.mark.parametrize(
        "text", ["", "Stop de bus om 8 uur?", "ik stop niet", "ਬੰਦਾ", "durum nasıl", "ok", "😀", "stop " * 30]
    )
    def test_nothing_else_is_one(self, text: str) -> None:
        assert not is_stop(text)

    def test_it_stops_this_purpose_by_text_message_and_moves_the_family_on(self) -> None:
        (guardian,) = texted("tr")
        assert brings("Dur") == 200
        row = OptOut.objects.get()
        assert (row.guardian, row.channel, row.category) == (guardian, "SMS", "appointment")
        assert rungs() == ["SMS", "LETTER"]
        assert InboundText.objects.get().outcome == InboundOutcome.STOPPED

    def test_all_who_use_the_phone_get_no_more(self) -> None:
        guardians = texted("tr", "tr", is_shared=True)
        brings("STOP")
        assert set(OptOut.objects.values_list("guardian_id", flat=True)) == {row.pk for row in guardians}

    def test_the_answer_is_in_the_guardians_language_once_and_names_nobody(self) -> None:
        (guardian,) = texted("ar")
        for _time in range(2):
            brings("قف")
        answer = RecordedNotice.objects.get(channel="SMS")
        assert answer.recipient == PHONE
        assert guardian.first_name not in answer.text
        assert "ADVERT" not in answer.text

    @pytest.mark.parametrize("why", ["others read along", "confidential", "own phone"])
    def test_the_answer_says_what_it_was_about_only_where_that_may_be_read(self, why: str) -> None:
        texted("nl", is_shared=why == "others read along")
        Notice.objects.update(is_confidential=why == "confidential")
        brings("STOP")
        answer = RecordedNotice.objects.get(channel="SMS").text
        assert ("gesprekken" in answer) is (why == "own phone")
        assert answer.startswith("U krijgt geen sms’en")
        assert OptOut.objects.get().category == "appointment"

    def test_the_same_message_twice_is_one(self) -> None:
        texted()
        brings("STOP", gateway_id="m-7")
        OptOut.objects.all().delete()
        brings("STOP", gateway_id="m-7")
        assert not OptOut.objects.exists()
        brings("STOP", gateway_id="m-8")
        assert OptOut.objects.count() == 1

    def test_who_was_texted_nothing_stops_everything_but_what_is_urgent(self) -> None:
        family = make.make_family(make.make_class(), phones=[PHONE])
        brings("STOP")
        assert OptOut.objects.get().category == ""
        assert OptOut.objects.get().guardian == family.guardians[0]

    @pytest.mark.parametrize(("days", "category"), [(59, "appointment"), (61, "")])
    def test_what_was_texted_two_months_ago_is_not_what_it_is_about(self, days: int, category: str) -> None:
        texted()
        Delivery.objects.update(sent_at=clock.now() - timedelta(days=days))
        brings("STOP")
        assert OptOut.objects.get().category == category

    def test_what_was_texted_to_who_had_the_number_before_says_nothing_of_who_has_it_now(self) -> None:
        texted("ar")
        ContactPoint.objects.update(valid_until=make.LONG_AGO)
        now = make.make_family(make.make_class(name="6Z"), languages=["nl"], phones=[PHONE]).guardians[0]
        brings("STOP")
        assert list(OptOut.objects.values_list("guardian", "category")) == [(now.pk, "")]
        assert "U krijgt geen sms’en" in RecordedNotice.objects.get(channel="SMS").text
        assert not AuditEntry.objects.filter(verb="opted out", target_kind="messaging.notice").exists()


class TestStart:
    @pytest.mark.parametrize("language", INTERFACE_CODES)
    def test_in_every_language(self, language: str) -> None:
        for word in START_WORDS[language]:
            for written in (word, word.upper(), f" {word}. "):
                assert (is_start(written), is_stop(written)) == (True, False), written
        assert not any(is_start(word) for word in STOP_WORDS[language])

    def test_it_undoes_stop_for_all_who_use_the_phone_and_says_so(self) -> None:
        texted("tr", "tr", is_shared=True)
        brings("STOP")
        brings("Başla", gateway_id="m-2")
        assert not OptOut.objects.exists()
        assert not Thread.objects.exists()
        assert not FollowUp.objects.exists()
        assert InboundText.objects.get(gateway_id="m-2").outcome == InboundOutcome.STARTED
        answer = RecordedNotice.objects.filter(channel="SMS").latest("pk")
        assert answer.text == "Okuldan yeniden kısa mesaj alacaksınız."
        assert AuditEntry.objects.filter(verb="opted in again").count() == 2

    def test_other_ways_stay_refused(self) -> None:
        (guardian,) = texted("nl")
        for channel in ("EMAIL", "SMS"):
            OptOut.objects.create(guardian=guardian, channel=channel, since=clock.now())
        brings("START")
        assert OptOut.objects.get().channel == "EMAIL"

    def test_where_nothing_was_stopped_the_word_is_an_answer_that_people_read(self) -> None:
        texted("tr")
        brings("Devam")
        assert ThreadPost.objects.get().text == "Devam"
        assert not RecordedNotice.objects.filter(channel="SMS", recipient=PHONE).exists()

    @pytest.mark.parametrize("text", ["Start de les om 8 uur?", "Wanneer start het?"])
    def test_a_question_with_that_word_is_a_question(self, text: str) -> None:
        texted("nl")
        brings(text)
        assert Thread.objects.exists()

    @pytest.mark.parametrize("why", [{"may_be_contacted": False}, {"restricted_on": date(2026, 11, 2)}])
    def test_who_gets_nothing_is_promised_nothing(self, why: dict[str, Any]) -> None:
        texted("nl")
        brings("STOP")
        Guardian.objects.update(**why)
        brings("START", gateway_id="m-2")
        assert not RecordedNotice.objects.filter(text__contains="opnieuw").exists()
        assert InboundText.objects.get(gateway_id="m-2").outcome != InboundOutcome.STARTED
        assert OptOut.objects.exists()


class TestOtherWords:
    def test_one_persons_words_are_a_question_in_a_conversation(self) -> None:
        (guardian,) = texted("tr")
        brings("Saat kaçta?", charset="UTF-8")
        brings("Teşekkürler", gateway_id="m-2")
        thread = Thread.objects.get()
        assert (thread.guardian, thread.notice_id) == (guardian, Delivery.objects.get().notice_id)
        assert list(ThreadPost.objects.values_list("text", flat=True)) == ["Saat kaçta?", "Teşekkürler"]
        assert Delivery.objects.get().opened_at is not None, "a person reacted"

    def test_a_brother_who_left_school_does_not_lose_the_question(self) -> None:
        family = make.make_family(make.make_class(), phones=[PHONE], children=["Grote", "Kleine"])
        left, here = family.pupils
        Enrolment.objects.filter(pupil=left).update(starts_on=make.LONG_AGO, ends_on=make.LONG_AGO)
        assert brings("Mag hij morgen thuisblijven?") == 200
        assert Thread.objects.get().pupil == here
        Enrolment.objects.update(starts_on=make.LONG_AGO, ends_on=make.LONG_AGO)
        Thread.objects.all().delete()
        assert brings("En nu?", gateway_id="m-2") == 200
        assert InboundText.objects.get(gateway_id="m-2").outcome == InboundOutcome.KEPT

    def test_what_is_texted_after_a_move_goes_to_the_school_of_now(self) -> None:
        family = make.make_family(make.make_class(), phones=[PHONE])
        (pupil,) = family.pupils
        brings("Vertrekt de bus om 8 uur?")
        before = Thread.objects.get()
        Enrolment.objects.update(starts_on=make.LONG_AGO, ends_on=make.LONG_AGO)
        now_in = make.make_class()
        Enrolment.objects.create(pupil=pupil, school=now_in.school, school_class=now_in, starts_on=clock.today())
        brings("Ze is ziek vandaag", gateway_id="m-2")
        thread = InboundText.objects.get(gateway_id="m-2").thread
        assert thread is not None
        assert (thread.school, before.posts.count()) == (now_in.school, 1)

    def test_what_is_texted_about_a_sister_is_not_in_the_conversation_about_a_brother_who_left(self) -> None:
        family = make.make_family(make.make_class(), phones=[PHONE], children=["Grote", "Kleine"])
        left, here = family.pupils
        brings("Wanneer is het feest?")
        assert Thread.objects.get().pupil == left
        Enrolment.objects.filter(pupil=left).update(starts_on=make.LONG_AGO, ends_on=make.LONG_AGO)
        brings("Mag hij morgen thuisblijven?", gateway_id="m-2")
        thread = InboundText.objects.get(gateway_id="m-2").thread
        assert thread is not None
        assert thread.pupil == here

    def test_letters_of_every_kind_arrive(self) -> None:
        texted("pa")
        words = "ਬੱਸ ਕਦੋਂ?".encode("utf-16-be")
        query = f"k={KEY}&id=m-3&from={quote(PHONE)}&charset=UTF-16BE&text={quote(words)}"
        assert Client().get(f"/haken/sms/antwoord/?{query}").status_code == 200
        assert ThreadPost.objects.get().text == "ਬੱਸ ਕਦੋਂ?", "a space in wide letters has a NUL before it"

    @pytest.mark.parametrize("way", ["two people", "marked as shared"])
    def test_on_a_shared_phone_the_school_learns_the_bare_fact(self, way: str) -> None:
        if way == "two people":
            texted("tr", "tr")
        else:
            texted("tr", is_shared=True)
        brings("Mijn man is ziek")
        follow_up = FollowUp.objects.get()
        assert follow_up.kind == FollowUpKind.CALL
        assert follow_up.guardian is None
        assert "ziek" not in follow_up.what
        assert not Thread.objects.exists()
        kept = InboundText.objects.get()
        assert (kept.text, kept.follow_up) == ("Mijn man is ziek", follow_up)

    def test_of_two_schools_that_hears_of_it_whose_notice_was_texted(self) -> None:
        """About the child that is there."""
        elsewhere = make.make_family(make.make_class()).pupils
        mother, _father = texted("tr", "tr")
        here = mother.guardianships.get().pupil
        mother.guardianships.create(pupil=elsewhere[0], starts_on=make.LONG_AGO)
        assert elsewhere[0].pk < here.pk
        brings("Mijn man is ziek")
        follow_up = FollowUp.objects.get()
        assert (follow_up.pupil, follow_up.school) == (here, Notice.objects.get().school)

    @pytest.mark.parametrize("goes", ["to another school", "away"])
    def test_when_that_child_left_the_school_that_has_one_of_theirs_now_hears_of_it(self, goes: str) -> None:
        mother, father = texted("tr", "tr")
        child, now_in = mother.guardianships.get().pupil, make.make_class()
        Enrolment.objects.update(starts_on=make.LONG_AGO, ends_on=make.LONG_AGO)
        if goes == "away":
            child = make.make_family(now_in).pupils[0]
            father.guardianships.create(pupil=child, starts_on=make.LONG_AGO)
        else:
            Enrolment.objects.create(pupil=child, school=now_in.school, school_class=now_in, starts_on=clock.today())
        brings("Mijn man is ziek")
        follow_up = FollowUp.objects.get()
        assert (follow_up.pupil, follow_up.school) == (child, now_in.school)

    def test_a_number_of_nobody_is_kept(self) -> None:
        assert brings("Wie bent u?", number="+32499999999") == 200
        row = InboundText.objects.get()
        assert (row.outcome, row.text) == (InboundOutcome.KEPT, "Wie bent u?")
        assert not RecordedNotice.objects.exists()

    def test_a_number_that_was_taken_from_a_family_still_reaches_the_school(self) -> None:
        texted("tr")
        ContactPoint.objects.update(valid_until=make.LONG_AGO)
        brings("Wie bent u?")
        assert FollowUp.objects.get().kind == FollowUpKind.CALL

    def test_a_child_without_a_family_yet_loses_nothing(self) -> None:
        texted()
        FamilyMembership.objects.all().delete()
        assert brings("Wanneer is het?") == 200
        assert InboundText.objects.get().outcome == InboundOutcome.KEPT
        assert not Thread.objects.exists()

    def test_a_phone_that_floods_makes_no_more_work_and_loses_nothing(self) -> None:
        texted("tr", "tr")
        for number in range(23):
            brings(f"bericht {number}", gateway_id=f"m-{number}")
        assert FollowUp.objects.count() == 20
        assert InboundText.objects.count() == 23
        brings("STOP", gateway_id="m-stop")
        assert OptOut.objects.count() == 2, "a wish to stop is always heard"


class TestTheDoor:
    def test_without_the_key_nobody_comes_in(self, settings: Any) -> None:
        texted()
        assert brings("STOP", key="wrong") == 403
        settings.SMS_INBOUND_KEY = ""
        assert brings("STOP", key="") == 403
        assert not InboundText.objects.exists()

    def test_who_guesses_keys_is_kept_out_for_a_while(self) -> None:
        for _try in range(20):
            brings("STOP", key="wrong")
        assert brings("STOP") == 403

    @pytest.mark.parametrize("facts", [{"number": "geen"}, {"number": "a@b.example"}, {"gateway_id": ""}])
    def test_what_is_no_message_is_refused(self, facts: dict[str, str]) -> None:
        assert brings("STOP", **facts) == 400

    def test_the_log_keeps_neither_key_nor_words(self) -> None:
        line = redact(f'GET "/haken/sms/antwoord/?k={KEY}&from=%2B32470000001&text=ziek" 200')
        assert line == 'GET "/haken/sms/antwoord/…" 200'

    def test_over_a_real_connection(self, live_server: Any) -> None:
        query = urlencode({"k": KEY, "id": "m-9", "from": PHONE, "text": "ARRÊT"})
        with urllib.request.urlopen(f"{live_server.url}/haken/sms/antwoord/?{query}", timeout=20) as answer:  # noqa: S310
            assert (answer.status, answer.read()) == (200, b"")
        assert InboundText.objects.get().outcome == InboundOutcome.STOPPED
