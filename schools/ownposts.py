"""The posts of whoever is signed in, as they read them themselves, and which of them end soon. Reads only."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q

from schools import clock
from schools.models import Assignment, User
from schools.models.people import AssignmentQuerySet
from schools.scope import scope_of

#: Time to hand over what was taken on, and to ask whoever decides.
SOON = timedelta(days=21)


def own_posts(user: User) -> AssignmentQuerySet:
    """Those that run and those to come, the earliest first."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    return Assignment.objects.with_places().filter(lasting, user=user).order_by("starts_on", "pk")


def ending_posts(user: User) -> list[Assignment]:
    """Those that end within three weeks, unless the same work at the same place goes on without a day between: in
    another class, too. One of a place: who administers the portal is told by who does so too. No query for most."""
    until = clock.today() + SOON
    if not any(post.ends_on and post.ends_on <= until for post in scope_of(user).assignments):
        return []
    posts = list(own_posts(user).order_by(F("ends_on").asc(nulls_last=True), "pk"))
    return [
        post
        for post in posts
        if post.place and post.ends_on and post.ends_on <= until and not any(_goes_on(post, other) for other in posts)
    ]


def _goes_on(post: Assignment, other: Assignment) -> bool:
    same = all(
        getattr(post, name) == getattr(other, name)
        for name in ("role", "school_id", "clb_centre_id", "project_id", "partner_id")
    )
    if not same or post.ends_on is None or other.starts_on > post.ends_on + timedelta(days=1):
        return False
    return other.ends_on is None or other.ends_on > post.ends_on
