"""After a gathering: who came, by family, or only how many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parents import gatheringlists
from parents.choosing import children_to_tap
from parents.forms_gatherings import WhoCameForm
from parents.models import Gathering
from parents.services.gatheringattendance import AS_IT_IS, write_gathering
from parents.views.gatherings import ORGANISERS
from schools import audit
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Enrolment, Pupil, User


@staff_required(*ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who signed up are marked; families that came without are added by search. A child that is added came."""
    row = get_visible_or_404(Gathering.objects.select_related("school", "method"), request.user, pk=pk)
    if row.is_cancelled or not row.has_begun:
        return redirect("gathering_detail", pk=pk)
    children = Pupil.objects.filter(pk__in=Enrolment.objects.current().filter(school=row.school).values("pupil_id"))
    added = _added(request, children)
    families = gatheringlists.families_at(row, request.user, more=[added.pk] if added else [])
    form = WhoCameForm(request.POST or None, gathering=row, families=families)
    if request.method == "POST" and form.is_valid():
        _write(request, row, form, added)
        return redirect("gathering_attendance", pk=pk)
    audit.record_reading(
        actor=request.user,
        verb="listed",
        target=row,
        school_id=row.school_id,
        pupils={pupil.pk for line in families.values() for pupil in line.pupils},
    )
    context: dict[str, Any] = {
        "gathering": row,
        "form": form,
        "others": gatheringlists.unseen_attendances(row, families),
        # Who searches leaves the page: what was marked is written first.
        "may_add": form.is_written or not families,
    }
    if context["may_add"]:
        context |= children_to_tap(request, children, address=reverse("gathering_attendance", args=[pk]))
    return render(request, "parents/gathering_attendance.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, children: Any) -> Pupil | None:
    """The child whose family came without having signed up; one of somebody else is not there."""
    if "pupil" not in request.POST:
        return None
    pupil: Pupil = get_visible_or_404(children, request.user, pk=row_number(request.POST["pupil"]))
    return pupil


def _write(request: HttpRequest, row: Gathering, form: WhoCameForm, added: Pupil | None) -> None:
    by: User = member_of_staff(request)
    shown, came, counted = form.shown(), form.came(), form.number()
    if added is not None:
        shown = {pk: line for pk, line in form.families.items() if added in line.pupils}
        came, counted = set(shown), AS_IT_IS
        if not shown:  # of no family, or not at the school on that day
            words = _("Nothing could be written of %(name)s: the child does not belong to one family.")
            messages.error(request, words % {"name": added.full_name})
            return
    try:
        written = write_gathering(gathering=row, shown=shown, came=came, counted=counted, by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    words = ngettext("Written down: %(number)d family came.", "Written down: %(number)d families came.", written.came)
    messages.success(request, words % {"number": written.came} if shown else _("Saved."))
    for name in written.refused:
        words = _("Nothing could be written of %(name)s: the child does not belong to one family.")
        messages.error(request, words % {"name": name})
