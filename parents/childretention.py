"""How long stays what stands on the page of a child, and who may fetch it into a calendar."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.models import Absence, CalendarFeed, GrowthNote, Guardianship, LegalHold
from schools import clock
from schools.keeping import Rule, delete
from schools.models import Assignment
from schools.retention import ended_before


def _closed_feeds() -> QuerySet[CalendarFeed]:
    """Those that open nothing any more. One of who begins in a new post later, as after the summer, waits for it."""
    posts = Assignment.objects.exclude(ends_on__lt=clock.today()).filter(user_id=OuterRef("user_id"))
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef("guardian_id"), information_right=True)
    no_post = Q(user__isnull=False) & (~Exists(posts) | Q(user__is_active=False))
    return CalendarFeed.objects.filter(no_post | (Q(guardian__isnull=False) & ~Exists(ties)))


def _growth_notes() -> QuerySet[GrowthNote]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return GrowthNote.objects.none()
    end = clock.start_of(last + timedelta(days=1))
    return GrowthNote.objects.filter(written_at__lt=end).exclude(pupil_id__in=LegalHold.objects.pupils())


def _absences() -> QuerySet[Absence]:
    last = ended_before(settings.ABSENCES_UNTIL)
    if last is None:
        return Absence.objects.none()
    return Absence.objects.filter(ends_on__lte=last).exclude(pupil_id__in=LegalHold.objects.pupils())


RULES = (
    Rule(
        key="absences",
        words="days on which children were not at school",
        until="ABSENCES_UNTIL after the school year",
        due=_absences,
        take=delete,
    ),
    Rule(
        key="growth notes",
        words="what went well, as teachers told parents",
        until="NOTES_UNTIL after the school year",
        due=_growth_notes,
        take=delete,
    ),
    Rule(
        key="calendar links",
        words="calendar links of who has no rights any more",
        until="the end of the assignment or of the right to information",
        due=_closed_feeds,
        take=delete,
    ),
)
