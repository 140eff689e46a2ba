"""What a notice is called on a page of staff: its Dutch title; and notices found by it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeText
from schools.languages import MASTER

_MOST_WORDS = 4


def with_titles(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Notices with ``title``, their Dutch title, and what a page says beside it."""
    dutch = NoticeText.objects.filter(notice_id=OuterRef("pk"), language=MASTER).values("title")[:1]
    return notices.annotate(title=Coalesce(Subquery(dutch), Value(_("Notice")))).select_related(
        "school", "school_class", "author", "template", "gathering", "conference_round"
    )


def titled_like(notices: QuerySet[Notice], text: str) -> QuerySet[Notice]:
    """Notices whose Dutch title contains each of the first four words."""
    titles = NoticeText.objects.filter(notice_id=OuterRef("pk"), language=MASTER)
    for word in text.split()[:_MOST_WORDS]:
        titles = titles.filter(title__icontains=word)
    return with_titles(notices.filter(Exists(titles)))
