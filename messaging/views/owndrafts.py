"""An own draft, and what becomes of a page that still shows one after it left."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from messaging.models import Notice
from messaging.services.drafts import why_no_draft
from schools.access import Past, get_editable_or_404

#: The header with which a page says that it saves by itself and wants a sentence back, not a page.
AUTOSAVE = "X-Autosave"


def own_draft_or_404(request: HttpRequest, pk: int, rows: QuerySet[Notice] | None = None) -> Notice:
    """An own draft, out of ``rows``. One that left or waits for its hour meanwhile, by another window or a second tap,
    leads to its page, which says so; 404 for anybody else's, and for what a page asks by itself."""
    known = Notice.objects.all()
    try:
        notice: Notice = get_editable_or_404(known if rows is None else rows, request.user, pk=pk)
    except Http404:
        own = Notice.objects.visible_to(request.user).filter(author=request.user.pk, pk=pk).first()
        asks_itself = request.htmx or AUTOSAVE in request.headers  # type: ignore[attr-defined]
        if own is None or asks_itself or not (words := why_no_draft(own)):
            raise
        raise Past(words, to=reverse("notice_check", args=[own.pk])) from None
    return notice
