"""A child who stands twice at a school: both rows side by side, joining them, and taking that back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parents import datachecks
from parents.doublepupils import doubled_pupil, joined_before, same_child
from parents.models import Guardianship, PupilMerge
from parents.services.doublepupils import join_pupils, part_pupils
from parents.views.doubles import KEEPERS, checks_of
from schools import audit
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Enrolment, Pupil, School
from schools.scope import scope_of


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def pupil_join(request: HttpRequest, pk: int, first: int, second: int) -> HttpResponse:
    """Which row stays is chosen; POST joins them. Who comes second is told that it was done."""
    if pk not in scope_of(request.user).kept_schools:
        raise Http404
    school = get_visible_or_404(School.objects, request.user, pk=pk)
    pair = _pair(request, school, first, second)
    if not pair:
        if not joined_before(school, first, second):
            raise Http404
        messages.info(request, _("Somebody joined these two meanwhile. They are one child."))
        return redirect(checks_of(pk))
    wanted = row_number(request.POST.get("stays", "") or request.GET.get("blijft", ""))
    kept, joined = sorted(pair, key=lambda one: (one.pk != wanted, not one.source_id, one.pk))
    if request.method == "POST":
        return _joined(request, school, kept, joined)
    audit.record_reading(
        actor=request.user, verb="compared pupils", target=school, school_id=pk, pupils=[one.pk for one in pair]
    )
    double = doubled_pupil(kept, joined, school)
    context = {"school": school, "double": double, "pupils": pair, "back_url": checks_of(pk)}
    return render(request, "parents/pupil_join.html", context)


@staff_required(*KEEPERS)
@require_POST
def pupil_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Two rows again."""
    merge: PupilMerge = get_visible_or_404(PupilMerge.objects, request.user, pk=pk)
    if merge.undone_at is not None:  # pressed twice
        return redirect(checks_of(merge.school_id))
    try:
        part_pupils(merge=merge, by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("They are two children again, as before."))
    return redirect(checks_of(merge.school_id))


def _pair(request: HttpRequest, school: School, first: int, second: int) -> list[Pupil]:
    """Both rows with what the page shows; none when they do not stand here twice."""
    places = Enrolment.objects.current().filter(school=school).select_related("school_class")
    ties = Guardianship.objects.current().select_related("guardian").order_by("pk")
    rows = Pupil.objects.visible_to(request.user).filter(datachecks.at_school(school), pk__in={first, second})
    found: list[Any] = list(
        rows.order_by("pk").prefetch_related(
            Prefetch("enrolments", places, to_attr="running"), Prefetch("guardianships", ties, to_attr="ties")
        )
    )
    return found if len(found) == 2 and same_child(*found) else []


def _joined(request: HttpRequest, school: School, kept: Pupil, joined: Pupil) -> HttpResponse:
    try:
        join_pupils(kept=kept, joined=joined, school=school, by=member_of_staff(request))
    except ValidationError as error:
        for reason in error.messages:
            messages.error(request, reason)
        return redirect(request.path)
    messages.success(request, _("They are one child now. Everything went along; for a month it can be undone."))
    return redirect(checks_of(school.pk))
