"""Notes of a CLB for its own file, and the word that they are in it: then the portal lets them go."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.clbfile import EXPORTED, centres_with_notes, notes_for_file, table
from parents.models import Family
from parents.services import confirm_in_file
from parents.views.staff import family_title
from schools import audit
from schools.access import CLB_STAFF, get_visible_or_404, member_of_staff, staff_required
from schools.confirming import confirmed_file
from schools.models import CLBCentre, Pupil
from schools.scope import scope_of
from schools.spreadsheet import as_csv


@staff_required(*CLB_STAFF)
@require_safe
def clb_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The centres of the reader that have notes about this family, with the export and the confirmation."""
    family = get_visible_or_404(Family.objects.with_children_for(request.user), request.user, pk=pk)
    waiting = centres_with_notes(family, request.user)
    title = family_title([membership.pupil for membership in family.shown])
    return render(request, "parents/clb_file.html", {"family": family, "title": title, "waiting": waiting})


@staff_required(*CLB_STAFF)
@require_safe
@confirmed_file
def clb_file_csv(request: HttpRequest, pk: int, centre: int) -> HttpResponse:
    """The notes of one centre about the family, in the clear, for its own file."""
    family, owner = _family_and_centre(request, pk, centre)
    seen = Pupil.objects.visible_to(request.user).filter(family_memberships__family=family)
    reader = member_of_staff(request)
    head, rows = table(notes_for_file(family=family, centre=owner, reader=reader))
    pupils = seen.values_list("pk", flat=True)
    audit.record_reading(actor=reader, verb=EXPORTED, target=family, pupils=pupils, centre=owner.pk)
    response = HttpResponse(as_csv(head, rows, reader.full_name), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="clb-{family.pk}.csv"'
    return response


@staff_required(*CLB_STAFF)
@require_POST
def clb_file_confirm(request: HttpRequest, pk: int, centre: int) -> HttpResponse:
    """They are in the file of the CLB."""
    family, owner = _family_and_centre(request, pk, centre)
    try:
        confirm_in_file(family=family, centre=owner, by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Noted. The portal lets these notes go after the school year."))
    return redirect("clb_file", pk)


def _family_and_centre(request: HttpRequest, pk: int, centre: int) -> tuple[Family, CLBCentre]:
    family = get_visible_or_404(Family.objects, request.user, pk=pk)
    owner = CLBCentre.objects.filter(pk__in=scope_of(request.user).note_centres, pk=centre).first()
    if owner is None:
        raise Http404
    return family, owner
