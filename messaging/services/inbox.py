"""Whose a question is, and when it is done. Taking, giving and releasing change nothing else."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from messaging.models import Thread, ThreadPost
from schools import audit, clock
from schools.models import User


def assign_thread(*, thread: Thread, by: User, to: User | None) -> bool:
    """Take (``to`` is oneself), give, or release (None). False when it was so already.

    Raises ValidationError for a colleague who may not see this child.
    """
    if to is not None and not Thread.objects.visible_to(to).filter(pk=thread.pk).exists():
        raise ValidationError(_("This colleague does not work with this child."))
    with transaction.atomic():
        row = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
        if row.assigned_to_id == (to.pk if to else None):
            return False
        row.assigned_to = to
        row.save(update_fields=["assigned_to"])
        audit.record(actor=by, verb="assigned", target=row, school_id=row.school_id, to=to.pk if to else None)
    return True


def close_thread(*, thread: Thread, by: User, seen: int | None = None) -> bool:
    """Done, also without a written reply; the response clock goes on as it was (I13). False when it was closed. Raises
    ValidationError when the family wrote after ``seen``, the last contribution that stood on the page."""
    with transaction.atomic():
        row = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
        if row.first_unseen(seen) is not None:
            raise ValidationError(_("The family wrote something meanwhile. Read it first: it waits for an answer."))
        closed = Thread.objects.filter(pk=thread.pk, closed_at__isnull=True).update(
            closed_at=clock.now(), waits_on=None
        )
        if closed:
            audit.record(actor=by, verb="closed", target=thread, school_id=thread.school_id)
    return bool(closed)


def let_wordless_rest(threads: Collection[int]) -> int:
    """Conversations of which the family's words went, because somebody was erased or their time was over, wait for
    nobody any more: nothing is left to answer. As counts they stay. Returns how many these were."""
    said = ThreadPost.objects.filter(thread=OuterRef("pk"), by_guardian__isnull=False)
    rows = Thread.objects.filter(~Exists(said), pk__in=threads, closed_at__isnull=True)
    return rows.update(closed_at=clock.now(), waits_on=None)


def reopen_thread(*, thread: Thread, by: User) -> bool:
    """Open again; it waits for the school as long as before when the family wrote last. False when it was open."""
    with transaction.atomic():
        row = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
        if row.closed_at is None:
            return False
        last = row.posts.last()
        row.closed_at = None
        row.waits_on = clock.local_date(last.written_at) if last and last.by_guardian_id else None
        row.save(update_fields=["closed_at", "waits_on"])
        audit.record(actor=by, verb="reopened", target=row, school_id=row.school_id)
    return True
