"""Planning read aloud, one guardian after the other in plain Python: what the one SQL statement must equal.

Written from the rules (rulings 2, messaging.policies, README), not from the SQL: slow, obvious, and for tests only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings

from messaging.models import Channel, Delivery, Notice, NoticeKind, NoticePupil, OptOut
from messaging.policies import Ladder, ladder_for
from parents.models import ContactPoint, ContactPointUse, Guardian, Guardianship, PointKind, ReadingMode
from schools import clock
from schools.languages import LANGUAGES, MASTER
from schools.models import Enrolment

#: The kind of contact point that a way needs.
_POINT = {Channel.EMAIL: PointKind.EMAIL, Channel.SMS: PointKind.PHONE, Channel.CALL: PointKind.PHONE}


class Planned(NamedTuple):
    """What one delivery says."""

    guardian: int
    channel: str
    point: int | None
    address: str
    language: str
    in_digest: bool


@dataclass
class SlowPlanning:
    """One notice. ``tried`` are the ways each guardian got it by already, ``texted`` the numbers that got it."""

    notice: Notice
    languages: set[str]
    tried: dict[int, set[str]] = field(default_factory=dict)
    texted: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, notice: Notice) -> SlowPlanning:
        """With what the outbox holds now."""
        dutch = next(text for text in notice.texts.all() if text.language == MASTER)
        ready = {text.language for text in notice.texts.all() if text.source_hash == dutch.source_hash}
        planning = cls(notice, ready)
        for row in Delivery.objects.filter(notice=notice):
            planning.tried.setdefault(row.guardian_id, set()).add(row.channel)
            if row.channel == Channel.SMS:
                planning.texted.add(row.address)
        return planning

    def audience(self) -> list[Guardian]:
        """Everybody with a right to this information who may be contacted, each once whatever their children."""
        found = {}
        for row in Guardianship.objects.select_related("guardian"):
            may_know = row.information_right and row.may_receive and row.guardian.may_be_contacted
            if may_know and row.includes(clock.today()) and row.pupil_id in self._pupils():
                found[row.guardian_id] = row.guardian
        return [found[pk] for pk in sorted(found)]

    def first(self) -> list[Planned]:
        """The first way of each guardian; a phone gets one text message, for the first of those who share it."""
        ladder = ladder_for(self.notice.school_id, self.notice.kind)
        return self._each(self.audience(), ladder, climbing=False)

    def next(self, guardians: Sequence[Guardian]) -> list[Planned]:
        """The next rung of these guardians; none for who was called, or where the ladder ends without a call."""
        ladder = ladder_for(self.notice.school_id, self.notice.kind)
        waiting = [one for one in guardians if Channel.CALL not in self.tried.get(one.pk, set())]
        return self._each(waiting, ladder, climbing=True)

    def _each(self, guardians: Sequence[Guardian], ladder: Ladder, *, climbing: bool) -> list[Planned]:
        planned, texted_now = [], set()
        for guardian in guardians:
            if not climbing and guardian.pk in self.tried:
                continue
            way = self._way(guardian, ladder, climbing=climbing)
            if way is None:
                continue
            point = self._point(guardian, _POINT[way]) if way in _POINT else None
            if way == Channel.SMS:
                assert point
                if point.value in texted_now:
                    continue
                texted_now.add(point.value)
            planned.append(
                Planned(
                    guardian.pk,
                    way,
                    point.pk if point else None,
                    point.value if point else "",
                    self._language(guardian),
                    self.notice.kind == NoticeKind.INFO
                    and way == Channel.EMAIL
                    and guardian.wants_digest
                    and not climbing,
                )
            )
        return planned

    def _way(self, guardian: Guardian, ladder: Ladder, *, climbing: bool) -> Channel | None:
        language = LANGUAGES[guardian.contact_language]
        only_speaks = guardian.reading_mode == ReadingMode.ORAL_ONLY or language.spoken_only
        if only_speaks or guardian.preferred_channel == Channel.CALL:
            return Channel.CALL
        for way in self._ladder_of(guardian, ladder):
            if self._works(way, guardian, climbing=climbing):
                return way
        return Channel.CALL if ladder.ends_with_call or not climbing else None

    def _ladder_of(self, guardian: Guardian, ladder: Ladder) -> list[Channel]:
        """What is left: the own wish first, then the written rungs above the highest that was tried."""
        tried = self.tried.get(guardian.pk, set())
        rungs = [Channel(rung.channel) for rung in ladder.rungs]
        wish = guardian.preferred_channel
        highest = max((place for place, way in enumerate(rungs) if way in tried and way != wish), default=-1)
        written = (way for place, way in enumerate(rungs) if place > highest and way not in tried)
        left: list[Channel] = [way for way in written if way != Channel.CALL]
        if wish in left:
            left.remove(Channel(wish))
            return [Channel(wish), *left]
        wishes_otherwise = wish and wish not in rungs and wish not in tried and highest == -1
        return [Channel(wish), *left] if wishes_otherwise and self.notice.kind != NoticeKind.DRINGEND else left

    def _works(self, way: Channel, guardian: Guardian, *, climbing: bool) -> bool:
        if self._refuses(guardian, way):
            return False
        if way == Channel.LETTER:
            return guardian.household_id is not None
        point = self._point(guardian, _POINT[way])
        if point is None or (way == Channel.SMS and settings.SMS_DRIVER == "off"):
            return False
        return not (climbing and way == Channel.SMS and point.value in self.texted)

    def _refuses(self, guardian: Guardian, way: Channel) -> bool:
        """Nobody can refuse an urgent notice."""
        if self.notice.kind == NoticeKind.DRINGEND:
            return False
        about = self.notice.template.category if self.notice.template else "other"
        return any(
            row.channel == way and row.category in ("", about) for row in OptOut.objects.filter(guardian=guardian)
        )

    def _point(self, guardian: Guardian, kind: str) -> ContactPoint | None:
        """The first that is valid today, in the guardian's own order."""
        uses = ContactPointUse.objects.filter(guardian=guardian).select_related("contact_point")
        for use in sorted(uses, key=lambda use: (use.rank, use.pk)):
            point = use.contact_point
            has_begun, has_ended = (
                point.valid_from <= clock.today(),
                point.valid_until and point.valid_until <= clock.today(),
            )
            if point.kind == kind and has_begun and not has_ended:
                return point
        return None

    def _language(self, guardian: Guardian) -> str:
        written = LANGUAGES[guardian.contact_language].text
        return written if written in self.languages else MASTER

    def _pupils(self) -> set[int]:
        """As sent, else the class or the school of today."""
        if self.notice.was_sent:
            return {row.pupil_id for row in NoticePupil.objects.filter(notice=self.notice)}
        rows = [row for row in Enrolment.objects.all() if row.includes(clock.today())]
        place = self.notice.school_class_id
        return {
            row.pupil_id
            for row in rows
            if row.school_id == self.notice.school_id and place in (None, row.school_class_id)
        }
