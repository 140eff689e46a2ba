"""Who is not at school: seen by the class team and the office."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.models import Absence
from parents.services.absences import see_absence
from parents.views.conferences import RECEIVERS
from schools import audit
from schools.access import Past, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import back_address
from schools.scope import scope_of

ROWS_ON_A_PAGE = 50
#: What the button of a row says that was taken back.
TAKEN_BACK = "back"


@staff_required(*RECEIVERS)
@require_safe
def absence_list(request: HttpRequest) -> HttpResponse:
    """Who is not at school now and in the coming days, of own classes or the own school."""
    rows = Absence.objects.visible_to(request.user).of_now().with_class()
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    audit.record(actor=request.user, verb="listed absences", target=member_of_staff(request))
    context = {"page": page, "shows_school": scope_of(request.user).spans_schools}
    return render(request, "parents/absence_list.html", context)


@staff_required(*RECEIVERS)
@require_POST
def absence_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: the class team knows. What a parent took back since the page was opened is seen once it says so."""
    back = back_address(request, reverse("absence_list"))
    comes = _("Taken back meanwhile: the child comes to school.")
    if not Absence.objects.filter(pk=pk).exists():
        raise Past(comes, to=back)
    row: Absence = get_visible_or_404(Absence.objects.select_related("pupil"), request.user, pk=pk)
    is_back = request.POST.get("sees") == TAKEN_BACK
    see_absence(absence=row, by=member_of_staff(request), taken_back=is_back)
    if row.taken_back_at is not None and not is_back:
        messages.warning(request, comes)
    else:
        seen = (
            _("Seen: %(name)s comes to school after all.")
            if is_back
            else _("Seen: the parents of %(name)s read that the school knows.")
        )
        messages.success(request, seen % {"name": row.pupil.first_name})
    return redirect(back)
