"""A parent writes on while a colleague has the conversation open: what nobody read is neither done nor answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Thread
from messaging.services import ask_question, write_back
from schools import clock
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(cast: Cast) -> Thread:
    mother, simran = cast.guardians["mother"], cast.pupils["simran"]
    return ask_question(guardian=mother, pupil=simran, notice=None, text="ਕੀ ਦੁਭਾਸ਼ੀਆ ਆ ਸਕਦਾ ਹੈ?", language="pa")


@pytest.fixture
def teacher(cast: Cast) -> Client:
    return cast.client("teacher_3b")


def shown(teacher: Client, thread: Thread) -> str:
    """The last contribution on the teacher's page, as its forms say it."""
    page = teacher.get(reverse("thread_detail", args=[thread.pk]))
    assert page.content.decode().count(f'name="seen" value="{page.context["seen"]}"') == 2
    return str(page.context["seen"])


def goes_on(cast: Cast, thread: Thread) -> None:
    write_back(thread=thread, guardian=cast.guardians["mother"], text="ਉਹ ਬਿਮਾਰ ਹੈ।", language="pa")


def close(teacher: Client, thread: Thread, seen: str) -> Any:
    facts = {"state": "closed", "seen": seen}
    return teacher.post(reverse("thread_state", args=[thread.pk]), facts, follow=True)


def test_it_is_not_done_with_words_that_nobody_read(cast: Cast, teacher: Client, thread: Thread) -> None:
    seen = shown(teacher, thread)
    goes_on(cast, thread)
    page = close(teacher, thread, seen)
    assert "Het gezin schreef intussen nog iets. Lees het eerst: het wacht op een antwoord." in page.content.decode()
    thread.refresh_from_db()
    assert (thread.closed_at, thread.waits_on) == (None, clock.today())
    close(teacher, thread, shown(teacher, thread))
    thread.refresh_from_db()
    assert thread.closed_at is not None, "read, it is done"


def test_an_answer_leaves_what_came_meanwhile_waiting(cast: Cast, teacher: Client, thread: Thread) -> None:
    seen = shown(teacher, thread)
    goes_on(cast, thread)
    address = reverse("thread_detail", args=[thread.pk])
    page = teacher.post(address, {"text": "Ja, er komt een tolk.", "seen": seen}, follow=True).content.decode()
    assert "Het antwoord is verzonden." in page
    assert "Het gezin schreef nog iets terwijl je schreef. Dat wacht op een antwoord." in page
    thread.refresh_from_db()
    assert (thread.waits_on, thread.first_reply_on) == (clock.today(), clock.today())
    teacher.post(address, {"text": "Dank u om het te zeggen.", "seen": shown(teacher, thread)})
    thread.refresh_from_db()
    assert not thread.is_waiting


@pytest.mark.parametrize("seen", ["", "zeven", "-1", "99999999999999999999"])
def test_what_a_form_says_it_saw_may_be_anything(cast: Cast, teacher: Client, thread: Thread, seen: str) -> None:
    assert close(teacher, thread, seen).status_code == 200


def test_what_colleagues_write_holds_nothing_up(cast: Cast, teacher: Client, thread: Thread) -> None:
    seen = shown(teacher, thread)
    cast.client("head").post(reverse("thread_detail", args=[thread.pk]), {"text": "Ja.", "seen": seen})
    close(teacher, thread, seen)
    thread.refresh_from_db()
    assert thread.closed_at is not None
