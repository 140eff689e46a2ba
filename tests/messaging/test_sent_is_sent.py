"""What was sent does not change; a mistake is put right by a new notice that says which one it replaces."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from messaging import formats, outbox
from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Notice, NoticeTemplate, NoticeText
from messaging.previews import text_message
from messaging.segments import sms_segments
from messaging.services import cancel_notice, correct_notice, create_notice, publish_notice, update_notice
from messaging.services.rounds import reminder_round
from messaging.texts import template_hash
from messaging.tokens import make_token
from parents.models import ContactPoint
from schools import clock
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, draft, sent, settle
from tests.messaging.rendered import letter_for, mail_for, sms_for

pytestmark = pytest.mark.django_db


def refused(action: object) -> bool:
    try:
        with transaction.atomic():
            action()  # type: ignore[operator]
    except DatabaseError:
        return True
    return False


class TestTheWords:
    def test_the_database_refuses_to_change_them(self, cast: Cast) -> None:
        texts = NoticeText.objects.filter(notice=sent(cast))
        assert refused(lambda: texts.update(body="Iets anders."))
        assert refused(lambda: texts.update(is_frozen=False))
        assert not texts.filter(body="Iets anders.").exists()

    def test_those_of_a_draft_change_as_before(self, cast: Cast) -> None:
        notice = draft(cast)
        update_notice(notice, dutch={"title": "Nieuwe titel"})
        assert notice.texts.get(language="nl").title == "Nieuwe titel"

    def test_a_notice_names_the_version_of_its_template(self, cast: Cast) -> None:
        notice = sent(cast)
        assert notice.template_id is not None
        template = NoticeTemplate.objects.get(pk=notice.template_id)
        assert notice.template_hash == template_hash(template)
        template.body_pa = f"{template.body_pa} ਅਤੇ"  # type: ignore[attr-defined]
        template.save()
        assert template_hash(template) != notice.template_hash
        title = notice.texts.get(language="pa").body
        assert "ਅਤੇ" not in title.splitlines()[-1]

    def test_another_answer_is_another_version(self, cast: Cast) -> None:
        before = template_hash(draft(cast).template)  # type: ignore[arg-type]
        template = NoticeTemplate.objects.get(slug="parent-meeting-invitation")
        template.answers.filter(key="yes").update(label_nl="Ja hoor")
        assert template_hash(template) != before


class TestACorrection:
    def _corrected(self, cast: Cast) -> tuple[Notice, Notice]:
        old = sent(cast)
        settle(old)
        draft = correct_notice(notice=old, by=old.author)
        update_notice(draft, values={"place": "lokaal 99"})
        publish_notice(notice=draft, by=old.author)
        draft.refresh_from_db()
        settle(draft)
        return old, draft

    def test_it_begins_with_the_same_words_and_group(self, cast: Cast) -> None:
        old = sent(cast)
        answer = cast.client("teacher_3b").post(reverse("notice_correct", args=[old.pk]))
        new = Notice.objects.latest("pk")
        assert answer.headers["Location"] == reverse("notice_edit", args=[new.pk])
        assert (new.corrects, new.school_class, new.audience, new.values) == (
            old, old.school_class, old.audience, old.values,
        )  # fmt: skip
        assert {row.language: row.body for row in new.texts.all()} == {
            row.language: row.body for row in old.texts.all()
        }
        assert not new.texts.filter(is_frozen=True).exists()

    def test_only_its_author_corrects_it(self, cast: Cast) -> None:
        old = sent(cast)
        for key in ("head", "joint"):
            assert cast.client(key).post(reverse("notice_correct", args=[old.pk])).status_code == 404

    def test_both_pages_of_a_parent_point_at_each_other(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        first, second = (delivery_to(row, cast, "separated_mother") for row in (old, new))
        browser = Client()
        page = browser.get(reverse("token_notice", args=[make_token(first)]))
        assert page.context["newer"] == second
        assert reverse("token_notice", args=[make_token(second)]) in page.content.decode()
        following = browser.get(reverse("token_notice", args=[make_token(second)]))
        assert following.context["page"].replaced_on is not None
        assert following.context["newer"] is None
        signed_in = cast.guardian_client("separated_mother").get(reverse("portal_notice", args=[first.pk]))
        assert reverse("portal_notice", args=[second.pk]) in signed_in.content.decode()

    def test_the_mail_says_what_it_replaces(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        mail = mail_for(delivery_to(new, cast, "separated_mother"))
        assert "lokaal 99" in mail.text
        told = mail_for(delivery_to(old, cast, "separated_mother"))
        assert len(mail.text.splitlines()) > len(told.text.splitlines())

    def test_the_text_message_says_that_it_replaces_something_within_two_parts(self, cast: Cast, settings: Any) -> None:
        settings.SMS_DRIVER = "record"
        ContactPoint.objects.filter(kind="EMAIL", uses__guardian=cast.guardians["separated_mother"]).delete()
        old, new = self._corrected(cast)
        first, second = (delivery_to(row, cast, "separated_mother") for row in (old, new))
        assert second.channel == "SMS"
        assert sms_for(second).startswith("Correction : ")
        assert not sms_for(first).startswith("Correction")
        assert sms_segments(sms_for(second)).segments <= 2
        french = new.texts.get(language="fr")
        assert "Correction : " in text_message(new, french, is_shared=False), "its cost is counted"
        french.sms = "x" * 250
        assert "Correction" not in text_message(new, french, is_shared=False), "each part is paid"

    def test_who_did_not_get_the_first_one_reads_of_no_earlier_notice(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        Delivery.objects.filter(notice=old, guardian=cast.guardians["separated_mother"]).update(
            status=DeliveryStatus.CANCELLED
        )
        page = Client().get(reverse("token_notice", args=[make_token(delivery_to(new, cast, "separated_mother"))]))
        assert page.context["page"].replaced_on is None

    def test_who_does_not_get_the_second_one_reads_of_no_newer_notice(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        Delivery.objects.filter(notice=new, guardian=cast.guardians["separated_mother"]).update(
            status=DeliveryStatus.CANCELLED
        )
        page = Client().get(reverse("token_notice", args=[make_token(delivery_to(old, cast, "separated_mother"))]))
        assert page.context["newer"] is None

    def test_a_correction_that_was_stopped_is_no_newer_notice(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        cancel_notice(notice=new, by=new.author)
        page = Client().get(reverse("token_notice", args=[make_token(delivery_to(old, cast, "separated_mother"))]))
        assert page.context["newer"] is None

    def test_the_letter_says_first_of_all_what_it_replaces_in_both_languages(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        assert old.published_at is not None
        day = clock.local_date(old.published_at)
        letter = letter_for(delivery_to(new, cast, "separated_father"))
        assert letter.dutch.opening.startswith(f"Dit vervangt het bericht van {formats.long_day(day, 'nl')}.\n")
        assert letter.own is not None
        assert letter.own.opening.startswith(f"هذه الرسالة تحل محل رسالة {formats.long_day(day, 'ar')}.\n")
        assert "vervangt" not in letter_for(delivery_to(old, cast, "separated_father")).dutch.opening

    def test_put_right_twice_the_first_leads_to_the_last(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        third = correct_notice(notice=new, by=new.author)
        publish_notice(notice=third, by=new.author)
        settle(third)
        page = Client().get(reverse("token_notice", args=[make_token(delivery_to(old, cast, "separated_mother"))]))
        assert page.context["newer"] == delivery_to(third, cast, "separated_mother")

    def test_the_earlier_one_asks_no_answer_any_more(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        first, second = (delivery_to(row, cast, "separated_mother") for row in (old, new))
        mother, address = cast.guardian_client("separated_mother"), reverse("portal_notice", args=[first.pk])
        waiting = mother.get(reverse("portal_home")).context["waiting"]
        assert [line.delivery_id for line in waiting] == [second.pk]
        assert 'name="answer"' not in mother.get(address).content.decode()
        mother.post(address, {"answer": "yes"})
        assert not Answer.objects.filter(notice=old).exists()
        Client().post(reverse("token_answer", args=[make_token(first)]), {"answer": "yes"})
        assert not Answer.objects.filter(notice=old).exists()
        mother.post(reverse("portal_notice", args=[second.pk]), {"answer": "yes"})
        assert Answer.objects.get().notice_id == new.pk

    def test_an_answer_to_the_earlier_one_stays_to_be_read(self, cast: Cast) -> None:
        old = sent(cast)
        settle(old)
        address = reverse("portal_notice", args=[delivery_to(old, cast, "separated_mother").pk])
        mother = cast.guardian_client("separated_mother")
        mother.post(address, {"answer": "yes"})
        new = correct_notice(notice=old, by=old.author)
        publish_notice(notice=new, by=old.author)
        settle(new)
        page = mother.get(address).content.decode()
        assert "answer-chosen" in page
        assert "<fieldset disabled" in page

    def test_nobody_is_reminded_of_the_earlier_one(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
            assert outbox.count_round(reminder_round(new, new.author)) > 0
            assert outbox.count_round(reminder_round(old, old.author)) == 0

    def test_what_waits_of_the_earlier_one_is_stopped_once_the_newer_cannot_be_undone(
        self, cast: Cast, settings: Any
    ) -> None:
        settings.UNDO_SECONDS = 20
        old = sent(cast)
        Delivery.objects.filter(notice=old).update(channel=Channel.LETTER)
        draft = correct_notice(notice=old, by=old.author)
        publish_notice(notice=draft, by=old.author)
        settle(draft)
        outbox.climb()
        assert Delivery.objects.filter(notice=old, status=DeliveryStatus.QUEUED).count() == 4, "it may still be undone"
        mother = Delivery.objects.filter(notice=draft, guardian=cast.guardians["separated_mother"])
        mother.update(status=DeliveryStatus.CANCELLED)
        with time_machine.travel(clock.now() + timedelta(seconds=30), tick=False):
            outbox.climb()
        left = Delivery.objects.filter(notice=old, status=DeliveryStatus.QUEUED)
        assert {row.guardian for row in left} == {cast.guardians["separated_mother"]}, "she did not get the newer one"

    def test_the_earlier_one_climbs_no_ladder(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        Delivery.objects.filter(notice__in=[old, new]).update(status=DeliveryStatus.FAILED, reason="GAVE_UP")
        outbox.climb_failed([old.pk, new.pk])
        assert Delivery.objects.filter(notice=new, status=DeliveryStatus.QUEUED).exists()
        assert not Delivery.objects.filter(notice=old, status=DeliveryStatus.QUEUED).exists()

    def test_the_staff_go_from_one_to_the_other(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        browser = cast.client("head")
        before, after = (browser.get(reverse("notice_detail", args=[row.pk])) for row in (old, new))
        assert before.context["taking_back"].replaced_by == new
        assert after.context["taking_back"].replaced == old
        nobody = "Nu kan niemand herinnerd worden"
        assert nobody in after.content.decode()
        assert nobody not in before.content.decode(), "a newer one asks for them"


def test_picked_children_come_along_into_the_correction() -> None:
    room = make.make_class()
    ali = make.make_family(room, children=["Ali"]).pupils[0]
    make.make_family(room, children=["Bo"])
    teacher = make.make_teacher(room)
    old = create_notice(
        author=teacher,
        template=make.template(),
        school=room.school,
        school_class=room,
        pupils=[ali],
        values=make.VALUES,
    )
    publish_notice(notice=old, by=teacher)
    old.refresh_from_db()
    new = correct_notice(notice=old, by=teacher)
    assert list(new.notice_pupils.values_list("pupil_id", "school_class_id")) == [(ali.pk, room.pk)]
