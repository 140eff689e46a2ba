"""Which way out a guardian of the world has on a day: the rules of sending, asked of the past."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from ingroeibloei.demo.world import World
from messaging.models import Channel, Reason
from parents.models import ContactPoint, ContactPointUse, Guardian, Guardianship, PointKind, ReadingMode

_KINDS = {Channel.EMAIL: PointKind.EMAIL, Channel.SMS: PointKind.PHONE, Channel.CALL: PointKind.PHONE}


@dataclass(frozen=True, slots=True)
class Reach:
    """Contact points of every guardian, and the informed guardians of every pupil."""

    points: dict[int, list[ContactPoint]]
    informed: dict[int, list[Guardian]]
    bounced: set[int] = field(default_factory=set)

    def bounces(self, point: ContactPoint, day: date) -> bool:
        """Whether a mail of this day comes back: the first one after its reader gave up the address."""
        if point.pk in self.bounced or point.valid_until is None or day < point.valid_until:
            return False
        self.end(point, day, point.ended_because)
        return True

    def end(self, point: ContactPoint, day: date, because: str = Reason.UNKNOWN_NUMBER) -> None:
        """The number or address turned out not to exist."""
        self.bounced.add(point.pk)
        point.valid_until, point.ended_because = day, because

    def settle(self) -> None:
        """Addresses to which nothing was sent after they were given up still count as good: nobody knows yet."""
        ended = [row for rows in self.points.values() for row in rows if row.ended_because]
        for row in ended:
            if row.pk not in self.bounced:
                row.valid_until, row.ended_because = None, ""
        ContactPoint.objects.bulk_update(ended, ["valid_until", "ended_because"])

    def homes_of(self, pupils: set[int]) -> list[list[Guardian]]:
        """Guardians to inform about these pupils, by family: people who share a child stand together."""
        groups: list[list[Guardian]] = []
        place: dict[int, list[Guardian]] = {}
        for pupil in sorted(pupils):
            people = self.informed.get(pupil, [])
            group = next((place[person.pk] for person in people if person.pk in place), None)
            if group is None:
                group = []
                groups.append(group)
            for person in people:
                if person.pk not in place:
                    group.append(person)
                    place[person.pk] = group
        return groups

    def point(self, guardian: Guardian, channel: str) -> ContactPoint | None:
        """The contact point that a delivery of that day used: one that works, or is not yet known to be dead."""
        kind = _KINDS.get(Channel(channel))
        if kind is None:
            return None
        rows = [row for row in self.points[guardian.pk] if row.kind == kind]
        return next((row for row in rows if row.pk not in self.bounced), None)

    def next_way(self, guardian: Guardian, tried: set[str], texted: set[int]) -> str | None:
        """The next rung, or None when all are tried; a shared telephone gets one text message (rulings 2)."""
        if guardian.reading_mode == ReadingMode.ORAL_ONLY or guardian.language.spoken_only:
            return None if Channel.CALL in tried else Channel.CALL
        if not tried and self.point(guardian, Channel.EMAIL):
            return Channel.EMAIL
        phone = self.point(guardian, Channel.SMS)
        if phone and not tried & {Channel.SMS, Channel.LETTER, Channel.CALL}:
            if phone.pk in texted:
                return None
            texted.add(phone.pk)
            return Channel.SMS
        if not tried & {Channel.LETTER, Channel.CALL}:
            return Channel.LETTER
        return None if Channel.CALL in tried else Channel.CALL


def reach_of(world: World) -> Reach:
    people = {guardian.pk: guardian for home in world.homes for guardian in home.guardians}
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    for use in ContactPointUse.objects.select_related("contact_point").order_by("rank", "pk"):
        points[use.guardian_id].append(use.contact_point)
    informed: dict[int, list[Guardian]] = defaultdict(list)
    for tie in Guardianship.objects.filter(information_right=True, may_receive=True).order_by("pk"):
        informed[tie.pupil_id].append(people[tie.guardian_id])
    return Reach(points, informed)
