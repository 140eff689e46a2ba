"""What a school, or a network, allows about translations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging import machine
from messaging.forms_translations import RulesForm
from messaging.models import TranslationPolicy
from messaging.services import reset_rules, set_rules
from messaging.translationrules import rules_for, rules_of_network
from schools.access import CLB_STAFF, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Network, Role, School

_SCHOOLS_SHOWN = 200
_NETWORK = "net-"


@staff_required(Role.HEAD, *CLB_STAFF, Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def translation_rules(request: HttpRequest) -> HttpResponse:
    """The rules of one school or network, and their form. ``?voor=`` is the number of a school, or a network."""
    places = _places(request)
    place = _chosen(request, places)
    if place is None:
        return render(request, "messaging/translation_rules.html", {"places": [], "place": None})
    given = request.GET.get("voor", "") or place["key"]
    here, where = f"{reverse('translation_rules')}?voor={given}", place["where"]
    rules = rules_for(where["school"]) if "school" in where else rules_of_network(where["network"])
    form = RulesForm(request.POST if request.method == "POST" and "reset" not in request.POST else None, rules=rules)
    if "reset" in request.POST:
        reset_rules(by=member_of_staff(request), **where)
        messages.success(request, _("The usual rules hold here again."))
        return redirect(here)
    if form.is_valid():
        set_rules(by=member_of_staff(request), **where, **form.cleaned_data)
        messages.success(request, _("Saved. They hold for every notice that is not sent yet."))
        return redirect(here)
    context = {
        "places": places,
        "place": place,
        "rules": rules,
        "form": form,
        "here": here,
        "is_own": rules.source == ("school" if "school" in where else "network"),
        "machine_name": machine.name(),
    }
    return render(request, "messaging/translation_rules.html", context, status=422 if form.is_bound else 200)


def _places(request: HttpRequest) -> list[dict[str, Any]]:
    """Where the user may set rules: networks, then schools."""
    rows = TranslationPolicy.objects.all()
    networks = [
        {"key": f"{_NETWORK}{code}", "name": Network(code).label, "where": {"network": code}}
        for code in rows.networks_of(request.user)
    ]
    schools: list[School] = list(rows.schools_of(request.user).order_by("name")[:_SCHOOLS_SHOWN])
    return [*({"key": str(row.pk), "name": row.name, "where": {"school": row}} for row in schools), *networks]


def _chosen(request: HttpRequest, places: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The one of the address, or the first; somebody else's is not there."""
    wanted = request.GET.get("voor", "")
    if not wanted:
        return places[0] if places else None
    key = wanted if wanted.startswith(_NETWORK) else str(row_number(wanted))
    for place in places:
        if place["key"] == key:
            return place
    raise Http404
