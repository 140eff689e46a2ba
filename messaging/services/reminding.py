"""A day before a talk at school, the parents who come are reminded of it (rulings 4: no child's name, and to a place
where others read along only that the school has a message).

The tables are the truth: a reminder that was not told is told by the next sweep. Each chosen time is reminded of once;
another time is another one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats, quiet
from messaging.direct import Words
from messaging.leases import untold
from messaging.models import NoticeKind
from messaging.talkwords import as_words, facts_of, how_of, tell
from parents.models import ConferenceReminder, ConferenceSlot, Guardian, Guardianship, SlotStatus
from parents.services.interpreters import follow_who_left
from schools import clock
from schools.calendar import SATURDAY
from schools.models import Enrolment

#: So long before a talk its reminder may leave: in the daytime of the day before, also for one late in the evening.
BEFORE = timedelta(hours=28)
#: Who still chooses is not reminded of what changes the next minute.
SETTLED = timedelta(minutes=30)
#: The longest time between the reminder and the talk: over a weekend.
AHEAD = BEFORE + timedelta(days=2)
#: What talks are about, for who refuses a way for it (``messaging.refusable``).
PURPOSE = "appointment"
_AT_ONCE = 200


def remind_of_meetings() -> int:
    """Remind of talks that are booked for the next day; returns how many parents were told. Nothing rings in quiet
    hours, and of a talk on Monday on Friday. May run twice at once and be stopped at any moment."""
    now = clock.now()
    if settings.OUTBOX_PAUSED or quiet.opens_at(now, NoticeKind.ACTIE, None) > now:
        return 0
    follow_who_left()
    _plan(now)
    waiting = (
        ConferenceReminder.objects.filter(untold(now), sequence=F("slot__sequence"), slot__status=SlotStatus.BOOKED)
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


def _tell(pk: int) -> int:
    now = clock.now()
    if not ConferenceReminder.objects.filter(untold(now), pk=pk).update(taken_at=now):
        return 0
    row = ConferenceReminder.objects.select_related("guardian", "slot__round__school", "slot__hour__host").get(pk=pk)
    if row.slot.status != SlotStatus.BOOKED or row.slot.sequence != row.sequence:
        return 0
    if not (may_know(row.slot, row.guardian_id) and _is_here(row)) or not _left(row):
        return 0
    return ConferenceReminder.objects.filter(pk=pk, taken_at=now).update(told_at=clock.now())


def may_know(slot: ConferenceSlot, guardian: int) -> bool:
    """Still, for rights may have ended since it was written down that the parent is to be told."""
    return Guardianship.objects.informed().filter(guardian=guardian, pupil=slot.pupil_id).exists()


def _is_here(row: ConferenceReminder) -> bool:
    """The child may have left the school since."""
    here = Enrolment.objects.current().filter(school_id=row.slot.round.school_id, pupil_id=row.slot.pupil_id)
    return here.exists()


def _left(row: ConferenceReminder) -> bool:
    return tell(row.guardian, words_for(row.slot, row.guardian), row.slot.round.school, about=PURPOSE)


def words_for(slot: ConferenceSlot, guardian: Guardian) -> Words:
    """Day, hour and how, in the parent's language, without a name of a child."""
    entry = guardian.reads
    assert slot.starts_at is not None  # noqa: S101 - the database sees to it for booked ones
    facts = facts_of(slot.round.school, slot.starts_at, entry.code)
    with translation.override(entry.interface):
        said = _("You have a talk with %(school)s on %(day)s at %(hour)s.") % facts
        what = formats.reminder(said, entry.code)
        call = _("Can you not come? Call %(phone)s.") % facts if facts["phone"] else ""
        return as_words(what, entry, more=[how_of(slot, guardian)], in_mails=[call], how=_("See it here:"))
