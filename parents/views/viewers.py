"""Who may see this family, and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parents.models import Family
from parents.views.staff import family_title
from parents.whosees import viewers_of
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, staff_required


@staff_required(*FAMILY_WORKERS)
@require_safe
def family_viewers(request: HttpRequest, pk: int) -> HttpResponse:
    """The posts that open the page of a family, by the children whom one may see oneself."""
    family = get_visible_or_404(Family.objects.with_children_for(request.user), request.user, pk=pk)
    pupils = [membership.pupil for membership in family.shown]
    schools = {place.school_id for pupil in pupils for place in pupil.running}
    audit.record_reading(
        actor=request.user,
        verb="read",
        target=family,
        school_id=min(schools, default=None),
        pupils=[pupil.pk for pupil in pupils],
    )
    context = {"family": family, "title": family_title(pupils), "viewers": viewers_of(pupils)}
    return render(request, "parents/family_viewers.html", context)
