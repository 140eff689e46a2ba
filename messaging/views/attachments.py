"""The files of a draft: added and taken off by its author; and the one way in which any file leaves."""

from __future__ import annotations

import logging

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import services
from messaging.attachments import staff_lines
from messaging.files import store
from messaging.files.limits import MAX_FILES, Kind
from messaging.forms_attachments import AttachmentForm
from messaging.models import Attachment, Notice
from messaging.titles import with_titles
from schools.access import FAMILY_WORKERS, get_editable_or_404, get_visible_or_404, member_of_staff, staff_required

logger = logging.getLogger(__name__)

CONTENT_TYPES = {
    Kind.PDF: ("application/pdf", "pdf"),
    Kind.JPEG: ("image/jpeg", "jpg"),
    Kind.PNG: ("image/png", "png"),
    Kind.WEBP: ("image/webp", "webp"),
}


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_files(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of an own draft, and room for one more."""
    notice = get_editable_or_404(with_titles(Notice.objects.all()), request.user, pk=pk)
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
    notice = get_editable_or_404(Notice.objects.all(), request.user, pk=pk)
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
    """A file of a notice that the visitor may read: 404 for one of another notice or one that is lost. Its type is what
    it was found to be, its name says nothing. A document is saved, a picture shown."""
    attachment = get_object_or_404(notice.attachments, pk=file)

    # A picture alone in a window is styled by the browser itself; beyond that it may do nothing at all.
    @csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [NONE], "sandbox": True})
    def sandboxed(asked: HttpRequest) -> HttpResponseBase:
        return _leaving(asked, attachment)

    return sandboxed(request)


def _leaving(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    content_type, ending = CONTENT_TYPES[Kind(attachment.kind)]
    name, is_saved = f"bijlage-{attachment.pk}.{ending}", attachment.kind == Kind.PDF
    etag = f'"{attachment.sha256}"'
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": content_disposition_header(is_saved, name) or "",
        "Content-Length": str(attachment.size),
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }
    # Packed already: to pack it once more would cost time and its length.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    bare = HttpResponse(content_type=content_type, headers=headers)
    at_hand = get_conditional_response(request, etag=etag, response=bare)
    if request.method == "HEAD" or at_hand is not bare:
        return at_hand or bare
    try:
        content = store.open_file(attachment.file)
    except FileNotFoundError as error:
        logger.error("The file of attachment %s is not in its folder", attachment.pk)
        raise Http404 from error
    return FileResponse(content, as_attachment=is_saved, filename=name, content_type=content_type, headers=headers)
