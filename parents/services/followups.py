from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from parents.models import WORDLESS, Family, FollowUp, FollowUpKind, FollowUpStatus
from schools import audit, clock
from schools.models import Holiday, School, User

#: Sent before a task is closed, as done (``is_kept``) or because nobody needs it any more: what waits for it ends with
#: it, or a ValidationError says why the task stays. Before: everybody locks a call first and its task after it.
follow_up_closes = Signal()


def due_in(days: int, school: School) -> date:
    """So many days from now, or the first day with class after it: on a free day nobody does it, and done after it, it
    would count as late."""
    day = clock.today() + timedelta(days=days)
    calendar = Holiday.objects.calendar(school)
    return day if calendar.is_school_day(day) else calendar.add_school_days(day, 1)


def open_follow_up(
    *, by: User | None, family: Family, school: School, what: str, due_on: date, **links: Any
) -> FollowUp:
    """Something to do for a family by a day. ``links``: owner, pupil, guardian, contact_moment, kind.

    ``by`` is None when the system opens it, for example when no channel works any more.
    """
    links.setdefault("kind", FollowUpKind.PROMISE)
    with transaction.atomic():
        follow_up = FollowUp.objects.create(
            family=family, school=school, what=what, due_on=due_on, created_at=clock.now(), **links
        )
        audit.record(actor=by, verb="opened", target=follow_up, school_id=school.pk, kind=follow_up.kind)
    return follow_up


def complete_follow_up(*, follow_up: FollowUp, by: User, because: str = "") -> bool:
    """Mark it done today; False when somebody else already closed it. Raises ValidationError when more must be said
    than that it is done."""
    changes = {"status": FollowUpStatus.DONE, "done_on": clock.today(), "closed_because": because}
    return _close(follow_up, by, "completed", is_kept=True, changes=changes)


def drop_follow_up(*, follow_up: FollowUp, by: User) -> bool:
    """Nobody needs it any more: neither kept nor late, so it counts in no figure. False when it was closed already."""
    return _close(follow_up, by, "dropped", is_kept=False, changes={"status": FollowUpStatus.DROPPED})


def _close(follow_up: FollowUp, by: User, verb: str, *, is_kept: bool, changes: dict[str, Any]) -> bool:
    still = FollowUp.objects.filter(pk=follow_up.pk, status=FollowUpStatus.OPEN)
    with transaction.atomic():
        if not still.exists():
            return False
        follow_up_closes.send(FollowUp, follow_up=follow_up, is_kept=is_kept)
        closed = bool(still.update(**changes))
        if closed:
            audit.record(actor=by, verb=verb, target=follow_up, school_id=follow_up.school_id)
    return closed


def put_back_follow_up(*, follow_up: FollowUp, by: User) -> bool:
    """A wrong tap undone: what was promised in a talk stands open again. False for what was not, or is open."""
    promised = FollowUp.objects.filter(kind=FollowUpKind.PROMISE, contact_request=None, slot=None).exclude(
        what=WORDLESS
    )
    promised = promised.filter(contact_moment__withdrawn_at=None)
    with transaction.atomic():
        closed = promised.filter(pk=follow_up.pk).exclude(status=FollowUpStatus.OPEN)
        back = closed.update(status=FollowUpStatus.OPEN, done_on=None, closed_because="")
        if back:
            audit.record(actor=by, verb="opened", target=follow_up, school_id=follow_up.school_id, kind=follow_up.kind)
    return bool(back)


def give_follow_up(*, follow_up: FollowUp, to: User, by: User) -> bool:
    """It becomes a colleague's. False when it was closed meanwhile; raises ValidationError for somebody who may not
    see it."""
    if not FollowUp.objects.visible_to(to).filter(pk=follow_up.pk).exists():
        raise ValidationError(_("This colleague does not work with this child."))
    with transaction.atomic():
        given = FollowUp.objects.filter(pk=follow_up.pk, status=FollowUpStatus.OPEN).update(owner=to)
        if given:
            audit.record(actor=by, verb="assigned", target=follow_up, school_id=follow_up.school_id, to=to.pk)
    return bool(given)
