"""A machine translates a notice behind the page: no name leaves, each language fails for itself, all is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db.models.functions import Now
from django.urls import reverse

from messaging import machine as client
from messaging.audience import sendable_languages
from messaging.models import Delivery, MachineJob, MachineState, Notice, NoticeText, TextKind, TextOrigin, TextState
from messaging.outbox.clocks import in_seconds
from messaging.services import (
    ask_machine,
    publish_notice,
    review_text,
    see_back,
    set_rules,
    stop_machine,
    update_notice,
    write_translation,
)
from messaging.translatingjobs import LEASE_SECONDS, MOST_ATTEMPTS, translate_ordered
from schools import clock
from tests.cast import Cast
from tests.messaging.deepl_server import KEY, DeepLServer, deepl_server
from tests.messaging.notices_for_pages import draft
from tests.messaging.rendered import mail_for
from tests.messaging.translation_machine import Machine, translation_machine

pytestmark = pytest.mark.django_db

#: The writer's own words: a child, a colleague, a number, and a word of the list.
DUTCH = {
    "title": "Oudercontact over {child}",
    "body": "Beste ouder,\nKom naar lokaal 12 om 15.30.\nBel Simran Kaur of An Lemmens: 0470 00 00 01.\n\nTot dan & "
    "groeten <3",
}


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return update_notice(draft(cast), dutch=DUTCH)


@pytest.fixture
def libre(settings: Any) -> Iterator[Machine]:
    with translation_machine() as running:
        settings.TRANSLATION_DRIVER, settings.TRANSLATION_URL = "libretranslate", running.url
        yield running


@pytest.fixture
def deepl(settings: Any) -> Iterator[DeepLServer]:
    with deepl_server() as running:
        settings.TRANSLATION_DRIVER, settings.TRANSLATION_URL = "deepl", running.url
        settings.TRANSLATION_KEY = KEY
        yield running


@pytest.fixture(params=["libre", "deepl"])
def either(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def order(notice: Notice, *codes: str) -> int:
    return ask_machine(notice=notice, languages=codes or ("ar", "fr", "pa"), by=notice.author)


def text(notice: Notice, code: str = "ar") -> NoticeText:
    return NoticeText.objects.get(notice=notice, language=code)


class Interrupted:
    """A machine that is slow: something happens before its first answer comes."""

    name = "slow.example"

    def __init__(self, machine: Any, happens: Callable[[], object]) -> None:
        self._machine, self._happens = machine, happens

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        answer: list[str] = self._machine.translate(texts, source=source, target=target)
        if source == "nl":
            self._happens()
        return answer


@pytest.fixture
def meanwhile(libre: Machine, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    def let(happens: Callable[[], object]) -> None:
        slow = Interrupted(client.driver(), happens)
        monkeypatch.setattr(client, "driver", lambda: slow)

    return let


def said(machine: Any) -> str:
    return " ".join(str(question.get("q") or question.get("text")) for question in machine.heard)


def test_it_translates_into_each_language_and_back(notice: Notice, either: Any) -> None:
    assert order(notice) == 3
    assert translate_ordered() == 3
    row = text(notice, "fr")
    assert (row.origin, row.state) == (TextOrigin.MACHINE, TextState.MACHINE)
    assert row.source_hash == text(notice, "nl").source_hash
    assert "Simran" in row.body
    assert "{child}" in row.title
    assert row.body.count("\n") == DUTCH["body"].count("\n")
    assert row.body.endswith("& groeten <3"), "what looks like a tag comes back as it went"
    assert row.back
    assert row.back["title"].startswith(("nl:", "Vertaald:"))
    assert set(MachineJob.objects.values_list("state", flat=True)) == {MachineState.DONE}


def test_no_name_number_or_value_leaves(notice: Notice, either: Any) -> None:
    order(notice)
    translate_ordered()
    sent = said(either)
    assert "groeten" in sent
    for secret in ("Simran", "Kaur", "Lemmens", "0470", "lokaal 12", "15.30", "{child}", "Kersenboom", "Lotte"):
        assert secret not in sent, secret


def test_a_school_word_has_its_own_translation(notice: Notice, either: Any) -> None:
    order(notice, "fr")
    translate_ordered()
    assert "Rencontre parents-enseignant" in text(notice, "fr").title
    assert "contact" not in said(either).casefold()


def test_hours_are_written_as_the_language_does(notice: Notice, either: Any) -> None:
    order(notice, "ar")
    translate_ordered()
    assert "\u206815:30\u2069" in text(notice).body


@pytest.mark.parametrize("trouble", ["loses", "doubles"])
def test_deepl_that_mangles_a_mark_is_refused(notice: Notice, deepl: DeepLServer, trouble: str) -> None:
    deepl.behave = trouble
    before = text(notice).body
    order(notice, "ar")
    assert translate_ordered() == 0
    job = MachineJob.objects.get()
    assert (job.state, job.problem) == (MachineState.FAILED, "LOST")
    assert text(notice).body == before


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [(400, "UNKNOWN"), (403, "REFUSES"), (456, "QUOTA"), (429, "BUSY"), (503, "BUSY"), (500, "AWAY")],
)
def test_each_trouble_of_deepl_has_its_sentence(
    cast: Cast, notice: Notice, deepl: DeepLServer, trouble: int, problem: str
) -> None:
    deepl.behave = trouble
    order(notice, "ar")
    for _attempt in range(MOST_ATTEMPTS):
        translate_ordered()
    assert MachineJob.objects.get().problem == problem
    page = cast.client("teacher_3b").get(reverse("notice_translations", args=[notice.pk]))
    assert str(page.context["translations"].row("ar").problem) in page.content.decode()


@pytest.mark.parametrize("trouble", [400, 403, 429, 500, "rubbish", "loses", "moved"])
def test_libretranslate_in_trouble_changes_nothing(notice: Notice, libre: Machine, trouble: str | int) -> None:
    libre.behave = trouble
    before = text(notice).body
    order(notice, "ar")
    for _attempt in range(MOST_ATTEMPTS):
        assert translate_ordered() == 0
    assert MachineJob.objects.get().state == MachineState.FAILED
    assert text(notice).body == before


def test_a_machine_that_was_busy_is_asked_again(notice: Notice, deepl: DeepLServer) -> None:
    deepl.behave = 429
    order(notice, "ar")
    assert translate_ordered() == 0
    assert MachineJob.objects.get().state == MachineState.QUEUED
    deepl.behave = ""
    assert translate_ordered() == 1


def test_an_order_whose_task_ran_out_of_time_is_tried_again(notice: Notice, libre: Machine) -> None:
    order(notice, "ar")
    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(client, "opened", Mock(side_effect=SoftTimeLimitExceeded))
        with pytest.raises(SoftTimeLimitExceeded):
            translate_ordered()
    assert MachineJob.objects.get().state == MachineState.QUEUED
    assert translate_ordered() == 1


def test_what_was_stopped_stays_as_it_was(notice: Notice, libre: Machine) -> None:
    order(notice)
    assert stop_machine(notice=notice, by=notice.author) == 3
    assert translate_ordered() == 0
    assert libre.heard == []
    assert order(notice, "ar") == 1, "it can be asked again"


def test_an_order_stopped_while_the_machine_worked_brings_no_text(notice: Notice, meanwhile: Any) -> None:
    order(notice, "ar")
    meanwhile(lambda: stop_machine(notice=notice, by=notice.author))
    assert translate_ordered() == 0
    assert MachineJob.objects.get().state == MachineState.STOPPED
    assert text(notice).origin == TextOrigin.TEMPLATE


def test_a_dutch_that_changed_meanwhile_brings_no_text(notice: Notice, meanwhile: Any) -> None:
    order(notice, "ar")
    meanwhile(lambda: update_notice(notice, dutch={"title": "Anders"}))
    assert translate_ordered() == 0
    assert MachineJob.objects.get().problem == "CHANGED"


class TestWhatAPersonWroteMeanwhile:
    """The order goes on behind the page: it may wait minutes for a machine that is busy."""

    WORDS = {"title": "عنوان", "body": "نص كتبه زميل"}

    def test_stays_though_the_machine_was_at_work(self, notice: Notice, meanwhile: Any) -> None:
        order(notice, "ar")
        meanwhile(lambda: write_translation(notice=notice, language="ar", text=self.WORDS, author=notice.author))
        assert translate_ordered() == 0
        assert (text(notice).origin, text(notice).body) == (TextOrigin.PERSON, self.WORDS["body"])

    def test_ends_its_order_alone(self, notice: Notice, libre: Machine) -> None:
        order(notice, "ar", "fr")
        write_translation(notice=notice, language="ar", text=self.WORDS, author=notice.author, is_native=True)
        assert translate_ordered() == 1
        assert text(notice).state == TextState.REVIEWED
        assert text(notice, "fr").origin == TextOrigin.MACHINE
        assert MachineJob.objects.get(language="ar").state == MachineState.STOPPED


class TestAProcessThatDied:
    def test_its_order_is_taken_over_when_its_lease_is_over(self, notice: Notice, libre: Machine) -> None:
        order(notice, "ar")
        MachineJob.objects.update(state=MachineState.RUNNING, claim_token=uuid4(), claimed_until=Now())
        assert translate_ordered() == 1

    def test_so_it_is_when_its_lease_is_longer_than_one_may_be(self, notice: Notice, libre: Machine) -> None:
        """A clock was ahead that is set right since."""
        order(notice, "ar")
        later = in_seconds(3 * 86_400)
        MachineJob.objects.update(state=MachineState.RUNNING, claim_token=uuid4(), claimed_until=later)
        assert translate_ordered() == 1

    def test_an_order_in_other_hands_is_left(self, notice: Notice, libre: Machine) -> None:
        order(notice, "ar")
        later = in_seconds(LEASE_SECONDS)
        MachineJob.objects.update(state=MachineState.RUNNING, claim_token=uuid4(), claimed_until=later)
        assert translate_ordered() == 0
        assert libre.heard == []

    def test_an_order_that_kills_is_given_up(self, notice: Notice, libre: Machine) -> None:
        order(notice, "ar")
        MachineJob.objects.update(state=MachineState.RUNNING, attempts=MOST_ATTEMPTS, claimed_until=Now())
        assert translate_ordered() == 0
        assert MachineJob.objects.get().problem == "GAVE_UP"


def test_what_a_person_wrote_is_never_replaced(notice: Notice, libre: Machine) -> None:
    write_translation(notice=notice, language="ar", text={"title": "تعالوا"}, author=notice.author)
    with pytest.raises(ValidationError):
        order(notice, "ar")


def test_without_a_machine_nobody_is_offered_one(cast: Cast, notice: Notice) -> None:
    with pytest.raises(ValidationError):
        order(notice)
    page = cast.client("teacher_3b").get(reverse("notice_translations", args=[notice.pk]))
    assert page.context["machine_form"] is None


class TestWhatTheSchoolAllows:
    @pytest.fixture(autouse=True)
    def _translated(self, notice: Notice, libre: Machine) -> None:
        order(notice)
        translate_ordered()

    def allow(self, cast: Cast, notice: Notice, machine: str) -> None:
        set_rules(by=cast.staff["head"], school=notice.school, needs_reason=True, machine=machine)

    def test_without_rules_of_its_own_a_native_speaker_reads_it_first(self, notice: Notice) -> None:
        assert "ar" not in sendable_languages(notice)
        review_text(notice=notice, language="ar", by=notice.author)
        assert "ar" in sendable_languages(notice)

    def test_where_it_must_be_read_back_the_writer_reads_it_back(self, cast: Cast, notice: Notice) -> None:
        self.allow(cast, notice, "SEEN")
        assert "ar" not in sendable_languages(notice)
        address = reverse("notice_translation", args=[notice.pk, "ar"])
        page = cast.client("teacher_3b").get(address).content.decode()
        assert (text(notice).back or {})["title"] in page
        cast.client("teacher_3b").post(address, {"act": "seen"})
        assert "ar" in sendable_languages(notice)

    def test_where_none_is_sent_not_even_a_reviewed_one_is(self, cast: Cast, notice: Notice) -> None:
        self.allow(cast, notice, "NEVER")
        review_text(notice=notice, language="ar", by=notice.author)
        assert "ar" not in sendable_languages(notice)

    def test_parents_are_told_that_a_machine_made_it(self, cast: Cast, notice: Notice) -> None:
        self.allow(cast, notice, "SEEN")
        for code in ("ar", "fr", "pa"):
            see_back(notice=notice, language=code, by=notice.author)
        publish_notice(notice=notice, by=notice.author)
        delivery = Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_mother"])
        assert (delivery.language, delivery.text_kind) == ("fr", TextKind.MACHINE)
        mail = mail_for(delivery)
        for part in (mail.text, mail.html):
            assert "machine" in part.casefold() or "traduction" in part.casefold()
        parent = cast.guardian_client("separated_mother")
        page = parent.get(reverse("portal_notice", args=[delivery.pk]), {"taal": "fr"})
        assert page.context["page"].text.is_by_machine
        assert page.context["page"].text.title.startswith("fr:")

    def test_an_edited_one_is_still_the_machines(self, notice: Notice) -> None:
        write_translation(notice=notice, language="ar", text={"title": "تعالوا"}, author=notice.author)
        row = text(notice)
        assert (row.origin, row.state, row.back, row.back_seen_at) == ("MACHINE", "DRAFT", None, None)
        write_translation(notice=notice, language="ar", text={}, author=notice.author, is_native=True)
        assert text(notice).state == TextState.REVIEWED

    def test_its_words_cannot_turn_the_line_or_pose_as_a_child(self, notice: Notice, libre: Machine) -> None:
        libre.suffix = " \u202e{child} {date}"
        order(notice, "ar")
        translate_ordered()
        row = text(notice)
        assert "\u202e" not in row.body
        assert "(child)" in row.body
        assert row.title.count("{child}") == 1


def test_the_page_shows_how_far_it_is_and_stops_it(cast: Cast, notice: Notice, libre: Machine) -> None:
    browser = cast.client("teacher_3b")
    browser.post(reverse("notice_machine", args=[notice.pk]), {"machine-languages": ["ar", "pa"]})
    page = browser.get(reverse("notice_translations", args=[notice.pk]))
    assert (page.context["translations"].machine_done, page.context["translations"].machine_asked) == (0, 2)
    part = browser.get(reverse("machine_status", args=[notice.pk]), headers={"HX-Request": "true"})
    assert "hx-trigger" in part.content.decode()
    browser.post(reverse("machine_stop", args=[notice.pk]))
    part = browser.get(reverse("machine_status", args=[notice.pk]), headers={"HX-Request": "true"})
    assert "hx-trigger" not in part.content.decode(), "what stands still is not asked for again"


def test_the_page_goes_on_while_the_notice_waits_for_the_machine_and_says_that_it_left(
    cast: Cast, notice: Notice, libre: Machine
) -> None:
    browser, there = cast.client("teacher_3b"), reverse("machine_status", args=[notice.pk])
    order(notice, "ar")
    Notice.objects.update(status="SCHEDULED", send_at=clock.now() + timedelta(hours=1))
    part = browser.get(there, headers={"HX-Request": "true"})
    assert "hx-trigger" in part.content.decode()
    assert cast.client("head").get(there, headers={"HX-Request": "true"}).status_code == 404
    Notice.objects.update(status="PUBLISHED", published_at=clock.now())
    assert browser.get(there, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "al verzonden" in browser.get(there, follow=True).content.decode()
