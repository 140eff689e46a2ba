"""A day before a talk at school, the parents who come are reminded of it (rulings 4: no child's name, and to a place
where others read along only that the school has a message).

The tables are the truth: a reminder that was not told is told by the next sweep. Each chosen time is reminded of once;
another time is another one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats, quiet
from messaging.direct import Words, send_directly
from messaging.models import NoticeKind
from messaging.variables import as_people_write
from parents.access import points_of
from parents.models import (
    Channel,
    ConferenceReminder,
    ConferenceSlot,
    ContactPoint,
    Guardian,
    Guardianship,
    MeetingWay,
    PointKind,
    SlotStatus,
)
from parents.signin import Reachable
from schools import clock
from schools.calendar import SATURDAY
from schools.models import Enrolment

#: So long before a talk its reminder may leave: in the daytime of the day before, also for one late in the evening.
BEFORE = timedelta(hours=28)
#: Who still chooses is not reminded of what changes the next minute.
SETTLED = timedelta(minutes=30)
#: The longest time between the reminder and the talk: over a weekend.
AHEAD = BEFORE + timedelta(days=2)
#: What a sweep took and did not tell, because it died or no way worked, another takes after this time.
LEASE = timedelta(hours=1)
_AT_ONCE = 200


def remind_of_meetings() -> int:
    """Remind of talks that are booked for the next day; returns how many parents were told. Nothing rings in quiet
    hours, and of a talk on Monday on Friday. May run twice at once and be stopped at any moment."""
    now = clock.now()
    if settings.OUTBOX_PAUSED or quiet.opens_at(now, NoticeKind.ACTIE, None) > now:
        return 0
    _plan(now)
    waiting = (
        ConferenceReminder.objects.filter(_free(now), sequence=F("slot__sequence"), slot__status=SlotStatus.BOOKED)
        .filter(slot__starts_at__gt=now)
        .order_by("slot__starts_at", "pk")
    )
    return sum(_tell(pk) for pk in waiting.values_list("pk", flat=True)[:_AT_ONCE])


def reminds_from(starts_at: datetime) -> datetime:
    """The moment from which a talk is reminded of: the day before, or the last one before a weekend that is quiet."""
    moment = starts_at - BEFORE
    while clock.local_date(moment).weekday() >= SATURDAY and settings.QUIET_HOURS:
        moment -= timedelta(days=1)
    return moment


def _plan(now: datetime) -> None:
    """A row for each parent of each talk that is due to be reminded of and was not planned for its present time."""
    planned = ConferenceReminder.objects.filter(slot_id=OuterRef("pk"), sequence=OuterRef("sequence"))
    here = Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("round__school_id"))
    coming = ConferenceSlot.objects.filter(
        Exists(here), ~Exists(planned), status=SlotStatus.BOOKED, starts_at__gt=now, starts_at__lte=now + AHEAD
    ).exclude(booked_at__gt=now - SETTLED)
    due = [slot for slot in coming if slot.starts_at is not None and reminds_from(slot.starts_at) <= now]
    people: dict[int, list[int]] = {}
    ties = Guardianship.objects.informed().filter(pupil_id__in={slot.pupil_id for slot in due})
    for pupil, guardian in ties.values_list("pupil_id", "guardian_id"):
        people.setdefault(pupil, []).append(guardian)
    rows = [
        ConferenceReminder(slot=slot, guardian_id=guardian, sequence=slot.sequence)
        for slot in due
        for guardian in people.get(slot.pupil_id, [])
        if slot.guardian_id in (None, guardian)
    ]
    ConferenceReminder.objects.bulk_create(rows, ignore_conflicts=True)


def _free(now: datetime) -> Q:
    return Q(told_at__isnull=True) & (Q(taken_at__isnull=True) | Q(taken_at__lt=now - LEASE))


def _tell(pk: int) -> int:
    now = clock.now()
    if not ConferenceReminder.objects.filter(_free(now), pk=pk).update(taken_at=now):
        return 0
    row = ConferenceReminder.objects.select_related("guardian", "slot__round__school", "slot__hour__host").get(pk=pk)
    if row.slot.status != SlotStatus.BOOKED or row.slot.sequence != row.sequence or not _left(row):
        return 0
    return ConferenceReminder.objects.filter(pk=pk, taken_at=now).update(told_at=clock.now())


def _left(row: ConferenceReminder) -> bool:
    """Told at one contact point: of the kind that the parent prefers, else by mail before a text message."""
    wished = PointKind.PHONE if row.guardian.preferred_channel == Channel.SMS else PointKind.EMAIL
    points = sorted(points_of(row.guardian), key=lambda point: point.kind != wished)
    entry = row.guardian.language
    return any(
        send_directly(
            Reachable(point.kind, point.value),
            words_for(row.slot, row.guardian) if _is_own(point) else words_for_others(row.slot, row.guardian),
            entry,
        )
        for point in points
    )


def _is_own(point: ContactPoint) -> bool:
    """Nobody else reads there, as far as the school knows; as for notices (messaging.rendering)."""
    if point.is_shared or point.uses.count() > 1:
        return False
    return point.kind == PointKind.PHONE or point.verified_on is not None


def words_for(slot: ConferenceSlot, guardian: Guardian) -> Words:
    """Day, hour and how, in the parent's language, without a name of a child."""
    entry, school = guardian.language, slot.round.school
    code = entry.code
    assert slot.starts_at is not None  # noqa: S101 - the database sees to it for booked ones
    at = slot.starts_at.astimezone(clock.BRUSSELS)
    facts = {
        "school": formats.isolated(formats.plain(school.name), code),
        "day": formats.isolated(formats.long_day(at.date(), code, with_year=False), code),
        "hour": formats.isolated(formats.hour(f"{at:%H:%M}", code), code),
    }
    phone = formats.isolated(as_people_write(school.phone), code)
    with translation.override(entry.interface):
        what = formats.reminder(_("You have a talk with %(school)s on %(day)s at %(hour)s.") % facts, code)
        how = _how(slot, code)
        call = _("Can you not come? Call %(phone)s.") % {"phone": phone} if phone else ""
    return _as_words(what, [how, call], guardian)


def _how(slot: ConferenceSlot, code: str) -> str:
    host = slot.hour.host if slot.hour else None
    if slot.way == MeetingWay.PHONE:
        return _("The teacher calls you.")
    if slot.way == MeetingWay.HOME:
        return _("The teacher comes to your home.")
    if slot.way == MeetingWay.VIDEO:
        return _("The talk is by video.") + (f" {host.video_url}" if host and host.video_url else "")
    school = slot.round.school
    place = host.room if host and host.room else f"{school.street}, {school.city}"
    return _("Place: %(place)s.") % {"place": formats.isolated(formats.plain(place), code)}


def words_for_others(slot: ConferenceSlot, guardian: Guardian) -> Words:
    """That the school has a message; what it is stands behind the sign-in."""
    entry = guardian.language
    with translation.override(entry.interface):
        name = formats.isolated(formats.plain(slot.round.school.name), entry.code)
        what = _("%(school)s has a message for you.") % {"school": name}
    return _as_words(what, [], guardian)


def _as_words(what: str, more: list[str], guardian: Guardian) -> Words:
    entry = guardian.language
    url = f"{settings.SITE_URL}{reverse('portal_bookings')}"
    lines = [line for line in more if line]
    with translation.override(entry.interface):
        how = _("See it here:")
    context = {"what": what, "more": lines, "how": how, "url": url, "language": entry}
    return Words(
        subject=what.replace(formats.ISOLATE, "").replace(formats.POP, ""),
        text="\n".join([what, *lines, how, url]),
        html=render_to_string("emails/replied.html", context),
        sms=" ".join([what, *lines, url]),
    )
