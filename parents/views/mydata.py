"""What parents may know and decide about their own data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parents.access import children_of, guardian_required
from parents.consenting import ConsentLine, own_lines_of, places_known_to
from parents.forms_mydata import AskForm
from parents.models import DataRequest, Guardian, Identity
from parents.services import file_request, give_consent, withdraw_consent
from parents.whoread import shown, visits_to
from schools.limits import Limit

VISITS_ON_A_PAGE = 30
REQUESTS_SHOWN = 20
REQUESTS_OF_GUARDIAN = Limit("data requests of a guardian", 5, 3600)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_data(request: HttpRequest) -> HttpResponse:
    """What I agreed to, what I asked, and the way to ask. Consent is given and withdrawn at once."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    children = list(children_of(guardian))
    lines = own_lines_of(guardian, children)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    form = AskForm(request.POST if sent == "ask" else None, places=places_known_to(guardian))
    if sent == "consent":
        _change(request, guardian, lines)
        return redirect("portal_data")
    if sent == "ask" and form.is_valid() and _may_still_ask(guardian, form):
        file_request(guardian=guardian, identity=Identity.CODE, **form.cleaned_data)
        messages.success(request, _("Thank you. You get an answer within one month."))
        return redirect("portal_data")
    asked = DataRequest.objects.filter(guardian=guardian).select_related("school", "centre").order_by("-pk")
    context = {"lines": lines, "form": form, "requests": asked[:REQUESTS_SHOWN]}
    return render(request, "parents/portal/data.html", context, status=422 if form.is_bound else 200)


@require_safe
@guardian_required
def portal_visits(request: HttpRequest) -> HttpResponse:
    """Who looked at my data, and whom to call about it."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    page = Paginator(visits_to(guardian), VISITS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "visits": shown(page.object_list, guardian),
        "is_told": children_of(guardian).exists(),
        "places": places_known_to(guardian),
    }
    return render(request, "parents/portal/visits.html", context)


def _may_still_ask(guardian: Guardian, form: Any) -> bool:
    """Requests are read by people: no machine fills their list."""
    if REQUESTS_OF_GUARDIAN.spend(str(guardian.pk)):
        return True
    form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
    return False


def _change(request: HttpRequest, guardian: Guardian, lines: list[ConsentLine]) -> None:
    line = next((one for one in lines if one.key == request.POST.get("line")), None)
    if line is None:
        return
    if "withdraw" in request.POST and line.consent:
        withdraw_consent(consent=line.consent)
        messages.success(request, _("Withdrawn. From now on it is not done any more."))
    elif "give" in request.POST and not line.consent:
        give_consent(guardian=guardian, purpose=line.purpose, child=line.child, how="")
        messages.success(request, _("Saved. Thank you."))
