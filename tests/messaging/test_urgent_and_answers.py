"""What kind of notice it is, why an urgent one cannot wait, and what parents may answer: each alone or as a family."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from messaging.mailbox import notice_lines
from messaging.models import Answer, Delivery, Notice
from messaging.services import give_answer, publish_notice
from parents.models import Guardian
from schools.models import AuditEntry
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import COMPOSE, delivery_to, filled_in, template
from tests.messaging.rendered import page_for

pytestmark = pytest.mark.django_db
TEMPLATE_KEYS = ["yes", "yes_interpreter", "other_day"]


def composed(cast: Cast, **more: Any) -> Notice:
    template()
    assert cast.client("teacher_3b").post(COMPOSE, filled_in(cast, answers=TEMPLATE_KEYS) | more).status_code == 302
    return Notice.objects.latest("pk")


class TestUrgent:
    def test_it_asks_why(self, cast: Cast) -> None:
        template()
        browser = cast.client("teacher_3b")
        refused = browser.post(COMPOSE, filled_in(cast, kind="DRINGEND"))
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["urgent_reason"])
        assert not Notice.objects.exists()

    def test_the_reason_stands_on_the_page_and_in_the_access_log(self, cast: Cast) -> None:
        notice = composed(cast, kind="DRINGEND", urgent_reason="De verwarming is stuk.")
        browser = cast.client("teacher_3b")
        browser.post(reverse("notice_publish", args=[notice.pk]))
        assert "De verwarming is stuk." in browser.get(reverse("notice_detail", args=[notice.pk])).content.decode()
        assert AuditEntry.objects.get(verb="sent").detail["urgent_reason"] == "De verwarming is stuk."
        assert set(Delivery.objects.values_list("is_urgent", flat=True)) == {True}

    def test_without_a_reason_nothing_is_sent(self) -> None:
        room = make.make_class()
        make.make_family(room)
        notice = make.make_notice(room, slug="urgent-early-closing", urgent_reason="")
        with pytest.raises(ValidationError) as refusal:
            publish_notice(notice=notice, by=notice.author)
        assert refusal.value.code == "urgent_reason"

    def test_a_notice_that_is_not_urgent_keeps_no_reason(self, cast: Cast) -> None:
        assert composed(cast, kind="INFO", urgent_reason="Toch niet.").urgent_reason == ""

    def test_the_template_of_an_absence_brings_its_reason(self, cast: Cast) -> None:
        template()
        page = cast.client("teacher_3b").get("/school/berichten/nieuw/absence-please-call/")
        assert page.context["form"].initial["urgent_reason"]


class TestAnswers:
    def test_the_sender_switches_one_off(self, cast: Cast) -> None:
        notice = composed(cast, answers=["yes", "other_day"])
        assert [option["key"] for option in notice.answers] == ["yes", "other_day"]
        publish_notice(notice=notice, by=notice.author)
        delivery = delivery_to(notice, cast, "mother")
        with pytest.raises(ValidationError):
            give_answer(delivery=delivery, key="yes_interpreter")

    def test_or_all_of_them(self, cast: Cast) -> None:
        notice = composed(cast, answers=[])
        assert notice.answers == []
        publish_notice(notice=notice, by=notice.author)
        assert page_for(delivery_to(notice, cast, "mother")).answers == ()

    def test_an_answer_of_another_template_is_refused(self, cast: Cast) -> None:
        template()
        assert cast.client("teacher_3b").post(COMPOSE, filled_in(cast, answers=["happy"])).status_code == 422

    def test_the_purpose_is_the_senders_to_name(self, cast: Cast) -> None:
        assert composed(cast, translation_reason="SERVICE_ACCESS").translation_reason == "SERVICE_ACCESS"


def test_what_waits_for_an_answer_is_not_hidden_by_newer_notices(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.mailbox.SHOWN", 2)
    monkeypatch.setattr("messaging.mailbox._LADDER_RUNGS", 1)
    mother = cast.guardians["mother"]
    asks, answered, *newer = (composed(cast, answers=kept) for kept in (["yes"], ["yes"], [], [], []))
    for notice in (asks, answered, *newer):
        publish_notice(notice=notice, by=notice.author)
    give_answer(delivery=delivery_to(answered, cast, "mother"), key="yes")
    lines = notice_lines(guardian=mother, code="pa")
    expected = [delivery_to(notice, cast, "mother").pk for notice in (asks, newer[2], newer[1])]
    assert [line.delivery_id for line in lines] == expected


def live_together(cast: Cast) -> None:
    """Yusuf's parents are in one home again."""
    home = cast.guardians["separated_mother"].household
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(household=home)


class TestOneAnswerForEachFamily:
    def _sent(self, cast: Cast, scope: str = "FAMILY") -> Notice:
        notice = composed(cast, answer_scope=scope)
        publish_notice(notice=notice, by=notice.author)
        notice.refresh_from_db()
        return notice

    def test_the_second_parent_sees_what_was_answered_and_may_change_it(self, cast: Cast) -> None:
        notice = self._sent(cast)
        live_together(cast)
        father, mother = (delivery_to(notice, cast, name) for name in ("separated_father", "separated_mother"))
        give_answer(delivery=father, key="yes")
        assert page_for(mother).given_answer == "yes"
        lines = notice_lines(guardian=cast.guardians["separated_mother"], code="fr")
        assert [line.needs_answer for line in lines] == [False]
        give_answer(delivery=mother, key="other_day")
        answer = Answer.objects.get(notice=notice)
        assert (answer.key, answer.guardian, answer.changed) == ("other_day", mother.guardian, 1)
        assert page_for(father).given_answer == "other_day"

    def test_her_page_says_that_the_school_has_an_answer_of_the_family(self, cast: Cast) -> None:
        notice = self._sent(cast)
        live_together(cast)
        give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
        delivery = delivery_to(notice, cast, "separated_mother")
        page = cast.guardian_client("separated_mother").get(reverse("portal_notice", args=[delivery.pk]))
        assert page.context["asks_family"]
        assert 'value="yes"' in page.content.decode()
        assert "Karim" not in page.content.decode()

    def test_each_parent_answers_alone_where_that_is_asked(self, cast: Cast) -> None:
        notice = self._sent(cast, "GUARDIAN")
        give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
        assert page_for(delivery_to(notice, cast, "separated_mother")).given_answer == ""
        give_answer(delivery=delivery_to(notice, cast, "separated_mother"), key="other_day")
        assert Answer.objects.filter(notice=notice).count() == 2

    def test_another_family_answers_for_itself(self, cast: Cast) -> None:
        notice = self._sent(cast)
        give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
        give_answer(delivery=delivery_to(notice, cast, "mother"), key="other_day")
        assert page_for(delivery_to(notice, cast, "mother")).given_answer == "other_day"
        assert page_for(delivery_to(notice, cast, "separated_father")).given_answer == "yes"
        assert Answer.objects.filter(notice=notice).count() == 2

    def test_a_parent_of_two_families_answers_for_both(self) -> None:
        room = make.make_class()
        one, two = make.make_family(room, children=["Ali"]), make.make_family(room, children=["Bo"])
        both = one.guardians[0]
        both.guardianships.create(pupil=two.pupils[0], starts_on=make.LONG_AGO)
        notice = make.make_notice(room, slug="swimming-bag")
        publish_notice(notice=notice, by=notice.author)
        give_answer(delivery=Delivery.objects.get(guardian=both), key="ok")
        assert page_for(Delivery.objects.get(guardian=both)).given_answer == "ok"
        families = set(Answer.objects.values_list("family_id", flat=True))
        assert families == {one.family.pk, two.family.pk}

    def test_the_page_of_the_notice_counts_the_family_once(self, cast: Cast) -> None:
        notice = self._sent(cast)
        for name, key in (("separated_father", "yes"), ("separated_mother", "yes"), ("mother", "yes")):
            give_answer(delivery=delivery_to(notice, cast, name), key=key)
        standing = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])).context["standing"]
        counts = {option.key: len(option.rows) for option in standing.options}
        assert (standing.totals.answered, counts["yes"]) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_parents_answer_at_the_same_moment_and_one_answer_stands() -> None:
    room = make.make_class()
    family = make.make_family(room, languages=["nl", "tr"])
    notice = make.make_notice(room, slug="swimming-bag")
    publish_notice(notice=notice, by=notice.author)
    deliveries = [Delivery.objects.select_related("notice").get(guardian=row) for row in family.guardians]
    start, wrong = threading.Barrier(2), list[Exception]()

    def answer(delivery: Delivery, key: str) -> None:
        start.wait()
        try:
            give_answer(delivery=delivery, key=key)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    people = [threading.Thread(target=answer, args=pair) for pair in zip(deliveries, ("ok", "need_help"), strict=True)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert wrong == []
    assert Answer.objects.filter(notice=notice).count() == 1
