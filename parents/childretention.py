"""How long stays what stands on the page of a child, and who may fetch it into a calendar."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.models import CalendarFeed, Guardianship
from schools.keeping import Rule, delete
from schools.models import Assignment


def _closed_feeds() -> QuerySet[CalendarFeed]:
    """Those that open nothing any more."""
    posts = Assignment.objects.current().filter(user_id=OuterRef("user_id"))
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef("guardian_id"), information_right=True)
    no_post = Q(user__isnull=False) & (~Exists(posts) | Q(user__is_active=False))
    return CalendarFeed.objects.filter(no_post | (Q(guardian__isnull=False) & ~Exists(ties)))


RULES = (
    Rule(
        key="calendar links",
        words="calendar links of who has no rights any more",
        until="the end of the assignment or of the right to information",
        due=_closed_feeds,
        take=delete,
    ),
)
