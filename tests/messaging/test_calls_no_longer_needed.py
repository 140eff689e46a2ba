"""A call about a notice and the task in somebody's week are one: closed there, nothing waits for it any more; and what
was noted of it by mistake leaves it to be made."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging import levels, tasks
from messaging.models import CallTask, Delivery, DeliveryStatus, Reason
from messaging.services import finish_call, mark_opened
from messaging.standing import Standing
from parents.models import ContactMoment, FollowUp, FollowUpStatus, Guardian, ReadingMode
from parents.services import correct_contact_moment, log_contact_moment, withdraw_contact_moment
from schools import clock
from schools.models import Pupil
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(cast: Cast) -> CallTask:
    """The separated mother does not read: 3B's teacher calls her."""
    mother = cast.guardians["separated_mother"]
    mother.reading_mode = ReadingMode.ORAL_ONLY
    mother.save()
    sent(cast)
    return CallTask.objects.select_related("delivery__notice", "follow_up").get()


def press(cast: Cast, call: CallTask, act: str) -> str:
    """A button of the week, of today or of a page that lay open."""
    there = reverse("follow_up_done", args=[call.follow_up_id])
    answer = cast.client("teacher_3b").post(there, {"act": act, "next": reverse("my_week")}, follow=True)
    call.refresh_from_db()
    return str(answer.content.decode())


def is_awaited(cast: Cast, call: CallTask) -> bool:
    """The page of the notice says that a colleague calls."""
    standing = Standing(call.delivery.notice, cast.staff["teacher_3b"], "nl")
    return any(row.call for row in standing.unreached) or any(
        row.waiting for row in standing.by_channel if row.name == "CALL"
    )


def father_of(cast: Cast) -> Guardian:
    """Who lives elsewhere, and was on the phone."""
    return cast.guardians["separated_father"]


def test_a_call_that_nobody_needs_any_more_is_awaited_by_nobody(cast: Cast, call: CallTask) -> None:
    assert is_awaited(cast, call)
    press(cast, call, "drop")
    assert call.follow_up.status == FollowUpStatus.DROPPED
    assert (call.delivery.status, call.delivery.reason) == (DeliveryStatus.CANCELLED, Reason.WITHDRAWN)
    assert not is_awaited(cast, call)
    typed = {"outcome": "REACHED_AGREED", "note": "Komt donderdag"}
    told = cast.client("teacher_3b").post(reverse("call_done", args=[call.pk]), typed, follow=True).content.decode()
    assert "is niet meer nodig. Wat je hier typte, is niet bewaard: “Komt donderdag”" in told
    assert "al genoteerd" not in told
    tasks.climb_ladders()
    assert CallTask.objects.count() == 1, "and it is not asked again"


def test_that_it_is_done_does_not_say_how_it_went(cast: Cast, call: CallTask) -> None:
    assert "Zeg hoe het telefoontje ging" in press(cast, call, "")
    assert (call.follow_up.status, call.delivery.status) == (FollowUpStatus.OPEN, DeliveryStatus.QUEUED)
    cast.client("teacher_3b").post(reverse("call_done", args=[call.pk]), {"outcome": "REACHED_AGREED"})
    call.refresh_from_db()
    assert (call.follow_up.status, call.delivery.status) == (FollowUpStatus.DONE, DeliveryStatus.DELIVERED)
    assert ContactMoment.objects.filter(guardians=call.delivery.guardian, kind="PHONE").count() == 1


@pytest.mark.parametrize("outcome", ["REACHED_AGREED", "REACHED_FOLLOW_UP"])
@pytest.mark.parametrize("undone", ["taken back", "put right", "somebody else"])
def test_one_that_was_noted_of_the_wrong_person_is_still_to_be_made(
    cast: Cast, call: CallTask, outcome: str, undone: str
) -> None:
    teacher = cast.staff["teacher_3b"]
    talk = finish_call(call_task=call, by=teacher, outcome=outcome)
    assert not is_awaited(cast, call)
    if undone == "taken back":
        withdraw_contact_moment(moment=talk, by=teacher, because="Dat was de andere mama.")
    else:
        otherwise = {"outcome": "NOT_REACHED"} if undone == "put right" else {"guardians": [father_of(cast)]}
        facts = {"held_on": talk.held_on, **otherwise}
        correct_contact_moment(moment=talk, by=teacher, facts=facts, seen=0)
    call.refresh_from_db()
    assert (call.delivery.status, call.follow_up.status) == (DeliveryStatus.QUEUED, FollowUpStatus.OPEN)
    assert (call.delivery.understood_at, call.delivery.not_understood_at) == (None, None)
    assert is_awaited(cast, call)
    assert not FollowUp.objects.filter(kind="NOT_UNDERSTOOD", status=FollowUpStatus.OPEN).exists()
    finish_call(call_task=call, by=teacher, outcome="REACHED_AGREED")
    call.refresh_from_db()
    assert (call.delivery.status, call.follow_up.status) == (DeliveryStatus.DELIVERED, FollowUpStatus.DONE)


@pytest.mark.parametrize(
    ("said", "rather", "understood"),
    [("REACHED_AGREED", "REACHED_FOLLOW_UP", False), ("REACHED_FOLLOW_UP", "REACHED_AGREED", True)],
)
def test_what_a_call_came_to_is_put_right_with_its_talk(
    cast: Cast, call: CallTask, said: str, rather: str, understood: bool
) -> None:
    teacher, before = cast.staff["teacher_3b"], set(FollowUp.objects.values_list("pk", flat=True))
    talk = finish_call(call_task=call, by=teacher, outcome=said)
    is_understood = Delivery.objects.filter(levels.understood(), call_task=call)
    assert is_understood.exists() is not understood
    correct_contact_moment(moment=talk, by=teacher, facts={"held_on": talk.held_on, "outcome": rather}, seen=0)
    assert is_understood.exists() is understood
    asked = FollowUp.objects.open().exclude(pk__in=before)
    assert list(asked.values_list("kind", flat=True)) == ([] if understood else ["PROMISE"]), "one of the two, not both"
    call.refresh_from_db()
    assert call.follow_up.status == FollowUpStatus.DONE


def child_of(call: CallTask) -> list[Pupil]:
    return [call.follow_up.pupil] if call.follow_up.pupil else []


def was_told_at_the_gate(cast: Cast, call: CallTask) -> ContactMoment:
    """A colleague's talk with the mother, for which nobody calls her any more."""
    mother = call.delivery.guardian
    talk = log_contact_moment(
        author=cast.staff["head"],
        school=call.delivery.notice.school,
        pupils=child_of(call),
        guardians=[mother],
        kind="GATE_TALK",
        outcome="REACHED_AGREED",
        held_on=clock.today(),
        purpose="INFORMATION",
    )
    tasks.climb_ladders()
    call.refresh_from_db()
    assert (call.delivery.status, call.follow_up.status) == (DeliveryStatus.CANCELLED, FollowUpStatus.DROPPED)
    return talk


@pytest.mark.parametrize("undone", ["taken back", "somebody else"])
def test_one_that_a_talk_at_the_gate_spared_is_made_after_all_when_that_was_none(
    cast: Cast, call: CallTask, undone: str
) -> None:
    talk, head = was_told_at_the_gate(cast, call), cast.staff["head"]
    if undone == "taken back":
        withdraw_contact_moment(moment=talk, by=head, because="Dat was de andere mama.")
    else:
        facts = {"held_on": talk.held_on, "guardians": [father_of(cast)]}
        correct_contact_moment(moment=talk, by=head, facts=facts, seen=0)
    tasks.climb_ladders()
    call.refresh_from_db()
    assert (call.delivery.status, call.follow_up.status) == (DeliveryStatus.QUEUED, FollowUpStatus.OPEN)
    assert (call.follow_up.closed_because, is_awaited(cast, call)) == ("", True)


@pytest.mark.parametrize("why", ["she read it too", "nobody needs it"])
def test_it_is_not_where_something_else_spares_it(cast: Cast, call: CallTask, why: str) -> None:
    if why == "nobody needs it":
        press(cast, call, "drop")
        talk = log_contact_moment(
            author=cast.staff["head"], school=call.delivery.notice.school, pupils=child_of(call),
            kind="GATE_TALK", outcome="REACHED_AGREED", held_on=clock.today(),
        )  # fmt: skip
    else:
        talk = was_told_at_the_gate(cast, call)
        mark_opened(call.delivery)
    withdraw_contact_moment(moment=talk, by=cast.staff["head"], because="Dat was de andere mama.")
    call.refresh_from_db()
    assert (call.delivery.status, call.follow_up.status) == (DeliveryStatus.CANCELLED, FollowUpStatus.DROPPED)


def test_nor_one_that_was_taken_back_before_that_talk(cast: Cast, call: CallTask) -> None:
    """It is not put among the calls and out again."""
    mark_opened(call.delivery)
    tasks.climb_ladders()
    history = list(call.delivery.events.values_list("status", flat=True))
    assert history[-1] == DeliveryStatus.CANCELLED
    talk = log_contact_moment(
        author=cast.staff["head"], school=call.delivery.notice.school, pupils=child_of(call),
        kind="GATE_TALK", outcome="REACHED_AGREED", held_on=clock.today(),
    )  # fmt: skip
    withdraw_contact_moment(moment=talk, by=cast.staff["head"], because="Dat was de andere mama.")
    assert list(call.delivery.events.values_list("status", flat=True)) == history


@pytest.mark.parametrize("also", [True, False], ids=["the father too", "nobody by name"])
def test_one_that_was_spoken_with_all_the_same_is_not_called_again(cast: Cast, call: CallTask, also: bool) -> None:
    teacher = cast.staff["teacher_3b"]
    talk = finish_call(call_task=call, by=teacher, outcome="REACHED_AGREED")
    present = [call.delivery.guardian, father_of(cast)] if also else []
    correct_contact_moment(moment=talk, by=teacher, facts={"held_on": talk.held_on, "guardians": present}, seen=0)
    call.refresh_from_db()
    assert (call.delivery.status, call.follow_up.status) == (DeliveryStatus.DELIVERED, FollowUpStatus.DONE)


@pytest.mark.parametrize("page", ["my_week", "family_detail"])
def test_the_week_and_the_family_lead_to_the_list_of_calls(cast: Cast, call: CallTask, page: str) -> None:
    there = reverse(page, args=[call.follow_up.family_id] if page == "family_detail" else [])
    shown = cast.client("teacher_3b").get(there).content.decode()
    row = shown.split("Bellen over")[1].split("</li>")[0]
    assert reverse("call_list") in row
    assert ("Niet meer nodig" in row, "Gedaan" in row) == (True, False)
