"""Which talks stand in whose calendar, and the little that is said of them there: a calendar goes to programs and
phones that this portal does not know. No notes, no interpreter, no other parent. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from parents.access import children_of
from parents.bookings import slots_for
from parents.forms_booking import way_of
from parents.gatherings import gatherings_of
from parents.gatheringwords import kind_words
from parents.icalendars import Talk, written
from parents.models import (
    CalendarFeed,
    ConferenceHost,
    ConferenceSlot,
    Gathering,
    GatheringSignUp,
    Guardian,
    MeetingWay,
)
from parents.models.calendarfeeds import digest_of
from schools import clock, languages
from schools.models import User
from schools.scope import scope_of

#: Talks that are over stay so long in a calendar that is fetched.
PAST = timedelta(days=60)
_WITH = ("pupil", "school_class", "round__school", "hour__host")


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed that a secret opens. None when there is none any more: replaced, taken back, or its owner has no child
    at a school, no post any more."""
    feed = CalendarFeed.objects.select_related("user", "guardian").filter(digest=digest_of(secret)).first()
    if feed is None:
        return None
    if feed.guardian is not None:
        return feed if children_of(feed.guardian).exists() else None
    return feed if scope_of(feed.user).is_staff else None


def feed_text(feed: CalendarFeed) -> bytes:
    """The whole calendar of its owner, in the owner's language."""
    owner = feed.owner
    code = owner.language if isinstance(owner, User) else owner.page_language
    with override(languages.frame_of(code).interface):
        if isinstance(owner, User):
            slots = _lately(taught_by(owner))
            return written([for_staff(slot) for slot in slots], name=_("Parent meetings"))
        talks = [for_parents(slot, owner) for slot in _lately(slots_for(owner))]
        talks += [for_who_comes(row) for row in _comes_to(owner)]
        return written(sorted(talks, key=lambda talk: talk.starts_at), name=_("Meetings at school"))


def taught_by(user: User) -> QuerySet[ConferenceSlot]:
    """Talks of a colleague's own times, as long as the colleague receives there."""
    return ConferenceSlot.objects.filter(hour__teacher=user, hour__host__in=ConferenceHost.objects.visible_to(user))


def file_for_parents(slot: ConferenceSlot, guardian: Guardian) -> bytes:
    """One talk to take along."""
    return written([for_parents(slot, guardian)])


def file_for_staff(slots: Iterable[ConferenceSlot]) -> bytes:
    return written([for_staff(slot) for slot in slots])


def timed(slots: QuerySet[ConferenceSlot]) -> QuerySet[ConferenceSlot]:
    """Those for which a time is chosen, with what a calendar shows."""
    return slots.filter(hour__isnull=False).select_related(*_WITH).order_by("starts_at", "pk")


def for_parents(slot: ConferenceSlot, guardian: Guardian) -> Talk:
    """What a parent's calendar says: a talk, the child's first name, the school."""
    child = slot.pupil.first_name
    where = slot.round.school.name if slot.way in ("", MeetingWay.SCHOOL) else way_of(slot, guardian)
    return _talk(slot, _("Talk with the school: %(child)s") % {"child": child}, where)


def file_of_gathering(gathering: Gathering) -> bytes:
    """One gathering to take along."""
    return written([for_who_comes(gathering)])


def for_who_comes(gathering: Gathering) -> Talk:
    """What a parent's calendar says of a gathering: its kind and title, and where. Not how many come."""
    return Talk(
        uid=f"bijeenkomst-{gathering.pk}@{urlsplit(settings.SITE_URL).hostname}",
        starts_at=gathering.starts_at,
        ends_at=gathering.over_at,
        changed_at=gathering.changed_at or gathering.starts_at,
        sequence=gathering.sequence,
        summary=f"{kind_words(gathering.kind)}: {gathering.title}",
        location=f"{gathering.place}, {gathering.school.name}",
    )


def for_staff(slot: ConferenceSlot) -> Talk:
    """What a teacher's calendar says: the child's first name, the class, the room."""
    assert slot.hour is not None  # noqa: S101 - a talk with a time
    names = {"child": slot.pupil.first_name, "class": slot.school_class.name}
    way = MeetingWay(slot.way) if slot.way else MeetingWay.SCHOOL
    room = slot.hour.host.room or slot.round.school.name
    return _talk(slot, _("Talk: %(child)s (%(class)s)") % names, room if way == MeetingWay.SCHOOL else str(way.label))


def _lately(slots: QuerySet[ConferenceSlot]) -> QuerySet[ConferenceSlot]:
    return timed(slots).filter(starts_at__gte=clock.now() - PAST)


def _comes_to(guardian: Guardian) -> QuerySet[Gathering]:
    """Gatherings that go on and to which the guardian comes."""
    own = GatheringSignUp.objects.coming().filter(guardian=guardian)
    rows = gatherings_of(guardian).filter(pk__in=own.values("gathering_id"), cancelled_at__isnull=True)
    return rows.filter(starts_at__gte=clock.now() - PAST).order_by("starts_at", "pk")


def _talk(slot: ConferenceSlot, summary: str, location: str) -> Talk:
    assert slot.hour is not None  # noqa: S101 - a talk with a time
    return Talk(
        uid=f"gesprek-{slot.pk}@{urlsplit(settings.SITE_URL).hostname}",
        starts_at=slot.hour.starts_at,
        ends_at=slot.hour.ends_at,
        changed_at=slot.booked_at or slot.hour.starts_at,
        sequence=slot.sequence,
        summary=summary,
        location=location,
    )
