"""Answers that are calendar files; the same behind the link of a notice and in the parents' own pages."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from parents import talkcalendar
from parents.icalendars import CONTENT_TYPE
from parents.models import ConferenceSlot, Guardian


def as_calendar(text: bytes, name: str = "gesprek.ics") -> HttpResponse:
    """A file without anybody's name in its own."""
    return HttpResponse(
        text, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def booking_file(slots: QuerySet[ConferenceSlot], pk: int, guardian: Guardian) -> HttpResponse:
    """The talk of a parent for which a time is chosen, among the parent's own."""
    slot = get_object_or_404(talkcalendar.timed(slots), pk=pk)
    return as_calendar(talkcalendar.file_for_parents(slot, guardian))
