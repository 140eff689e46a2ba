"""A parent who stands twice at a school: what joining the two rows comes to, and doing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parents import datachecks
from parents.doubles import doubled, joined_before, same_name
from parents.models import Guardian
from parents.services import join_guardians
from parents.views.staff import guardians_of
from schools import audit
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import Pupil, Role, School
from schools.scope import scope_of

#: Who keeps the people of a school.
KEEPERS = (Role.HEAD, Role.OFFICE)


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_join(request: HttpRequest, pk: int, first: int, second: int) -> HttpResponse:
    """Both side by side, with what happens or why it cannot be; POST joins them. Who comes second is told that it was
    done."""
    if pk not in scope_of(request.user).kept_schools:
        raise Http404
    school = get_visible_or_404(School.objects, request.user, pk=pk)
    pair = list(datachecks.both_rows(school, first, second))
    if len(pair) != 2 or not same_name(pair[0], pair[1]):
        if not joined_before(school, first, second):
            raise Http404
        messages.info(request, _("Somebody joined these two meanwhile. They are one parent."))
        return _to_checks(school)
    if request.method == "POST":
        return _joined(request, school, pair)
    pupils = list(Pupil.objects.visible_to(request.user).filter(guardianships__guardian__in=pair).distinct())
    shown = [person for person in guardians_of(pupils) if person in pair]
    audit.record_reading(
        actor=request.user, verb="compared guardians", target=school, school_id=pk, pupils=[one.pk for one in pupils]
    )
    context = {
        "school": school,
        "double": doubled(pair[0], pair[1], school),
        "people": shown,
        "back_url": checks_of(school.pk),
    }
    return render(request, "parents/guardian_join.html", context)


def _joined(request: HttpRequest, school: School, pair: list[Guardian]) -> HttpResponse:
    try:
        join_guardians(first=pair[0], second=pair[1], school=school, by=member_of_staff(request))
    except ValidationError as error:
        for reason in error.messages:
            messages.error(request, reason)
        return redirect(request.path)
    messages.success(request, _("They are one parent now. Everything went along."))
    return _to_checks(school)


def _to_checks(school: School) -> HttpResponse:
    return redirect(checks_of(school.pk))


def checks_of(school_id: int) -> str:
    """The page with the data checks of a school."""
    return f"{reverse('data_checks')}?school={school_id}"
