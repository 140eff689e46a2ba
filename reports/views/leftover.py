"""What colleagues who left had taken on, passed on to those who are here."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reports.leftover import Left, left_behind, pass_on
from schools.access import member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Role, User


@staff_required(Role.HEAD, Role.CLB_DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def left_tasks(request: HttpRequest) -> HttpResponse:
    """Each thing with the colleagues who may take it over; without a choice it stays in the list."""
    by = member_of_staff(request)
    found = left_behind(by)
    problem = ""
    if request.method == "POST":
        try:
            number = pass_on(left=_chosen(found, request.POST), by=by)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            words = ngettext("%(number)d thing was passed on.", "%(number)d things were passed on.", number)
            messages.success(request, words % {"number": number})
            return redirect("left_tasks")
    context = {
        "kinds": _kinds(found, request.POST),
        "problem": problem,
        "several": len({one.school for one in found}) > 1,
    }
    return render(request, "reports/left_tasks.html", context, status=422 if problem else 200)


def _chosen(found: list[Left], data: QueryDict) -> list[tuple[Left, User]]:
    chosen = []
    for one in found:
        number = row_number(data.get(one.key, ""))
        if data.get(one.key, "") == "":
            continue
        heir = next((user for user in one.heirs if user.pk == number), None)
        if heir is None:
            raise ValidationError(_("Choose a colleague of the list."))
        chosen.append((one, heir))
    if not chosen:
        raise ValidationError(_("Choose a colleague for at least one line."))
    return chosen


def _kinds(found: list[Left], data: QueryDict) -> list[tuple[str, list[tuple[Left, int | None]]]]:
    """The lines by kind, each with the colleague that was chosen before an error."""
    words = {
        "gesprek": _("Talks with parents"),
        "bericht": _("Notices that wait for their hour"),
        "taak": _("Agreements with families"),
        "vraag": _("Questions of families"),
        "stap": _("Steps of the year planner"),
        "actie": _("Actions for accessibility"),
    }
    grouped = [
        (label, [(one, row_number(data.get(one.key, ""))) for one in found if one.kind == kind])
        for kind, label in words.items()
    ]
    return [(label, rows) for label, rows in grouped if rows]
