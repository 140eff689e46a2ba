"""Parents answer by the link of the notice, signed in, and on a tablet at the gate; nothing of it needs a script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import Delivery
from messaging.services import copy_notice, publish_notice
from reports import measuring
from reports.measuring import tablet
from reports.models import MeasurementBox, MeasurementInvitee, MeasurementWave
from schools.limits import Limit
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent, template
from tests.parents.frame import text_of
from tests.reports.measured import ALL_YES, asked, link_of, opened, over
from tests.surface.written import read_aloud

pytestmark = pytest.mark.django_db
FORM = {"welcome": "4", "whom_to_ask": "0", "text": "Bedankt voor de tolk."}


@pytest.fixture
def wave(cast: Cast) -> MeasurementWave:
    made = opened(cast)
    asked(cast, made)
    return made


def page_for(cast: Cast, wave: MeasurementWave, guardian: str = "dutch_mother") -> str:
    assert wave.notice is not None
    return reverse("token_measurement", args=[link_of(cast, wave.notice, guardian)])


def test_the_notice_leads_to_the_questions_and_only_then_counts_as_opened(cast: Cast, wave: MeasurementWave) -> None:
    url, browser = page_for(cast, wave), Client()
    notice_url = url.removesuffix("meting/")
    page = text_of(browser.get(notice_url))
    assert "Naar de vragen" in page
    assert "1. Ik voel me welkom op school." in page
    browser.get(url)
    assert not Delivery.objects.filter(notice=wave.notice, opened_at__isnull=False).exists()
    assert browser.post(url, {"begin": "1"}).headers["Location"] == url
    assert Delivery.objects.get(notice=wave.notice, guardian=cast.guardians["dutch_mother"]).opened_at
    assert not MeasurementBox.objects.get().forms, "beginning is no answer"


def test_by_link_one_answers_once_and_reads_so_beforehand(cast: Cast, wave: MeasurementWave) -> None:
    url, browser = page_for(cast, wave), Client()
    page = browser.get(url)
    assert "Iedereen antwoordt één keer. Wat verstuurd is, kan niet meer veranderd worden." in text_of(page)
    assert page.content.decode().count('type="radio"') == 25
    assert browser.post(url, FORM).status_code == 303
    assert "De antwoorden zijn binnen." in text_of(browser.get(url))
    again = browser.post(url, {"welcome": "0"})
    assert again.status_code == 200
    assert "De antwoorden zijn binnen." in text_of(again), "a double click is one answer, and no error"
    box = MeasurementBox.objects.get()
    assert (box.forms, box.texts) == ({"own": 1}, ["Bedankt voor de tolk."])
    delivery = Delivery.objects.get(notice=wave.notice, guardian=cast.guardians["dutch_mother"])
    assert delivery.opened_at is None, "the answer leaves no moment"


def test_nothing_is_lost_when_something_is_wrong(cast: Cast, wave: MeasurementWave) -> None:
    url = page_for(cast, wave)
    page = Client().post(url, {"welcome": "3", "text": "Mijn nummer is 85.07.30-033.28"})
    assert page.status_code == 422
    assert "rijksregisternummer" in text_of(page)
    assert "85.07.30-033.28" in text_of(page)
    html = " ".join(page.content.decode().split())
    assert 'name="welcome" value="3" autocomplete="off" checked' in html
    empty = Client().post(url, {"text": ""})
    assert (empty.status_code, "Kies eerst een gezichtje" in text_of(empty)) == (422, True)
    odd = Client().post(url, {"welcome": "9"})
    assert odd.status_code == 422
    assert not MeasurementBox.objects.get().forms


def test_after_the_last_day_one_reads_so(cast: Cast, wave: MeasurementWave) -> None:
    url = page_for(cast, wave)
    over(wave)
    assert "Deze vragen zijn afgesloten. Toch bedankt." in text_of(Client().get(url))
    late = Client().post(url, FORM)
    assert late.status_code == 422
    assert "Deze vragen zijn afgesloten. Toch bedankt." in text_of(late)
    assert not MeasurementBox.objects.get().forms


def test_the_notice_says_that_the_questions_are_answered_or_over(cast: Cast, wave: MeasurementWave) -> None:
    url = page_for(cast, wave)
    own = Delivery.objects.get(notice=wave.notice, guardian=cast.guardians["dutch_mother"])
    browser, mother = Client(), cast.guardian_client("dutch_mother")

    def notices() -> list[str]:
        """By the link and signed in."""
        signed_in = mother.get(reverse("portal_notice", args=[own.pk]))
        return [text_of(browser.get(url.removesuffix("meting/"))), text_of(signed_in)]

    assert ["Naar de vragen" in page for page in notices()] == [True, True]
    browser.post(url, FORM)
    for page in notices():
        assert ("De antwoorden zijn binnen." in page, "Naar de vragen" in page) == (True, False)
    over(wave)
    others = page_for(cast, wave, "separated_father").removesuffix("meting/")
    page = text_of(browser.get(others, {"taal": "nl"}, follow=True))
    assert ("Deze vragen zijn afgesloten. Toch bedankt." in page, "Naar de vragen" in page) == (True, False)


def test_signed_in_a_parent_answers_the_own_notice_only(cast: Cast, wave: MeasurementWave) -> None:
    own = Delivery.objects.get(notice=wave.notice, guardian=cast.guardians["dutch_mother"])
    other = Delivery.objects.filter(notice=wave.notice, guardian=cast.guardians["separated_father"]).first()
    assert other is not None
    mother = cast.guardian_client("dutch_mother")
    url = reverse("portal_measurement", args=[own.pk])
    assert "Naar de vragen" in text_of(mother.get(reverse("portal_notice", args=[own.pk])))
    assert mother.post(url, FORM).status_code == 303
    assert "De antwoorden zijn binnen." in text_of(mother.get(url))
    assert mother.get(reverse("portal_measurement", args=[other.pk])).status_code == 404


def test_another_notice_leads_to_no_questions(cast: Cast) -> None:
    notice = sent(cast)
    url = reverse("token_measurement", args=[link_of(cast, notice, "separated_father")])
    assert Client().get(url).status_code == 404


def test_a_correction_of_the_notice_asks_the_same(cast: Cast, wave: MeasurementWave) -> None:
    assert wave.notice is not None
    again = copy_notice(wave.notice, by=cast.staff["head"], corrects=wave.notice)
    publish_notice(notice=again, by=cast.staff["head"])
    url = reverse("token_measurement", args=[link_of(cast, again, "dutch_mother")])
    assert Client().post(url, FORM).status_code == 303
    assert MeasurementBox.objects.get().forms == {"own": 1}


@pytest.mark.parametrize("language", ["ar", "pa", "so"])
def test_in_the_parents_language(cast: Cast, wave: MeasurementWave, language: str) -> None:
    page = Client().get(f"{page_for(cast, wave)}?taal={language}")
    html = page.content.decode()
    assert f'lang="{language}' in html
    assert "gezichtje" not in html
    assert "<template data-own-voice" in html, "a device with a voice of its own reads it"


def test_the_tablet_asks_one_parent_after_the_other_and_knows_none(cast: Cast, wave: MeasurementWave) -> None:
    browser = cast.client("teacher_3b")
    page = browser.get(reverse("measurement_tablet", args=[wave.pk]))
    assert "QR" in page.content.decode()
    assert browser.post(reverse("measurement_tablet", args=[wave.pk])).headers["Location"] == reverse("tablet_start")
    assert browser.get(reverse("my_week")).status_code == 302, "the colleague is signed out"
    start = browser.get(reverse("tablet_start")).content.decode()
    assert "?taal=pa" in start
    questions = reverse("tablet_questions")
    assert "ਸਕੂਲ" in browser.get(f"{questions}?taal=pa").content.decode()
    first = FORM | {"form": "one"}
    assert browser.post(questions, first).headers["Location"] == reverse("tablet_thanks")
    assert browser.post(questions, first).status_code == 303, "two taps are one form"
    assert browser.get(reverse("tablet_thanks")).status_code == 200
    assert "Choose" not in browser.get(reverse("tablet_start")).content.decode()
    fresh = browser.get(questions).content.decode()
    assert "checked" not in fresh
    assert "Bedankt voor de tolk." not in fresh
    assert 'lang="nl' in fresh, "the next one chooses a language anew"
    assert 'name="form" value="' in fresh
    assert browser.post(questions, {"welcome": "1", "form": "two"}).status_code == 303
    box = MeasurementBox.objects.get()
    assert box.forms == {"gate": 2}
    assert not MeasurementInvitee.objects.filter(has_answered=True).exists()


def test_the_code_of_the_tablet_lasts_minutes_and_its_door_hours(
    cast: Cast, wave: MeasurementWave, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = tablet.tablet_link(wave).split("//", 1)[1]
    path = address[address.index("/") :]
    stranger = Client()
    assert stranger.get(reverse("tablet_start")).status_code == 404
    assert stranger.get("/meting/tablet/12.abc.def/").status_code == 404
    assert stranger.get(path).headers["Location"] == reverse("tablet_start")
    over(wave)
    assert stranger.get(reverse("tablet_questions")).status_code == 404
    monkeypatch.setattr("django.conf.settings.GATE_CODE_MINUTES", -1)
    assert Client().get(path).status_code == 404


def test_nobody_fills_the_box_all_day(cast: Cast, wave: MeasurementWave, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = cast.client("teacher_3b")
    browser.post(reverse("measurement_tablet", args=[wave.pk]))
    monkeypatch.setattr("schools.limits.Limit.spend", lambda self, key: False)
    page = browser.post(reverse("tablet_questions"), FORM)
    assert page.status_code == 422
    assert not MeasurementBox.objects.get().forms


def test_a_tablet_that_sent_too_much_closes_no_other(
    cast: Cast, wave: MeasurementWave, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }
    monkeypatch.setattr(tablet, "FORMS_OF_TABLET", Limit("forms of one tablet", 1, 3600))
    monkeypatch.setattr(tablet, "FORMS_OF_WAVE", Limit("forms of all", 3, 3600))
    photographed, at_the_gate = Client(), Client()
    photographed.get(tablet.tablet_link(wave))
    sent_ones = [photographed.post(reverse("tablet_questions"), FORM).status_code for _time in range(6)]
    assert sent_ones == [303] + [422] * 5
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):  # another code
        at_the_gate.get(tablet.tablet_link(wave))
        assert at_the_gate.post(reverse("tablet_questions"), FORM).status_code == 303


def test_a_colleague_answers_for_the_team_and_a_parent_does_not(cast: Cast) -> None:
    team = opened(cast, audience="TEAM")
    url, teacher = reverse("measurement_answer", args=[team.pk]), cast.client("teacher_3b")
    assert "Ik durf ouders aanspreken" in text_of(teacher.get(url))
    assert "De vragen beantwoorden" in text_of(teacher.get(reverse("measurement_list")))
    assert teacher.post(url, {"dare_contact": "2"}).status_code == 303
    assert "De antwoorden zijn binnen." in text_of(teacher.get(url))
    assert "De vragen beantwoorden" not in text_of(teacher.get(reverse("measurement_list")))
    assert cast.client("teacher_go").get(url).status_code == 404
    assert cast.guardian_client("dutch_mother").get(url).status_code == 302
    assert not measuring.answer(wave=team, person=cast.staff["teacher_3b"], given=ALL_YES)


def test_who_reads_by_ear_hears_the_questions_by_link_and_at_the_gate(cast: Cast) -> None:
    made, head = opened(cast), cast.staff["head"]
    template()
    notice = measuring.draft_invitation(wave=made, by=head)
    read_aloud(notice)
    publish_notice(notice=notice, by=head)
    by_link = Client().get(reverse("token_measurement", args=[link_of(cast, notice, "separated_father")]))
    assert "<audio" in by_link.content.decode()
    browser = Client()
    browser.get(tablet.tablet_link(made))
    voice = reverse("tablet_voice", args=[notice.recordings.get().pk])
    assert voice in browser.get(f"{reverse('tablet_questions')}?taal=ar").content.decode()
    assert browser.get(voice).status_code == 200
    assert "<audio" not in browser.get(f"{reverse('tablet_questions')}?taal=pa").content.decode()
    assert Client().get(voice).status_code == 404, "only on the tablet"
