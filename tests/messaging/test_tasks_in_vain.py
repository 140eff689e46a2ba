"""What the portal asked colleagues to do for a parent ends with the parent's right, or the child's place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.outbox import stop_tasks_in_vain
from messaging.services import ask_question, reply
from messaging.services.untold import ask_to_call
from messaging.tasks import climb_ladders
from messaging.tokens import make_token
from parents.models import (
    ContactKind,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Guardianship,
    InterpreterRequest,
    PointKind,
    RequestState,
)
from parents.services import ask_to_change_contact, open_follow_up
from parents.services.interpreters import NewTalk, ask_interpreter, follow_who_left
from parents.services.wishes import report_wrong_person
from parents.signin import Reachable
from schools import clock
from schools.services.enrolling import let_leave
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
FATHER = "separated_father"


def loses_it(cast: Cast, who: str = FATHER) -> None:
    Guardianship.objects.filter(guardian=cast.guardians[who], pupil=cast.pupils["yusuf"]).update(
        authority="NONE", information_right=False, may_receive=False, may_decide=False
    )


def leaves(cast: Cast) -> None:
    yesterday = clock.today() - timedelta(days=1)
    school = cast.schools["kersenboom"]
    let_leave(pupil=cast.pupils["yusuf"], school=school, last_day=yesterday, by=cast.staff["office"])


def explained(cast: Cast) -> FollowUp:
    """Karim does not understand a notice about Yusuf."""
    Client().post(reverse("token_not_understood", args=[make_token(delivery_to(sent(cast), cast, FATHER))]))
    return FollowUp.objects.get(kind=FollowUpKind.NOT_UNDERSTOOD)


def wrong_number(cast: Cast) -> FollowUp:
    report_wrong_person(guardian=cast.guardians[FATHER], children=[cast.pupils["yusuf"]])
    return FollowUp.objects.get(kind=FollowUpKind.CONTACT_DATA)


def unheard_answer(cast: Cast) -> FollowUp:
    facts: dict[str, Any] = {"guardian": cast.guardians[FATHER], "pupil": cast.pupils["yusuf"]}
    thread = ask_question(notice=None, text="Hoe laat?", language="nl", **facts)
    ask_to_call(thread, reply(thread=thread, by=cast.staff["teacher_3b"], text="Om vier uur."))
    return FollowUp.objects.get(kind=FollowUpKind.CALL)


def another_talk(cast: Cast) -> FollowUp:
    return open_follow_up(
        by=None,
        family=cast.families["haddad"],
        school=cast.schools["kersenboom"],
        what="Bied een ander gesprek aan",
        due_on=clock.today(),
        kind=FollowUpKind.MEETING,
        pupil=cast.pupils["yusuf"],
        guardian=cast.guardians[FATHER],
    )


def is_open(task: FollowUp) -> bool:
    task.refresh_from_db()
    return task.status == FollowUpStatus.OPEN


@pytest.mark.parametrize("asked", [explained, wrong_number, unheard_answer])
def test_nobody_is_called_who_lost_the_right(cast: Cast, asked: Any) -> None:
    task = asked(cast)
    assert stop_tasks_in_vain() == 0
    teacher, calls = cast.client("teacher_3b"), reverse("call_list")
    assert "Karim" in text_of(teacher.get(calls))
    loses_it(cast)
    assert "Karim" not in text_of(teacher.get(calls)), "at once, and not with the next sweep only"
    climb_ladders()
    assert not is_open(task)
    assert task.closed_because == "De school informeert deze ouder niet meer over het kind."


@pytest.mark.parametrize(("asked", "goes_on"), [(explained, False), (wrong_number, False), (unheard_answer, True)])
def test_of_a_child_that_left_only_an_answer_is_owed(cast: Cast, asked: Any, goes_on: bool) -> None:
    task = asked(cast)
    leaves(cast)
    climb_ladders()
    assert is_open(task) is goes_on


@pytest.mark.parametrize("by_link", [True, False])
def test_nobody_is_promised_a_call_about_a_child_that_left(cast: Cast, by_link: bool) -> None:
    delivery = delivery_to(sent(cast), cast, FATHER)
    browser = Client() if by_link else cast.guardian_client(FATHER)
    page = "token_notice" if by_link else "portal_notice"
    key = make_token(delivery) if by_link else delivery.pk
    act = reverse("token_not_understood" if by_link else page, args=[key])
    assert "Ik begrijp dit niet" in text_of(browser.get(reverse(page, args=[key]), {"taal": "nl"}))
    leaves(cast)
    assert "Ik begrijp dit niet" not in text_of(browser.get(reverse(page, args=[key]), {"taal": "nl"}))
    said = text_of(browser.post(act, {"action": "not_understood"}, follow=True))
    assert "Dit is niet gelukt. Bel de school." in said
    assert not FollowUp.objects.filter(kind=FollowUpKind.NOT_UNDERSTOOD).exists()


def test_another_talk_is_offered_to_the_other_parent_but_not_of_a_child_that_left(cast: Cast) -> None:
    task = another_talk(cast)
    loses_it(cast)
    climb_ladders()
    assert is_open(task)
    leaves(cast)
    climb_ladders()
    assert not is_open(task)


def test_the_wish_for_another_number_of_who_lost_the_right_is_forgotten(cast: Cast) -> None:
    """Nobody checks it with a call, and the parent's page does not say that somebody will."""
    wish = ask_to_change_contact(
        guardian=cast.guardians[FATHER],
        children=[cast.pupils["yusuf"]],
        contact=Reachable(PointKind.PHONE, "+32470998877"),
    )
    task = FollowUp.objects.get(contact_request=wish)
    climb_ladders()
    assert is_open(task)
    loses_it(cast)
    climb_ladders()
    wish.refresh_from_db()
    assert (is_open(task), wish.state, wish.value) == (False, RequestState.DECLINED, "")


def test_the_wish_of_a_parent_whose_child_left_goes_along_with_it(cast: Cast) -> None:
    wish = ask_to_change_contact(
        guardian=cast.guardians[FATHER],
        children=[cast.pupils["yusuf"]],
        contact=Reachable(PointKind.PHONE, "+32470998877"),
    )
    leaves(cast)
    climb_ladders()
    wish.refresh_from_db()
    assert is_open(FollowUp.objects.get(contact_request=wish))
    assert (wish.state, wish.value) == (RequestState.OPEN, "+32470998877")


def test_what_a_colleague_promised_stays(cast: Cast) -> None:
    assert cast.follow_up is not None
    FollowUp.objects.filter(pk=cast.follow_up.pk).update(pupil=cast.pupils["yusuf"], guardian=cast.guardians[FATHER])
    loses_it(cast)
    leaves(cast)
    climb_ladders()
    assert is_open(cast.follow_up)


def test_no_interpreter_comes_for_who_lost_the_right(cast: Cast) -> None:
    at = clock.now() + timedelta(days=5)
    talks = {
        who: ask_interpreter(
            pupil=cast.pupils["yusuf"],
            talk=NewTalk(ContactKind.CRISIS, "ar", at + timedelta(hours=hour), 30, "ON_SITE", cast.guardians[who]),
            by=cast.staff["teacher_3b"],
        )
        for hour, who in enumerate((FATHER, "separated_mother"))
    }
    loses_it(cast)
    follow_who_left()
    states = {who: InterpreterRequest.objects.get(pk=row.pk).state for who, row in talks.items()}
    assert states == {FATHER: "CANCELLED", "separated_mother": "ASKED"}
