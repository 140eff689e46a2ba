"""Who chose a time, signed up or asked about the last notice is no family that nobody reaches, though the notice itself
was never opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messaging.models import Delivery
from messaging.services import ask_question
from reports.silence import not_reached
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, invite, round_of, slot_of
from tests.parents.gatherings import announced, gathering_of, signed

pytestmark = pytest.mark.django_db
FATHER = "separated_father"


def chooses_a_time(cast: Cast) -> Callable[[], object]:
    made = round_of(cast)
    invite(cast, made, FATHER)
    return lambda: book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], FATHER)


def says_a_time_on_the_phone(cast: Cast) -> Callable[[], object]:
    made = round_of(cast)
    invite(cast, made, FATHER)
    return lambda: book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], None, by=cast.staff["head"])


def signs_up(cast: Cast) -> Callable[[], object]:
    gathering = gathering_of(cast)
    announced(cast, gathering, FATHER)
    return lambda: signed(cast, gathering, FATHER)


def asks(cast: Cast) -> Callable[[], object]:
    notice = announced(cast, gathering_of(cast), FATHER).notice
    return lambda: ask_question(
        guardian=cast.guardians[FATHER], pupil=cast.pupils["yusuf"], notice=notice, text="?", language="ar"
    )


@pytest.mark.parametrize("way", [chooses_a_time, says_a_time_on_the_phone, signs_up, asks])
def test_is_an_answer(cast: Cast, way: Callable[[Cast], Callable[[], object]]) -> None:
    act = way(cast)
    assert cast.families["haddad"] in not_reached(cast.staff["head"])
    act()
    assert not Delivery.objects.filter(guardian=cast.guardians[FATHER], opened_at__isnull=False).exists()
    assert cast.families["haddad"] not in not_reached(cast.staff["head"])
