"""Answers to a notice: who gave them, who did not, who is reminded, and lists to take along."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from messaging import formats
from messaging.answerlist import LATE
from messaging.mails import sms_words
from messaging.models import Answer, Delivery, Notice, NoticeTemplate, NoticeText
from messaging.readers import Reader
from messaging.segments import sms_segments
from messaging.services import give_answer, remind
from parents.models import ContactPoint
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent, settle
from tests.messaging.rendered import letter_for, mail_for, page_for, sms_for
from tests.messaging.test_notice_board import bounced, school_notice

pytestmark = pytest.mark.django_db


def test_a_reminder_goes_only_to_those_who_did_not_answer(cast: Cast) -> None:
    notice = asked_days_ago(cast)
    give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
    page = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk]))
    expected = page.context["standing"].reminders
    answer = cast.client("teacher_3b").post(reverse("notice_remind", args=[notice.pk]), follow=True)
    rows = Delivery.objects.filter(notice=notice, is_reminder=True)
    assert "Karim" not in {row.guardian.first_name for row in rows}
    assert {row.guardian.first_name for row in rows} >= {"Harpreet", "Nadia"}
    assert expected == rows.count()
    assert answer.context["undo"]
    assert AuditEntry.objects.get(verb="reminded").detail["deliveries"] == expected


def asked_days_ago(cast: Cast, days: int = 8) -> Notice:
    notice = sent(cast)
    settle(notice)
    past = clock.now() - timedelta(days=days)
    Delivery.objects.filter(notice=notice).update(created_at=past)
    Delivery.objects.filter(notice=notice, sent_at__isnull=False).update(sent_at=past)
    return notice


@pytest.mark.parametrize("days", [0, 1])
def test_nobody_is_reminded_of_a_day_that_is_over(cast: Cast, days: int) -> None:
    """Where no last day to answer was given."""
    notice = asked_days_ago(cast)
    told = (clock.today() - timedelta(days=days)).isoformat()
    Notice.objects.filter(pk=notice.pk).update(answer_by=None, values={**notice.values, "date": told})
    page = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk]))
    assert bool(page.context["standing"].reminders) is (days == 0)
    cast.client("teacher_3b").post(reverse("notice_remind", args=[notice.pk]))
    assert Delivery.objects.filter(notice=notice, is_reminder=True).exists() is (days == 0)


def test_of_what_happened_one_is_reminded_though_its_day_is_over(cast: Cast) -> None:
    """The child was absent yesterday, and nobody said why."""
    notice = asked_days_ago(cast)
    told = (clock.today() - timedelta(days=1)).isoformat()
    absence = NoticeTemplate.objects.get(slug="absence-please-call")
    Notice.objects.filter(pk=notice.pk).update(answer_by=None, template=absence, values=notice.values | {"date": told})
    cast.client("teacher_3b").post(reverse("notice_remind", args=[notice.pk]))
    assert Delivery.objects.filter(notice=notice, is_reminder=True).exists()


def test_a_reminder_by_text_message_stays_within_two_parts(cast: Cast, settings: Any) -> None:
    """What a word before it would push into a third part, goes as it was: the page says that it is a reminder."""
    settings.SMS_DRIVER = "record"
    ContactPoint.objects.filter(kind="EMAIL", uses__guardian=cast.guardians["separated_mother"]).delete()
    notice = asked_days_ago(cast)
    remind(notice=notice, by=cast.staff["teacher_3b"])
    row = Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_mother"], is_reminder=True)
    assert row.channel == "SMS"
    assert sms_for(row).startswith("Rappel : ")
    url = sms_for(row).split()[-1]
    text = NoticeText(language="fr", sms="x" * (306 - len(url) - 1 - len("Rappel : ")))
    reader = Reader(language="fr", children=(), url=url, delivery=row, sees_all=True)
    assert sms_words(notice, text, reader).startswith("Rappel : x")
    text.sms += "x"
    assert sms_words(notice, text, reader) == f"{text.sms} {url}"
    assert sms_segments(sms_words(notice, text, reader)).segments == 2
    text.sms = f"{'x' * 120} {formats.euros('12.5')}"
    assert sms_words(notice, text, reader).startswith("Rappel : x"), "an amount's own space leaves as a plain one"
    assert sms_segments(sms_words(notice, text, reader)).encoding == "GSM-7"


def test_one_answer_for_a_family_spares_both_parents_a_reminder(cast: Cast) -> None:
    notice = asked_days_ago(cast)
    Notice.objects.filter(pk=notice.pk).update(answer_scope="FAMILY")
    notice.refresh_from_db()
    give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
    remind(notice=notice, by=cast.staff["teacher_3b"])
    reminded = Delivery.objects.filter(notice=notice, is_reminder=True)
    assert "Haddad" not in {row.guardian.last_name for row in reminded}


@pytest.mark.parametrize("page", ["notice_detail", "notice_answers"])
def test_a_last_day_that_never_comes_is_a_day(cast: Cast, page: str) -> None:
    notice = sent(cast)
    give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
    Notice.objects.filter(pk=notice.pk).update(answer_by=date.max)
    shown = cast.client("teacher_3b").get(reverse(page, args=[notice.pk]))
    assert shown.status_code == 200
    assert f"?wat={LATE}" not in shown.content.decode()


def test_a_reminder_waits_one_school_day_after_the_last(cast: Cast) -> None:
    notice = sent(cast)
    settle(notice)
    assert remind(notice=notice, by=cast.staff["teacher_3b"]).deliveries == 0
    later = asked_days_ago(cast)
    assert remind(notice=later, by=cast.staff["teacher_3b"]).deliveries > 0
    settle(later)
    assert remind(notice=later, by=cast.staff["teacher_3b"]).deliveries == 0, "the reminder itself counts"


def test_after_the_last_day_nobody_is_reminded(cast: Cast) -> None:
    notice = asked_days_ago(cast)
    Notice.objects.filter(pk=notice.pk).update(answer_by=clock.today() - timedelta(days=1))
    answer = cast.client("teacher_3b").post(reverse("notice_remind", args=[notice.pk]), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert not Delivery.objects.filter(is_reminder=True).exists()


def test_a_reminder_says_so_in_the_guardians_language(cast: Cast) -> None:
    notice = asked_days_ago(cast)
    remind(notice=notice, by=cast.staff["teacher_3b"])
    row = Delivery.objects.get(notice=notice, is_reminder=True, guardian=cast.guardians["separated_father"])
    with translation.override("ar"):
        word = translation.gettext("Reminder: %(words)s").split("%")[0].strip()
    plain = delivery_to(notice, cast, "separated_father")
    assert mail_for(row).subject.startswith(f"ACTIE: {word}")
    assert word in mail_for(row).text
    assert not mail_for(plain).subject.startswith(f"ACTIE: {word}")
    assert page_for(row).title.startswith(word)
    assert sms_for(row).startswith(word)
    assert letter_for(row).own.title.startswith(word)  # type: ignore[union-attr]


def test_the_end_of_a_mail_has_the_comma_of_its_script(cast: Cast) -> None:
    notice = sent(cast)
    for guardian, comma in (("separated_father", "،"), ("separated_mother", ",")):
        mail = mail_for(delivery_to(notice, cast, guardian))
        assert f"{notice.school.name}{comma} " in mail.text
        assert f"{notice.school.name}</bdi>{comma}" in mail.html


def test_late_answers_are_marked_and_counted(cast: Cast) -> None:
    notice = asked_days_ago(cast)
    give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")
    last = clock.today() - timedelta(days=1)
    Notice.objects.filter(pk=notice.pk).update(answer_by=last)
    Answer.objects.filter(guardian=cast.guardians["mother"]).update(answered_at=clock.now() - timedelta(days=3))
    standing = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])).context["standing"]
    assert standing.late_answers == 1
    yes = next(option for option in standing.options if option.key == "yes")
    assert {row.answer.guardian.first_name: row.is_late for row in yes.rows} == {"Karim": True, "Harpreet": False}
    listed = cast.client("teacher_3b").get(reverse("notice_answers", args=[notice.pk]), {"wat": "laat"})
    assert [entry["row"].child.first_name for entry in listed.context["rows"]] == ["Yusuf"]


def test_answers_child_by_child_and_who_did_not(cast: Cast) -> None:
    notice = asked_days_ago(cast)
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")

    def children(**query: str) -> list[str]:
        page = cast.client("teacher_3b").get(reverse("notice_answers", args=[notice.pk]), query)
        return [entry["row"].child.first_name for entry in page.context["rows"]]

    assert children() == ["Yusuf", "Simran"]
    assert children(wat="yes") == ["Simran"]
    assert children(wat="geen") == ["Yusuf"]


def test_lists_to_take_along_hold_what_the_reader_may_see_and_compute_nothing(cast: Cast) -> None:
    notice = school_notice(cast)
    emma = cast.pupils["emma"]
    emma.first_name = "=HYPERLINK(1)"
    emma.save()
    address = reverse("notice_export", args=[notice.pk, "niet-bereikt", "csv"])
    text = cast.client("teacher_1a").get(address).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[0] for row in rows[1:-1]] == ["'=HYPERLINK(1) Peeters"]
    assert "Wim Jacobs" in rows[-1][0]
    whole = cast.client("head").get(address).content.decode("utf-8-sig")
    assert "Yusuf Haddad" in whole
    lines = AuditEntry.objects.filter(verb="exported", target_id=notice.pk)
    assert {line.actor.full_name for line in lines} == {"Wim Jacobs", "Rita Moons"}  # type: ignore[union-attr]


def test_a_workbook_holds_texts_only(cast: Cast) -> None:
    notice = asked_days_ago(cast)
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")
    yusuf = cast.pupils["yusuf"]
    yusuf.last_name = "=1+1"
    yusuf.save()
    address = reverse("notice_export", args=[notice.pk, "antwoorden", "xlsx"])
    book = load_workbook(io.BytesIO(cast.client("teacher_3b").get(address).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert "Yusuf =1+1" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


@pytest.mark.parametrize("what", ["alles.csv", "niet-bereikt.pdf"])
def test_there_are_no_other_lists(cast: Cast, what: str) -> None:
    notice = bounced(cast)
    assert cast.client("teacher_3b").get(f"/school/berichten/{notice.pk}/lijst/{what}").status_code == 404
