"""What a partner organisation sees: its own gatherings, how many come, first names and languages. No family."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parents import partnerpages
from parents.forms_gatherings import CountForm
from parents.services.gatheringattendance import count_people
from schools import audit, clock
from schools.access import member_of_staff, staff_required
from schools.models import Role

ON_A_PAGE = 20


@staff_required(Role.PARTNER)
@require_safe
def partner_gatherings(request: HttpRequest) -> HttpResponse:
    """Those to come, and those of the last weeks."""
    rows, now = partnerpages.for_partner(request.user), clock.now()
    held = rows.filter(starts_at__lte=now).order_by("-starts_at", "-pk")
    context = {
        "coming": Paginator(rows.filter(starts_at__gt=now).order_by("starts_at", "pk"), ON_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "held": held[:ON_A_PAGE],
    }
    return render(request, "parents/partner_gatherings.html", context)


@staff_required(Role.PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_gathering(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; afterwards how many came."""
    row = partnerpages.for_partner(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    form = CountForm(request.POST or None, gathering=row)
    if request.method == "POST" and form.is_valid():
        try:
            count_people(gathering=row, number=form.number(), by=member_of_staff(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved."))
        return redirect("partner_gathering", pk=pk)
    audit.record_reading(
        actor=request.user,
        verb="read",
        target=row,
        school_id=row.school_id,
        pairs=partnerpages.pairs_for_partner(row),
    )
    context = {"shown": partnerpages.as_partner_sees(row), "form": form}
    return render(request, "parents/partner_gathering.html", context, status=422 if form.errors else 200)
