"""On which days somebody works: parents read by when they may expect an answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schools.access import FAMILY_WORKERS, member_of_staff, staff_required
from schools.forms import WorkingDaysForm
from schools.scope import scope_of
from schools.services import set_working_days


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def working_days(request: HttpRequest) -> HttpResponse:
    """One's own running posts, each with its days."""
    colleague = member_of_staff(request)
    data = request.POST if request.method == "POST" else None
    forms = [WorkingDaysForm(data, assignment=row) for row in scope_of(colleague).assignments]
    if data is not None and all([form.is_valid() for form in forms]):
        for form in forms:
            set_working_days(assignment=form.assignment, by=colleague, days="".join(form.cleaned_data["days"]))
        messages.success(request, _("Your working days are kept. Families read them when they ask you something."))
        return redirect("working_days")
    return render(request, "schools/working_days.html", {"forms": forms}, status=200 if data is None else 422)
