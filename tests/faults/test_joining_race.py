"""Somebody writes for a family while it is joined with another one, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from parents.models import ContactMoment, FamilyMatch, FamilyMembership, FollowUp, PupilMerge
from parents.roster.carrying import _BEGIN_ANEW, _one_snapshot
from parents.services import join_families, join_guardians
from schools import clock
from tests.cast import Cast, build_cast
from tests.parents.homes import Homes, matched, pupil_of
from tests.parents.test_double_guardians import Twice
from tests.parents.twins import Twins

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
#: Long enough for the other one to come to the lock.
_MOMENT_SECONDS = 0.4


class _Scene:
    """Two families to be joined, and a colleague at De Bloesem who writes for the second one."""

    def __init__(self) -> None:
        self.cast: Cast = build_cast()
        self.match: FamilyMatch = matched(Homes(self.cast))
        self.pupil = pupil_of(self.match.second)
        self.has_read, self.may_write, self.has_written = (threading.Event() for _event in range(3))
        self.went_wrong = list[Exception]()

    def write(self) -> None:
        """As services do: whose family it is, then the row."""
        family = FamilyMembership.objects.current().get(pupil=self.pupil).family
        self.has_read.set()
        assert self.may_write.wait(timeout=60)
        FollowUp.objects.create(
            family=family, school=self.cast.schools["bloesem"], pupil=self.pupil, what="Bel terug.",
            due_on=clock.today(), created_at=clock.now(),
        )  # fmt: skip
        self.has_written.set()

    def write_and_wait(self) -> None:
        with transaction.atomic():
            self.write()
            threading.Event().wait(_MOMENT_SECONDS)

    def beside(self, act: Callable[[], None]) -> threading.Thread:
        def do() -> None:
            try:
                act()
            except Exception as error:
                self.went_wrong.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=do)
        thread.start()
        return thread

    def judge(self, thread: threading.Thread) -> None:
        thread.join(timeout=60)
        assert self.went_wrong == []
        assert FollowUp.objects.get(what="Bel terug.").family_id == self.match.first_id


def test_who_waited_for_the_joining_writes_for_the_family_that_stayed() -> None:
    scene = _Scene()
    writer = scene.beside(scene.write)
    assert scene.has_read.wait(timeout=60)
    with transaction.atomic():
        join_families(match=scene.match, by=scene.cast.staff["joint"])
        scene.may_write.set()
        assert not scene.has_written.wait(_MOMENT_SECONDS), "it waits for who joins"
    scene.judge(writer)


def test_what_was_not_saved_yet_goes_along() -> None:
    scene = _Scene()
    scene.may_write.set()
    writer = scene.beside(scene.write_and_wait)
    assert scene.has_written.wait(timeout=60)
    join_families(match=scene.match, by=scene.cast.staff["joint"])
    scene.judge(writer)


def test_a_list_that_saw_them_as_they_were_begins_anew() -> None:
    """Its transaction keeps to the snapshot of its beginning, in which they are two families. SQLite lets nobody write
    beside a list: there the joining waits for its end, and takes along what it wrote."""
    scene, codes = _Scene(), list[str]()

    def bring_in() -> None:
        try:
            with _one_snapshot():
                scene.write()
        except OperationalError as error:
            codes.append(getattr(error.__cause__, "pgcode", ""))

    writer = scene.beside(bring_in)
    assert scene.has_read.wait(timeout=60)
    if connection.vendor == "sqlite":
        threading.Timer(_MOMENT_SECONDS, scene.may_write.set).start()
    join_families(match=scene.match, by=scene.cast.staff["joint"])
    scene.may_write.set()
    if connection.vendor == "sqlite":
        scene.judge(writer)
        return
    writer.join(timeout=60)
    assert set(codes) <= _BEGIN_ANEW
    assert codes
    assert not FollowUp.objects.filter(what="Bel terug.").exists()


def test_of_two_who_join_a_double_parent_at_once_one_does_and_the_other_reads_why_not() -> None:
    scene = Twice()
    together, ends = threading.Barrier(2), list[str]()

    def join() -> None:
        try:
            together.wait(timeout=60)
            join_guardians(first=scene.first, second=scene.second, school=scene.school, by=scene.head)
            ends.append("joined")
        except ValidationError as refusal:
            ends.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=join) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(ends) == ["Iemand voegde deze twee intussen samen. Er is niets veranderd.", "joined"]


def test_what_is_noted_of_a_child_that_is_being_joined_is_the_child_s_that_stayed() -> None:
    """Who chose the child before the joining and saves in that moment waits, and writes for the row that stayed."""
    twins = Twins()
    chosen, noted, begun = threading.Event(), threading.Event(), threading.Event()
    went_wrong = list[Exception]()

    def write() -> None:
        try:
            moment = twins.talk(twins.kept)
            chosen.set()
            assert begun.wait(timeout=60)
            moment.pupils.add(twins.joined)
            noted.set()
        except Exception as error:
            went_wrong.append(error)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert chosen.wait(timeout=60)
    with transaction.atomic():
        twins.join()
        begun.set()
        assert not noted.wait(_MOMENT_SECONDS), "it waits for who joins"
    writer.join(timeout=60)
    assert went_wrong == []
    assert set(ContactMoment.pupils.through.objects.values_list("pupil_id", flat=True)) == {twins.kept.pk}


def test_who_joins_the_same_two_at_once_joins_them_once() -> None:
    twins = Twins()
    refused = list[Exception]()

    def join() -> None:
        try:
            twins.join()
        except (ValidationError, OperationalError) as error:
            refused.append(error)
        finally:
            connection.close()

    both = [threading.Thread(target=join) for _one in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=60)
    assert len(refused) == 1
    assert PupilMerge.objects.count() == 1
