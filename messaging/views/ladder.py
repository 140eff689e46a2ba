"""What happens to a notice until a person is reached: the school's own page for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging import policies
from messaging.forms_ladder import LadderForm
from messaging.models import Caller
from messaging.services import reset_ladder, set_ladder
from schools.access import chosen_school, member_of_staff, schools_run_by, staff_required
from schools.models import Role, School

_SCHOOLS_SHOWN = 200


@staff_required(Role.HEAD, Role.OFFICE, Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def ladder_policies(request: HttpRequest) -> HttpResponse:
    """The ladder of each kind of notice in plain words, and its form."""
    schools = list(schools_run_by(request.user).order_by("name")[:_SCHOOLS_SHOWN])
    school = chosen_school(request, schools)
    if school is None:
        return render(request, "messaging/ladder_policies.html", {"school": None, "schools": schools})
    ladders = policies.ladders_of(school.pk)
    kind = request.POST.get("kind", "") if request.method == "POST" else ""
    if kind and kind not in ladders:
        raise Http404
    forms = {key: LadderForm(request.POST if key == kind else None, ladder=ladder) for key, ladder in ladders.items()}
    if kind and "reset" in request.POST:
        reset_ladder(school=school, kind=kind, by=member_of_staff(request))
        messages.success(request, _("This school follows the usual ladder again."))
        return redirect(_address(school))
    if kind and forms[kind].is_valid():
        form = forms[kind]
        set_ladder(
            school=school,
            kind=kind,
            rungs=form.rungs(),
            caller=form.cleaned_data["caller"],
            by=member_of_staff(request),
        )
        messages.success(request, _("Saved. Notices under way follow it too."))
        return redirect(_address(school))
    context = {"school": school, "schools": schools, "ladders": _rows(ladders, forms)}
    return render(request, "messaging/ladder_policies.html", context, status=422 if kind else 200)


def _address(school: School) -> str:
    return f"{reverse('ladder_policies')}?school={school.pk}"


def _rows(ladders: dict[str, policies.Ladder], forms: dict[str, LadderForm]) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "ladder": ladder,
            "words": ladder.in_words(),
            "caller": Caller(ladder.caller).label,
            "form": forms[kind],
        }
        for kind, ladder in ladders.items()
    ]
