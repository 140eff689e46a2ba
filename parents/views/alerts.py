"""Unusual reading, for who answers for the readers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.forms_alerts import FindingForm
from parents.models import ReadingAlert
from parents.services import acknowledge
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import Role
from schools.pagelanguage import page_lives_at

ROWS_ON_A_PAGE = 25
_RELATED = ("person", "assignment__school", "assignment__school_class", "assignment__clb_centre", "seen_by")
_MORE = ("assignment__project", "assignment__partner", "school", "centre")


@staff_required(Role.HEAD, Role.CLB_DIRECTOR, Role.ADMIN)
@require_safe
def reading_alerts(request: HttpRequest) -> HttpResponse:
    """Open alerts first; how the portal finds them stands beside."""
    return _listed(request)


@staff_required(Role.HEAD, Role.CLB_DIRECTOR, Role.ADMIN)
@require_POST
def reading_alert_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge one, with what it was."""
    alert = get_visible_or_404(ReadingAlert.objects.exclude(person_id=request.user.pk), request.user, pk=pk)
    if alert.seen_by_id == request.user.pk:  # pressed twice
        return redirect("reading_alerts")
    form = FindingForm(request.POST, auto_id=_auto_id(alert))
    if not form.is_valid():
        return _listed(request, refused=(alert, form))
    try:
        acknowledge(alert=alert, by=member_of_staff(request), finding=form.cleaned_data["finding"])
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Noted. Thank you."))
    return redirect("reading_alerts")


def _listed(request: HttpRequest, refused: tuple[ReadingAlert, FindingForm] | None = None) -> HttpResponse:
    """A page of the list; what is wrong with one finding stands beside it, and nothing typed is lost."""
    visible = ReadingAlert.objects.visible_to(request.user).select_related(*_RELATED, *_MORE)
    open_first = visible.order_by(F("seen_at").desc(nulls_first=True), "-day", "-pk")
    page = Paginator(open_first, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"alert": alert, "form": FindingForm(auto_id=_auto_id(alert))} for alert in page.object_list]
    if refused:  # it may stand on another page
        alert, form = refused
        rows = [{"alert": alert, "form": form}, *(row for row in rows if row["alert"] != alert)]
    page_lives_at(request, "reading_alerts")
    context = {"page": page, "rows": rows, "own": request.user.pk}
    return render(request, "parents/reading_alerts.html", context, status=422 if refused else 200)


def _auto_id(alert: ReadingAlert) -> str:
    return f"id_%s_{alert.pk}"
