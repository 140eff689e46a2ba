"""Notes of a CLB for its own file, and the word that they are in it: then the portal lets them go."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.clbfile import (
    EXPORTED,
    centres_with_notes,
    children_to_file,
    families_to_file,
    notes_for_file,
    school_of,
    table,
    waiting_families,
)
from parents.clbpupilfile import MOST_CONTACTS, TAKEN_ALONG, as_pdf, children_at_centres
from parents.clbpupilfile import table as table_of_child
from parents.models import Family
from parents.services import confirm_in_file
from parents.views.staff import family_title
from schools import audit
from schools.access import CLB_STAFF, member_of_staff, staff_required
from schools.arriving import row_number
from schools.confirming import confirmed_file
from schools.models import CLBCentre
from schools.scope import scope_of
from schools.spreadsheet import as_csv

FAMILIES_ON_A_PAGE = 50


@staff_required(*CLB_STAFF)
@require_safe
def clb_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The centres of the reader that have notes about this family, with the export and the confirmation. The lines of
    talks stand on it, so the visit goes into the access log as one to the family's page."""
    family = get_object_or_404(families_to_file(request.user), pk=pk)
    pupils = children_to_file([pk], request.user).get(pk, [])
    audit.record_reading(
        actor=request.user,
        verb="read",
        target=family,
        school_id=school_of(family, pupils, request.user),
        pupils=[pupil.pk for pupil in pupils],
    )
    is_seen = Family.objects.visible_to(request.user).filter(pk=pk).exists()
    context = {
        "family": family,
        "title": family_title(pupils),
        "back_url": reverse("family_detail", args=[pk]) if is_seen else reverse("clb_files_waiting"),
        "back_label": _("To the family") if is_seen else _("Notes that wait for the file of the CLB"),
        "waiting": centres_with_notes(family, request.user),
        "children": children_at_centres(family, member_of_staff(request)),
    }
    return render(request, "parents/clb_file.html", context)


@staff_required(*CLB_STAFF)
@require_safe
def clb_files_waiting(request: HttpRequest) -> HttpResponse:
    """Families whose notes of a year that is over wait for the word that they are in the file of the CLB."""
    rows = waiting_families(request.user)
    page = Paginator(rows, FAMILIES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    children = children_to_file([row.pk for row in shown], request.user)
    lines = [(row, family_title(children.get(row.pk, [])) or "–") for row in shown]
    return render(request, "parents/clb_files_waiting.html", {"page": page, "lines": lines})


@staff_required(*CLB_STAFF)
@require_safe
@confirmed_file
def clb_pupil_csv(request: HttpRequest, pk: int, centre: int, pupil: int) -> HttpResponse:
    """The chosen contacts of one child, as a spreadsheet."""
    return _pupil_file(request, pk, centre, pupil, "csv")


@staff_required(*CLB_STAFF)
@require_safe
@confirmed_file
def clb_pupil_pdf(request: HttpRequest, pk: int, centre: int, pupil: int) -> HttpResponse:
    """The same on paper."""
    return _pupil_file(request, pk, centre, pupil, "pdf")


def _pupil_file(request: HttpRequest, pk: int, centre: int, pupil: int, form: str) -> HttpResponse:
    family, owner = _family_and_centre(request, pk, centre)
    reader = member_of_staff(request)
    children = children_at_centres(family, reader)
    child = next((one for one in children if (one.pupil.pk, one.centre.pk) == (pupil, owner.pk)), None)
    if child is None:
        raise Http404
    known = {row.pk for row in child.contacts}
    chosen = {number for value in request.GET.getlist("contact")[:MOST_CONTACTS] if (number := row_number(value))}
    chosen &= known
    if not chosen:
        messages.info(request, _("Tick at least one contact."))
        return redirect("clb_file", pk)
    head, rows = table_of_child(child, chosen, reader)
    audit.record_reading(
        actor=reader,
        verb=TAKEN_ALONG,
        target=family,
        school_id=school_of(family, [child.pupil], reader),
        pupils=[pupil],
        centre=owner.pk,
        contacts=sorted(chosen),
    )
    if form == "pdf":
        response = HttpResponse(as_pdf(child, head, rows, by=reader), content_type="application/pdf")
    else:
        response = HttpResponse(as_csv(head, rows, reader.full_name), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="clb-{pk}-{pupil}.{form}"'
    return response


@staff_required(*CLB_STAFF)
@require_safe
@confirmed_file
def clb_file_csv(request: HttpRequest, pk: int, centre: int) -> HttpResponse:
    """The notes of one centre about the family, in the clear, for its own file."""
    family, owner = _family_and_centre(request, pk, centre)
    children = children_to_file([pk], request.user).get(pk, [])
    reader = member_of_staff(request)
    notes = notes_for_file(family=family, centre=owner, reader=reader)
    head, rows = table(notes)
    taken = [row.note.pk for row in notes if row.is_open]
    audit.record_reading(
        actor=reader,
        verb=EXPORTED,
        target=family,
        school_id=school_of(family, children, reader),
        pupils=[pupil.pk for pupil in children],
        centre=owner.pk,
        notes=taken,
    )
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
    family = get_object_or_404(families_to_file(request.user), pk=pk)
    owner = CLBCentre.objects.filter(pk__in=scope_of(request.user).note_centres, pk=centre).first()
    if owner is None:
        raise Http404
    return family, owner
