"""The indicators' definitions read aloud in plain Python, to compare with what the product counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from messaging.models import (
    Delivery,
)
from parents.models import (
    ConferenceSlot,
    ContactMoment,
    FamilyMembership,
    SlotStatus,
)
from reports.disclosure import Cell
from reports.figures import FigureScope, Period, compute
from schools import clock
from schools.models import Enrolment
from tests.reports.world import LAST, World

PERIOD = Period(date(2025, 9, 15), date(2026, 4, 20))


class Recount:
    """The definitions read aloud, one row after the other."""

    def __init__(self, schools: list[Any], period: Period) -> None:
        self.schools, self.period = {school.pk for school in schools}, period
        self.moments = [m for m in ContactMoment.objects.all() if self._is_ours(m, m.held_on) and not m.withdrawn_at]

    def _is_ours(self, row: Any, day: date) -> bool:
        return row.school_id in self.schools and self.period.first <= day <= self.period.last

    def population(self) -> set[int]:
        found = set()
        for enrolment in Enrolment.objects.filter(school_id__in=self.schools):
            ends = enrolment.ends_on or LAST
            if enrolment.starts_on <= self.period.last and ends >= self.period.first:
                found |= {m.family_id for m in FamilyMembership.objects.filter(pupil_id=enrolment.pupil_id)}
        return found

    def families(self, wanted: Any) -> Cell:
        population = self.population()
        return Cell(len(population & {m.family_id for m in self.moments if m.is_reach and wanted(m)}), len(population))

    def contacts(self, among: Any, hit: Any) -> Cell:
        rows = [moment for moment in self.moments if among(moment)]
        return Cell(sum(map(hit, rows)), len(rows))

    def slots(self) -> dict[tuple[int, int], list[ConferenceSlot]]:
        found: dict[tuple[int, int], list[ConferenceSlot]] = {}
        for slot in ConferenceSlot.objects.select_related("round", "contact_moment").order_by("pk"):
            times = [one.starts_at for one in slot.round.slots.all() if one.pupil_id == slot.pupil_id and one.starts_at]
            last = slot.round.last_on if slot.round.last_on else slot.round.held_on
            day = clock.local_date(min(times)) if times else last
            there = Enrolment.objects.filter(pupil=slot.pupil, school=slot.round.school)
            if self._is_ours(slot.round, day) and any(one.includes(day) for one in there):
                found.setdefault((slot.round_id, slot.pupil_id), []).append(slot)
        return found

    def recipients(self) -> dict[tuple[int, int], list[Delivery]]:
        found: dict[tuple[int, int], list[Delivery]] = {}
        for row in Delivery.objects.filter(status__in=["SENT", "DELIVERED"]).select_related("notice", "guardian"):
            if row.channel not in ("EMAIL", "SMS") and row.status == "SENT":
                continue  # a printed letter lies at school
            published = row.notice.published_at
            if published and self._is_ours(row.notice, clock.local_date(published)):
                found.setdefault((row.notice_id, row.guardian_id), []).append(row)
        return found


def came(slot: ConferenceSlot) -> bool:
    moment = slot.contact_moment
    in_time = moment is None or moment.held_on <= slot.round.catch_up_until
    return slot.status == SlotStatus.HELD or (slot.status == SlotStatus.CAUGHT_UP and in_time)


def recount(world: World) -> Recount:
    """Of the pilot schools in the period."""
    return Recount(world.schools, PERIOD)


def count(code: str, world: World, by: str = "") -> Any:
    """What the product counts."""
    return compute(code, FigureScope(project=world.project), PERIOD, by)
