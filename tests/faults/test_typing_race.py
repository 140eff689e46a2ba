"""Two colleagues bring the same child in at once, or one while a list is being brought in: each has a connection."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from parents.models import Guardian
from parents.roster.carrying import _BEGIN_ANEW, _one_snapshot
from parents.roster.whole import plan_whole
from parents.services.byhand import add_by_hand
from schools.models import Pupil, School
from schools.roster.byhand import NEW_CHILD, read_by_hand
from schools.roster.rows import Roster
from tests.cast import Cast, build_cast

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
#: Long enough for the other one to come to the lock.
_MOMENT_SECONDS = 0.4


def amira() -> Roster:
    return read_by_hand(
        {
            "pupil.id": NEW_CHILD,
            "pupil.first_name": "Amira",
            "pupil.last_name": "Nazari",
            "pupil.birth_date": "2019-05-06",
            "class.name": "3B",
            "class.level": "L3",
            "guardian1.first_name": "Laila",
            "guardian1.phone": "0470123456",
        }
    )


def bring(cast: Cast, key: str) -> None:
    """Under the key that both looked at."""
    school = cast.schools["kersenboom"]
    add_by_hand(roster=amira(), school=school, by=cast.staff["office"], plan_key=key)


def beside(act: Callable[[], None], wrong: list[Exception]) -> threading.Thread:
    def do() -> None:
        try:
            act()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def test_two_who_bring_the_same_child_in_make_one() -> None:
    cast, wrong = build_cast(), list[Exception]()
    key = plan_whole(amira(), cast.schools["kersenboom"]).key
    with transaction.atomic():
        bring(cast, key)
        other = beside(lambda: bring(cast, key), wrong)
        threading.Event().wait(_MOMENT_SECONDS)
    other.join(timeout=60)
    (error,) = wrong
    assert isinstance(error, ValidationError), "and the second one is told"
    assert Pupil.objects.filter(first_name="Amira").count() == 1
    assert Guardian.objects.filter(first_name="Laila").count() == 1


def test_a_list_that_did_not_see_the_child_begins_anew() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets nobody else write meanwhile")
    cast, wrong = build_cast(), list[Exception]()
    school = cast.schools["kersenboom"]
    key = plan_whole(amira(), school).key

    def bring_the_list() -> None:
        with _one_snapshot():
            assert not Pupil.objects.filter(first_name="Amira").exists()
            beside(lambda: bring(cast, key), wrong).join(timeout=60)
            School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)

    with pytest.raises(OperationalError) as refused:
        bring_the_list()
    assert getattr(refused.value.__cause__, "pgcode", "") in _BEGIN_ANEW
    assert wrong == []
    assert Pupil.objects.filter(first_name="Amira").exists()
