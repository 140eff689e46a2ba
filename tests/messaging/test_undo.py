"""Twenty seconds to undo, and what can still be stopped after them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging import outbox
from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Notice, NoticeStatus, Reason
from messaging.outbox import claiming
from messaging.outbox.clocks import database_now
from messaging.services import cancel_notice, give_answer, publish_notice
from messaging.tokens import make_token
from parents.models import FollowUp, Guardian, ReadingMode
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, draft, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _twenty_seconds(settings: Any) -> None:
    settings.UNDO_SECONDS = 20


def test_the_page_after_sending_offers_it_with_the_seconds_left(cast: Cast) -> None:
    notice = draft(cast)
    page = cast.client("teacher_3b").post(reverse("notice_publish", args=[notice.pk]), follow=True)
    assert 0 < page.context["taking_back"].undo_seconds <= 20
    assert f'action="{reverse("notice_undo", args=[notice.pk])}"' in page.content.decode()


def test_what_a_parent_opened_in_the_portal_is_not_undone(cast: Cast) -> None:
    """Nothing left by mail, but somebody reads it, and may have answered: the draft would not know."""
    notice, browser = sent(cast), cast.client("teacher_3b")
    undo = f'action="{reverse("notice_undo", args=[notice.pk])}"'
    assert undo in browser.get(reverse("notice_detail", args=[notice.pk])).content.decode()
    delivery = Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_father"])
    cast.guardian_client("separated_father").post(reverse("portal_notice", args=[delivery.pk]), {"answer": "yes"})
    delivery.refresh_from_db()
    assert delivery.opened_at is not None
    assert undo not in browser.get(reverse("notice_detail", args=[notice.pk])).content.decode()
    page = browser.post(reverse("notice_undo", args=[notice.pk]), follow=True)
    assert "1 ×" in page.content.decode()
    notice.refresh_from_db()
    assert (notice.status, Notice.objects.count()) == (NoticeStatus.PUBLISHED, 1)


def test_it_says_that_parents_can_read_what_has_not_left(cast: Cast) -> None:
    """The mail waits, for twenty seconds or for a whole night, but whoever looks into the portal finds it."""
    notice = draft(cast)
    page = cast.client("teacher_3b").post(reverse("notice_publish", args=[notice.pk]), follow=True)
    words = page.content.decode()
    assert "Er is nog niets vertrokken; het staat al op de eigen pagina van de ouders." in words
    assert "geen ouder opende het op de eigen pagina, waar het al staat" in words
    delivery = Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_father"])
    mailbox = cast.guardian_client("separated_father").get(reverse("portal_home"))
    assert (delivery.status, delivery.opened_at) == (DeliveryStatus.QUEUED, None)
    assert reverse("portal_notice", args=[delivery.pk]) in mailbox.content.decode()


def test_the_offer_ends_with_the_seconds(cast: Cast) -> None:
    notice = sent(cast)
    Notice.objects.filter(pk=notice.pk).update(published_at=clock.now() - timedelta(seconds=21))
    page = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk]))
    assert page.context["taking_back"].undo_seconds == 0
    assert "data-toast" not in page.content.decode()


def test_undone_nobody_gets_it_and_the_draft_is_there_again(cast: Cast) -> None:
    earlier = sent(cast)
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at=clock.now(), due_at=None)
    notice = sent(cast)
    answer = cast.client("teacher_3b").post(reverse("notice_undo", args=[notice.pk]))
    new = Notice.objects.latest("pk")
    assert answer.headers["Location"] == reverse("notice_edit", args=[new.pk])
    notice.refresh_from_db()
    assert (notice.status, new.status) == (NoticeStatus.CANCELLED, NoticeStatus.DRAFT)
    assert set(notice.deliveries.values_list("status", flat=True)) == {DeliveryStatus.CANCELLED}
    assert set(earlier.deliveries.values_list("status", flat=True)) == {DeliveryStatus.SENT}, "that one had left"
    assert (new.values, new.school_class, new.answer_by) == (notice.values, notice.school_class, notice.answer_by)
    assert new.corrects is None
    assert AuditEntry.objects.get(verb="undone").detail == {"deliveries": 4, "draft": new.pk}
    assert outbox.claim() is None
    page = " ".join(cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])).content.decode().split())
    said = [
        words in page for words in ("teruggenomen, geschreven door Lotte Claes", "verzonden op", "Wat er verzonden is")
    ]
    assert said == [True, False, False]
    publish_notice(notice=new, by=new.author)
    assert Delivery.objects.filter(notice=new).count() == 4


def test_what_readers_without_a_translation_get_is_not_asked_anew(cast: Cast) -> None:
    """But for what waited: nobody translates the draft."""
    notice = draft(cast)
    notice.texts.exclude(language="nl").delete()
    choices = {"ar": "OTHER", "pa": "DUTCH", "fr": "DUTCH", "tr": "WAIT"}
    Notice.objects.filter(pk=notice.pk).update(language_choices=choices)
    publish_notice(notice=notice, by=notice.author)
    cast.client("teacher_3b").post(reverse("notice_undo", args=[notice.pk]))
    new = Notice.objects.latest("pk")
    assert new.language_choices == {"ar": "OTHER", "pa": "DUTCH", "fr": "DUTCH"}
    cast.client("teacher_3b").post(reverse("notice_publish", args=[new.pk]))
    assert Delivery.objects.filter(notice=new).count() == 4


def test_the_calls_it_asked_for_are_off_the_list(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["grandfather"].pk).update(reading_mode=ReadingMode.ORAL_ONLY)
    notice = sent(cast)
    assert FollowUp.objects.filter(kind="CALL", status="OPEN").count() == 1
    cast.client("teacher_3b").post(reverse("notice_undo", args=[notice.pk]))
    call = FollowUp.objects.filter(kind="CALL").get()
    assert (call.status, call.closed_because) == ("DROPPED", "Ingetrokken door de afzender.")


@pytest.mark.parametrize("status", [DeliveryStatus.SENT, DeliveryStatus.SENDING])
def test_too_late_it_says_what_has_left_and_stops_nothing(cast: Cast, status: str) -> None:
    notice = sent(cast)
    Delivery.objects.filter(notice=notice, guardian=cast.guardians["separated_father"]).update(status=status)
    page = cast.client("teacher_3b").post(reverse("notice_undo", args=[notice.pk]), follow=True)
    assert "1 ×" in page.content.decode()
    notice.refresh_from_db()
    assert (notice.status, Notice.objects.count()) == (NoticeStatus.PUBLISHED, 1)
    assert Delivery.objects.filter(status=DeliveryStatus.QUEUED).count() == 3


def test_the_rest_can_be_stopped_and_what_left_left(cast: Cast) -> None:
    notice = sent(cast)
    Delivery.objects.filter(notice=notice, guardian=cast.guardians["separated_father"]).update(
        status=DeliveryStatus.SENT, due_at=None
    )
    browser = cast.client("teacher_3b")
    assert (
        reverse("notice_cancel", args=[notice.pk])
        in browser.get(reverse("notice_detail", args=[notice.pk])).content.decode()
    )
    browser.post(reverse("notice_cancel", args=[notice.pk]))
    statuses = Delivery.objects.values_list("status", flat=True)
    assert sorted(statuses) == [*[DeliveryStatus.CANCELLED] * 3, DeliveryStatus.SENT]
    assert browser.get(reverse("notice_detail", args=[notice.pk])).status_code == 200


@pytest.mark.parametrize("why", ["the mail server was away", "who sent it was killed"])
def test_what_was_under_way_when_it_was_stopped_and_comes_back_stays_here(cast: Cast, why: str) -> None:
    """As after a backup that was made while mails left: its notice is stopped before anything leaves again."""
    notice = sent(cast)
    Delivery.objects.update(due_at=database_now() - timedelta(seconds=1))
    claimed = claiming.claim([Channel.EMAIL])
    assert claimed is not None
    cancel_notice(notice=notice, by=notice.author)
    if why == "the mail server was away":
        claiming.give_back(claimed, claimed.mine)
    mails = Delivery.objects.filter(pk__in=claimed.mine)
    mails.update(due_at=database_now() - timedelta(seconds=1))
    assert outbox.deliver_due() == 0
    assert set(mails.values_list("status", "reason")) == {(DeliveryStatus.CANCELLED, Reason.WITHDRAWN)}


def test_what_was_stopped_is_not_counted_as_sent(cast: Cast) -> None:
    notice, browser = sent(cast), cast.client("teacher_3b")
    father = delivery_to(notice, cast, "separated_father")
    Delivery.objects.filter(pk=father.pk).update(status=DeliveryStatus.SENT, due_at=None)
    cancel_notice(notice=notice, by=notice.author)
    page = browser.get(reverse("notice_detail", args=[notice.pk]))
    assert sum(row["parents"] for row in page.context["text_kinds"]) == 1
    assert [text.language for text in page.context["texts"]] == [father.language]


def test_who_got_it_keeps_it_and_is_asked_nothing(cast: Cast) -> None:
    notice = sent(cast)
    father, mother = (delivery_to(notice, cast, f"separated_{who}") for who in ("father", "mother"))
    Delivery.objects.filter(pk=father.pk).update(status=DeliveryStatus.SENT, due_at=None)
    cancel_notice(notice=notice, by=notice.author)
    link, gone = (reverse("token_notice", args=[make_token(row)]) for row in (father, mother))
    page = Client().get(link)
    assert (page.status_code, Client().get(gone).status_code) == (200, 404)
    assert 'name="answer"' not in page.content.decode()
    Client().post(reverse("token_answer", args=[make_token(father)]), {"answer": "yes"})
    assert not Answer.objects.exists()
    home = cast.guardian_client("separated_father").get(reverse("portal_home"))
    assert [row.delivery_id for row in home.context["others"]] == [father.pk]
    assert cast.guardian_client("separated_mother").get(reverse("portal_home")).context["others"] == []


def test_who_answered_what_was_stopped_still_sees_the_answer(cast: Cast) -> None:
    notice = sent(cast)
    father, mother = (delivery_to(notice, cast, f"separated_{who}") for who in ("father", "mother"))
    Delivery.objects.filter(notice=notice).exclude(pk=mother.pk).update(status=DeliveryStatus.SENT, due_at=None)
    give_answer(delivery=father, key="yes")
    cancel_notice(notice=notice, by=notice.author)
    link = reverse("token_notice", args=[make_token(father)])
    page = Client().get(link, {"taal": "nl"}).content.decode()
    assert page.count('aria-pressed="true"') == 1
    assert "<fieldset disabled>" in page
    assert "Antwoord ten laatste" not in page
    answered = Client().post(reverse("token_answer", args=[make_token(father)]), {"answer": "no"}, follow=True)
    words = [str(message) for message in answered.context["messages"]]
    assert words == ["لم ينجح هذا. اتصلوا بالمدرسة."], "the day to answer is still to come"
    assert Answer.objects.get().key == "yes"


def test_the_page_of_what_was_stopped_leads_nowhere_that_is_not_there(cast: Cast) -> None:
    notice, browser = sent(cast), cast.client("teacher_3b")
    Delivery.objects.filter(notice=notice, guardian=cast.guardians["separated_father"]).update(
        status=DeliveryStatus.SENT, due_at=None
    )
    cancel_notice(notice=notice, by=notice.author)
    shown = browser.get(reverse("notice_detail", args=[notice.pk]))
    assert shown.context["standing"].reminders is None
    page = shown.content.decode()
    links = {link for link in re.findall(r'href="(/school/berichten/[^"#?]+)', page)}
    assert reverse("notice_answers", args=[notice.pk]) in links
    assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    history = browser.get(reverse("family_notices", args=[cast.families["haddad"].pk])).context["deliveries"]
    assert [row.delivery.guardian for row in history] == [cast.guardians["separated_father"]]


def test_the_page_of_what_was_taken_back_asks_nobody_to_call(cast: Cast) -> None:
    """Nothing left, so no family was reached: that is no work for anybody, and the page says why."""
    browser, notice = cast.client("teacher_3b"), sent(cast)
    browser.post(reverse("notice_undo", args=[notice.pk]))
    page = browser.get(reverse("notice_detail", args=[notice.pk])).content.decode()
    assert "teruggenomen voor er iets vertrok: niemand kreeg het" in page
    assert "Nog niet bereikt" not in page
    assert "gezinnen hebben nog niet geantwoord" not in page
    listed = browser.get(reverse("notice_export", args=[notice.pk, "niet-bereikt", "csv"])).content.decode()
    assert len(listed.strip().splitlines()) == 2, "its head and who made it"


def test_the_page_of_what_was_stopped_half_way_says_so_and_asks_nothing(cast: Cast) -> None:
    browser, notice = cast.client("teacher_3b"), sent(cast)
    father = delivery_to(notice, cast, "separated_father")
    Delivery.objects.filter(pk=father.pk).update(status=DeliveryStatus.FAILED, due_at=None, reason="BOUNCED")
    url = reverse("notice_detail", args=[notice.pk])
    assert "Nog niet bereikt" in browser.get(url).content.decode()
    cancel_notice(notice=notice, by=notice.author)
    page = browser.get(url)
    words = page.content.decode()
    assert "halverwege stopgezet" in words
    assert "Nog niet bereikt" not in words
    assert page.context["standing"].seconds_between_looks == 0


@pytest.mark.parametrize("name", ["notice_undo", "notice_cancel"])
@pytest.mark.parametrize("person", ["head", "teacher_1a", "joint"])
def test_only_the_author_takes_it_back(cast: Cast, name: str, person: str) -> None:
    notice = sent(cast)
    assert cast.client(person).post(reverse(name, args=[notice.pk])).status_code == 404
    assert not Delivery.objects.filter(status=DeliveryStatus.CANCELLED).exists()


def test_a_second_tap_on_undo_changes_nothing(cast: Cast) -> None:
    notice, browser = sent(cast), cast.client("teacher_3b")
    for _tap in range(2):
        browser.post(reverse("notice_undo", args=[notice.pk]))
    assert Notice.objects.count() == 2


def test_letters_that_wait_to_be_printed_have_not_left(cast: Cast) -> None:
    notice = sent(cast)
    Delivery.objects.filter(notice=notice).update(channel=Channel.LETTER)
    cast.client("teacher_3b").post(reverse("notice_undo", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.CANCELLED
