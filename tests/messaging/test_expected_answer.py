"""What a parent reads while a question waits: who works when, and by when an answer comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.urls import reverse
from django.utils import translation

from messaging.inbox import expectation
from messaging.leases import LEASE
from messaging.models import Channel, OptOut, RecordedNotice, Thread, ThreadPost
from messaging.services import ask_question, reply, tell_replies, telling
from parents.models import FollowUp, Guardian, Guardianship
from schools import clock
from schools.calendar import SchoolCalendar
from schools.models import Assignment, AuditEntry, Holiday
from schools.workdays import expected_by
from tests.calendars import flemish_calendar
from tests.cast import Cast
from tests.messaging.printed import ISOLATES

pytestmark = pytest.mark.django_db


def asked(cast: Cast) -> Thread:
    thread = ask_question(
        guardian=cast.guardians["mother"], pupil=cast.pupils["simran"], notice=None, text="ਕਦੋਂ?", language="pa"
    )
    Thread.objects.filter(pk=thread.pk).update(assigned_to=cast.staff["teacher_3b"])
    return Thread.objects.select_related("school", "assigned_to").get(pk=thread.pk)


def works_on(cast: Cast, person: str, days: str) -> None:
    Assignment.objects.filter(user=cast.staff[person]).update(works_on=days)


def test_the_second_working_day_skips_free_days_and_holidays() -> None:
    calendar = flemish_calendar(2026)
    monday = date(2026, 11, 9)  # the 11th is Armistice Day
    assert expected_by(calendar, monday, "124", 2) == date(2026, 11, 12)
    assert expected_by(calendar, monday, "12345", 2) == date(2026, 11, 12)
    assert expected_by(calendar, date(2026, 12, 17), "4", 2) == date(2027, 1, 14), "over the Christmas holiday"
    assert expected_by(SchoolCalendar([]), date(2026, 11, 6), "12345", 1) == monday, "over a weekend"


@time_machine.travel("2026-11-09 10:00:00+01:00", tick=False)
def test_the_mother_reads_in_punjabi_when_the_teacher_works_and_answers(cast: Cast) -> None:
    Holiday.objects.create(name="Wapenstilstand", starts_on=date(2026, 11, 11), ends_on=date(2026, 11, 11))
    works_on(cast, "teacher_3b", "124")
    thread = asked(cast)
    page = cast.guardian_client("mother").get(reverse("portal_thread", args=[thread.pk]), {"taal": "pa"})
    words = page.context["expected"]
    for part in ("Lotte Claes", "ਸੋਮਵਾਰ, ਮੰਗਲਵਾਰ ਅਤੇ ਵੀਰਵਾਰ", "ਵੀਰਵਾਰ 12 ਨਵੰਬਰ"):
        assert part in words
    assert "ਵੀਰਵਾਰ 12 ਨਵੰਬਰ" in page.content.decode()


@time_machine.travel("2026-11-09 10:00:00+01:00", tick=False)
def test_nobodys_question_has_a_day_and_no_name(cast: Cast) -> None:
    thread = asked(cast)
    Thread.objects.filter(pk=thread.pk).update(assigned_to=None)
    thread.refresh_from_db()
    expected = expectation(thread)
    assert expected is not None
    assert (expected.name, expected.days, expected.by) == ("", "", date(2026, 11, 11))
    with translation.override("nl"):
        assert "woensdag 11 november" in expected.sentence("nl")


def test_a_late_answer_is_not_promised_again(cast: Cast) -> None:
    with time_machine.travel("2026-11-09 10:00:00+01:00", tick=False):
        thread = asked(cast)
    with time_machine.travel("2026-11-20 10:00:00+01:00", tick=False), translation.override("en"):
        expected = expectation(thread)
        assert expected is not None
        assert expected.sentence("en") == "The answer takes longer than usual. You can also call the school."


def test_an_answered_question_promises_nothing(cast: Cast) -> None:
    thread = asked(cast)
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    page = cast.guardian_client("mother").get(reverse("portal_thread", args=[thread.pk]))
    assert page.context["expected"] == ""


def test_a_colleague_chooses_the_own_working_days(cast: Cast) -> None:
    browser = cast.client("teacher_3b")
    post = cast.staff["teacher_3b"].assignments.get()
    assert f'name="post{post.pk}-days"' in browser.get(reverse("working_days")).content.decode()
    assert browser.post(reverse("working_days"), {f"post{post.pk}-days": ["1", "4"]}).status_code == 302
    post.refresh_from_db()
    assert post.works_on == "14"
    assert AuditEntry.objects.get(verb="chose working days").target_id == post.pk
    assert browser.post(reverse("working_days"), {}).status_code == 422
    theirs = cast.staff["teacher_1a"].assignments.get()
    browser.post(reverse("working_days"), {f"post{post.pk}-days": ["1"], f"post{theirs.pk}-days": ["2"]})
    theirs.refresh_from_db()
    assert theirs.works_on == "12345"


def test_the_family_gets_word_of_a_reply_once_and_without_its_words(cast: Cast, settings: Any) -> None:
    thread = asked(cast)
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Geheim antwoord over Simran.")
    reply(thread=thread, by=cast.staff["teacher_3b"], text="En nog iets.")
    assert tell_replies() == 2
    assert tell_replies() == 0
    (letter,) = mail.outbox
    assert letter.to == ["harpreet@thuis.example"]
    assert reverse("portal_thread", args=[thread.pk]) in letter.body
    parts = [part for part in letter.message().walk() if not part.is_multipart()]
    said = [str(letter.subject), *(bytes(part.get_payload(decode=True)).decode() for part in parts)]
    assert len(parts) == 2
    for secret in ("Geheim", "Simran", "Harpreet"):
        assert secret not in " ".join(said)


def test_who_has_only_a_phone_gets_a_text_message(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    thread = ask_question(
        guardian=cast.guardians["grandfather"], pupil=cast.pupils["simran"], notice=None, text="ਕਦੋਂ?", language="pa"
    )
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    assert tell_replies() == 1
    row = RecordedNotice.objects.get(channel=Channel.SMS)
    assert "Simran" not in row.text
    assert "Morgen" not in row.text


@pytest.mark.parametrize("said", ["refused mails", "prefers text messages"])
def test_word_of_a_reply_comes_as_the_parent_wants_to_be_reached(cast: Cast, settings: Any, said: str) -> None:
    """Who was promised no mails any more does not wait for a mail."""
    settings.SMS_DRIVER = "record"
    thread = asked(cast)
    if said == "refused mails":
        OptOut.objects.create(guardian=thread.guardian, channel=Channel.EMAIL, since=clock.now())
    else:
        Guardian.objects.filter(pk=thread.guardian_id).update(preferred_channel=Channel.SMS)
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    assert tell_replies() == 1
    assert (len(mail.outbox), RecordedNotice.objects.filter(channel=Channel.SMS).count()) == (0, 1)


def test_who_refused_the_only_way_is_still_told_of_the_own_question(cast: Cast) -> None:
    thread = asked(cast)
    OptOut.objects.create(guardian=thread.guardian, channel=Channel.EMAIL, since=clock.now())
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    assert tell_replies() == 1, "no text messages leave here"
    assert [letter.to for letter in mail.outbox] == [["harpreet@thuis.example"]]


def test_where_others_read_along_nobody_learns_that_a_question_was_asked(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    thread = ask_question(
        guardian=cast.guardians["grandfather"], pupil=cast.pupils["simran"], notice=None, text="ਕਦੋਂ?", language="pa"
    )
    Guardian.objects.update(contact_language="nl")
    thread.guardian.refresh_from_db()
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    assert tell_replies() == 1
    row = RecordedNotice.objects.get(channel=Channel.SMS)
    assert "VBS De Kersenboom heeft een bericht voor u." in row.text.translate(ISOLATES)
    assert "vra" not in row.text, "nor does the link tell"
    assert row.text.endswith(reverse("portal_home"))


@pytest.mark.parametrize("why", ["no right any more", "only kept", "objected"])
def test_who_may_not_read_it_or_wants_nothing_gets_no_word_of_a_reply(cast: Cast, why: str) -> None:
    thread = asked(cast)
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    mother = Guardian.objects.filter(pk=thread.guardian_id)
    if why == "no right any more":
        Guardianship.objects.filter(guardian__in=mother).update(information_right=False)
    else:
        facts: dict[str, dict[str, Any]] = {
            "only kept": {"restricted_on": clock.today()},
            "objected": {"may_be_contacted": False},
        }
        mother.update(**facts[why])
    assert tell_replies() == 0
    assert not mail.outbox
    assert ThreadPost.objects.get(by_user__isnull=False).told_at is None


def test_a_reply_that_could_not_be_told_is_told_by_a_later_sweep(cast: Cast, settings: Any) -> None:
    thread = asked(cast)
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens
    assert tell_replies() == 0
    assert ThreadPost.objects.get(by_user__isnull=False).told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell_replies() == 0, "an address that a server refuses is not asked each minute"
    ThreadPost.objects.update(taken_at=clock.now() - LEASE - timedelta(seconds=1))
    assert tell_replies() == 1


def test_an_answer_that_reaches_nobody_for_a_day_becomes_one_call_of_who_gave_it(cast: Cast, settings: Any) -> None:
    """Else the teacher thinks that it is answered, and the mother waits."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens
    begin = FollowUp.objects.count()
    with time_machine.travel(clock.now(), tick=False) as journey:
        reply(thread=asked(cast), by=cast.staff["teacher_3b"], text="Morgen.")
        said = clock.now()
        for hours, calls in ((1, 0), (25, 1), (27, 1)):
            journey.move_to(said + timedelta(hours=hours))
            assert tell_replies() == 0
            assert FollowUp.objects.count() - begin == calls
    call = FollowUp.objects.order_by("-pk")[0]
    assert (call.kind, call.owner, call.guardian) == ("CALL", cast.staff["teacher_3b"], cast.guardians["mother"])
    assert "Bel" in call.what
    assert "Morgen" not in call.what


def asked_by_another(cast: Cast) -> Thread:
    return ask_question(
        guardian=cast.guardians["dutch_mother"],
        pupil=cast.pupils["emma"],
        notice=None,
        text="Wanneer?",
        language="nl",
    )


def test_families_that_cannot_be_told_keep_no_other_family_waiting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.services.telling._AT_ONCE", 1)
    for thread in (asked(cast), asked_by_another(cast)):
        reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    Guardian.objects.filter(pk=cast.guardians["mother"].pk).update(may_be_contacted=False)
    assert (tell_replies(), tell_replies()) == (0, 1)
    assert [letter.to for letter in mail.outbox] == [["sara@thuis.example"]]


def test_a_reply_that_cannot_be_written_keeps_no_other_waiting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, other = asked(cast), asked_by_another(cast)
    for thread in (broken, other):
        reply(thread=thread, by=cast.staff["teacher_3b"], text="Morgen.")
    real = telling.words_for

    def words_for(thread: Thread) -> Any:
        if thread.pk == broken.pk:
            raise LookupError
        return real(thread)

    monkeypatch.setattr(telling, "words_for", words_for)
    with pytest.raises(LookupError):
        tell_replies()
    assert tell_replies() == 1
    assert [letter.to for letter in mail.outbox] == [["sara@thuis.example"]]


def test_a_reply_at_which_the_sweep_was_broken_off_is_told_by_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server that is slow takes more time than the worker gives."""
    reply(thread=asked(cast), by=cast.staff["teacher_3b"], text="Morgen.")
    with monkeypatch.context() as slow:
        slow.setattr(mail.EmailMessage, "send", Mock(side_effect=SoftTimeLimitExceeded))
        with pytest.raises(SoftTimeLimitExceeded):
            tell_replies()
    assert tell_replies() == 1


@pytest.mark.parametrize("code", ["nl", "fr", "ar", "pa"])
def test_the_button_of_the_mail_ends_without_the_colon_of_its_text(cast: Cast, code: str) -> None:
    Guardian.objects.filter(pk=cast.guardians["mother"].pk).update(contact_language=code)
    words = telling.words_for(Thread.objects.get(pk=asked(cast).pk))
    how = words.text.splitlines()[1]
    assert how.endswith(":")
    assert f">{how.rstrip(': ' + chr(0xA0) + chr(0x202F))}</font>" in words.html
