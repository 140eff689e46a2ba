"""How do we talk, and what comes of it? Every figure against a naive recount over a small random world."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from parents.models import ConferenceRound, ConferenceSlot, FollowUp, SlotStatus
from reports.disclosure import Cell
from reports.figures import FigureScope, Period, compute
from tests.reports.recount import PERIOD, came, count, recount
from tests.reports.world import FIRST, World, at, pupils_of

pytestmark = pytest.mark.django_db


def test_meetings_with_and_without_catch_up(world) -> None:
    slots = recount(world).slots()
    figure = count("I06", world)
    assert figure.total == Cell(sum(any(map(came, found)) for found in slots.values()), len(slots))
    held = sum(any(slot.status == SlotStatus.HELD for slot in found) for found in slots.values())
    assert figure.also["evening"] == Cell(held, len(slots))
    families: dict[int | None, list[bool]] = {}
    for found in slots.values():
        families.setdefault(found[0].family_id, []).append(any(map(came, found)))
    yearly = count("I07", world)
    assert yearly.total == Cell(sum(map(any, families.values())), len(families))
    assert yearly.also["every_round"].n == sum(map(all, families.values()))


def test_in_a_round_of_several_days_each_child_counts_from_its_own_day(db: None) -> None:
    """Who chose no time could come until the last day; one who came to the school that day is among them."""
    small, (first, last) = World(), (date(2025, 11, 27), date(2025, 12, 2))
    room = small.classes[0]
    conference = ConferenceRound.objects.create(
        school=room.school, name="Ronde", held_on=first, last_on=last, catch_up_until=date(2025, 12, 16)
    )
    joined: dict[str, Any] = {"newcomer": {"starts_on": last}, "left": {"ends_on": first}}
    for number, (key, day, status) in enumerate(
        [
            ("", first, SlotStatus.HELD),
            ("", first, SlotStatus.NO_SHOW),
            ("", last, SlotStatus.BOOKED),
            ("", None, SlotStatus.OFFERED),
            ("newcomer", None, SlotStatus.OFFERED),
            ("left", None, SlotStatus.OFFERED),
        ]
    ):
        family = small.family(room, **joined.get(key, {}))
        ConferenceSlot.objects.create(
            round=conference, pupil=pupils_of(family)[0], school_class=room, family=family, status=status,
            starts_at=at(day, 16 + number) if day else None,
        )  # fmt: skip
    scope = FigureScope(project=small.project)
    seen = [compute("I06", scope, Period(FIRST, until)) for until in (first, last - timedelta(days=1), last)]
    assert [figure.total for figure in seen] == [Cell(1, 2), Cell(1, 2), Cell(1, 5)]
    by_month = {month: cell.N for month, cell in seen[-1].months if cell.N}
    assert by_month == {date(2025, 11, 1): 2, date(2025, 12, 1): 3}
    assert compute("I07", scope, Period(FIRST, first)).total == Cell(1, 2)


def test_shares_of_contacts(world) -> None:
    plain = recount(world)
    qualified = {"ON_SITE", "PHONE", "VIDEO", "MEDIATOR"}
    appointments = {"HOME_VISIT", "CONFERENCE", "INTAKE", "VIDEO", "MDO", "ORIENTATION", "CLB_TALK", "REFERRAL"}
    good = {"WELCOME", "PRAISE", "INFORMATION", "INVITATION"}
    two_way: Any = lambda m: m.is_two_way  # noqa: E731
    in_need: Any = lambda m: m.is_reach and m.interpreter_need == "YES"  # noqa: E731
    planned: Any = lambda m: m.kind in appointments and m.status in ("HELD", "NO_SHOW")  # noqa: E731
    assert count("I11", world).total == plain.contacts(two_way, lambda m: m.initiative == "FAMILY")
    assert count("I12", world).total == plain.contacts(two_way, lambda m: m.purpose in good)
    assert count("I17", world).total == plain.contacts(in_need, lambda m: m.interpreter_mode in qualified)
    informal = count("I18", world)
    assert informal.total == plain.contacts(in_need, lambda m: m.interpreter_mode in ("ADULT_ACQUAINTANCE", "CHILD"))
    assert informal.also["child"] == plain.contacts(in_need, lambda m: m.interpreter_mode == "CHILD")
    assert count("I19", world).total == plain.contacts(planned, lambda m: m.status == "NO_SHOW")


def test_agreements_kept_late_and_open(world) -> None:
    schools = {school.pk for school in world.schools}
    rows = [
        row
        for row in FollowUp.objects.exclude(status="DROPPED")
        if row.school_id in schools and PERIOD.first <= row.due_on <= PERIOD.last
    ]
    figure = count("I20", world)
    assert figure.total == Cell(sum(bool(row.done_on and row.done_on <= row.due_on) for row in rows), len(rows))
    assert figure.also["late"].n + figure.also["open"].n + figure.total.n == len(rows)
    assert sum(cell.N or 0 for _, cell in figure.months) == len(rows)
