"""Parents who want the same time of a meeting at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from datetime import time

import pytest
from django.db import connection

from parents.bookings import free_hours
from parents.models import ConferenceSlot
from parents.services.booking import Choice, SlotTaken, book_slot
from tests import factories as make
from tests.cast import build_cast
from tests.parents.conferences import AT_SCHOOL, evening, hours_of, round_of

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

AT_ONCE = 20


def test_of_twenty_who_want_one_time_at_the_same_moment_one_gets_it() -> None:
    """Each with a connection of its own; the others see what is still free."""
    cast = build_cast()
    room = cast.classes["3b"]
    families = [make.make_family(room) for _number in range(AT_ONCE)]
    made = round_of(cast, times=evening(time(16), time(21)))
    wanted, slots = hours_of(made)[0], [made.slots.get(pupil=family.pupils[0]) for family in families]
    together, ends = threading.Barrier(AT_ONCE), list[str]()

    def book_it(place: int) -> None:
        try:
            together.wait(timeout=60)
            book_slot(choice=Choice(slots[place], wanted, 0), wish=AT_SCHOOL, guardian=families[place].guardians[0])
            ends.append("booked")
        except SlotTaken:
            ends.append("taken")
        except Exception as error:
            ends.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=book_it, args=[place]) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(ends) == ["booked", *["taken"] * (AT_ONCE - 1)]
    assert ConferenceSlot.objects.filter(hour=wanted).count() == 1
    loser = next(slot for slot in ConferenceSlot.objects.filter(pk__in=[row.pk for row in slots]) if not slot.hour_id)
    assert wanted.pk not in {hour.pk for hour in free_hours([loser])[loser.pk]}
    assert len(free_hours([loser])[loser.pk]) == len(hours_of(made)) - 1
