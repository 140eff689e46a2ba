"""Files of a card: added and taken off by who writes the card, open to everybody who reads it."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.files.leaving import LeavingFile, leaving
from messaging.files.limits import Kind
from reports.cardfiles import OF_A_CARD, as_content, languages_for, line_of
from reports.cardversions import version_lines
from reports.filing import add_card_file, remove_card_file
from reports.forms_cardfiles import CardFileForm
from reports.models import CardFile, EditionFile, KeptFile
from reports.views.playbook import KEEP_FROZEN, KEEP_SECONDS, who_may_keep
from schools.access import member_of_staff, staff_required
from schools.models import Method, Role
from schools.scope import scope_of
from schools.texts.rights import KEEPERS

WRITERS = (*sorted(KEEPERS), Role.TRANSLATOR)


@staff_required(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def card_files(request: HttpRequest, slug: str) -> HttpResponse:
    """The files of a card, room for one more, and what its versions changed."""
    method, languages = get_object_or_404(Method, slug=slug), _languages(request)
    sent = request.method == "POST"
    is_too_big = getattr(request, "is_upload_too_big", False)
    form = CardFileForm(
        request.POST if sent else None, request.FILES if sent else None, languages=languages, is_too_big=is_too_big
    )
    if sent and form.is_valid():
        try:
            add_card_file(method=method, by=member_of_staff(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The file goes with the card. The next edition takes it along."))
            return redirect("card_files", slug)
    rows = CardFile.objects.filter(method=method).select_related("kept").defer("kept__content")
    found = [{"row": row, "line": line_of(as_content(row)), "is_mine": row.language in languages} for row in rows]
    context = {
        "method": method,
        "files": found,
        "form": form,
        "is_full": len(found) >= OF_A_CARD,
        "most": OF_A_CARD,
        "versions": version_lines(method),
    }
    return render(request, "reports/card_files.html", context, status=422 if sent else 200)


@staff_required(*WRITERS)
@require_POST
def card_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off a card; editions that took it along keep it."""
    row = get_object_or_404(CardFile.objects.select_related("method", "kept").defer("kept__content"), pk=pk)
    if row.language not in _languages(request):
        raise PermissionDenied
    remove_card_file(row=row, by=member_of_staff(request))
    messages.success(request, _("The file is removed. Editions that took it along keep it."))
    return redirect("card_files", row.method.slug)


@require_safe
def card_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """A file that a card carries or an edition took along, for everybody. It never changes; one that no edition has
    may go, so that nobody keeps it for long."""
    row = get_object_or_404(KeptFile.objects.defer("content"), code=code)
    is_frozen = EditionFile.objects.filter(kept=row).exists()
    if not is_frozen and not CardFile.objects.filter(kept=row).exists():
        raise Http404
    cache = who_may_keep(request, KEEP_FROZEN if is_frozen else KEEP_SECONDS)
    file = LeavingFile(Kind(row.kind), f"fiche-{row.code}", row.size, row.sha256, lambda: io.BytesIO(row.content))
    return leaving(request, file, cache)


def _languages(request: HttpRequest) -> list[str]:
    languages = languages_for(scope_of(request.user))
    if not languages:
        raise PermissionDenied
    return languages
