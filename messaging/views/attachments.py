"""The files of a draft: added and taken off by its author; and the door to a file for who may read its notice."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import services
from messaging.attachments import staff_lines
from messaging.files import store
from messaging.files.leaving import LeavingFile, leaving
from messaging.files.limits import MAX_FILES, Kind
from messaging.forms_attachments import AttachmentForm
from messaging.models import Notice
from messaging.titles import with_titles
from messaging.views.owndrafts import own_draft_or_404
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required

logger = logging.getLogger(__name__)


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_files(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of an own draft, and room for one more."""
    notice = own_draft_or_404(request, pk, with_titles(Notice.objects.all()))
    is_too_big = getattr(request, "is_upload_too_big", False)
    form = AttachmentForm(request.POST or None, request.FILES or None, is_too_big=is_too_big)
    if request.method == "POST" and form.is_valid():
        try:
            services.attach_file(notice=notice, by=member_of_staff(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error("file", error)
        except OSError:
            logger.exception("A file of notice %s could not be kept", pk)
            form.add_error("file", _("The file could not be kept: the portal's disk may be full. Try again later."))
        else:
            messages.success(request, _("The file goes with the notice."))
            return redirect("notice_files", pk)
    rows = staff_lines(notice)
    context = {"notice": notice, "form": form, "attachments": rows, "is_full": len(rows) >= MAX_FILES}
    return render(request, "messaging/notice_files.html", context, status=422 if form.is_bound else 200)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_file_remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a file off an own draft."""
    notice = own_draft_or_404(request, pk)
    attachment = get_object_or_404(notice.attachments.select_related("notice"), pk=file)
    try:
        services.remove_attachment(attachment=attachment, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_detail", pk)
    messages.success(request, _("The file is removed."))
    return redirect("notice_files", pk)


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file of a notice, for the staff who may see the notice."""
    notice = get_visible_or_404(Notice.objects.all(), request.user, pk=pk)
    return served(request, notice, file)


def served(request: HttpRequest, notice: Notice, file: int) -> HttpResponseBase:
    """A file of a notice that the visitor may read: 404 for one of another notice or one that is lost."""
    row = get_object_or_404(notice.attachments, pk=file)
    name = f"bijlage-{row.pk}"
    try:
        return leaving(
            request, LeavingFile(Kind(row.kind), name, row.size, row.sha256, lambda: store.open_file(row.file))
        )
    except FileNotFoundError as error:
        logger.error("The file of attachment %s is not in its folder", row.pk)
        raise Http404 from error
