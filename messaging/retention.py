"""What families and schools wrote to each other goes after the school year (domain 6.4); what was sent has rules of
its own (``outbox.purging``)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from messaging.models import ThreadPost
from messaging.services.inbox import let_wordless_rest
from parents.models import LegalHold
from schools import clock
from schools.keeping import Rule, delete
from schools.retention import ended_before


def _old_posts() -> QuerySet[ThreadPost]:
    """Contributions of a school year that is over, also to a conversation that goes on; the conversations stay, as
    counts."""
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return ThreadPost.objects.none()
    rows = ThreadPost.objects.filter(written_at__lt=clock.start_of(last + timedelta(days=1)))
    return rows.exclude(thread__family_id__in=LegalHold.objects.families())


def _take_posts(rows: QuerySet[ThreadPost]) -> int:
    """A question that nobody answered until then stops waiting with its words."""
    emptied = set(rows.order_by().values_list("thread_id", flat=True))
    number = delete(rows)
    let_wordless_rest(emptied)
    return number


RULES = (
    Rule(
        key="conversations",
        words="contributions to conversations",
        until="NOTES_UNTIL after the school year",
        due=_old_posts,
        take=_take_posts,
    ),
)
