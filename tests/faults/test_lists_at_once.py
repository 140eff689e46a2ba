"""A school's list is brought in while somebody writes the same rows, each with a connection of its own. PostgreSQL
only: SQLite lets nobody write beside a list."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from ingroeibloei import environment
from parents.models import Family, Guardian, Guardianship
from parents.roster.carrying import carry_on
from schools import clock
from schools.models import Enrolment, Pupil, RosterUpload, School, SchoolClass, SchoolYear, UploadState, User
from schools.roster.uploads import ask_to_apply
from schools.services.classes import keep_class
from schools.services.enrolling import change_class
from tests import factories as make
from tests.roster.conftest import office_of
from tests.roster.lists import HEAD, ROWS, file_of
from tests.roster.uploading import bring

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

WITHOUT_NUMBERS = file_of(*(row.partition(";")[2] for row in ROWS), head=HEAD.partition(";")[2])


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def school() -> School:
    make.make_school_year()
    return make.make_school()


@pytest.fixture
def office(school: School) -> User:
    return office_of(school)


@contextmanager
def stops_before(statement: str, then: Callable[[], object]) -> Iterator[None]:
    """Do something else when this connection is about to say ``statement`` for the first time."""
    done = []

    def say(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if statement in sql and not done:
            done.append(sql)
            then()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(say):
        yield
    assert done, f"{statement} was never said"


def beside(act: Callable[[], object], wrong: list[BaseException]) -> threading.Thread:
    def do() -> None:
        try:
            act()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def ready(school: School, by: User, content: bytes) -> RosterUpload:
    upload = bring(school, by, content)
    carry_on()
    upload.refresh_from_db()
    assert upload.state == UploadState.READY, upload.problem
    return upload


def ask(upload: RosterUpload, by: User) -> None:
    ask_to_apply(upload=upload, by=by, plan_key=upload.plan_key)


def numbers() -> list[int]:
    return [model._default_manager.count() for model in (Pupil, Enrolment, Guardian, Guardianship, Family, SchoolClass)]


def in_two_workers(school: School) -> None:
    """Both look at the school before one of them has written anything."""
    together, wrong = threading.Barrier(2), list[BaseException]()

    def work() -> None:
        with stops_before('"schools_school"', lambda: together.wait(timeout=30)):
            carry_on()

    threads = [beside(work, wrong) for _one in range(2)]
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []


def test_two_lists_with_the_same_new_child_bring_it_in_once(school: School, office: User) -> None:
    ask(ready(school, office, WITHOUT_NUMBERS), office)
    carry_on()
    more = WITHOUT_NUMBERS + b"Mila;Maes;03/06/2020;1A;Godelieve;Maes;0470 55 66 77;;nl\r\n"
    both = [ready(school, office, more) for _one in range(2)]
    for upload in both:
        ask(upload, office)
    in_two_workers(school)
    for upload in both:
        upload.refresh_from_db()
    print([(u.state, u.problem) for u in both], numbers())
    assert numbers()[:4] == [4, 4, 4, 4]
    assert sorted((one.state, one.problem) for one in both) == [(UploadState.APPLIED, ""), (UploadState.READY, "plan_changed")]


def test_two_first_lists_lay_the_classes_once(school: School, office: User) -> None:
    both = [ready(school, office, file_of()) for _one in range(2)]
    for upload in both:
        ask(upload, office)
    in_two_workers(school)
    for upload in both:
        upload.refresh_from_db()
    print([(u.state, u.problem) for u in both], numbers())
    assert sorted((one.state, one.problem) for one in both) == [(UploadState.APPLIED, ""), (UploadState.READY, "plan_changed")]


def test_a_class_made_by_hand_meanwhile(school: School, office: User) -> None:
    upload = ready(school, office, file_of())
    ask(upload, office)
    wrong = list[BaseException]()
    year = SchoolYear.objects.running()

    def make_it() -> None:
        thread = beside(lambda: keep_class(school=school, year=year, name="3B", level="L3", by=office), wrong)
        thread.join(timeout=30)

    with stops_before('INSERT INTO "schools_schoolclass"', make_it):
        carry_on()
    assert wrong == []
    upload.refresh_from_db()
    print(upload.state, upload.problem, numbers())
    assert (upload.state, upload.problem) == (UploadState.READY, "plan_changed")


def test_a_child_changes_class_by_hand_meanwhile(school: School, office: User) -> None:
    ask(ready(school, office, file_of()), office)
    carry_on()
    other = SchoolClass.objects.create(school=school, year=SchoolYear.objects.running(), name="3C", level="L3")
    Enrolment.objects.update(starts_on=clock.today() - timedelta(days=20))
    upload = ready(school, office, file_of(ROWS[0].replace("3B", "1A"), *ROWS[1:]))
    ask(upload, office)
    wrong = list[BaseException]()
    child = Pupil.objects.get(source_id="101")

    def move() -> None:
        act = lambda: change_class(pupil=child, to=other, first_day=clock.today(), by=office)
        beside(act, wrong).join(timeout=30)

    with stops_before('UPDATE "schools_enrolment"', move):
        carry_on()
    assert wrong == []
    upload.refresh_from_db()
    print(upload.state, upload.problem, numbers(), list(Enrolment.objects.filter(pupil=child).values_list("school_class__name", "starts_on", "ends_on")))
    assert (upload.state, upload.problem) == (UploadState.READY, "plan_changed")
