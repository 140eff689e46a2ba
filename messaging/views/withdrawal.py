"""After sending: undo while nothing has left, stop what has not left, or write the correction."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from messaging import services
from messaging.models import Notice
from messaging.taking_back import may_take_back
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an own notice back while nothing has left: it is a draft again."""
    notice = _own(request, pk)
    try:
        draft = services.undo_notice(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_detail", pk)
    messages.success(request, _("Nobody got it. Here is your draft again."))
    return redirect("notice_edit", draft.pk)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what has not left of an own notice."""
    notice = _own(request, pk)
    try:
        stopped = services.cancel_notice(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_detail", pk)
    words = ngettext("%(count)d was stopped.", "%(count)d were stopped.", stopped)
    messages.success(request, words % {"count": stopped})
    return redirect("notice_detail", pk)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the notice that will replace an own one."""
    try:
        draft = services.correct_notice(
            notice=_own(request, pk), by=member_of_staff(request), with_files="files" in request.POST
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_detail", pk)
    return redirect("notice_edit", draft.pk)


def _own(request: HttpRequest, pk: int) -> Notice:
    found: Notice = get_visible_or_404(Notice.objects.select_related("school"), request.user, pk=pk)
    if not may_take_back(found, request.user):
        raise Http404
    return found
