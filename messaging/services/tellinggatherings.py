"""Who signed up for a gathering is told, in the own language and once: that it is tomorrow, that it was moved or
cancelled, that a place came free. As talks are told of (``talkwords``): at one place, and nothing of it where others
read along.

The tables are the truth: what was not told is told by a later sweep, as long as it holds.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats, outbox, quiet
from messaging.direct import Words
from messaging.leases import untold
from messaging.models import NoticeKind
from messaging.services.reminding import AHEAD, SETTLED, reminds_from
from messaging.services.talkchanges import SOON
from messaging.talkwords import as_words, facts_of, tell
from parents.gatheringwords import kind_words
from parents.models import GatheringSignUp, GatheringWord, Guardianship, WordKind
from parents.services.signups import let_go_who_left
from schools import clock
from schools.models import Enrolment

#: What gatherings are about, for who refuses a way for it (``messaging.refusable``).
PURPOSE = "parenting_support"
_AT_ONCE = 200


def tell_of_gatherings() -> int:
    """Returns how many parents were told. Nothing rings in quiet hours but what concerns the next morning. May run
    twice at once and be stopped at any moment."""
    now = clock.now()
    outbox.stop_invitations()
    if settings.OUTBOX_PAUSED:
        return 0
    let_go_who_left()
    opens = quiet.opens_at(now, NoticeKind.ACTIE, None)
    rows = GatheringWord.objects.standing(now).filter(untold(now))
    if opens > now:
        rows = rows.filter(sign_up__gathering__starts_at__lt=opens + SOON).exclude(kind=WordKind.REMINDER)
    else:
        _plan_reminders(now)
    return sum(_tell(pk) for pk in rows.order_by("decided_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])


def _plan_reminders(now: datetime) -> None:
    """A row for each parent who comes to what is due to be reminded of, once for its hour and place."""
    planned = GatheringWord.objects.filter(
        sign_up_id=OuterRef("pk"), kind=WordKind.REMINDER, sequence=OuterRef("gathering__sequence")
    )
    coming = GatheringSignUp.objects.coming().filter(
        ~Exists(planned),
        gathering__cancelled_at__isnull=True,
        gathering__starts_at__gt=now,
        gathering__starts_at__lte=now + AHEAD,
    )
    settled = coming.exclude(changed_at__gt=now - SETTLED).select_related("gathering")
    rows = [
        GatheringWord(sign_up=row, kind=WordKind.REMINDER, sequence=row.gathering.sequence, decided_at=now)
        for row in settled
        if reminds_from(row.gathering.starts_at) <= now
    ]
    GatheringWord.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(pk: int) -> int:
    now = clock.now()
    if not GatheringWord.objects.filter(untold(now), pk=pk).update(taken_at=now):
        return 0
    rows = GatheringWord.objects.standing(now).select_related("sign_up__guardian", "sign_up__gathering__school")
    row = rows.filter(pk=pk).first()
    if row is None or not _may_know(row):
        return 0
    signed = row.sign_up
    is_needed = row.kind != WordKind.REMINDER
    if not tell(signed.guardian, words_for(row), signed.gathering.school, about=PURPOSE, is_needed=is_needed):
        return 0
    return GatheringWord.objects.filter(pk=pk, taken_at=now).update(told_at=clock.now())


def _may_know(row: GatheringWord) -> bool:
    """Still, for the last child may have left the school since, or rights may have ended."""
    here = Enrolment.objects.current().filter(school_id=row.sign_up.gathering.school_id)
    informed = Guardianship.objects.informed().filter(guardian=row.sign_up.guardian_id)
    return informed.filter(pupil_id__in=here.values("pupil_id")).exists()


def words_for(row: GatheringWord) -> Words:
    """What kind of gathering, where and when, in the parent's language; its title is Dutch and stands on the page."""
    gathering, entry = row.sign_up.gathering, row.sign_up.guardian.reads
    facts = facts_of(gathering.school, gathering.starts_at, entry.code)
    with translation.override(entry.interface):
        what = _("%(kind)s at %(school)s: %(day)s, %(hour)s.") % (facts | {"kind": kind_words(gathering.kind)})
        place = _("Place: %(place)s.") % {"place": formats.isolated(formats.plain(gathering.place), entry.code)}
        call = _("Can you not come? Call %(phone)s.") % facts if facts["phone"] else ""
        how = _("See it here:")
        if row.kind == WordKind.CANCELLED:
            gone = _("This gathering is cancelled.")
            return as_words(f"{what} {gone}", entry, how=how)
        if row.kind == WordKind.MOVED:
            moved = _("The hour or the place is another one.")
            return as_words(f"{moved} {what}", entry, more=[place], in_mails=[call], how=how)
        if row.kind == WordKind.PLACE:
            free = _("There is a place for you.")
            return as_words(f"{free} {what}", entry, more=[place], in_mails=[call], how=how)
        return as_words(formats.reminder(what, entry.code), entry, more=[place], in_mails=[call], how=how)
