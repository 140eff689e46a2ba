"""Addresses and numbers of the file beside those of the guardians.

What a guardian proved to use stays, whatever the file says; what ended because it did not work, or because a guardian
replaced it, does not come back through an old list. A column that is empty wipes nothing. Who is known and was typed by
hand keeps what there is: another number is announced to the old one, which is done elsewhere.
"""

from __future__ import annotations

from collections import defaultdict

from parents.models import ContactPoint, ContactPointUse, Guardian, PointKind
from parents.roster.guardians import Adults
from parents.roster.known import KnownAdults
from parents.roster.plan import FamilyPlan
from schools.roster.plan import Line
from schools.roster.rows import GuardianRow

#: Why a contact point ended that the school's own list no longer holds.
NOT_ON_LIST = "ROSTER"
_LONGEST = 254


class Points:
    def __init__(self, plan: FamilyPlan, known: KnownAdults, adults: Adults) -> None:
        self._plan, self._known, self._adults = plan, known, adults
        self._points = dict(known.points)
        self._new_users: dict[int, int] = defaultdict(int)
        self._changed: dict[int, ContactPoint] = {}
        #: Who leaves a point: (point, use, guardian, line).
        self._leaving: list[tuple[ContactPoint, ContactPointUse]] = []

    def compare(self) -> None:
        for source_id, guardian in self._plan.guardians.items():
            row, line = self._adults.rows[source_id], self._adults.lines[source_id]
            if row.ended:
                continue
            emails = [value.strip().lower() for value in row.emails]
            self._compare_kind(PointKind.EMAIL, emails, guardian, line)
            self._compare_kind(PointKind.PHONE, [value.strip() for value in row.phones], guardian, line)
            if guardian.pk is None and not _has_ways(row):
                line.notes.append(("no_contact", ""))
        self._let_leave()
        self._share()
        self._plan.changed_points += self._changed.values()

    def _compare_kind(self, kind: PointKind, values: list[str], guardian: Guardian, line: Line) -> None:
        wanted = [value for value in dict.fromkeys(values) if value and len(value) <= _LONGEST]
        if not wanted:
            return
        uses = [use for use in self._known.uses[guardian.pk] if use.contact_point.kind == kind] if guardian.pk else []
        usable = {use.contact_point.value.casefold(): use for use in uses if self._is_usable(use.contact_point)}
        ended = {use.contact_point.value.casefold() for use in uses} - set(usable)
        rank = max((use.rank for use in uses), default=-1) + 1
        if self._plan.school.roster.by_hand and guardian.pk:
            line.notes += [("kept_contact", value) for value in wanted if value.casefold() not in usable]
            return
        for value in wanted:
            if value.casefold() in usable:
                continue
            if value.casefold() in ended:
                line.notes.append(("ended_contact", value))
                continue
            self._add(kind, value, guardian, rank, line)
            rank += 1
        for value, use in usable.items():
            if value in {one.casefold() for one in wanted}:
                continue
            if use.contact_point.verified_on is not None:
                line.notes.append(("own_contact", use.contact_point.value))
            else:
                line.change(kind.value.lower(), use.contact_point.value, "")
                self._leaving.append((use.contact_point, use))

    def _add(self, kind: PointKind, value: str, guardian: Guardian, rank: int, line: Line) -> None:
        point = self._points.get((kind, value))
        if point is None:
            point = self._points[kind, value] = ContactPoint(kind=kind, value=value, valid_from=self._plan.school.day)
            self._plan.new_points.append(point)
        self._new_users[id(point)] += 1
        self._plan.new_uses.append(ContactPointUse(contact_point=point, guardian=guardian, rank=rank))
        line.change(kind.value.lower(), "", value)

    def _let_leave(self) -> None:
        """A point that nobody else uses ends; one that others use is left by this guardian only."""
        leavers: dict[int, set[int]] = defaultdict(set)
        for point, use in self._leaving:
            leavers[point.pk].add(use.guardian_id)
        for point, use in self._leaving:
            stays = self._known.users[point.pk] - leavers[point.pk] or self._new_users[id(point)]
            if stays:
                self._plan.left_uses.append(use.pk)
            elif point.pk not in self._changed:
                point.valid_until, point.ended_because = self._plan.school.day, NOT_ON_LIST
                self._changed[point.pk] = point

    def _share(self) -> None:
        """Mark what several people use: behind it no name stands before a second fact (rulings 6)."""
        for point in self._points.values():
            users = self._new_users[id(point)] + (len(self._known.users[point.pk]) if point.pk else 0)
            if self._new_users[id(point)] and users > 1 and not point.is_shared:
                point.is_shared = True
                if point.pk:
                    self._changed[point.pk] = point

    def _is_usable(self, point: ContactPoint) -> bool:
        return point.valid_until is None or point.valid_until > self._plan.school.day


def _has_ways(row: GuardianRow) -> bool:
    return bool(row.emails or row.phones or row.street)
