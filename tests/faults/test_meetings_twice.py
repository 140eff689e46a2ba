"""A form sent twice and reminders swept twice, at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection

from messaging.services import remind_of_meetings
from parents.models import ConferenceSlot, ContactMoment, DataRequest, FollowUp, FollowUpKind
from parents.services import file_request
from parents.services.attendance import Evening, write_attendance
from parents.services.contacts import log_contact_moment
from parents.services.interpreters import NewTalk, ask_interpreter
from parents.services.mending import extend_assignment
from schools import clock
from schools.models import Assignment, AuditEntry
from tests.cast import build_cast
from tests.parents.conferences import book, hours_of, round_of, slot_of, ten_days_on

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

AT_ONCE = 6


def at_the_same_moment(deed: Callable[[], int]) -> list[int]:
    """What each of them returns; an error of one fails the test."""
    together, ends, wrong = threading.Barrier(AT_ONCE), list[int](), list[Exception]()

    def do_it() -> None:
        try:
            together.wait(timeout=60)
            ends.append(deed())
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do_it) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert wrong == []
    return ends


def test_an_evening_that_is_sent_by_several_is_written_once() -> None:
    cast = build_cast()
    made = round_of(cast)
    first, second, *_rest = hours_of(made)
    simran = book(cast, slot_of(cast, made, "simran"), first, "mother")
    yusuf = book(cast, slot_of(cast, made, "yusuf"), second, "separated_father")
    ten_days_on(made)
    host, evening, head = made.hosts.get(), Evening([simran.pk, yusuf.pk], [simran.pk]), cast.staff["head"]

    def write() -> int:
        written = write_attendance(host=host, evening=evening, by=head)
        return written.held + written.missed

    assert sorted(at_the_same_moment(write)) == [*[0] * (AT_ONCE - 1), 2]
    assert ContactMoment.objects.filter(kind="CONFERENCE").count() == 2
    assert FollowUp.objects.filter(kind=FollowUpKind.MEETING).count() == 1


def test_a_parent_is_reminded_once_however_many_sweeps_there_are() -> None:
    cast = build_cast()
    made = round_of(cast)
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    now = clock.now()
    ConferenceSlot.objects.filter(hour__isnull=False).update(
        starts_at=now + timedelta(hours=20), booked_at=now - timedelta(hours=2)
    )
    assert sum(at_the_same_moment(remind_of_meetings)) == 2
    assert sorted(letter.to[0] for letter in mail.outbox) == ["karim@elders.example", "nadia@thuis.example"]


def test_a_talk_that_is_sent_by_several_taps_is_logged_once() -> None:
    cast, client_id = build_cast(), uuid4()

    def log() -> int:
        moment = log_contact_moment(
            author=cast.staff["teacher_3b"],
            school=cast.schools["kersenboom"],
            pupils=[cast.pupils["simran"]],
            kind="PHONE",
            outcome="REACHED_AGREED",
            held_on=clock.today(),
            client_id=client_id,
        )
        return moment.pk

    assert len(set(at_the_same_moment(log))) == 1
    assert AuditEntry.objects.filter(verb="logged", target_id=log()).count() == 1


def test_an_interpreter_is_asked_for_once() -> None:
    cast = build_cast()
    talk = NewTalk("HOME_VISIT", "ar", clock.now() + timedelta(days=3), 45, "ON_SITE")

    def ask() -> int:
        return ask_interpreter(pupil=cast.pupils["yusuf"], talk=talk, by=cast.staff["care"]).pk

    assert len(set(at_the_same_moment(ask))) == 1


def test_a_request_about_data_is_filed_once_and_says_each_word_once() -> None:
    cast = build_cast()
    facts: dict[str, Any] = {"kind": "ACCESS", "place": cast.schools["kersenboom"], "identity": "CODE"}

    def ask() -> int:
        return file_request(guardian=cast.guardians["mother"], words="Alles, graag.", **facts).pk

    assert len(set(at_the_same_moment(ask))) == 1
    assert DataRequest.objects.get().words == "Alles, graag."


def test_a_post_is_let_run_on_once() -> None:
    cast = build_cast()
    post, school = cast.staff["teacher_3b"].assignments.get(), cast.schools["kersenboom"]
    Assignment.objects.filter(pk=post.pk).update(ends_on=clock.today() + timedelta(days=5))

    def extend() -> int:
        return extend_assignment(assignment=post, school=school, by=cast.staff["head"])

    assert sum(at_the_same_moment(extend)) == 1
    assert AuditEntry.objects.filter(verb="extended").count() == 1
