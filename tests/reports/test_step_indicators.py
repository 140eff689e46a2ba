"""How often, how far, how many came, and what changed: families divided, against a naive recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest

from messaging.models import Answer, Delivery, NoticePupil, Thread
from parents.models import Attendance, ContactKind, Family, FamilyMembership, Gathering, Guardianship
from parents.models.families import language_group
from reports.disclosure import Cell, Hidden, Shown
from reports.figures import FigureScope, Period, compute
from schools import clock
from tests.reports.recount import PERIOD, Recount, count, recount
from tests.reports.world import FIRST, LAST, World, at, guardian_of

pytestmark = pytest.mark.django_db

GROUPS = {"INFO_EVENING", "COFFEE_MOMENT", "WORKSHOP", "READING"}


def scope_of(world: World) -> FigureScope:
    return FigureScope(project=world.project)


def test_contacts_for_each_family_worked_out_by_hand() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    for number in (0, 1, 1, 2, 3, 5, 8):
        family = world.family(room, language="nl" if number < 3 else "ar")
        for place in range(number):
            world.talk(family, room.school, date(2025, 10, 6) + timedelta(days=place))
        world.talk(family, room.school, kind=ContactKind.COFFEE_MOMENT)
    figure = compute("I04", scope_of(world), PERIOD, "contacts")
    assert figure.values == [1, 1, 2, 3, 5, 8]
    assert figure.total == Cell(6, 7)
    assert figure.rows == {"1": Cell(2, 6), "2-3": Cell(2, 6), "4-6": Cell(1, 6), "7+": Cell(1, 6)}
    assert figure.protected(for_outsiders=False).value() == 2.5
    groups = compute("I04", scope_of(world), PERIOD, "language_group")
    assert groups.rows == {"nl": Cell(3, 4), "other": Cell(3, 3)}
    assert groups.protected(for_outsiders=False).medians() == {"nl": 1, "other": 5}


def test_contacts_for_each_family_of_every_school(fuller: World) -> None:
    plain = recount(fuller)
    numbers = Counter(moment.family_id for moment in plain.moments if moment.is_two_way)
    values = sorted(numbers[family] for family in plain.population() if numbers[family])
    figure = count("I04", fuller, "contacts")
    assert list(figure.values) == values
    bounds = {"1": (1, 1), "2-3": (2, 3), "4-6": (4, 6), "7+": (7, 999)}
    for key, (low, high) in bounds.items():
        assert figure.rows[key] == Cell(len([value for value in values if low <= value <= high]), len(values))
    shown = count("I04", fuller, "school").protected(for_outsiders=False)
    assert shown.value() == median(values)
    for school in fuller.schools:
        alone = Recount([school], PERIOD)
        here = Counter(moment.family_id for moment in alone.moments if moment.is_two_way)
        theirs = [here[family] for family in alone.population() if here[family]]
        assert shown.rows[school.name] == Shown(len(theirs), len(alone.population()))
        assert shown.medians()[school.name] == median(theirs)


def test_a_small_part_takes_another_one_along() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    for number in [1] * 9 + [2] * 8 + [4] * 3:
        family = world.family(room)
        for place in range(number):
            world.talk(family, room.school, date(2025, 10, 6) + timedelta(days=place))
    shown = compute("I04", scope_of(world), PERIOD, "contacts").protected(for_outsiders=True)
    hidden = [key for key, cell in shown.rows.items() if isinstance(cell, Hidden)]
    assert "4-6" in hidden
    assert len(hidden) >= 2
    assert shown.total == Shown(20, 20)


def came(world: World) -> list[tuple[int, Any, str, date]]:
    """(family, school, kind, day) of everybody who came to a group moment."""
    plain = recount(world)
    found = []
    listed = set()
    for row in Attendance.objects.select_related("gathering", "contact_moment"):
        listed.add(row.contact_moment_id)
        day = clock.local_date(row.gathering.starts_at)
        is_back = row.contact_moment is not None and row.contact_moment.withdrawn_at is not None
        if plain._is_ours(row.gathering, day) and not is_back:
            found.append((row.family_id, row.gathering.school_id, row.gathering.kind, day))
    for moment in plain.moments:
        if moment.is_reach and moment.kind in GROUPS and moment.pk not in listed:
            found.append((moment.family_id, moment.school_id, moment.kind, moment.held_on))
    return [row for row in found if row[0] in plain.population()]


def test_families_at_group_moments(fuller: World) -> None:
    rows, everybody = came(fuller), recount(fuller).population()
    times = Counter(row[0] for row in rows)
    figure = count("I22", fuller, "kind")
    assert figure.total == Cell(len(times), len(everybody))
    assert figure.also["again"] == Cell(len([family for family in times if times[family] > 1]), len(times))
    for kind, cell in figure.rows.items():
        assert cell == Cell(len({row[0] for row in rows if row[2] == kind}), len(everybody))
    for month, cell in figure.months:
        assert cell.n == len({row[0] for row in rows if row[3].replace(day=1) <= month})
    for school in fuller.schools:
        there = Recount([school], PERIOD).population()
        wanted = {row[0] for row in rows if row[1] == school.pk} & there
        assert count("I22", fuller, "school").rows[school.name] == Cell(len(wanted), len(there))


def test_a_family_on_the_list_with_its_talk_came_once() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    families = [world.family(room) for _ in range(5)]
    for number, day in enumerate((date(2025, 10, 2), date(2025, 11, 6))):
        coffee = Gathering.objects.create(
            school=room.school, kind=ContactKind.COFFEE_MOMENT, title="Koffie", place="Refter", starts_at=at(day)
        )
        for family in families[: 3 - 2 * number]:
            talk = world.talk(family, room.school, day, kind=ContactKind.COFFEE_MOMENT)
            Attendance.objects.create(gathering=coffee, family=family, contact_moment=talk)
    world.talk(families[3], room.school, kind=ContactKind.WORKSHOP)
    figure = compute("I22", scope_of(world), PERIOD)
    assert (figure.total, figure.also["again"]) == (Cell(4, 5), Cell(1, 4))
    assert figure.protected(for_outsiders=False).means() == {"per_gathering": 2}
    assert figure.protected(for_outsiders=True).means() == {}


def test_steps_of_involvement_worked_out_by_hand() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    kinds = (ContactKind.PHONE, ContactKind.CONFERENCE, ContactKind.PARTICIPATION)
    for language, kind in zip(("nl", "nl", "ar"), kinds, strict=True):
        world.talk(world.family(room, language=language), room.school, kind=kind)
    asked = world.family(room)
    Thread.objects.create(
        school=room.school, family=asked, guardian=guardian_of(asked), asked_at=at(FIRST + timedelta(days=40)),
        asked_on=FIRST + timedelta(days=40), asked_by_family=True,
    )  # fmt: skip
    world.family(room)
    figure = compute("I31", scope_of(world), PERIOD, "rung")
    assert figure.rows == {str(step): Cell(1, 5) for step in range(5)}
    assert figure.total == Cell(1, 5)
    assert compute("I31", scope_of(world), PERIOD, "language_group").rows == {"nl": Cell(0, 4), "other": Cell(1, 1)}


def signs(world: World) -> Iterator[tuple[int, int]]:
    """(family, step) of everything that shows involvement."""
    plain, present = recount(world), {"CONFERENCE", "MDO", *GROUPS}
    for moment in plain.moments:
        if moment.is_reach:
            yield moment.family_id, 4 if moment.kind == "PARTICIPATION" else 3 if moment.kind in present else 2
    for family, _school, kind, _day in came(world):
        yield family, 4 if kind == "PARTICIPATION" else 3
    for thread in Thread.objects.filter(asked_by_family=True):
        if plain._is_ours(thread, thread.asked_on):
            yield thread.family_id, 1
    for notice, guardian in seen(plain):
        children = set(NoticePupil.objects.filter(notice=notice).values_list("pupil_id", flat=True))
        own = Guardianship.objects.filter(guardian=guardian, pupil_id__in=children).values_list("pupil_id")
        for member in FamilyMembership.objects.filter(pupil_id__in=own):
            yield member.family_id, 1


def seen(plain: Recount) -> Iterator[tuple[Any, Any]]:
    """(notice, guardian) of what was opened or answered in the period."""
    rows: list[tuple[Any, Any]] = [(row, row.opened_at) for row in Delivery.objects.select_related("notice")]
    rows += [(row, row.answered_at) for row in Answer.objects.select_related("notice")]
    for row, moment in rows:
        if moment and plain._is_ours(row.notice, clock.local_date(moment)):
            yield row.notice, row.guardian


def test_steps_of_involvement(fuller: World) -> None:
    steps = dict.fromkeys(recount(fuller).population(), 0)
    for family, step in signs(fuller):
        if family in steps:
            steps[family] = max(steps[family], step)
    figure = count("I31", fuller, "rung")
    found = Counter(steps.values())
    assert figure.rows == {str(step): Cell(found[step], len(steps)) for step in range(5)}
    groups = {family.pk: language_group(family.home_language) for family in Family.objects.all()}
    for group, cell in count("I31", fuller, "language_group").rows.items():
        among = [steps[family] for family in steps if groups[family] == group]
        assert cell == Cell(among.count(4), len(among))
    by_school = count("I31", fuller, "school").rows
    for school in fuller.schools:
        assert by_school[school.name] == compute("I31", FigureScope(school=school), PERIOD).total


def test_the_headline_is_hidden_wherever_the_parts_hide_it() -> None:
    """With another part hidden beside it the last step would tell that one, in every breakdown."""
    world = World(pilots=1)
    room = world.classes[0]
    for number in range(12):
        kind = ContactKind.PARTICIPATION if number < 6 else ContactKind.PHONE if number < 8 else None
        family = world.family(room)
        if kind:
            world.talk(family, room.school, kind=kind)
    parts = compute("I31", scope_of(world), PERIOD, "rung").protected(for_outsiders=True)
    for by in ("", "school", "language_group", "level"):
        shown = compute("I31", scope_of(world), PERIOD, by).protected(for_outsiders=True)
        assert isinstance(parts.rows["4"], Hidden)
        assert all(isinstance(cell, Hidden) for cell in (shown.total, *shown.rows.values())), by


def test_the_worked_example_of_the_change_since_the_baseline() -> None:
    """Of ten families two leave and two come; nobody counts families that were not there."""
    world = World(pilots=1)
    room = world.classes[0]
    stayed = [world.family(room) for _ in range(8)]
    left = [world.family(room, ends_on=date(2025, 12, 1)) for _ in range(2)]
    new = [world.family(room, starts_on=date(2026, 1, 5)) for _ in range(2)]
    for family in (stayed[0], stayed[1], left[0]):
        world.talk(family, room.school, date(2025, 9, 15))
    for family in (*stayed[:6], new[0]):
        world.talk(family, room.school, date(2026, 5, 12))
    other = world.school(role="COMPARISON")
    their_room = world.school_class(other)
    for number in range(4):
        family = world.family(their_room)
        if number:
            world.talk(family, other, date(2026, 6, 1))
        if number == 1:
            world.talk(family, other, date(2025, 10, 31))
    figure = compute("I24", scope_of(world), Period(FIRST, LAST))
    assert figure.rows == {
        "start": Cell(3, 10), "end": Cell(7, 10), "start_both": Cell(2, 8), "end_both": Cell(6, 8),
        "start_compared": Cell(1, 4), "end_compared": Cell(3, 4),
    }  # fmt: skip
    assert figure.gap == 40
    assert figure.between("start_compared", "end_compared") == 50
    outside = figure.protected(for_outsiders=True)
    assert outside.is_hidden
    assert all(isinstance(cell, Hidden) for cell in outside.rows.values())


def test_the_change_in_random_worlds(fuller: World) -> None:
    figure = count("I24", fuller)
    windows = {"start": Period(FIRST, date(2025, 10, 31)), "end": Period(date(2026, 2, 1), date(2026, 3, 31))}
    there = {key: Recount(fuller.schools, window) for key, window in windows.items()}
    both = there["start"].population() & there["end"].population()
    for key, plain in there.items():
        met = {moment.family_id for moment in plain.moments if moment.is_reach}
        families = plain.population()
        assert figure.rows[key] == Cell(len(families & met), len(families))
        assert figure.rows[f"{key}_both"] == Cell(len(both & met), len(both))


def test_the_windows_do_not_overlap() -> None:
    assert Period(FIRST, date(2025, 12, 30)).start_and_end() is None
    whole = Period(FIRST, date(2025, 12, 31)).start_and_end()
    assert whole
    assert whole[1] == Period(date(2025, 11, 1), date(2025, 12, 31))
    spring = Period(date(2026, 4, 1), date(2026, 6, 29)).start_and_end()
    assert spring == (Period(date(2025, 9, 1), date(2025, 10, 31)), Period(date(2026, 4, 1), date(2026, 5, 31)))


def test_what_lies_between_all_and_those_who_stayed_is_no_small_group() -> None:
    world = World(pilots=1)
    room = world.classes[0]
    for number in range(40):
        family = world.family(room, ends_on=date(2025, 12, 1) if number < 3 else None)
        for day in (date(2025, 9, 15), date(2026, 5, 12)):
            if 10 <= number < 30:
                world.talk(family, room.school, day)
    shown = compute("I24", scope_of(world), Period(FIRST, LAST)).protected(for_outsiders=True)
    assert isinstance(shown.rows["start"], Shown)
    assert isinstance(shown.rows["start_both"], Hidden)
