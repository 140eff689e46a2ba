"""The search box at the top of every page of staff; the key / jumps to it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.search import search
from schools import audit
from schools.access import FAMILY_WORKERS, member_of_staff, staff_required
from schools.models import SchoolClass

LONGEST_TEXT = 80


@staff_required(*FAMILY_WORKERS)
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Families and notices of one text. How many were found is kept, never what was looked for, which is a name."""
    user = member_of_staff(request)
    text = " ".join(request.GET.get("q", "").split())[:LONGEST_TEXT]
    found = search(text, user) if text else None
    if found:
        audit.record(actor=user, verb="searched", target=user, found=found.count)
    schools = SchoolClass.objects.visible_to(user).of_running_year().values("school_id").distinct()
    context = {
        "search_value": text,
        "found": found,
        "query_string": urlencode({"q": text}),
        "show_school": schools[:2].count() > 1,
    }
    return render(request, "reports/search.html", context)
