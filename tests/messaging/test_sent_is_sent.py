"""What was sent does not change; a mistake is put right by a new notice that says which one it replaces."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from messaging.models import Delivery, DeliveryStatus, Notice, NoticeTemplate, NoticeText
from messaging.rendering import mail_for
from messaging.services import cancel_notice, correct_notice, create_notice, publish_notice, update_notice
from messaging.texts import template_hash
from messaging.tokens import make_token
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, draft, sent, settle

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

    def test_the_staff_go_from_one_to_the_other(self, cast: Cast) -> None:
        old, new = self._corrected(cast)
        browser = cast.client("head")
        before, after = (browser.get(reverse("notice_detail", args=[row.pk])) for row in (old, new))
        assert before.context["taking_back"].replaced_by == new
        assert after.context["taking_back"].replaced == old


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
