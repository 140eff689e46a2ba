"""The last rung: somebody called."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from messaging.forms import CallForm
from messaging.models import CallTask
from messaging.services import finish_call
from parents.models import FollowUp, FollowUpStatus, Outcome
from schools.access import FAMILY_WORKERS, staff_required
from schools.arriving import back_address


@staff_required(*FAMILY_WORKERS)
@require_POST
def call_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Reached or not: the call becomes a contact moment, and the task is done."""
    visible = CallTask.objects.filter(follow_up__in=FollowUp.objects.visible_to(request.user).values("pk"))
    call = get_object_or_404(visible.select_related("delivery__notice", "follow_up", "delivery__guardian"), pk=pk)
    back = back_address(request, f"{reverse('notice_detail', args=[call.delivery.notice_id])}#bellen")
    form = CallForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say how the call went: spoken with, or no answer."))
    elif call.follow_up.status != FollowUpStatus.OPEN:
        messages.info(request, _("This call was already noted."))
    else:
        _finish(request, call, form)
    return redirect(back)


def _finish(request: HttpRequest, call: CallTask, form: CallForm) -> None:
    facts = form.cleaned_data
    try:
        finish_call(call_task=call, by=request.user, outcome=facts["outcome"], note=facts["note"])  # type: ignore[arg-type]
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return
    if facts["outcome"] == Outcome.REACHED_AGREED:
        messages.success(request, _("Noted as a contact with this family. Thank you for calling."))
    else:
        messages.success(request, _("Noted: no answer. The call stays on the list."))
