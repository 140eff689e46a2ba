"""A guardian says in which language they read, after a notice was sent: what comes of it then is in that language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from messaging import outbox
from messaging.models import Channel, Delivery, DeliveryStatus, LetterBatch, LetterPart, PrintedLetter, TextKind
from messaging.services import remind
from parents.models import Guardian
from parents.services import answer_first_question, change_language
from schools import clock
from schools.roster.keys import key_of
from schools.roster.rows import LanguageRow, Roster
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, once_more, sent, settle
from tests.messaging.rendered import letter_for, mail_for
from tests.messaging.test_reminders_and_answers import asked_days_ago
from tests.roster.people import apply, place

pytestmark = pytest.mark.django_db


def reads_dutch(cast: Cast, name: str) -> Guardian:
    """As whoever came in by a list that knew no language."""
    guardian = cast.guardians[name]
    guardian.contact_language = "nl"
    guardian.save(update_fields=["contact_language"])
    return guardian


def test_a_reminder_comes_in_the_language_that_was_chosen_on_the_notices_page(cast: Cast) -> None:
    father = reads_dutch(cast, "separated_father")
    notice = asked_days_ago(cast)
    first = delivery_to(notice, cast, "separated_father")
    assert (first.language, first.text_kind) == ("nl", TextKind.MASTER)
    answer_first_question(guardian=father, language="ar", reading_mode=father.reading_mode)
    remind(notice=notice, by=cast.staff["teacher_3b"])
    row = Delivery.objects.get(notice=notice, is_reminder=True, guardian=father)
    first.refresh_from_db()
    assert (row.language, first.language) == ("ar", "nl"), "what left is as it left"
    assert row.text_kind == delivery_to(notice, cast, "mother").text_kind
    assert mail_for(row).html_lang == "ar"


def test_the_same_way_once_more_is_in_the_language_of_now(cast: Cast) -> None:
    mother = cast.guardians["mother"]
    notice = sent(cast)
    settle(notice)
    change_language(guardian=mother, language="ar")
    assert [row.language for row in once_more(delivery_to(notice, cast, "mother"))] == ["ar"]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER])
def test_what_did_not_leave_yet_follows(cast: Cast, channel: str) -> None:
    """In the night, in the week's mail and in a pile of letters notices wait for hours and days."""
    father = reads_dutch(cast, "separated_father")
    notice = sent(cast)
    Delivery.objects.filter(notice=notice).update(channel=channel)
    other = delivery_to(notice, cast, "mother")
    change_language(guardian=father, language="ar")
    row = delivery_to(notice, cast, "separated_father")
    assert (row.status, row.language, row.text_kind) == (DeliveryStatus.QUEUED, "ar", other.text_kind)
    assert delivery_to(notice, cast, "mother").language == other.language
    if channel == Channel.LETTER:
        assert letter_for(row).language_name == "العربية"


def test_what_left_does_not(cast: Cast) -> None:
    father = reads_dutch(cast, "separated_father")
    notice = sent(cast)
    settle(notice)
    change_language(guardian=father, language="ar")
    assert delivery_to(notice, cast, "separated_father").language == "nl"


@pytest.mark.parametrize("held", ["worker", "printer"])
def test_nor_does_what_is_being_sent_or_printed(cast: Cast, held: str) -> None:
    """What it says of itself is what the parent gets: the worker and the printer have read it already."""
    father = reads_dutch(cast, "separated_father")
    notice = sent(cast)
    row = delivery_to(notice, cast, "separated_father")
    if held == "worker":
        Delivery.objects.filter(pk=row.pk).update(channel=Channel.SMS, due_at=clock.now() - timedelta(days=30))
        assert outbox.claim([Channel.SMS]) is not None
    else:
        Delivery.objects.filter(pk=row.pk).update(channel=Channel.LETTER)
        batch = LetterBatch.objects.create(school=notice.school, made_by=notice.author, created_at=clock.now())
        part = LetterPart.objects.create(batch=batch, number=1, letters=1)
        PrintedLetter.objects.create(batch=batch, part=part, delivery=row, position=1)
    change_language(guardian=father, language="ar")
    row.refresh_from_db()
    assert (row.status, row.language) == (DeliveryStatus.QUEUED, "nl")


def test_the_office_notes_a_language_and_the_waiting_notice_comes_in_it(cast: Cast) -> None:
    father = reads_dutch(cast, "separated_father")
    notice = sent(cast)
    page = reverse("guardian_data", args=[cast.pupils["yusuf"].pk, father.pk])
    cast.client("office").post(page, {"form": "language", "language-language": "ar", "language-told": "on"})
    father.refresh_from_db()
    assert father.contact_language == "ar"
    assert delivery_to(notice, cast, "separated_father").language == "ar"


def test_a_list_of_the_school_says_languages_and_the_waiting_notice_follows(cast: Cast) -> None:
    """It came a day after the first notice was sent."""
    father = reads_dutch(cast, "separated_father")
    notice = sent(cast)
    known = {"source_system": key_of("wisa", notice.school), "source_id": "g2"}
    Guardian.objects.filter(pk=father.pk).update(**known, language_confirmed_on=None)
    said = [LanguageRow(place(), guardian_id="g2", contact_language="ar")]
    apply(Roster("wisa", complete=False, languages=said), notice.school)
    father.refresh_from_db()
    assert father.contact_language == "ar"
    assert delivery_to(notice, cast, "separated_father").language == "ar"
    assert delivery_to(notice, cast, "mother").language == "pa"


def test_a_language_without_a_text_keeps_the_dutch_and_says_so(cast: Cast) -> None:
    father = reads_dutch(cast, "separated_father")
    notice = sent(cast)
    notice.texts.filter(language="ar").delete()
    change_language(guardian=father, language="ar")
    row = delivery_to(notice, cast, "separated_father")
    assert (row.language, row.text_kind) == ("nl", TextKind.FALLBACK)
