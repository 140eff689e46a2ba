"""The parents' own pages about their children. Notices and choices stand in ``messaging``, which can send."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.access import children_of, guardian_required, sign_out
from parents.career import next_step, school_career
from parents.childpage import child_page
from parents.models import Guardian
from schools import clock, pagelanguage


@require_POST
def guardian_sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session, its language too: the next person at a shared phone may read another one."""
    sign_out(request)
    pagelanguage.activate_for(request, pagelanguage.from_browser(request))
    messages.success(request, _("You are signed out."))
    return redirect("guardian_sign_in")


@require_safe
@guardian_required
def portal_child(request: HttpRequest, pk: int) -> HttpResponse:
    """One child of the guardian who is signed in."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    child = get_object_or_404(children_of(guardian), pk=pk)
    page = child_page(guardian=guardian, child=child)
    notices_url = f"{reverse('portal_home')}?kind={child.pk}"
    return render(request, "parents/portal/child.html", {"child": child, "page": page, "notices_url": notices_url})


@require_safe
@guardian_required
def portal_career(request: HttpRequest, pk: int) -> HttpResponse:
    """The school career of one child of the guardian who is signed in, to read and to print."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    child = get_object_or_404(children_of(guardian), pk=pk)
    years = school_career(guardian=guardian, child=child)
    context = {"child": child, "years": years, "step": next_step(years), "today": clock.today()}
    return render(request, "parents/portal/career.html", context)
