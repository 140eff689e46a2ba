"""What of measurements goes after the school year (``schools.keeping``); the counts stay, no person is in them."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from reports.models import FreeAnswer
from schools.keeping import Rule
from schools.retention import ended_before


def _old_originals() -> QuerySet[FreeAnswer]:
    """Free answers of a school year that is over, as they were written; released ones stay in the reviewer's words."""
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return FreeAnswer.objects.none()
    return FreeAnswer.objects.filter(wave__closes_on__lte=last).exclude(state=FreeAnswer.State.RELEASED, original="")


def _forget_originals(rows: QuerySet[FreeAnswer]) -> int:
    number = rows.count()
    rows.exclude(state=FreeAnswer.State.RELEASED).delete()
    rows.update(original="")
    return number


RULES = (
    Rule(
        key="free answers",
        words="free answers of measurements as they were written, and those that were withheld",
        until="NOTES_UNTIL after the school year",
        due=_old_originals,
        take=_forget_originals,
    ),
)
