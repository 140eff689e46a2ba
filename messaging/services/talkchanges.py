"""Parents are told of a talk that somebody else cancelled or moved: the school, or the other parent of a joint talk,
who is not named. As a reminder is told (``talkwords``): in the parent's language, at one place, and nothing of it where
others read along.

The tables are the truth: what was not told is told by a later sweep, as long as it holds.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import quiet
from messaging.direct import Words
from messaging.leases import untold
from messaging.models import NoticeKind
from messaging.services.reminding import PURPOSE, may_know
from messaging.talkwords import as_words, ask_school, facts_of, how_of, tell
from parents.bookings import with_times_left
from parents.models import ChangeKind, ConferenceChange
from parents.services.leaving import cancel_talks_of_who_left, cancel_talks_without_right, has_left
from parents.services.otherclass import let_places_follow
from schools import clock

#: A parent who cancels perhaps chooses another time at once: the other one hears it in one word.
SETTLED = timedelta(minutes=5)
#: A talk that begins so soon after the quiet hours is told of within them: else somebody comes for nothing.
SOON = timedelta(hours=3)
_AT_ONCE = 200


def tell_talk_changes() -> int:
    """Tell of talks that others cancelled or moved; returns how many parents were told. May run twice at once and be
    stopped at any moment."""
    now = clock.now()
    if settings.OUTBOX_PAUSED:
        return 0
    cancel_talks_of_who_left()
    cancel_talks_without_right()
    let_places_follow()
    settled = Q(kind=ChangeKind.CANCELLED) | Q(decided_at__lte=now - SETTLED)
    rows = ConferenceChange.objects.standing(now).filter(untold(now), settled)
    opens = quiet.opens_at(now, NoticeKind.ACTIE, None)
    if opens > now:
        rows = rows.filter(Q(was_at__lt=opens + SOON) | Q(slot__starts_at__lt=opens + SOON))
    return sum(_tell(pk) for pk in rows.order_by("decided_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])


def _tell(pk: int) -> int:
    now = clock.now()
    if not ConferenceChange.objects.filter(untold(now), pk=pk).update(taken_at=now):
        return 0
    rows = ConferenceChange.objects.standing(now).select_related("guardian", "slot__round__school", "slot__hour__host")
    row = rows.filter(pk=pk).first()
    if row is None or not may_know(row.slot, row.guardian_id):
        return 0
    school, is_gone = row.slot.round.school, has_left(row.slot)
    words = words_of_leaving(row) if is_gone else words_for(row)
    if not tell(row.guardian, words, school, about=PURPOSE, is_needed=True, leads_on=not is_gone):
        return 0
    return ConferenceChange.objects.filter(pk=pk, taken_at=now).update(told_at=clock.now())


def words_of_leaving(row: ConferenceChange) -> Words:
    """To the parents of a child that left the school: that the talk is cancelled, and whom to ask. No other time is
    chosen, and no page of the portal tells them of it."""
    entry, school = row.guardian.reads, row.slot.round.school
    assert row.was_at is not None  # noqa: S101 - a cancelled talk had a time
    facts = facts_of(school, row.was_at, entry.code)
    with translation.override(entry.interface):
        what = _("Your talk with %(school)s on %(day)s at %(hour)s is cancelled.") % facts
        return as_words(what, entry, more=[ask_school(facts)])


def words_for(row: ConferenceChange) -> Words:
    """What became of the talk, and where another time is chosen or asked for."""
    slot, entry = row.slot, row.guardian.reads
    starts_at = slot.starts_at if row.kind == ChangeKind.MOVED else row.was_at
    assert starts_at is not None  # noqa: S101 - a standing change has it
    facts = facts_of(slot.round.school, starts_at, entry.code)
    with translation.override(entry.interface):
        if row.kind == ChangeKind.MOVED:
            what = _("Your talk with %(school)s is now on %(day)s at %(hour)s.") % facts
            call = _("Can you not come? Call %(phone)s.") % facts if facts["phone"] else ""
            return as_words(what, entry, more=[how_of(slot, row.guardian)], in_mails=[call], how=_("See it here:"))
        what = _("Your talk with %(school)s on %(day)s at %(hour)s is cancelled.") % facts
        if slot.round.takes_bookings(clock.now()) and with_times_left([slot]):
            return as_words(what, entry, how=_("Choose a time"), in_texts=[_("Choose a time")])
        call = _("Call the school: we look for another time together.")
        return as_words(what, entry, more=[call, facts["phone"]], how=_("See it here:"))
