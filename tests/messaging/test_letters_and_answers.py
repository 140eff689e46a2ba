"""Letters in every script, codes that open one notice, answers and conversations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.core.exceptions import ValidationError

from messaging import outbox, printfiles
from messaging.barcodes import qr_rows
from messaging.models import Answer, Delivery, DeliveryStatus, Notice, OptOut, PrintedLetter, Reason, RecordedNotice
from messaging.rendering import preview, preview_mail, preview_sms
from messaging.services import (
    ask_question,
    give_answer,
    give_letters,
    mark_not_understood,
    opt_out,
    preview_letter,
    print_letters,
    publish_notice,
    reply,
    return_letter,
    write_back,
)
from messaging.tokens import delivery_of, delivery_of_short_code, make_token, notice_url, short_code
from parents.models import ContactKind, ContactMoment, FollowUp, FollowUpKind
from schools import clock
from tests import factories as make
from tests.messaging.rendered import letter_for, page_for

pytestmark = pytest.mark.django_db


def sent(*languages: str, by_letter: bool = False, **facts: Any) -> Notice:
    school_class = make.make_class()
    for code in languages or ("nl",):
        emails: list[str | None] | None = [None] if by_letter else None
        make.make_family(school_class, languages=[code], emails=emails, **facts)
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    return notice


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


class TestLetters:
    def test_they_are_printed_once_in_each_familys_script(self) -> None:
        notice = sent("nl", "ar", "pa", by_letter=True, children=["Ali", "Sara"])
        assert outbox.deliver_due() == 0, "paper waits for a person"
        batch = print_letters(notice=notice, by=notice.author)
        pdf = printfiles.read(batch.file)
        text = words_of(pdf)
        assert pdf.startswith(b"%PDF-")
        for delivery in Delivery.objects.filter(printed__batch=batch):
            assert short_code(delivery) in text.replace("\u2066", "").replace("\u2069", "")
        assert "Ali en Sara" in text
        assert text.count("Ja, ik kom") == 3, "the Dutch stands beside each translation"
        assert set(batch.letters.values_list("delivery__status", flat=True)) == {DeliveryStatus.SENT}
        with pytest.raises(ValidationError, match="geen brieven"):
            print_letters(notice=notice, by=notice.author)

    def test_given_along_they_are_delivered_and_one_that_comes_back_is_followed_up(self) -> None:
        notice = sent("nl", "tr", by_letter=True)
        batch = print_letters(notice=notice, by=notice.author)
        assert return_letter(delivery=batch.letters.all()[0].delivery, by=notice.author)
        assert give_letters(batch=batch, by=notice.author, on=clock.today()) == 1
        with pytest.raises(ValidationError, match="al meegegeven"):
            give_letters(batch=batch, by=notice.author, on=clock.today())
        assert Delivery.objects.get(reason=Reason.RETURNED).status == DeliveryStatus.FAILED
        assert Delivery.objects.filter(channel="CALL").count() == 1
        assert list(PrintedLetter.objects.exclude(given_on=None).values_list("given_on", flat=True)) == [clock.today()]

    def test_a_letter_names_its_own_guardian_only(self) -> None:
        sent("pa", by_letter=True)
        delivery = Delivery.objects.get()
        letter = letter_for(delivery)
        assert letter.address[0] == delivery.guardian.full_name
        assert letter.own is not None
        assert letter.link == notice_url(delivery)
        assert len(qr_rows(letter.link)) == len(qr_rows(letter.link)[0])

    def test_a_draft_can_be_looked_at_on_paper(self) -> None:
        school_class = make.make_class()
        make.make_family(school_class, children=["Ali"])
        notice = make.make_notice(school_class)
        assert "Ali" in words_of(preview_letter(notice, "fa"))


class TestKeys:
    def test_a_link_opens_its_own_notice_until_it_is_revoked_or_old(self) -> None:
        sent()
        delivery = Delivery.objects.get()
        token = make_token(delivery)
        assert delivery_of(token) == delivery
        assert delivery_of(token) == delivery, "it can be opened again"
        delivery.token_version = 2
        delivery.save()
        assert delivery_of(token) is None
        new = make_token(delivery)
        Delivery.objects.update(created_at=clock.now() - timedelta(days=61))
        assert delivery_of(new) is None

    @pytest.mark.parametrize("change", ["", "x", "A" * 16, "A" * 16 + "AQ", "é" * 20, "../../etc", "A" * 500])
    def test_a_made_up_link_opens_nothing(self, change: str) -> None:
        sent()
        assert delivery_of(change) is None

    def test_a_changed_letter_opens_nothing(self) -> None:
        sent("nl", "nl")
        token = make_token(Delivery.objects.order_by("pk")[0])
        for place in range(len(token)):
            other = "A" if token[place] != "A" else "B"
            assert delivery_of(token[:place] + other + token[place + 1 :]) is None

    def test_links_are_short_enough_for_a_text_message_and_unlike_each_other(self) -> None:
        sent("nl", "nl")
        first, second = (make_token(delivery) for delivery in Delivery.objects.all())
        assert len(first) <= 24
        assert sum(a == b for a, b in zip(first, second, strict=True)) < 10

    def test_a_letters_code_is_found_as_people_type_it(self) -> None:
        sent(by_letter=True)
        delivery = Delivery.objects.get()
        code = short_code(delivery)
        assert len(code) == 14
        for typed in (
            code,
            code.lower(),
            code.replace("-", " "),
            f"  {code} ",
            code.replace("0", "O").replace("1", "I"),
        ):
            assert delivery_of_short_code(typed) == delivery
        delivery.token_version = 2
        delivery.save()
        assert delivery_of_short_code(code) is None

    @pytest.mark.parametrize("typed", ["", "0000-0000-0000", "ZZZZ-ZZZZ-ZZZZ", "K7QF", "K7QF-2MXA-9RTU", "é" * 12])
    def test_a_made_up_code_opens_nothing(self, typed: str) -> None:
        sent(by_letter=True)
        assert delivery_of_short_code(typed) is None

    def test_a_code_opens_letters_only(self) -> None:
        sent()
        assert delivery_of_short_code(short_code(Delivery.objects.get())) is None


class TestAnswers:
    def test_the_last_answer_counts(self) -> None:
        sent()
        delivery = Delivery.objects.get()
        give_answer(delivery=delivery, key="yes")
        give_answer(delivery=delivery, key="yes")
        answer = give_answer(delivery=delivery, key="other_day")
        assert (answer.key, answer.changed, Answer.objects.count()) == ("other_day", 1, 1)
        delivery.refresh_from_db()
        assert delivery.opened_at is not None
        assert page_for(delivery).given_answer == "other_day"

    def test_an_answer_the_notice_does_not_have_is_refused(self) -> None:
        sent()
        with pytest.raises(ValidationError, match="een van de antwoorden"):
            give_answer(delivery=Delivery.objects.get(), key="maybe")

    def test_not_understood_asks_the_sender_once(self) -> None:
        notice = sent("so")
        delivery = Delivery.objects.get()
        assert mark_not_understood(delivery)
        assert not mark_not_understood(delivery)
        follow_up = FollowUp.objects.get()
        assert (follow_up.kind, follow_up.owner_id) == (FollowUpKind.NOT_UNDERSTOOD, notice.author_id)

    def test_no_more_by_this_way_is_said_once(self) -> None:
        sent()
        delivery = Delivery.objects.get()
        assert (opt_out(delivery), opt_out(delivery)) == (True, False)
        assert OptOut.objects.get().channel == "EMAIL"

    def test_a_page_has_both_languages_and_its_own_answers(self) -> None:
        sent("pa", children=["Ali", "Sara"])
        page = page_for(Delivery.objects.get())
        assert page.dutch is not None
        assert (page.direction, page.child_names) == ("ltr", "Ali ਅਤੇ Sara")
        assert "Ali en Sara" in page.dutch.body
        assert [slot.key for slot in page.slots] == ["what", "when", "where", "answer"]
        first = page.answers[0]
        assert (first.key, first.dutch, first.label) == ("yes", "Ja, ik kom", "ਹਾਂ, ਅਸੀਂ ਆਵਾਂਗੇ")


class TestConversations:
    def test_both_sides_wrote_is_one_contact_moment(self) -> None:
        notice = sent("pa")
        guardian, pupil = Delivery.objects.get().guardian, notice.notice_pupils.get().pupil
        thread = ask_question(guardian=guardian, pupil=pupil, notice=notice, text="ਕਦੋਂ?", language="pa")
        assert not ContactMoment.objects.exists()
        reply(thread=thread, by=notice.author, text="Donderdag")
        thread.refresh_from_db()
        write_back(thread=thread, guardian=guardian, text="ਧੰਨਵਾਦ", language="pa")
        reply(thread=thread, by=notice.author, text="Graag gedaan")
        moment = ContactMoment.objects.get()
        assert (moment.kind, moment.initiative) == (ContactKind.MESSAGE, "FAMILY")
        assert thread.contact_moment == moment
        assert thread.first_reply_on == clock.today()
        assert thread.posts.count() == 4

    def test_nobody_writes_in_anothers_conversation(self) -> None:
        notice = sent()
        guardian, pupil = Delivery.objects.get().guardian, notice.notice_pupils.get().pupil
        thread = ask_question(guardian=guardian, pupil=pupil, notice=None, text="Wanneer?", language="nl")
        with pytest.raises(ValidationError, match="je gesprek niet"):
            write_back(thread=thread, guardian=make.make_guardian([pupil]), text="Hallo", language="nl")
        for words in ("  ", "x" * 2001):
            with pytest.raises(ValidationError):
                write_back(thread=thread, guardian=guardian, text=words, language="nl")


def test_a_draft_can_be_looked_at_in_every_way() -> None:
    school_class = make.make_class()
    make.make_family(school_class, children=["Noor"])
    notice = make.make_notice(school_class)
    assert "Noor" in preview(notice, "ru").body
    assert "Noor" in preview_mail(notice, "uk").html
    assert preview_sms(notice, "bg").endswith("/b/…/")


def test_a_demo_keeps_what_would_leave(settings: Any) -> None:
    settings.MAIL_DRIVER = settings.SMS_DRIVER = "record"
    school_class = make.make_class()
    make.make_family(school_class)
    make.make_family(school_class, emails=[None], phones=["+32470000001"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    assert outbox.deliver_due() == 2
    mail, text = RecordedNotice.objects.order_by("channel")
    assert (mail.channel, text.channel) == ("EMAIL", "SMS")
    assert mail.subject.startswith("ACTIE: ")
    assert mail.html
    assert text.recipient == "+32470000001"
