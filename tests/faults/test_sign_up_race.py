"""Parents who want the last places of a gathering at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection

from parents.models import GatheringWord
from parents.services.gatheringattendance import AtGathering, write_gathering
from parents.services.signups import Coming, sign_off, sign_up
from tests import factories as make
from tests.cast import build_cast
from tests.parents.gatherings import gathering_of, held

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

AT_ONCE = 20
PLACES = 7


def at_once(*deeds: object) -> list[str]:
    """Each in a thread of its own, begun together; how each ended."""
    together, ends = threading.Barrier(len(deeds)), list[str]()

    def do(deed: object) -> None:
        try:
            together.wait(timeout=60)
            ends.append(str(deed()))  # type: ignore[operator]
        except Exception as error:
            ends.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return ends


def test_no_place_is_given_twice_and_none_that_comes_free_is_lost() -> None:
    cast = build_cast()
    gathering = gathering_of(cast, places=PLACES)
    guardians = [make.make_family(cast.classes["3b"]).guardians[0] for _number in range(AT_ONCE)]

    def comes(guardian: object) -> object:
        return lambda: sign_up(gathering=gathering, guardian=guardian, coming=Coming(1)).state  # type: ignore[arg-type]

    assert Counter(at_once(*map(comes, guardians))) == {"COMING": PLACES, "WAITING": AT_ONCE - PLACES}
    assert gathering.sign_ups.coming().people() == PLACES
    leaving = [row.guardian for row in gathering.sign_ups.coming().select_related("guardian")[:4]]

    def leaves(guardian: object) -> object:
        return lambda: sign_off(gathering=gathering, guardian=guardian, by=guardian)  # type: ignore[arg-type]

    assert at_once(*map(leaves, leaving)) == ["True"] * 4
    assert gathering.sign_ups.coming().people() == PLACES, "who waited moved up"
    assert GatheringWord.objects.filter(kind="PLACE").count() == 4


def test_who_came_is_written_once_however_often_it_is_sent() -> None:
    cast = build_cast()
    gathering = gathering_of(cast)
    made = make.make_family(cast.classes["3b"])
    sign_up(gathering=gathering, guardian=made.guardians[0], coming=Coming(1))
    held(gathering)
    line = AtGathering(made.family, made.pupils, made.guardians, 1)

    def writes() -> object:
        return write_gathering(
            gathering=gathering,
            shown={made.family.pk: line},
            came={made.family.pk},
            counted=None,
            by=cast.staff["head"],
        ).new

    assert Counter(at_once(*[writes] * 6)) == {"1": 1, "0": 5}
    assert gathering.attendances.count() == 1
