"""A private calendar link is made, which replaces the one before, or taken back."""

from __future__ import annotations

import secrets

from django.db import transaction

from parents.models import CalendarFeed, Guardian
from parents.models.calendarfeeds import digest_of
from schools import audit, clock
from schools.models import User


def make_calendar_link(*, owner: User | Guardian) -> str:
    """The secret of a new link, which nobody can read afterwards; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        _lock(owner)
        CalendarFeed.objects.of(owner).delete()
        who = {"user": owner} if isinstance(owner, User) else {"guardian": owner}
        feed = CalendarFeed.objects.create(digest=digest_of(secret), made_at=clock.now(), **who)
        _note_down("made a calendar link", owner, feed)
    return secret


def end_calendar_link(*, owner: User | Guardian) -> bool:
    """Nobody can fetch the calendar any more. False when there was no link."""
    with transaction.atomic():
        _lock(owner)
        feed = CalendarFeed.objects.of(owner).first()
        if feed is None:
            return False
        _note_down("ended a calendar link", owner, feed)
        CalendarFeed.objects.of(owner).delete()
    return True


def _lock(owner: User | Guardian) -> None:
    """Two taps at once make one link after the other."""
    rows = User.objects if isinstance(owner, User) else Guardian.objects
    rows.select_for_update(of=("self",)).get(pk=owner.pk)


def _note_down(verb: str, owner: User | Guardian, feed: CalendarFeed) -> None:
    if isinstance(owner, User):
        audit.record(actor=owner, verb=verb, target=feed)
    else:
        audit.record_by_guardian(guardian_id=owner.pk, verb=verb, target=feed)
