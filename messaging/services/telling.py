"""Word to a family that the school replied: neutral, with the way to the conversation (rulings 4).

The table is the truth: a reply without ``told_at`` is told by the next sweep, whatever happened to the bell.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats, quiet
from messaging.direct import Words, send_directly
from messaging.hearing import may_hear
from messaging.leases import taken, untold
from messaging.models import NoticeKind, Thread, ThreadPost
from messaging.services.untold import ask_to_call
from messaging.talkwords import is_own, points_to_tell, words_for_others
from parents.signin import Reachable
from schools import clock

#: Older replies are not announced any more: the family has seen them, or the school has called.
TELL_WITHIN = timedelta(hours=72)
#: What could not be told by then becomes a call of whoever answered: the parent waits, and they think that it is done.
CALL_AFTER = timedelta(hours=24)
_AT_ONCE = 200


def tell_replies() -> int:
    """Tell families of replies that they do not know of; returns how many replies were told.

    Nothing rings in quiet hours. A reply is taken before it is told (``messaging.leases``), so that two sweeps do not
    tell it twice, and tried again later when nothing left.
    """
    now = clock.now()
    if settings.OUTBOX_PAUSED or quiet.opens_at(now, NoticeKind.ACTIE, None) > now:
        return 0
    fresh = ThreadPost.objects.filter(untold(now), by_user__isnull=False, written_at__gte=now - TELL_WITHIN)
    oldest = fresh.order_by().values("thread_id").annotate(oldest=Min("written_at")).order_by("oldest", "thread_id")
    return sum(_tell(pk) for pk in oldest.values_list("thread_id", flat=True)[:_AT_ONCE])


def _tell(thread_id: int) -> int:
    """All new replies of a conversation are one word; none to who may not read it, or to whom nothing is sent."""
    thread = Thread.objects.select_related("school", "guardian").get(pk=thread_id)
    rows = ThreadPost.objects.filter(thread_id=thread_id, by_user__isnull=False, told_at__isnull=True)
    moment = clock.now()
    with taken(rows, moment) as mine:
        if mine is None or not may_hear(thread):
            return 0
        if not _left(thread):
            ask_to_call(thread, rows.filter(written_at__lt=moment - CALL_AFTER).order_by("pk").first())
            return 0
        return rows.filter(written_at__lte=moment).update(told_at=clock.now())


def _left(thread: Thread) -> bool:
    """Told at the first contact point that works, as the parent wants to be reached. Where others read along nobody
    learns that something was asked."""
    entry = thread.guardian.reads
    words, neutral = words_for(thread), words_for_others(thread.school, entry, reverse("portal_home"))
    return any(
        send_directly(Reachable(point.kind, point.value), words if is_own(point) else neutral, entry)
        for point in points_to_tell(thread.guardian, is_needed=True)
    )


def words_for(thread: Thread) -> Words:
    """That the school answered, without a name and without the answer: others may read along."""
    entry = thread.guardian.reads
    name = formats.plain(thread.school.name)
    url = f"{settings.SITE_URL}{reverse('portal_thread', args=[thread.pk])}"
    with translation.override(entry.interface):
        what = _("%(school)s has answered your question.") % {"school": formats.isolated(name, entry.code)}
        how = _("Read the answer here:")
    context = {"what": what, "how": how, "url": url, "language": entry}
    return Words(
        subject=what.replace(formats.ISOLATE, "").replace(formats.POP, ""),
        text=f"{what}\n{how}\n{url}",
        html=render_to_string("emails/replied.html", context),
        sms=f"{what} {url}",
    )
