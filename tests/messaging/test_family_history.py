"""The family's page: everything that was sent, by which way and in which language, and what came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Explanation, Reason
from messaging.services import (
    ask_question,
    cancel_notice,
    give_answer,
    mark_not_understood,
    mark_understood,
    remind,
)
from parents.services import complete_follow_up
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent, settle

pytestmark = pytest.mark.django_db
PARENTS = "mother", "father"


def page(cast: Cast, family: str = "haddad", person: str = "teacher_3b", **query: Any) -> Any:
    return cast.client(person).get(reverse("family_notices", args=[cast.families[family].pk]), {"taal": "en", **query})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_what_came_back_stands_beside_what_was_sent(cast: Cast) -> None:
    notice = sent(cast)
    settle(notice)
    mother, father = delivery_to(notice, cast, "separated_mother"), delivery_to(notice, cast, "separated_father")
    Delivery.objects.filter(pk=mother.pk).update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
    give_answer(delivery=father, key="yes")
    ask_question(guardian=father.guardian, pupil=cast.pupils["yusuf"], notice=notice, text="متى؟", language="ar")
    answer = page(cast)
    rows = {row.delivery.guardian.first_name: row for row in answer.context["deliveries"]}
    assert rows["Karim"].answer
    assert rows["Karim"].thread is not None
    assert rows["Nadia"].thread is None
    assert "the address does not exist" in text(answer)
    assert "العربية" in text(answer)
    assert "Français" in text(answer)


def test_what_was_not_understood_is_to_be_explained_until_it_was_or_is_clear(cast: Cast) -> None:
    delivery = delivery_to(sent(cast), cast, "separated_father")
    labels, seen = ("not understood: explain it", "not understood", "understood"), []
    for act in (
        lambda: mark_not_understood(delivery),
        lambda: complete_follow_up(follow_up=Explanation.objects.get().follow_up, by=cast.staff["teacher_3b"]),
        lambda: mark_understood(delivery),
        lambda: mark_not_understood(delivery),
    ):
        act()
        words = text(page(cast))
        seen.append([one for one in labels if f">{one}</span>" in words])
    assert seen == [
        ["not understood: explain it"],
        ["not understood"],
        ["understood"],
        ["not understood: explain it"],
    ]


def test_of_two_answers_in_a_family_that_was_joined_the_one_that_stands_is_shown(cast: Cast) -> None:
    notice = sent(cast)
    father, now = delivery_to(notice, cast, "separated_father"), clock.now()
    facts = {"notice": notice, "guardian": father.guardian, "family": cast.families["haddad"]}
    Answer.objects.create(**facts, key="other_day", answered_at=now)
    Answer.objects.create(**facts, key="yes", answered_at=now - timedelta(hours=1), stands=False)
    rows = {row.delivery.guardian_id: row for row in page(cast).context["deliveries"]}
    assert rows[father.guardian_id].given.key == "other_day"


def test_an_answer_on_the_strip_of_a_letter_says_so(cast: Cast) -> None:
    notice = sent(cast)
    letter = delivery_to(notice, cast, "separated_father")
    Delivery.objects.filter(pk=letter.pk).update(channel=Channel.LETTER, status=DeliveryStatus.DELIVERED, due_at=None)
    letter.refresh_from_db()
    give_answer(delivery=letter, key="yes")
    assert page(cast).context["deliveries"][0].given.by_channel == Channel.LETTER


@pytest.mark.parametrize("is_opened", [True, False])
def test_what_was_taken_back_is_there_for_who_had_opened_it(cast: Cast, is_opened: bool) -> None:
    """On the own page, while the mail waited for the morning or the letter for its paper: the parent has it still."""
    notice = sent(cast)
    father, mother = delivery_to(notice, cast, "separated_father"), delivery_to(notice, cast, "separated_mother")
    Delivery.objects.filter(pk=mother.pk).update(status=DeliveryStatus.SENT, due_at=None)
    own = reverse("portal_notice", args=[father.pk])
    if is_opened:
        cast.guardian_client("separated_father").post(own, {"answer": "yes"})
    cancel_notice(notice=notice, by=notice.author)
    assert (cast.guardian_client("separated_father").get(own).status_code == 200) is is_opened
    rows = {row.delivery.guardian_id: row for row in page(cast).context["deliveries"]}
    assert (father.guardian_id in rows) is is_opened
    assert mother.guardian_id in rows
    assert not is_opened or rows[father.guardian_id].answer


def test_a_reminder_is_marked(cast: Cast) -> None:
    notice = sent(cast)
    settle(notice)
    past = clock.now() - timedelta(days=8)
    Delivery.objects.filter(notice=notice).update(created_at=past, sent_at=past)
    remind(notice=notice, by=cast.staff["teacher_3b"])
    assert [row.delivery.is_reminder for row in page(cast).context["deliveries"]] == [True, True, False, False]


def test_a_long_history_is_paged_and_costs_the_same(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert page(cast).status_code == 200
        return len(seen)

    for _number in range(2):
        sent(cast)
    queries()
    few = queries()
    for _number in range(10):
        sent(cast)
    assert queries() == few
    first, second = page(cast), page(cast, page="2")
    assert (len(first.context["deliveries"]), len(second.context["deliveries"])) == (20, 4)


def test_reading_it_is_a_line_in_the_access_log(cast: Cast) -> None:
    sent(cast)
    page(cast)
    line = AuditEntry.objects.get(verb="read notices")
    assert (line.actor, line.target_id) == (cast.staff["teacher_3b"], cast.families["haddad"].pk)


@pytest.mark.parametrize(("person", "status"), [("teacher_1a", 404), ("head_go", 404), ("office", 403), ("joint", 200)])
def test_who_may_read_it(cast: Cast, person: str, status: int) -> None:
    sent(cast)
    assert page(cast, person=person).status_code == status


def test_the_other_school_does_not_see_what_this_school_sent(cast: Cast) -> None:
    notice = sent(cast)
    ask_question(
        guardian=cast.guardians["mother"], pupil=cast.pupils["simran"], notice=notice, text="ਕਦੋਂ?", language="pa"
    )
    answer = page(cast, family="kaur", person="teacher_go")
    assert answer.context["deliveries"] == []
    assert list(answer.context["threads"]) == []


def test_a_question_that_was_closed_without_an_answer_is_done_and_not_answered(cast: Cast) -> None:
    thread = ask_question(
        guardian=cast.guardians["separated_father"], pupil=cast.pupils["yusuf"], notice=None, text="متى؟", language="ar"
    )
    assert "waits for an answer" in text(page(cast))
    cast.client("teacher_3b").post(reverse("thread_state", args=[thread.pk]), {"state": "closed"})
    shown = text(page(cast))
    assert "<span>done</span>" in shown
    assert "answered" not in shown


def test_a_letter_that_is_printed_is_still_to_be_given_and_nobody_prints_it_again(cast: Cast) -> None:
    """On the family's page, and beside the families that the notice did not reach."""
    notice = sent(cast)
    settle(notice)
    mother, father = (Delivery.objects.filter(pk=delivery_to(notice, cast, f"separated_{who}").pk) for who in PARENTS)
    mother.update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
    father.update(channel=Channel.LETTER, status=DeliveryStatus.QUEUED, sent_at=None, due_at=clock.now())
    board, prints = reverse("notice_detail", args=[notice.pk]), "<bdi>Lotte Claes</bdi> prints it."

    def shown() -> list[bool]:
        parts = (
            text(cast.client("teacher_3b").get(board, {"taal": "en"})).split('id="niet-bereikt"')[1].split("</form>")
        )
        return [prints in parts[0], "Letter still to give" in parts[0], "letter still to give" in text(page(cast))]

    assert shown() == [True, False, True]
    father.update(status=DeliveryStatus.SENT, sent_at=clock.now(), due_at=None)
    assert shown() == [False, True, True]
    father.update(status=DeliveryStatus.DELIVERED)
    assert "letter still to give" not in text(page(cast))
